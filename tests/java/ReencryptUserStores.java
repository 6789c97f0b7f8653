import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Cipher;

/**
 * Re-encrypts every user store below a home, as a user's own program would: the JDK's cryptography on all processors, files
 * written in place. HOME FROM-KEYSTORE FROM-ALIAS TO-KEYSTORE TO-ALIAS PASSWORD
 */
public class ReencryptUserStores {
    private static final String TRANSFORMATION = "RSA/ECB/OAEPwithSHA1andMGF1Padding";
    private static final Pattern VALUE = Pattern.compile("(name=\"password\">)([^<]*)(<)");
    private static final Pattern CIPHERTEXT = Pattern.compile("\"c\":\"([^\"]*)\"");

    public static void main(String[] arguments) throws Exception {
        char[] password = arguments[5].toCharArray();
        PrivateKey from = (PrivateKey) open(arguments[1], password).getKey(arguments[2], password);
        PublicKey to = open(arguments[3], password).getCertificate(arguments[4]).getPublicKey();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(Paths.get(arguments[0]))) {
            files = walk.filter(path -> path.toString().endsWith(".xml")).collect(Collectors.toList());
        }
        files.parallelStream().forEach(file -> reencrypt(file, from, to));
    }

    private static KeyStore open(String file, char[] password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (FileInputStream input = new FileInputStream(file)) {
            store.load(input, password);
        }
        return store;
    }

    private static void reencrypt(Path file, PrivateKey from, PublicKey to) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            Matcher value = VALUE.matcher(text);
            if (!value.find()) {
                throw new IllegalStateException(file + " has no password");
            }
            String json = new String(Base64.getDecoder().decode(value.group(2)), StandardCharsets.UTF_8);
            Matcher ciphertext = CIPHERTEXT.matcher(json);
            if (!ciphertext.find()) {
                throw new IllegalStateException(file + " has no ciphertext");
            }
            byte[] block = Base64.getDecoder().decode(ciphertext.group(1).replace("\\u003d", "="));
            Cipher cipher = Cipher.getInstance(TRANSFORMATION);
            cipher.init(Cipher.DECRYPT_MODE, from);
            byte[] secret = cipher.doFinal(block);
            cipher.init(Cipher.ENCRYPT_MODE, to);
            String encrypted = Base64.getEncoder().encodeToString(cipher.doFinal(secret));
            String renewed = json.replace(ciphertext.group(1), encrypted.replace("=", "\\u003d"));
            String written = Base64.getEncoder().encodeToString(renewed.getBytes(StandardCharsets.UTF_8));
            Files.write(file, text.replace(value.group(2), written).getBytes(StandardCharsets.UTF_8));
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }
}
