package keyward.keycloak;

import java.util.concurrent.Semaphore;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2, on as many processors at once as there are, since each takes its memory. */
record Argon2(String kind, int version, int memory, int passes, int lanes, int length, byte[] salt)
        implements HashFunction {
    /** In KiB. */
    static final int MOST_MEMORY = 1 << 20;

    static final int MOST_PASSES = 1 << 16;
    static final int MOST_LANES = 256;
    /** In KiB: memory times passes. */
    private static final long MOST_WORK = 1 << 24;
    static final int LONGEST_DIGEST = 512;

    private static final Semaphore PROCESSORS = new Semaphore(Runtime.getRuntime().availableProcessors());

    @Override
    public byte[] apply(byte[] password) throws RefusedException {
        if ((long) memory * passes > MOST_WORK) {
            throw new RefusedException("its Argon2 takes more than 16 GiB in all");
        }
        Argon2Parameters parameters = new Argon2Parameters.Builder(type())
                .withVersion(version)
                .withMemoryAsKB(memory)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build();
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(parameters);
        byte[] digest = new byte[length];
        PROCESSORS.acquireUninterruptibly();
        try {
            generator.generateBytes(password, digest);
        } finally {
            PROCESSORS.release();
        }
        return digest;
    }

    private int type() throws RefusedException {
        return switch (kind) {
            case "argon2id" -> Argon2Parameters.ARGON2_id;
            case "argon2i" -> Argon2Parameters.ARGON2_i;
            case "argon2d" -> Argon2Parameters.ARGON2_d;
            default -> throw Fields.unknown();
        };
    }
}
