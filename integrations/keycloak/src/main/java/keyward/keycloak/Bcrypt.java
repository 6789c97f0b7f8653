package keyward.keycloak;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.BCrypt;

/** bcrypt of a password, or of something made of it. A password beyond 72 bytes is refused, not cut off. */
final class Bcrypt implements HashFunction {
    static final int LOWEST_COST = 4;
    static final int HIGHEST_COST = 18;

    private static final int LONGEST_PASSWORD = 72;
    private static final int DIGEST_LENGTH = 23;
    private static final String STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final String ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final int cost;
    private final String preHash;
    private final byte[] salt;

    private Bcrypt(int cost, String preHash, byte[] salt) {
        this.cost = cost;
        this.preHash = preHash;
        this.salt = salt;
    }

    static Bcrypt of(String variant, int cost, String preHash, byte[] salt) throws RefusedException {
        boolean isUsual = variant.equals("2a") || variant.equals("2b") || variant.equals("2y");
        if (!isUsual || salt.length != 16) {
            throw Fields.unknown();
        }
        return new Bcrypt(cost, preHash, salt);
    }

    @Override
    public byte[] apply(byte[] password) throws RefusedException {
        byte[] prepared = prepared(password);
        if (prepared.length > LONGEST_PASSWORD) {
            throw new RefusedException("the password has more than 72 bytes");
        }
        for (byte one : prepared) {
            if (one == 0) {
                throw new RefusedException("the password has a zero byte");
            }
        }
        byte[] terminated = Arrays.copyOf(prepared, Math.min(prepared.length + 1, LONGEST_PASSWORD));
        return Arrays.copyOf(BCrypt.generate(terminated, salt, cost), DIGEST_LENGTH);
    }

    private byte[] prepared(byte[] password) throws RefusedException {
        return switch (preHash) {
            case "none" -> password;
            case "hex-sha256" -> ascii(HexFormat.of().formatHex(SaltedDigest.digest("SHA-256", password)));
            case "base64-sha256" -> Base64.getEncoder().encode(SaltedDigest.digest("SHA-256", password));
            case "base64-hmac-sha256" -> Base64.getEncoder().encode(hmac(password));
            default -> throw Fields.unknown();
        };
    }

    private byte[] hmac(byte[] password) throws RefusedException {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(ascii(encode(salt)), "HmacSHA256"));
            return mac.doFinal(password);
        } catch (GeneralSecurityException missing) {
            throw new RefusedException("this server's Java has no HmacSHA256");
        }
    }

    /** The bytes of bcrypt's own base64. */
    static byte[] decode(String text) throws RefusedException {
        return Fields.base64(translated(text, ALPHABET, STANDARD));
    }

    private static String encode(byte[] bytes) throws RefusedException {
        return translated(Base64.getEncoder().withoutPadding().encodeToString(bytes), STANDARD, ALPHABET);
    }

    private static String translated(String text, String from, String to) throws RefusedException {
        StringBuilder translated = new StringBuilder(text.length());
        for (char one : text.toCharArray()) {
            int place = from.indexOf(one);
            if (place < 0) {
                throw new RefusedException("its bcrypt value is damaged");
            }
            translated.append(to.charAt(place));
        }
        return translated.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
