import java.io.ByteArrayInputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;

/**
 * Runs many keytool commands in one JVM: the same class that the program keytool starts.
 *
 * <p>Argument: a file with a command a line, its columns separated by tabs. The first column is what is piped to the
 * command, the rest are its arguments. A line with the first column {@code -D} sets the system property of the second
 * column to the third, or clears it where there is no third. keytool ends the JVM when a command fails.
 *
 * <p>Start it with {@code --add-exports java.base/sun.security.tools.keytool=ALL-UNNAMED}.
 */
public final class RunKeytool {
    public static void main(String[] arguments) throws Exception {
        Class<?> keytool = Class.forName("sun.security.tools.keytool.Main");
        Method main = keytool.getMethod("main", String[].class);
        Path script = Paths.get(arguments[0]);
        for (String line : Files.readAllLines(script, StandardCharsets.UTF_8)) {
            String[] columns = line.split("\t", -1);
            if (columns[0].equals("-D")) {
                setProperty(columns);
                continue;
            }
            System.out.println("> " + line);
            String[] command = Arrays.copyOfRange(columns, 1, columns.length);
            String piped = columns[0] + System.lineSeparator();
            System.setIn(new ByteArrayInputStream(piped.getBytes(StandardCharsets.UTF_8)));
            main.invoke(null, (Object) command);
        }
    }

    private static void setProperty(String[] columns) {
        if (columns.length < 3) {
            System.clearProperty(columns[1]);
            return;
        }
        System.setProperty(columns[1], columns[2]);
    }
}
