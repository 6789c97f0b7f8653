import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What a server without keyward does when it needs a secret: reads the store again for each, or keeps what it read and
 * looks at the file's time first. Benchmarks run it beside the secret service.
 *
 * <p>Arguments: {@code each} or {@code changed}, file, store type, store password, alias, seconds. Prints how many
 * lookups were done in how many nanoseconds, and the resident memory in KiB.
 */
public final class LookUp {
    private static Map<String, String> read = new HashMap<>();
    private static FileTime readAt;

    public static void main(String[] arguments) throws Exception {
        boolean each = arguments[0].equals("each");
        long end = System.nanoTime() + Long.parseLong(arguments[5]) * 1_000_000_000L;
        long warm = System.nanoTime() + Long.parseLong(arguments[5]) * 300_000_000L;
        long lookups = 0;
        long start = System.nanoTime();
        int length = 0;
        while (System.nanoTime() < end) {
            if (start < warm && System.nanoTime() >= warm) {
                start = System.nanoTime();
                lookups = 0;
                warm = 0;
            }
            length += (each ? secretIn(arguments) : secretIfChanged(arguments)).length();
            lookups++;
        }
        long nanoseconds = System.nanoTime() - start;
        if (length == 0) {
            throw new IllegalStateException("nothing was read");
        }
        System.out.println(lookups + " " + nanoseconds + " " + resident());
    }

    private static String secretIfChanged(String[] arguments) throws Exception {
        FileTime time = Files.getLastModifiedTime(Path.of(arguments[1]));
        if (!time.equals(readAt)) {
            read.put(arguments[4], secretIn(arguments));
            readAt = time;
        }
        return read.get(arguments[4]);
    }

    private static String secretIn(String[] arguments) throws Exception {
        char[] password = arguments[3].toCharArray();
        KeyStore store = KeyStore.getInstance(arguments[2]);
        try (InputStream in = new FileInputStream(arguments[1])) {
            store.load(in, password);
        }
        SecretKey key = (SecretKey) store.getKey(arguments[4], password);
        SecretKeyFactory factory = SecretKeyFactory.getInstance("PBE");
        PBEKeySpec spec = (PBEKeySpec) factory.getKeySpec(key, PBEKeySpec.class);
        return new String(spec.getPassword());
    }

    private static String resident() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return line.replaceAll("[^0-9]", "");
            }
        }
        return "0";
    }
}
