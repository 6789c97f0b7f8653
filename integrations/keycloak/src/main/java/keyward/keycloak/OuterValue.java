package keyward.keycloak;

/**
 * The value around an inner digest, in a usual text.
 *
 * <pre>
 * $argon2id$v=19$m=7168,t=5,p=1$base64( salt )$base64( digest )
 * $pbkdf2-sha512$210000$ab64( salt )$ab64( key )     ab64: "." in place of "+"
 * $2b$12$salt and digest in bcrypt's base64
 * $scrypt$ln=17,r=8,p=1$base64( salt )$base64( digest )
 * </pre>
 */
record OuterValue(HashFunction function, byte[] digest) {
    static OuterValue of(String text) throws RefusedException {
        String[] fields = text.split("\\$", -1);
        if (fields.length < 4) {
            throw unknown();
        }
        return switch (fields[1]) {
            case "argon2id" -> argon2(fields);
            case "pbkdf2-sha256" -> pbkdf2("SHA256", fields);
            case "pbkdf2-sha512" -> pbkdf2("SHA512", fields);
            case "2a", "2b", "2y" -> bcrypt(fields);
            case "scrypt" -> scrypt(fields);
            default -> throw unknown();
        };
    }

    private static OuterValue argon2(String[] fields) throws RefusedException {
        expect(fields, 6);
        int version = parameter(fields[2], "v");
        String[] costs = parameters(fields[3]);
        int memory = parameter(costs[0], "m");
        int passes = parameter(costs[1], "t");
        int lanes = parameter(costs[2], "p");
        byte[] digest = Fields.base64(fields[5]);
        byte[] salt = Fields.base64(fields[4]);
        return new OuterValue(Argon2.of("argon2id", version, memory, passes, lanes, digest.length, salt), digest);
    }

    private static OuterValue pbkdf2(String digest, String[] fields) throws RefusedException {
        expect(fields, 5);
        int iterations = Fields.decimal(fields[2]);
        byte[] key = Fields.base64(fields[4].replace('.', '+'));
        byte[] salt = Fields.base64(fields[3].replace('.', '+'));
        return new OuterValue(Pbkdf2.of(digest, iterations, key.length, salt), key);
    }

    private static OuterValue bcrypt(String[] fields) throws RefusedException {
        expect(fields, 4);
        if (fields[2].length() != 2 || fields[3].length() != 53) {
            throw unknown();
        }
        String digits = fields[2].startsWith("0") ? fields[2].substring(1) : fields[2];
        int cost = Fields.decimal(digits, Bcrypt.LOWEST_COST, Bcrypt.HIGHEST_COST);
        byte[] salt = Bcrypt.decode(fields[3].substring(0, 22));
        byte[] digest = Bcrypt.decode(fields[3].substring(22));
        return new OuterValue(Bcrypt.of(fields[1], cost, "none", salt), digest);
    }

    private static OuterValue scrypt(String[] fields) throws RefusedException {
        expect(fields, 5);
        String[] costs = parameters(fields[2]);
        int logN = parameter(costs[0], "ln");
        int r = parameter(costs[1], "r");
        int p = parameter(costs[2], "p");
        byte[] digest = Fields.base64(fields[4]);
        return new OuterValue(Scrypt.of(logN, r, p, digest.length, Fields.base64(fields[3])), digest);
    }

    private static void expect(String[] fields, int count) throws RefusedException {
        if (fields.length != count) {
            throw unknown();
        }
    }

    private static String[] parameters(String text) throws RefusedException {
        String[] parameters = text.split(",", -1);
        expect(parameters, 3);
        return parameters;
    }

    private static int parameter(String text, String name) throws RefusedException {
        if (!text.startsWith(name + "=")) {
            throw unknown();
        }
        return Fields.decimal(text.substring(name.length() + 1));
    }

    private static RefusedException unknown() {
        return new RefusedException("its outer value is none that this provider computes. Update the provider");
    }
}
