import java.io.FileInputStream;
import java.io.InputStream;
import java.security.KeyStore;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The program that a user without keyward writes to get one secret out of a keystore: loads the store, gets the
 * entry, prints the text. Benchmarks run it beside {@code keyward get}.
 *
 * <p>Arguments: file, store type, store password, alias.
 */
public final class GetOne {
    public static void main(String[] arguments) throws Exception {
        char[] password = arguments[2].toCharArray();
        KeyStore store = KeyStore.getInstance(arguments[1]);
        try (InputStream in = new FileInputStream(arguments[0])) {
            store.load(in, password);
        }
        SecretKey key = (SecretKey) store.getKey(arguments[3], password);
        SecretKeyFactory factory = SecretKeyFactory.getInstance("PBE");
        PBEKeySpec spec = (PBEKeySpec) factory.getKeySpec(key, PBEKeySpec.class);
        System.out.println(spec.getPassword());
    }
}
