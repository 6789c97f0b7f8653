package keyward.keycloak;

import org.keycloak.Config;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.credential.hash.PasswordHashProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** The algorithm {@code keyward} of rows that {@code keyward migrate wrap} wrote. */
public final class KeywardPasswordHashProviderFactory implements PasswordHashProviderFactory {
    /** What the rows name. */
    public static final String ID = "keyward";

    @Override
    public PasswordHashProvider create(KeycloakSession session) {
        return new KeywardPasswordHashProvider(session);
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}

    @Override
    public String getId() {
        return ID;
    }

    /** Below Keycloak's own, so that it never becomes the realm's usual provider. */
    @Override
    public int order() {
        return -1;
    }
}
