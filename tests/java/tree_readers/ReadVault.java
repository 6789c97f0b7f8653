import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import org.keycloak.Config;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.vault.DefaultVaultTranscriber;
import org.keycloak.vault.FilesPlainTextVaultProviderFactory;

/**
 * Keycloak's file vault.
 *
 * Usage: java -Dvault.dir=DIRECTORY ReadVault; then, a line of standard input for each line of output:
 * {@code REALM TEXT}, what TEXT, a password in that realm's settings, comes to.
 */
public final class ReadVault {
    public static void main(String[] arguments) throws Exception {
        var factory = new FilesPlainTextVaultProviderFactory();
        factory.init(new Config.SystemPropertiesScope("vault."));
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 2);
            // One for each request, as in the server.
            var vault = new DefaultVaultTranscriber(factory.create(session(words[0])));
            try (var secret = vault.getStringSecret(words[1])) {
                System.out.println(secret.get().orElse("(none)").replace("\n", "\\n"));
            }
        }
    }

    /** What the vault asks of a session: the realm's name. */
    private static KeycloakSession session(String realmName) {
        RealmModel realm = answering(RealmModel.class, "getName", realmName);
        KeycloakContext context = answering(KeycloakContext.class, "getRealm", realm);
        return answering(KeycloakSession.class, "getContext", context);
    }

    private static <T> T answering(Class<T> type, String method, Object answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, called, arguments) -> {
                            if (called.getName().equals(method)) {
                                return answer;
                            }
                            throw new UnsupportedOperationException(called.toString());
                        }));
    }
}
