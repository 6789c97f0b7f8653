package keyward.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Envelopes that keyward wrote: {@code verdict TAB password TAB envelope}. */
class EnvelopeTest {
    private static final String OUTER = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA";

    static List<String> lines() throws IOException {
        return resource("/envelopes.tsv");
    }

    private static List<String> resource(String name) throws IOException {
        try (InputStream file = EnvelopeTest.class.getResourceAsStream(name)) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void anEnvelopeIsJudgedAsKeywardDoes(String line) throws RefusedException {
        String[] columns = line.split("\t");
        String verdict = columns[0];
        if (verdict.equals("refused")) {
            assertThrows(RefusedException.class, () -> Envelope.of(columns[2]));
            return;
        }
        Envelope envelope = Envelope.of(columns[2]);
        assertEquals(verdict.equals("right"), envelope.verify(columns[1]));
        assertFalse(envelope.verify(columns[1] + "x"));
        assertFalse(envelope.verify(""));
    }

    @Test
    void allKindsAreThere() throws IOException {
        List<String> lines = lines();
        for (String inner : List.of("digest", "encoded", "pbkdf2", "bcrypt", "argon2", "scrypt")) {
            assertTrue(lines.stream().anyMatch(line -> line.contains("$keyward$1$" + inner + ";")), inner);
        }
        for (String outer : List.of("$argon2id$", "$pbkdf2-sha256$", "$pbkdf2-sha512$", "$2b$", "$scrypt$")) {
            assertTrue(lines.stream().anyMatch(line -> line.contains(outer)), outer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "digest",
        "digest;h=SHA-1;b=;a=;t=1;x=1",
        "digest;h=SHA-1;b=;a=*;t=1",
        "digest;h=SHA-0;b=;a=;t=1",
        "digest;h=SHA-1;b=;a=;t=0",
        "digest;h=SHA-1;b=;a=;t=4294967295",
        "pbkdf2;h=SHA1;i=2147483647;l=20;s=",
        "pbkdf2;h=SHA1;i=-1;l=20;s=",
        "pbkdf2;i=1;h=SHA1;l=20;s=",
        "argon2;k=argon2id;v=19;m=67108864;t=1;p=1;l=32;s=c2FsdHNhbHQ",
        "scrypt;n=40;r=8;p=1;l=64;s=",
        "bcrypt;v=2b;c=31;p=none;s=AAAAAAAAAAAAAAAAAAAAAA",
        "bcrypt;v=2x;c=4;p=none;s=AAAAAAAAAAAAAAAAAAAAAA",
        "des-crypt;n=4096",
        "wrapped;"
    })
    void aDamagedOrHostileInnerFunctionIsRefused(String inner) {
        assertThrows(RefusedException.class, () -> Envelope.of("$keyward$1$" + inner + OUTER));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "$",
        "$nothing$",
        "$2b$04$short",
        "$2b$31$......................................................",
        "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$argon2id$v=19$m=67108864,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        "$pbkdf2-sha256$99999999999$c2FsdA$aGFzaA",
        "$scrypt$ln=63,r=8,p=1$c2FsdA$aGFzaA"
    })
    void aDamagedOrHostileOuterValueIsRefused(String outer) {
        assertThrows(RefusedException.class, () -> Envelope.of("$keyward$1$digest;h=SHA-1;b=;a=;t=1" + outer));
    }

    @Test
    void anotherVersionIsRefused() {
        assertThrows(RefusedException.class, () -> Envelope.of("$keyward$2$digest;h=SHA-1;b=;a=;t=1" + OUTER));
        assertThrows(RefusedException.class, () -> Envelope.of(null));
    }

    /** keyward refuses these, too: tests/password/keycloak_envelopes.rs reads the same file. */
    @Test
    void whatKeywardRefusesIsRefused() throws IOException {
        for (String envelope : resource("/hostile.txt")) {
            assertThrows(RefusedException.class, () -> Envelope.of(envelope), envelope);
        }
    }
}
