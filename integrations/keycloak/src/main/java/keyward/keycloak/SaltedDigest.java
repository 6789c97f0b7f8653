package keyward.keycloak;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import org.bouncycastle.crypto.digests.MD4Digest;

/** A message digest over a password and what stands before and after it, applied again to its own result. */
final class SaltedDigest implements HashFunction {
    private static final int MOST_TIMES = 20_000_000;
    private static final Set<String> NAMES = Set.of("MD4", "MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512");

    private final String name;
    private final byte[] before;
    private final byte[] after;
    private final int times;

    private SaltedDigest(String name, byte[] before, byte[] after, int times) {
        this.name = name;
        this.before = before;
        this.after = after;
        this.times = times;
    }

    static SaltedDigest of(Fields fields) throws RefusedException {
        String name = fields.text("h");
        if (!NAMES.contains(name)) {
            throw Fields.unknown();
        }
        byte[] before = fields.bytes("b");
        byte[] after = fields.bytes("a");
        return new SaltedDigest(name, before, after, fields.number("t", 1, MOST_TIMES));
    }

    @Override
    public byte[] apply(byte[] password) throws RefusedException {
        byte[] digest = digest(name, before, password, after);
        for (int time = 1; time < times; time++) {
            digest = digest(name, digest);
        }
        return digest;
    }

    static byte[] digest(String name, byte[]... parts) throws RefusedException {
        if (name.equals("MD4")) {
            return md4(parts);
        }
        try {
            MessageDigest digest = MessageDigest.getInstance(name);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException missing) {
            throw new RefusedException("this server's Java has no " + name);
        }
    }

    private static byte[] md4(byte[]... parts) {
        MD4Digest digest = new MD4Digest();
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] result = new byte[digest.getDigestSize()];
        digest.doFinal(result, 0);
        return result;
    }
}
