import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.env.ConfigTreePropertySource.Option;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * A Spring Boot application that imports a tree.
 *
 * Usage: java ReadConfigTree LOCATION DIRECTORY, the location with which {@code spring.config.import} names the directory,
 * or a file; then, a line of standard input for each line of output:
 * {@code property NAME}, as the environment has it; {@code bound NAME}, as a {@code @ConfigurationProperties} bean gets
 * it; {@code value NAME}, as {@code @Value} does; {@code always NAME}, from a source with ALWAYS_READ; {@code names}, the
 * properties of the tree; {@code restart}.
 */
public final class ReadConfigTree {
    private static String location;
    private static ConfigurableApplicationContext context;

    public static void main(String[] arguments) throws Exception {
        location = arguments[0];
        start();
        ConfigTreePropertySource always = null;
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 2);
            ConfigurableEnvironment environment = context.getEnvironment();
            Object answer = switch (words[0]) {
                case "property" -> environment.getProperty(words[1]);
                case "bound" -> Binder.get(environment).bind(words[1], Bindable.of(String.class)).orElse(null);
                case "value" -> context.getBeanFactory().resolveEmbeddedValue("${" + words[1] + "}");
                case "always" -> {
                    if (always == null) {
                        always = new ConfigTreePropertySource("always", Path.of(arguments[1]), Option.ALWAYS_READ);
                    }
                    yield always.getProperty(words[1]);
                }
                case "names" -> names(environment);
                case "restart" -> restart();
                default -> throw new IllegalArgumentException(line);
            };
            System.out.println(String.valueOf(answer).replace("\n", "\\n"));
        }
    }

    private static void start() {
        var application = new SpringApplication(ReadConfigTree.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        context = application.run("--spring.config.import=" + location, "--logging.level.root=OFF");
    }

    private static String restart() {
        context.close();
        start();
        return "restarted";
    }

    private static String names(ConfigurableEnvironment environment) {
        var names = new TreeSet<String>();
        for (var source : environment.getPropertySources()) {
            if (source instanceof ConfigTreePropertySource tree) {
                names.addAll(List.of(tree.getPropertyNames()));
            }
        }
        return String.join(" ", names);
    }
}
