package keyward.keycloak;

import java.util.Base64;

/** The fields of a function's text, one after the other: {@code name;h=SHA-1;b=;a=c2FsdA;t=1}. */
final class Fields {
    /** In bytes: of a digest that was cut off, wrong passwords would be right. */
    static final int SHORTEST_KEY = 10;
    /** In bytes: far beyond what is in use. */
    private static final int LONGEST_KEY = 512;

    private final String[] fields;
    private int next;

    Fields(String text) {
        this.fields = text.split(";", -1);
    }

    /** The field without a letter, which is the function's name. */
    String name() {
        return fields[next++];
    }

    boolean nextIs(String letter) {
        return next < fields.length && fields[next].startsWith(letter + "=");
    }

    String text(String letter) throws RefusedException {
        if (!nextIs(letter)) {
            throw unknown();
        }
        return fields[next++].substring(letter.length() + 1);
    }

    byte[] bytes(String letter) throws RefusedException {
        return base64(text(letter));
    }

    int number(String letter) throws RefusedException {
        return decimal(text(letter));
    }

    int number(String letter, int least, int most) throws RefusedException {
        return decimal(text(letter), least, most);
    }

    void end() throws RefusedException {
        if (next != fields.length) {
            throw unknown();
        }
    }

    static int decimal(String text) throws RefusedException {
        return decimal(text, 0, Integer.MAX_VALUE);
    }

    static int decimal(String text, int least, int most) throws RefusedException {
        if (!text.matches("0|[1-9][0-9]{0,9}")) {
            throw new RefusedException("a number in its envelope is none");
        }
        long number = Long.parseLong(text);
        if (number < least || number > most) {
            throw new RefusedException("a cost in its envelope is outside of " + least + " to " + most);
        }
        return (int) number;
    }

    static byte[] base64(String text) throws RefusedException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw new RefusedException("a part of its envelope is not base64");
        }
    }

    static void checkLength(int length, int least) throws RefusedException {
        if (length < least || length > LONGEST_KEY) {
            throw new RefusedException("a digest in its envelope has " + length + " bytes, and not " + least + " to "
                    + LONGEST_KEY);
        }
    }

    static RefusedException unknown() {
        return new RefusedException("its inner function is none that this provider computes. Let the user choose a new "
                + "password, or let keyward's service verify it");
    }
}
