import keyward.keycloak.KeywardPasswordHashProviderFactory;
import org.keycloak.common.crypto.CryptoIntegration;
import org.keycloak.credential.CredentialModel;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.models.credential.PasswordCredentialModel;

/** Each three arguments are credential data, secret data and a password: prints whether keyward's provider takes it. */
public final class VerifyWrapped {
    public static void main(String[] arguments) {
        CryptoIntegration.init(VerifyWrapped.class.getClassLoader());
        PasswordHashProvider provider = new KeywardPasswordHashProviderFactory().create(null);
        for (int at = 0; at + 2 < arguments.length; at += 3) {
            CredentialModel stored = new CredentialModel();
            stored.setCredentialData(arguments[at]);
            stored.setSecretData(arguments[at + 1]);
            PasswordCredentialModel model = PasswordCredentialModel.createFromCredentialModel(stored);
            System.out.println(provider.verify(arguments[at + 2], model));
        }
    }
}
