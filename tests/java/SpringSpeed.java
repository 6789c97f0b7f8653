import java.lang.reflect.Method;

/**
 * Measures how many verifications a second Spring Security's delegating encoder does on one thread.
 *
 * <p>The arguments are the seconds to measure for, a password, and values that are stored of it. Prints a line for each:
 * its rate, after as many seconds of warming up.
 */
public final class SpringSpeed {
    public static void main(String[] arguments) throws Exception {
        Class<?> factories = Class.forName("org.springframework.security.crypto.factory.PasswordEncoderFactories");
        Object delegating = factories.getMethod("createDelegatingPasswordEncoder").invoke(null);
        Class<?> encoder = Class.forName("org.springframework.security.crypto.password.PasswordEncoder");
        Method matches = encoder.getMethod("matches", CharSequence.class, String.class);
        double seconds = Double.parseDouble(arguments[0]);
        for (int at = 2; at < arguments.length; at++) {
            rate(matches, delegating, arguments[1], arguments[at], seconds);
            System.out.println(rate(matches, delegating, arguments[1], arguments[at], seconds));
        }
    }

    private static double rate(Method matches, Object encoder, String password, String stored, double seconds)
            throws Exception {
        int count = 0;
        long started = System.nanoTime();
        double passed = 0;
        while (count == 0 || passed < seconds) {
            if (!(Boolean) matches.invoke(encoder, password, stored)) {
                throw new IllegalStateException(stored);
            }
            count++;
            passed = (System.nanoTime() - started) / 1e9;
        }
        return count / passed;
    }
}
