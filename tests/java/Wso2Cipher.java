import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.Base64;

/**
 * Encrypts and decrypts values as a WSO2 server does, with WSO2's own crypto providers where they can do it and with the
 * JCE calls that its servers make where they cannot.
 *
 * <p>Each eight arguments are a job: encrypt or decrypt; a PKCS12 file with its alias and password, or a symmetric key and
 * twice "-"; the transformation; the JCE provider; "bare" or "self-contained"; the text or the Base64 value. Prints a line
 * for each: the value or the text, or "failed".
 */
public final class Wso2Cipher {
    private static final String PROVIDERS = "org.wso2.carbon.crypto.provider.";
    private static final String HOLDER = "org.wso2.carbon.crypto.api.CipherMetaDataHolder";

    public static void main(String[] arguments) throws Exception {
        Class<?> bouncyCastle = Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider");
        Security.addProvider((Provider) bouncyCastle.getDeclaredConstructor().newInstance());
        for (int at = 0; at + 7 < arguments.length; at += 8) {
            System.out.println(run(java.util.Arrays.copyOfRange(arguments, at, at + 8)));
        }
    }

    private static String run(String[] job) throws Exception {
        try {
            return job[0].equals("encrypt") ? encrypt(job) : decrypt(job);
        } catch (java.lang.reflect.InvocationTargetException e) {
            System.err.println(e.getCause() + " caused by " + e.getCause().getCause());
            return "failed";
        } catch (java.security.GeneralSecurityException e) {
            System.err.println(e);
            return "failed";
        }
    }

    private static String encrypt(String[] job) throws Exception {
        byte[] text = job[7].getBytes(StandardCharsets.UTF_8);
        Object provider = provider(job);
        Method method =
                provider.getClass().getMethod("encrypt", byte[].class, String.class, String.class, boolean.class);
        byte[] value = (byte[]) method.invoke(provider, text, job[4], job[5], job[6].equals("self-contained"));
        return Base64.getEncoder().encodeToString(value);
    }

    private static String decrypt(String[] job) throws Exception {
        byte[] value = Base64.getDecoder().decode(job[7]);
        String transformation = job[4];
        if (job[6].equals("self-contained")) {
            Class<?> type = Class.forName(HOLDER);
            Class<?> gson = Class.forName("com.google.gson.Gson");
            Object holder =
                    gson.getMethod("fromJson", String.class, Class.class)
                            .invoke(gson.getDeclaredConstructor().newInstance(), new String(value), type);
            value = (byte[]) type.getMethod("getCipherBase64Decoded").invoke(holder);
            transformation = (String) type.getMethod("getTransformation").invoke(holder);
        }
        Object provider = provider(job);
        Method method = provider.getClass().getMethod("decrypt", byte[].class, String.class, String.class);
        byte[] text = (byte[]) method.invoke(provider, value, transformation, job[5]);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static Object provider(String[] job) throws Exception {
        if (job[2].equals("-")) {
            return Class.forName(PROVIDERS + "SymmetricKeyInternalCryptoProvider")
                    .getConstructor(String.class)
                    .newInstance(job[1]);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Paths.get(job[1]))) {
            store.load(in, job[3].toCharArray());
        }
        return Class.forName(PROVIDERS + "KeyStoreBasedInternalCryptoProvider")
                .getConstructor(KeyStore.class, String.class, String.class)
                .newInstance(store, job[2], job[3]);
    }
}
