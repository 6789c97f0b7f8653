import java.io.FileInputStream;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Properties;

/**
 * The secrets of a home as WSO2's own Secure Vault reads them: home, keystore password, alias...
 * Prints a line for each alias: the alias, a tab, and the secret's UTF-8 in hexadecimal digits.
 *
 * The password is given here; a server's DefaultSecretCallbackHandler would ask for it.
 */
public class ReadSecureVault {
    public static void main(String[] arguments) throws Exception {
        String home = arguments[0];
        System.setProperty("carbon.home", home);
        Path conf = Paths.get(home, "repository/conf/security/secret-conf.properties");
        Properties properties = new Properties();
        try (InputStream input = new FileInputStream(conf.toFile())) {
            properties.load(input);
        }
        properties.setProperty("keystore.identity.store.password", arguments[1]);
        properties.setProperty("keystore.identity.key.password", arguments[1]);
        properties.remove("keystore.identity.store.secretProvider");
        properties.remove("keystore.identity.key.secretProvider");
        properties.remove("carbon.secretProvider");

        Class<?> type = Class.forName("org.wso2.securevault.secret.SecretManager");
        Object manager = type.getMethod("getInstance").invoke(null);
        type.getMethod("init", Properties.class).invoke(manager, properties);
        Method getSecret = type.getMethod("getSecret", String.class);
        for (int i = 2; i < arguments.length; i++) {
            String secret = (String) getSecret.invoke(manager, arguments[i]);
            StringBuilder digits = new StringBuilder();
            for (byte one : secret.getBytes(StandardCharsets.UTF_8)) {
                digits.append(String.format("%02x", one));
            }
            System.out.println(arguments[i] + "\t" + digits);
        }
    }
}
