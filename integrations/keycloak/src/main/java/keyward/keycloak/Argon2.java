package keyward.keycloak;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2. */
record Argon2(int type, int version, int memory, int passes, int lanes, int length, byte[] salt)
        implements HashFunction {
    /** In KiB. */
    private static final int MOST_MEMORY = 1 << 20;
    /** In KiB: memory times passes. */
    private static final long MOST_WORK = 1 << 24;

    /** In bytes, as RFC 9106 has them. */
    private static final int SHORTEST_DIGEST = 4;

    private static final int SHORTEST_SALT = 8;

    static Argon2 of(String kind, int version, int memory, int passes, int lanes, int length, byte[] salt)
            throws RefusedException {
        Fields.checkLength(length, SHORTEST_DIGEST);
        boolean isVersion = version == Argon2Parameters.ARGON2_VERSION_10 || version == Argon2Parameters.ARGON2_VERSION_13;
        boolean hasCosts = passes >= 1 && lanes >= 1 && lanes <= memory / 8 && salt.length >= SHORTEST_SALT;
        if (!isVersion || !hasCosts) {
            throw new RefusedException("its Argon2 has a version, a salt or costs that there are not");
        }
        if (memory > MOST_MEMORY || (long) memory * passes > MOST_WORK) {
            throw new RefusedException("its Argon2 takes more than 1 GiB of memory, or 16 GiB in all");
        }
        return new Argon2(type(kind), version, memory, passes, lanes, length, salt);
    }

    @Override
    public byte[] apply(byte[] password) {
        Argon2Parameters parameters = new Argon2Parameters.Builder(type)
                .withVersion(version)
                .withMemoryAsKB(memory)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build();
        return Processors.compute(() -> {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(parameters);
            byte[] digest = new byte[length];
            generator.generateBytes(password, digest);
            return digest;
        });
    }

    private static int type(String kind) throws RefusedException {
        return switch (kind) {
            case "argon2id" -> Argon2Parameters.ARGON2_id;
            case "argon2i" -> Argon2Parameters.ARGON2_i;
            case "argon2d" -> Argon2Parameters.ARGON2_d;
            default -> throw Fields.unknown();
        };
    }
}
