import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Map;

/**
 * Stores and checks passwords with Spring Security's delegating encoder and its default settings.
 *
 * <p>Each three arguments are a job: "encode", an id and a password; or "matches", a stored value and a password. Prints a
 * line for each: the stored value with its id, or true or false.
 */
public final class SpringPasswords {
    public static void main(String[] arguments) throws Exception {
        Class<?> factories = Class.forName("org.springframework.security.crypto.factory.PasswordEncoderFactories");
        Object delegating = factories.getMethod("createDelegatingPasswordEncoder").invoke(null);
        Field field = delegating.getClass().getDeclaredField("idToPasswordEncoder");
        field.setAccessible(true);
        Map<?, ?> encoders = (Map<?, ?>) field.get(delegating);
        Class<?> encoder = Class.forName("org.springframework.security.crypto.password.PasswordEncoder");
        Method encode = encoder.getMethod("encode", CharSequence.class);
        Method matches = encoder.getMethod("matches", CharSequence.class, String.class);
        for (int at = 0; at + 2 < arguments.length; at += 3) {
            String subject = arguments[at + 1];
            String password = arguments[at + 2];
            if (arguments[at].equals("encode")) {
                System.out.println("{" + subject + "}" + encode.invoke(encoders.get(subject), password));
            } else {
                System.out.println(matches.invoke(delegating, password, subject));
            }
        }
    }
}
