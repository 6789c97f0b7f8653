import java.util.Map;
import org.glassfish.soteria.identitystores.hash.Pbkdf2PasswordHashImpl;

/**
 * Stores and checks passwords with Soteria, the reference implementation of Jakarta Security.
 *
 * <p>Each three arguments are a job: "generate", an algorithm and a password; or "verify", a stored value and a password. Prints
 * a line for each: the stored value, or true or false.
 */
public final class JakartaPasswords {
    public static void main(String[] arguments) {
        for (int at = 0; at + 2 < arguments.length; at += 3) {
            Pbkdf2PasswordHashImpl hash = new Pbkdf2PasswordHashImpl();
            char[] password = arguments[at + 2].toCharArray();
            if (arguments[at].equals("generate")) {
                hash.initialize(Map.of(
                        "Pbkdf2PasswordHash.Algorithm", arguments[at + 1],
                        "Pbkdf2PasswordHash.Iterations", "1024"));
                System.out.println(hash.generate(password));
            } else {
                System.out.println(hash.verify(password, arguments[at + 1]));
            }
        }
    }
}
