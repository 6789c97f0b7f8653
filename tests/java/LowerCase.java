import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Prints texts and their lower case, each as the hexadecimal digits of UTF-8, with a tab between them. */
public final class LowerCase {
    private static final String[] PHRASES = {
        "ΟΔΟΣ ΑΘΗΝΑΣ", "Σ", "ΑΣ", "ΑΣΑ", "ΣΣ", "Α Σ", "ΑΣ1", "İSTANBUL IĞDIR", "STRASSE ẞ", "ǅ ǈ ǋ", "ŸȾȺ", "DŽ Ⱥ", "Ⅷ Ⓐ",
        "𐐀𐐁 𞤀", "Grüße, WELT!", "",
    };

    public static void main(String[] arguments) {
        StringBuilder lines = new StringBuilder();
        for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
            int type = Character.getType(character);
            if (type == Character.UNASSIGNED || type == Character.SURROGATE || type == Character.PRIVATE_USE) {
                continue;
            }
            add(lines, new String(Character.toChars(character)));
        }
        for (String phrase : PHRASES) {
            add(lines, phrase);
        }
        new PrintStream(System.out, true, StandardCharsets.UTF_8).print(lines);
    }

    private static void add(StringBuilder lines, String text) {
        lines.append(digits(text)).append('\t').append(digits(text.toLowerCase(Locale.ROOT))).append('\n');
    }

    private static String digits(String text) {
        StringBuilder digits = new StringBuilder();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            digits.append(String.format("%02x", value));
        }
        return digits.toString();
    }
}
