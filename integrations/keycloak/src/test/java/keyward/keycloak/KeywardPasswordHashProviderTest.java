package keyward.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ServiceLoader;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.keycloak.common.crypto.CryptoIntegration;
import org.keycloak.credential.CredentialModel;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.credential.hash.PasswordHashProviderFactory;
import org.keycloak.credential.hash.Pbkdf2Sha512PasswordHashProviderFactory;
import org.keycloak.crypto.hash.Argon2PasswordHashProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.credential.PasswordCredentialModel;

class KeywardPasswordHashProviderTest {
    private static final PasswordHashProvider PBKDF2 = new Pbkdf2Sha512PasswordHashProviderFactory().create(null);

    @BeforeAll
    static void cryptography() {
        CryptoIntegration.init(KeywardPasswordHashProviderTest.class.getClassLoader());
    }

    /** As keyward writes a row whose outer function is Argon2 with Keycloak's own cost. */
    private static PasswordCredentialModel row(String value) {
        CredentialModel stored = new CredentialModel();
        stored.setId("c1");
        stored.setType(PasswordCredentialModel.TYPE);
        stored.setCredentialData("{\"hashIterations\":5,\"algorithm\":\"keyward\",\"additionalParameters\":{}}");
        stored.setSecretData(
                "{\"value\":\"" + value + "\",\"salt\":\"AAAAAAAAAAAAAAAAAAAAAA==\",\"additionalParameters\":{}}");
        return PasswordCredentialModel.createFromCredentialModel(stored);
    }

    private static String[] first() throws IOException {
        String line = EnvelopeTest.lines().stream().filter(one -> one.startsWith("right")).findFirst().orElseThrow();
        return line.split("\t");
    }

    private static PasswordHashProvider provider(PasswordHashProvider usual) {
        KeycloakSession session = (KeycloakSession) Proxy.newProxyInstance(
                KeycloakSession.class.getClassLoader(), new Class<?>[] {KeycloakSession.class}, (proxy, method, args) -> {
                    assertEquals("getProvider", method.getName());
                    return usual;
                });
        return new KeywardPasswordHashProviderFactory().create(session);
    }

    @Test
    void aRowOfKeywardIsVerified() throws IOException {
        String[] columns = first();
        PasswordCredentialModel row = row(columns[2]);
        assertEquals(KeywardPasswordHashProviderFactory.ID, row.getPasswordCredentialData().getAlgorithm());
        PasswordHashProvider provider = provider(PBKDF2);
        assertTrue(provider.verify(columns[1], row));
        assertFalse(provider.verify(columns[1] + "x", row));
        assertFalse(provider.verify(columns[1], row("$keyward$1$des-crypt;n=1$2b$04$x")));
        assertFalse(provider.verify(columns[1], row("")));
    }

    @Test
    void noPolicyTakesItsRows() throws IOException {
        PasswordCredentialModel row = row(first()[2]);
        assertFalse(provider(PBKDF2).policyCheck(null, row));
        assertFalse(PBKDF2.policyCheck(null, row));
        PasswordCredentialModel current = PBKDF2.encodedCredential("secret", -1);
        assertTrue(provider(PBKDF2).policyCheck(null, current), "or each login would encode it anew");
        PasswordHashProvider argon2 = new Argon2PasswordHashProvider("1.3", "id", 32, 7168, 5, 1, new Semaphore(1));
        assertFalse(argon2.policyCheck(null, row), "though it does not look at the algorithm");
    }

    @Test
    void newRowsAreTheServersUsualOnes() {
        PasswordCredentialModel row = provider(PBKDF2).encodedCredential("secret", 1_000_000);
        assertEquals("pbkdf2-sha512", row.getPasswordCredentialData().getAlgorithm());
        assertTrue(PBKDF2.verify("secret", row));
        PasswordHashProvider itself = provider(PBKDF2);
        assertThrows(IllegalStateException.class, () -> provider(itself).encodedCredential("secret", 1));
        assertThrows(IllegalStateException.class, () -> provider(null).encodedCredential("secret", 1));
    }

    @Test
    void theServerFindsItByItsId() {
        ServiceLoader<PasswordHashProviderFactory> factories = ServiceLoader.load(PasswordHashProviderFactory.class);
        PasswordHashProviderFactory keyward = factories.stream()
                .map(ServiceLoader.Provider::get)
                .filter(factory -> factory.getId().equals("keyward"))
                .findFirst()
                .orElseThrow();
        PasswordHashProviderFactory pbkdf2 = new Pbkdf2Sha512PasswordHashProviderFactory();
        assertTrue(keyward.order() < pbkdf2.order(), "never the usual one");
    }
}
