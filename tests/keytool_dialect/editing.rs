//! `-delete`, `-changealias`, `-storepasswd`, `-keypasswd`: what is in a keystore is changed.

use super::comparison::{ALL, SAME_PROMPTS, both};

#[test]
fn entries_are_deleted_with_their_certificates() {
    for both in both(&ALL) {
        for name in ["jdk17-mixed.p12", "jdk17-mixed.jceks"] {
            let both = both.again().with_copy(name);
            let delete = format!("-delete -v -keystore DIR/{name} -storepass changeit");
            for alias in ["DB1Pass", "server", "root-ca", "aeskey"] {
                both.run(&format!("{delete} -alias {alias}"), "");
                both.assert_same_entries(name);
            }
        }
    }
}

#[test]
fn what_is_not_there_cannot_be_deleted() {
    for both in both(&SAME_PROMPTS) {
        let both = both.with_copy("jdk17.jceks");
        both.run(
            "-delete -keystore DIR/jdk17.jceks -alias Nobody",
            "changeit\n",
        );
        both.run("-delete -keystore DIR/none -alias Nobody", "changeit\n");
        both.run(
            "-delete -keystore DIR/jdk17.jceks -storepass changeit",
            "\n",
        );
        both.assert_untouched("jdk17.jceks");
    }
}

#[test]
fn an_entry_is_renamed() {
    for both in both(&ALL) {
        for name in ["jdk17-mixed.p12", "jdk17-mixed.jceks"] {
            let both = both.again().with_copy(name);
            let rename = format!("-changealias -v -keystore DIR/{name} -storepass changeit");
            for alias in ["db1pass", "server", "ROOT-ca", "aeskey"] {
                both.run(
                    &format!("{rename} -alias {alias} -destalias New-{alias}"),
                    "",
                );
            }
            both.assert_same_entries(name);
        }
    }
}

#[test]
fn a_destination_alias_is_asked_for_and_must_be_free() {
    for both in both(&SAME_PROMPTS) {
        let both = both.with_copy("jdk17.p12");
        let rename = "-changealias -keystore DIR/jdk17.p12 -storepass changeit";
        both.run(&format!("{rename} -alias db1"), "renamed\n");
        both.run(&format!("{rename} -alias renamed"), "\n");
        both.run(&format!("{rename} -alias renamed -destalias DB1Pass"), "");
        both.run(&format!("{rename} -alias Nobody -destalias somebody"), "");
        both.assert_same_entries("jdk17.p12");
    }
}

#[test]
fn the_store_password_is_changed() {
    for both in both(&SAME_PROMPTS) {
        for name in ["jdk17-mixed.p12", "jdk17.jceks"] {
            let both = both.again().with_copy(name);
            let change = format!("-storepasswd -keystore DIR/{name}");
            both.run(&format!("{change} -storepass changeit -new small"), "");
            both.run(
                &format!("{change} -storepass changeit"),
                "short\nchangeit\nanother1\nanother2\n",
            );
            both.run(&change, "changeit\nanother1\nanother1\n");
            both.run(&format!("{change} -storepass another1 -new another2"), "");
            both.run(
                &format!("-list -keystore DIR/{name} -storepass changeit"),
                "",
            );
            if name == "jdk17.jceks" {
                // Its entries stay under their old passwords, so that Java shows them again with the old one.
                both.run(&format!("{change} -storepass another2 -new changeit"), "");
            } else {
                both.run(
                    &format!("{change} -storepass another2 -new changeit -v"),
                    "",
                );
            }
            both.assert_same_entries(name);
        }
    }
}

#[test]
fn key_passwords_are_changed_in_jceks_and_jks() {
    for both in both(&SAME_PROMPTS) {
        for (name, alias) in [
            ("jdk17-mixed.jceks", "DB1pass"),
            ("jdk17-mixed.jceks", "server"),
            ("key-and-certificate.jks", "server"),
        ] {
            let both = both.again().with_copy(name);
            let change =
                format!("-keypasswd -keystore DIR/{name} -storepass changeit -alias {alias}");
            both.run(&format!("{change} -new another1"), "");
            both.run(&change, "another1\nshort\nanother1\nanother2\nanother2\n");
            both.run(&format!("{change} -keypass another2 -new changeit -v"), "");
            both.assert_same_entries(name);
        }
    }
}

#[test]
fn what_has_no_key_has_no_key_password() {
    for both in both(&ALL) {
        let both = both.with_copy("jdk17-mixed.jceks").with_copy("jdk17.p12");
        for command in [
            "-keystore DIR/jdk17.p12 -storepass changeit -alias db1 -new another1",
            "-keystore DIR/jdk17.p12 -storepass wrong-one -alias db1 -new another1",
            "-keystore DIR/jdk17-mixed.jceks -storepass changeit -alias root-ca -new another1",
            "-keystore DIR/jdk17-mixed.jceks -storepass changeit -alias nobody -new another1",
        ] {
            both.run(&format!("-keypasswd {command}"), "");
        }
        both.assert_untouched("jdk17.p12");
        both.assert_untouched("jdk17-mixed.jceks");
    }
}
