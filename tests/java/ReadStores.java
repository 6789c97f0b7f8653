import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;

/**
 * Gets every entry of many keystores in one JVM and prints what it got: a line {@code = file}, then a line an entry,
 * sorted by alias:
 *
 * <pre>alias TAB kind TAB algorithm TAB date TAB encoded key TAB encoded certificates</pre>
 *
 * kind is secret, private-key, certificate or unreadable; an unreadable entry has its error in the place of the
 * algorithm. The date is in milliseconds, keys and certificates are in hex, certificates separated by commas.
 *
 * <p>Arguments: a file with a keystore a line, in columns separated by tabs: file, store type, store password, and then
 * alias and key password of each entry that has a password of its own. Second, where the store types are not the JDK's:
 * the provider's class, and its name.
 */
public final class ReadStores {
    private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws Exception {
        String provider = null;
        if (arguments.length > 1) {
            Class<?> type = Class.forName(arguments[1]);
            Security.addProvider((Provider) type.getDeclaredConstructor().newInstance());
            provider = arguments[2];
        }
        Path list = Paths.get(arguments[0]);
        for (String line : Files.readAllLines(list, StandardCharsets.UTF_8)) {
            read(line.split("\t", -1), provider);
        }
        OUT.flush();
    }

    private static void read(String[] columns, String provider) throws Exception {
        OUT.println("= " + columns[0]);
        char[] password = columns[2].toCharArray();
        KeyStore store =
                provider == null ? KeyStore.getInstance(columns[1]) : KeyStore.getInstance(columns[1], provider);
        try (InputStream in = Files.newInputStream(Paths.get(columns[0]))) {
            store.load(in, password);
        } catch (Exception e) {
            OUT.println("\tunopened\t" + text(e) + "\t0\t\t");
            return;
        }
        Map<String, char[]> keyPasswords = new HashMap<>();
        for (int at = 3; at + 1 < columns.length; at += 2) {
            keyPasswords.put(columns[at], columns[at + 1].toCharArray());
        }
        List<String> aliases = Collections.list(store.aliases());
        Collections.sort(aliases);
        for (String alias : aliases) {
            OUT.println(alias + "\t" + describe(store, alias, keyPasswords.getOrDefault(alias, password)));
        }
    }

    private static String describe(KeyStore store, String alias, char[] password) {
        try {
            String date = "\t" + store.getCreationDate(alias).getTime() + "\t";
            if (store.isCertificateEntry(alias)) {
                return "certificate\tX.509" + date + "\t" + hex(store.getCertificate(alias).getEncoded());
            }
            Key key = store.getKey(alias, password);
            String kind = key instanceof SecretKey ? "secret" : "private-key";
            return kind + "\t" + key.getAlgorithm() + date + hex(key.getEncoded()) + "\t" + chain(store, alias);
        } catch (Exception e) {
            return "unreadable\t" + text(e) + "\t0\t\t";
        }
    }

    private static String chain(KeyStore store, String alias) throws Exception {
        Certificate[] chain = store.getCertificateChain(alias);
        StringBuilder text = new StringBuilder();
        for (int at = 0; chain != null && at < chain.length; at++) {
            text.append(at == 0 ? "" : ",").append(hex(chain[at].getEncoded()));
        }
        return text.toString();
    }

    private static String text(Exception e) {
        return e.toString().replaceAll("\\s+", " ");
    }

    private static String hex(byte[] bytes) {
        StringBuilder digits = new StringBuilder();
        for (byte b : bytes) {
            digits.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return digits.toString();
    }
}
