package keyward.keycloak;

import org.bouncycastle.crypto.generators.SCrypt;

/** scrypt. */
record Scrypt(int logN, int r, int p, int length, byte[] salt) implements HashFunction {
    private static final int HIGHEST_LOG_N = 23;
    private static final int MOST_BLOCKS = 1 << 22;
    /** In bytes: 128 N r and 128 r p. */
    private static final long MOST_MEMORY = 1L << 30;
    /** In bytes: 128 N r p. */
    private static final long MOST_WORK = 1L << 32;

    static Scrypt of(int logN, int r, int p, int length, byte[] salt) throws RefusedException {
        Fields.checkLength(length, Fields.SHORTEST_KEY);
        boolean isScrypt = logN >= 1 && logN <= HIGHEST_LOG_N && r >= 1 && r <= MOST_BLOCKS && p >= 1 && p <= MOST_BLOCKS;
        long memory = isScrypt ? 128L * Math.max((long) r << logN, (long) r * p) : Long.MAX_VALUE;
        // Beyond a GiB the product could have more than 63 bits.
        if (memory > MOST_MEMORY || (128L * r << logN) * p > MOST_WORK) {
            throw new RefusedException("its scrypt takes more than 1 GiB of memory, or 4 GiB in all");
        }
        return new Scrypt(logN, r, p, length, salt);
    }

    @Override
    public byte[] apply(byte[] password) {
        return Processors.compute(() -> SCrypt.generate(password, salt, 1 << logN, r, p, length));
    }
}
