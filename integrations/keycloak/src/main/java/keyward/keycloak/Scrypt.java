package keyward.keycloak;

import org.bouncycastle.crypto.generators.SCrypt;

/** scrypt. */
record Scrypt(int logN, int r, int p, int length, byte[] salt) implements HashFunction {
    static final int HIGHEST_LOG_N = 24;
    static final int MOST_BLOCKS = 256;
    static final int LONGEST_KEY = 512;

    private static final long MOST_MEMORY = 1L << 30;

    @Override
    public byte[] apply(byte[] password) throws RefusedException {
        if ((128L * r << logN) > MOST_MEMORY) {
            throw new RefusedException("its scrypt takes more than 1 GiB");
        }
        return SCrypt.generate(password, salt, 1 << logN, r, p, length);
    }
}
