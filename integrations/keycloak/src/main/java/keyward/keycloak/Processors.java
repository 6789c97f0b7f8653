package keyward.keycloak;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** As many functions at once as there are processors, where each takes much memory. */
final class Processors {
    private static final Semaphore FREE = new Semaphore(Runtime.getRuntime().availableProcessors());

    private Processors() {}

    static byte[] compute(Supplier<byte[]> function) {
        FREE.acquireUninterruptibly();
        try {
            return function.get();
        } finally {
            FREE.release();
        }
    }
}
