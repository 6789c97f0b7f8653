import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Catalina;
import org.apache.catalina.startup.CatalinaProperties;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ContextResource;

/**
 * Tomcat, whose configuration refers to service bindings.
 *
 * Usage: java -Dcatalina.base=DIRECTORY ReadServiceBinding; DIRECTORY/conf has catalina.properties and context.xml.
 * Then, a line of standard input for each line of output: {@code server VALUE}, what an attribute VALUE of server.xml
 * becomes; {@code deploy}, which deploys a context with conf/context.xml; {@code reload}, which reloads that context;
 * {@code username} and {@code password}, what its resource jdbc/app has.
 */
public final class ReadServiceBinding {
    private static final Path BASE = Path.of(System.getProperty("catalina.base"));
    private static Context context;

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.SEVERE);
        // As Tomcat's own start does first: it makes system properties of conf/catalina.properties.
        CatalinaProperties.getProperty("");
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 2);
            String answer = switch (words[0]) {
                case "server" -> server(words[1]);
                case "deploy" -> deploy();
                case "reload" -> reload();
                default -> (String) resource(words[0]);
            };
            System.out.println(String.valueOf(answer).replace("\n", "\\n"));
        }
    }

    private static String server(String value) throws Exception {
        Files.writeString(
                BASE.resolve("conf/server.xml"),
                "<Server port='-1'><GlobalNamingResources><Environment name='it' type='java.lang.String' value='"
                        + value
                        + "'/></GlobalNamingResources></Server>");
        var catalina = new Catalina();
        catalina.setUseNaming(false);
        catalina.load();
        return catalina.getServer().getGlobalNamingResources().findEnvironment("it").getValue();
    }

    private static String deploy() throws Exception {
        var tomcat = new Tomcat();
        tomcat.setBaseDir(BASE.toString());
        var documents = new File(BASE.toFile(), "webapp");
        documents.mkdirs();
        var config = new ContextConfig();
        config.setDefaultWebXml(tomcat.noDefaultWebXmlPath());
        context = tomcat.addWebapp(tomcat.getHost(), "", documents.toString(), config);
        context.setConfigFile(BASE.resolve("conf/context.xml").toUri().toURL());
        tomcat.start();
        return "deployed";
    }

    private static String reload() {
        context.reload();
        return "reloaded";
    }

    private static Object resource(String attribute) {
        ContextResource resource = context.getNamingResources().findResource("jdbc/app");
        return resource.getProperty(attribute);
    }
}
