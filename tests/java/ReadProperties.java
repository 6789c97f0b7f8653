import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;

/**
 * Prints every property of a file, one line each, sorted: key TAB value, both as UTF-8 in hex.
 *
 * <p>Argument: the file.
 */
public final class ReadProperties {
    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (InputStream in = new FileInputStream(arguments[0])) {
            properties.load(in);
        }
        List<String> lines = new ArrayList<>();
        for (String key : properties.stringPropertyNames()) {
            lines.add(hex(key) + "\t" + hex(properties.getProperty(key)));
        }
        Collections.sort(lines);
        lines.forEach(System.out::println);
    }

    private static String hex(String text) {
        StringBuilder hex = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hex.append(String.format("%02x", b));
        }
        return hex.toString();
    }
}
