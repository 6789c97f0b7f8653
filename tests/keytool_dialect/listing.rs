//! `-list` and `-exportcert`: what is in a keystore is shown.

use std::fs;

use tempfile::TempDir;

use super::comparison::both;

#[test]
fn listings_are_the_same() {
    // JDK 21 and later warn of weak keys, JDK 11 and 17 of nothing.
    for both in both(&[11, 17]) {
        for name in [
            "jdk11.p12",
            "jdk25.p12",
            "jdk17-mixed.p12",
            "jdk25-mixed.p12",
            "legacy.p12",
            "openssl.p12",
            "aliases.jceks",
            "jdk17-mixed.jceks",
            "key-and-certificate.jks",
        ] {
            let both = both.again().with_copy(name);
            for style in ["", "-rfc"] {
                both.run(
                    &format!("-list {style} -keystore DIR/{name} -storepass changeit"),
                    "",
                );
            }
        }
    }
}

#[test]
fn one_entry_is_listed_under_the_alias_as_it_was_written() {
    for both in both(&[11, 17]) {
        let both = both.with_copy("jdk17-mixed.p12");
        for alias in ["Server", "DB1PASS", "root-CA", "nobody"] {
            both.run(
                &format!("-list -keystore DIR/jdk17-mixed.p12 -alias {alias}"),
                "changeit\n",
            );
        }
    }
}

#[test]
fn entries_are_listed_verbosely() {
    for both in both(&[17]) {
        let both = both.with_copy("jdk17.p12").with_copy("jdk17-mixed.p12");
        both.run("-list -v -keystore DIR/jdk17.p12 -storepass changeit", "");
        both.run(
            "-list -v -keystore DIR/jdk17-mixed.p12 -storepass changeit",
            "",
        );
        both.run(
            "-list -v -alias db1 -keystore DIR/jdk17.p12 -storepass changeit",
            "",
        );
    }
}

#[test]
fn certificates_are_exported() {
    for both in both(&[11, 17]) {
        let both = both.with_copy("jdk17-mixed.p12");
        let export = "-exportcert -keystore DIR/jdk17-mixed.p12 -storepass changeit";
        both.run(&format!("{export} -rfc -alias Server"), "");
        both.run(&format!("{export} -alias root-ca -file DIR/root.der"), "");
        both.run(&format!("{export} -alias db1pass"), "");
        both.run(&format!("{export} -alias nobody"), "");
        both.run(&format!("{export} -alias server -file DIR/none/file"), "");
        let exported = |folder: &TempDir| fs::read(folder.path().join("root.der")).unwrap();
        assert_eq!(exported(&both.by_keyward), exported(&both.by_keytool));
    }
}

#[test]
fn without_a_password_what_is_not_encrypted_is_listed_with_a_warning() {
    for both in both(&[11, 17]) {
        let both = both.with_copy("jdk17-mixed.p12").with_copy("jdk17.jceks");
        both.run("-list -keystore DIR/jdk17-mixed.p12", "\n");
        both.run("-list -keystore DIR/jdk17-mixed.p12", "");
        both.run("-list -keystore DIR/jdk17.jceks -protected", "");
        both.run(
            "-list -v -keystore DIR/jdk17-mixed.p12 -alias server -protected",
            "",
        );
    }
}
