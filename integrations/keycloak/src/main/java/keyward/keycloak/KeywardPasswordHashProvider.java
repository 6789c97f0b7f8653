package keyward.keycloak;

import org.jboss.logging.Logger;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.PasswordPolicy;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * Verifies wrapped hashes, and makes none.
 *
 * <p>At a login Keycloak asks the provider that a row names whether the password is right, and then the provider of the
 * realm's policy whether the row is up to it: PBKDF2's compares the algorithm's name, Argon2's the parameters, of which
 * a wrapped row has none. So the row is encoded anew by the realm's own provider, and this one is done with it.
 */
public final class KeywardPasswordHashProvider implements PasswordHashProvider {
    private static final Logger LOGGER = Logger.getLogger(KeywardPasswordHashProvider.class);

    private final KeycloakSession session;

    KeywardPasswordHashProvider(KeycloakSession session) {
        this.session = session;
    }

    /** Asked where the realm's policy names this provider: its own rows are never up to that, others as usual. */
    @Override
    public boolean policyCheck(PasswordPolicy policy, PasswordCredentialModel credential) {
        String algorithm = credential.getPasswordCredentialData().getAlgorithm();
        return !KeywardPasswordHashProviderFactory.ID.equals(algorithm) && usual().policyCheck(policy, credential);
    }

    /** New rows are the server's usual ones, whatever the realm's policy names. */
    @Override
    public PasswordCredentialModel encodedCredential(String rawPassword, int iterations) {
        return usual().encodedCredential(rawPassword, -1);
    }

    private PasswordHashProvider usual() {
        PasswordHashProvider usual = session.getProvider(PasswordHashProvider.class);
        if (usual == null || usual instanceof KeywardPasswordHashProvider) {
            throw new IllegalStateException("The algorithm keyward makes no new hashes. Choose another one in the realm's "
                    + "password policy, and as the server's default");
        }
        return usual;
    }

    @Override
    public boolean verify(String rawPassword, PasswordCredentialModel credential) {
        try {
            Envelope envelope = Envelope.of(credential.getPasswordSecretData().getValue());
            return envelope.verify(rawPassword);
        } catch (RefusedException refused) {
            LOGGER.warnf("The wrapped credential %s cannot be verified: %s", credential.getId(), refused.getMessage());
            return false;
        } catch (RuntimeException damaged) {
            // Its message could hold a part of the value.
            LOGGER.warnf("The wrapped credential %s cannot be verified: its envelope is damaged", credential.getId());
            return false;
        }
    }

    @Override
    public String credentialHashingStrength(PasswordCredentialModel credential) {
        return "wrapped";
    }

    @Override
    public void close() {}
}
