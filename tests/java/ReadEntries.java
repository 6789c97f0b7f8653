import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.security.Key;
import java.security.KeyStore;
import java.util.Collections;
import java.util.List;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Prints every entry of a keystore as the JDK sees it, one line each, sorted by alias:
 *
 * <pre>alias TAB kind TAB algorithm TAB encoded key or certificate in hex TAB text or error</pre>
 *
 * kind is secret, private-key, certificate or unreadable. The text is what a program gets that asks for a
 * PBEKeySpec, as PhixFlow does; entries that are no PBE key have none. An unreadable entry has its error there.
 *
 * <p>Arguments: file, store type (- to let the JDK find out), store password.
 */
public final class ReadEntries {
    public static void main(String[] arguments) throws Exception {
        char[] password = arguments[2].toCharArray();
        KeyStore store = open(new File(arguments[0]), arguments[1], password);
        List<String> aliases = Collections.list(store.aliases());
        Collections.sort(aliases);
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        for (String alias : aliases) {
            out.println(alias + "\t" + describe(store, alias, password));
        }
    }

    private static KeyStore open(File file, String type, char[] password) throws Exception {
        if (type.equals("-")) {
            return KeyStore.getInstance(file, password);
        }
        KeyStore store = KeyStore.getInstance(type);
        try (InputStream in = new FileInputStream(file)) {
            store.load(in, password);
        }
        return store;
    }

    private static String describe(KeyStore store, String alias, char[] password) {
        try {
            if (store.isCertificateEntry(alias)) {
                return "certificate\tX.509\t" + hex(store.getCertificate(alias).getEncoded()) + "\t";
            }
            Key key = store.getKey(alias, password);
            String kind = key instanceof SecretKey ? "secret" : "private-key";
            return kind + "\t" + key.getAlgorithm() + "\t" + hex(key.getEncoded()) + "\t" + text(key);
        } catch (Exception e) {
            return "unreadable\t\t\t" + e.toString().replaceAll("\\s+", " ");
        }
    }

    private static String text(Key key) throws Exception {
        if (!key.getAlgorithm().startsWith("PBE")) {
            return "";
        }
        SecretKeyFactory factory = SecretKeyFactory.getInstance("PBE");
        PBEKeySpec spec = (PBEKeySpec) factory.getKeySpec((SecretKey) key, PBEKeySpec.class);
        return new String(spec.getPassword());
    }

    private static String hex(byte[] bytes) {
        StringBuilder digits = new StringBuilder();
        for (byte b : bytes) {
            digits.append(String.format("%02x", b));
        }
        return digits.toString();
    }
}
