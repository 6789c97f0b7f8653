import java.util.concurrent.Semaphore;
import org.keycloak.common.crypto.CryptoIntegration;
import org.keycloak.credential.CredentialModel;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.credential.hash.Pbkdf2PasswordHashProviderFactory;
import org.keycloak.credential.hash.Pbkdf2Sha256PasswordHashProviderFactory;
import org.keycloak.credential.hash.Pbkdf2Sha512PasswordHashProviderFactory;
import org.keycloak.crypto.hash.Argon2PasswordHashProvider;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * Stores and checks passwords with Keycloak's providers.
 *
 * <p>Each four arguments are a job: "encode", a provider, iterations and a password; or "verify", credential data, secret
 * data and a password. Prints credential data and secret data, a line each; or true or false.
 */
public final class KeycloakPasswords {
    public static void main(String[] arguments) {
        CryptoIntegration.init(KeycloakPasswords.class.getClassLoader());
        for (int at = 0; at + 3 < arguments.length; at += 4) {
            String password = arguments[at + 3];
            if (arguments[at].equals("encode")) {
                int iterations = Integer.parseInt(arguments[at + 2]);
                CredentialModel model = provider(arguments[at + 1]).encodedCredential(password, iterations);
                System.out.println(model.getCredentialData());
                System.out.println(model.getSecretData());
            } else {
                CredentialModel stored = new CredentialModel();
                stored.setCredentialData(arguments[at + 1]);
                stored.setSecretData(arguments[at + 2]);
                PasswordCredentialModel model = PasswordCredentialModel.createFromCredentialModel(stored);
                String algorithm = model.getPasswordCredentialData().getAlgorithm();
                System.out.println(provider(algorithm).verify(password, model));
            }
        }
    }

    private static PasswordHashProvider provider(String id) {
        switch (id) {
            case "pbkdf2":
                return new Pbkdf2PasswordHashProviderFactory().create(null);
            case "pbkdf2-sha256":
                return new Pbkdf2Sha256PasswordHashProviderFactory().create(null);
            case "pbkdf2-sha512":
                return new Pbkdf2Sha512PasswordHashProviderFactory().create(null);
            case "argon2":
                return new Argon2PasswordHashProvider("1.3", "id", 32, 7168, 5, 1, new Semaphore(1));
            default:
                throw new IllegalArgumentException(id);
        }
    }
}
