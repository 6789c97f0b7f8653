package keyward.keycloak;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * A hash that was hashed again.
 *
 * <pre>
 * $keyward$1$inner$outer            inner: see {@link InnerFunction}, outer: see {@link OuterValue}
 * digest of outer = outer( text( inner( password ) ) )
 * text = unpadded base64 of the inner digest; of its SHA-384 where it has more than 54 bytes
 * </pre>
 */
final class Envelope {
    private static final String MARK = "$keyward$1$";
    private static final int LONGEST_AS_IT_IS = 54;

    private final HashFunction inner;
    private final OuterValue outer;

    private Envelope(HashFunction inner, OuterValue outer) {
        this.inner = inner;
        this.outer = outer;
    }

    static Envelope of(String text) throws RefusedException {
        if (text == null || !text.startsWith(MARK)) {
            throw new RefusedException("its value is no envelope of this version");
        }
        int separator = text.indexOf('$', MARK.length());
        if (separator < 0) {
            throw new RefusedException("its envelope has no outer value");
        }
        HashFunction inner = InnerFunction.of(text.substring(MARK.length(), separator));
        return new Envelope(inner, OuterValue.of(text.substring(separator)));
    }

    boolean verify(String password) throws RefusedException {
        byte[] digest = inner.apply(password.getBytes(StandardCharsets.UTF_8));
        byte[] found = outer.function().apply(textOf(digest));
        return MessageDigest.isEqual(found, outer.digest());
    }

    private static byte[] textOf(byte[] digest) throws RefusedException {
        byte[] shorter = digest.length > LONGEST_AS_IT_IS ? SaltedDigest.digest("SHA-384", digest) : digest;
        return Base64.getEncoder().withoutPadding().encode(shorter);
    }
}
