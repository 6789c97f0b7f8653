import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.Collections;

/**
 * Copies the private keys and certificates of a keystore into stores that a provider writes, of several types.
 *
 * <p>Arguments: file, store type, password of all stores; the provider's class, and its name; then file and store type of
 * each store to write.
 */
public final class WriteWithProvider {
    public static void main(String[] arguments) throws Exception {
        char[] password = arguments[2].toCharArray();
        KeyStore source = KeyStore.getInstance(arguments[1]);
        try (InputStream in = Files.newInputStream(Paths.get(arguments[0]))) {
            source.load(in, password);
        }
        Class<?> type = Class.forName(arguments[3]);
        Security.addProvider((Provider) type.getDeclaredConstructor().newInstance());
        for (int at = 5; at + 1 < arguments.length; at += 2) {
            KeyStore target = KeyStore.getInstance(arguments[at + 1], arguments[4]);
            target.load(null, password);
            copy(source, target, password);
            try (OutputStream out = Files.newOutputStream(Paths.get(arguments[at]))) {
                target.store(out, password);
            }
        }
    }

    private static void copy(KeyStore source, KeyStore target, char[] password) throws Exception {
        for (String alias : Collections.list(source.aliases())) {
            if (source.isCertificateEntry(alias)) {
                target.setCertificateEntry(alias, source.getCertificate(alias));
            } else if (source.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class)) {
                target.setKeyEntry(
                        alias, source.getKey(alias, password), password, source.getCertificateChain(alias));
            }
        }
    }
}
