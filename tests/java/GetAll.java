import java.io.FileInputStream;
import java.io.InputStream;
import java.security.KeyStore;
import java.util.Collections;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The program that a user without keyward writes to get every secret out of a keystore. Benchmarks run it beside
 * {@code keyward get --all}.
 *
 * <p>Arguments: file, store type, store password.
 */
public final class GetAll {
    public static void main(String[] arguments) throws Exception {
        char[] password = arguments[2].toCharArray();
        KeyStore store = KeyStore.getInstance(arguments[1]);
        try (InputStream in = new FileInputStream(arguments[0])) {
            store.load(in, password);
        }
        SecretKeyFactory factory = SecretKeyFactory.getInstance("PBE");
        StringBuilder output = new StringBuilder();
        for (String alias : Collections.list(store.aliases())) {
            SecretKey key = (SecretKey) store.getKey(alias, password);
            PBEKeySpec spec = (PBEKeySpec) factory.getKeySpec(key, PBEKeySpec.class);
            output.append(alias).append('=').append(spec.getPassword()).append('\n');
        }
        System.out.print(output);
    }
}
