package keyward.keycloak;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The function that a password was first stored with, as an envelope tells it.
 *
 * <pre>
 * digest;h=SHA-1;b=;a=c2FsdA;t=1       D( b | password | a ), applied t times; bytes in unpadded base64
 * encoded;e=UTF-16LE;h=MD4;b=;a=;t=1   the same over the password in another encoding
 * pbkdf2;h=SHA256;i=27500;l=64;s=…     l: length of the key in bytes
 * bcrypt;v=2a;c=10;p=none;s=…          p: what it gets in place of the password
 * argon2;k=argon2id;v=19;m=7168;t=5;p=1;l=32;s=…
 * scrypt;n=14;r=8;p=1;l=64;s=…         n: logarithm of N
 * </pre>
 *
 * The texts of crypt(3) other than bcrypt's have no implementation in the server, and are refused.
 */
final class InnerFunction {
    private InnerFunction() {}

    static HashFunction of(String text) throws RefusedException {
        Fields fields = new Fields(text);
        HashFunction function = switch (fields.name()) {
            case "digest" -> SaltedDigest.of(fields);
            case "encoded" -> encoded(fields);
            case "pbkdf2" -> Pbkdf2.of(
                    fields.text("h"), fields.number("i"), fields.number("l"), fields.bytes("s"));
            case "bcrypt" -> Bcrypt.of(
                    fields.text("v"),
                    fields.number("c", Bcrypt.LOWEST_COST, Bcrypt.HIGHEST_COST),
                    fields.text("p"),
                    fields.bytes("s"));
            case "argon2" -> argon2(fields);
            case "scrypt" -> Scrypt.of(
                    fields.number("n"), fields.number("r"), fields.number("p"), fields.number("l"), fields.bytes("s"));
            default -> throw Fields.unknown();
        };
        fields.end();
        return function;
    }

    private static HashFunction argon2(Fields fields) throws RefusedException {
        String kind = fields.text("k");
        int version = fields.number("v");
        int memory = fields.number("m");
        int passes = fields.number("t");
        int lanes = fields.number("p");
        int length = fields.number("l");
        return Argon2.of(kind, version, memory, passes, lanes, length, fields.bytes("s"));
    }

    private static HashFunction encoded(Fields fields) throws RefusedException {
        String encoding = fields.text("e");
        HashFunction digest = SaltedDigest.of(fields);
        return switch (encoding) {
            case "UTF-16LE" -> password -> digest.apply(utf16(password));
            case "zero-extended" -> password -> digest.apply(zeroExtended(password));
            case "ISO-8859-1" -> password -> digest.apply(latin1(password));
            default -> throw Fields.unknown();
        };
    }

    private static byte[] utf16(byte[] password) {
        return new String(password, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16LE);
    }

    private static byte[] zeroExtended(byte[] password) {
        byte[] extended = new byte[2 * password.length];
        for (int at = 0; at < password.length; at++) {
            extended[2 * at] = password[at];
        }
        return extended;
    }

    private static byte[] latin1(byte[] password) throws RefusedException {
        String text = new String(password, StandardCharsets.UTF_8);
        byte[] encoded = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] again = new String(encoded, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(password, again)) {
            throw new RefusedException("the password cannot be written in ISO 8859-1, which was hashed");
        }
        return encoded;
    }
}
