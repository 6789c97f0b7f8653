package keyward.keycloak;

import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA224Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.digests.SHA512tDigest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/** PBKDF2. */
record Pbkdf2(String digest, int iterations, int length, byte[] salt) implements HashFunction {
    private static final int MOST_ITERATIONS = 5_000_000;
    /** Iterations times blocks of the key. */
    private static final long MOST_WORK = 20_000_000;

    static Pbkdf2 of(String digest, int iterations, int length, byte[] salt) throws RefusedException {
        Fields.checkLength(length, Fields.SHORTEST_KEY);
        int block = newDigest(digest).getDigestSize();
        long blocks = (length + block - 1) / block;
        if (iterations < 1 || iterations > MOST_ITERATIONS || blocks * iterations > MOST_WORK) {
            throw new RefusedException("its PBKDF2 takes more than " + MOST_ITERATIONS + " iterations, or " + MOST_WORK
                    + " steps in all");
        }
        return new Pbkdf2(digest, iterations, length, salt);
    }

    @Override
    public byte[] apply(byte[] password) throws RefusedException {
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(newDigest(digest));
        generator.init(password, salt, iterations);
        return ((KeyParameter) generator.generateDerivedParameters(8 * length)).getKey();
    }

    private static Digest newDigest(String name) throws RefusedException {
        return switch (name) {
            case "SHA1" -> new SHA1Digest();
            case "SHA224" -> new SHA224Digest();
            case "SHA256" -> new SHA256Digest();
            case "SHA384" -> new SHA384Digest();
            case "SHA512" -> new SHA512Digest();
            case "SHA512/224" -> new SHA512tDigest(224);
            case "SHA512/256" -> new SHA512tDigest(256);
            default -> throw Fields.unknown();
        };
    }
}
