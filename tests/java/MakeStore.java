import java.io.FileOutputStream;
import java.io.OutputStream;
import java.security.KeyStore;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Makes a keystore with many secrets in one go: alias0001 = secret-0001, alias0002 = secret-0002 and so on, each
 * as {@code keytool -importpass} stores it.
 *
 * <p>Arguments: file, store type, store password, number of secrets.
 */
public final class MakeStore {
    public static void main(String[] arguments) throws Exception {
        char[] password = arguments[2].toCharArray();
        int count = Integer.parseInt(arguments[3]);
        KeyStore store = KeyStore.getInstance(arguments[1]);
        store.load(null, password);
        SecretKeyFactory factory = SecretKeyFactory.getInstance("PBE");
        for (int number = 1; number <= count; number++) {
            String text = String.format("secret-%04d", number);
            SecretKey key = factory.generateSecret(new PBEKeySpec(text.toCharArray()));
            store.setKeyEntry(String.format("alias%04d", number), key, password, null);
        }
        try (OutputStream out = new FileOutputStream(arguments[0])) {
            store.store(out, password);
        }
    }
}
