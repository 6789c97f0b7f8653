import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Stores and checks passwords with Bouncy Castle's functions, in the texts of crypt(3) and PHC.
 *
 * <p>Each three arguments are a job: "make", a scheme and a password; or "check", a stored value and a password. Prints a line
 * for each: the stored value, or true or false.
 */
public final class BouncyCastlePasswords {
    public static void main(String[] arguments) {
        for (int at = 0; at + 2 < arguments.length; at += 3) {
            String subject = arguments[at + 1];
            String password = arguments[at + 2];
            if (arguments[at].equals("make")) {
                System.out.println(make(subject, password));
            } else {
                System.out.println(check(subject, password));
            }
        }
    }

    private static String make(String scheme, String password) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        String encoded = base64(salt);
        switch (scheme) {
            case "2a":
            case "2b":
            case "2y":
                return OpenBSDBCrypt.generate(scheme, password.toCharArray(), salt, 4);
            case "scrypt":
                String prefix = "$scrypt$ln=5,r=4,p=2$" + encoded + "$";
                return prefix + base64(SCrypt.generate(bytes(password), salt, 32, 4, 2, 32));
            default:
                String settings = "$" + scheme + "$v=19$m=256,t=2,p=2$" + encoded + "$";
                return settings + base64(argon2((settings + "AA").split("\\$"), password, 32));
        }
    }

    private static boolean check(String stored, String password) {
        if (stored.startsWith("$2")) {
            return OpenBSDBCrypt.checkPassword(stored, password.toCharArray());
        }
        String[] fields = stored.split("\\$");
        byte[] digest = Base64.getDecoder().decode(fields[fields.length - 1]);
        if (!fields[1].equals("scrypt")) {
            return Arrays.equals(digest, argon2(fields, password, digest.length));
        }
        int[] numbers = numbers(fields[2]);
        byte[] salt = Base64.getDecoder().decode(fields[3]);
        byte[] made = SCrypt.generate(bytes(password), salt, 1 << numbers[0], numbers[1], numbers[2], digest.length);
        return Arrays.equals(digest, made);
    }

    private static byte[] argon2(String[] fields, String password, int length) {
        int type = Arrays.asList("argon2d", "argon2i", "argon2id").indexOf(fields[1]);
        int[] numbers = numbers(fields[3]);
        Argon2Parameters parameters = new Argon2Parameters.Builder(type)
                .withVersion(Integer.parseInt(fields[2].substring(2)))
                .withMemoryAsKB(numbers[0])
                .withIterations(numbers[1])
                .withParallelism(numbers[2])
                .withSalt(Base64.getDecoder().decode(fields[4]))
                .build();
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(parameters);
        byte[] digest = new byte[length];
        generator.generateBytes(bytes(password), digest);
        return digest;
    }

    private static int[] numbers(String parameters) {
        return Arrays.stream(parameters.split(",")).mapToInt(one -> Integer.parseInt(one.split("=")[1])).toArray();
    }

    private static byte[] bytes(String password) {
        return password.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }
}
