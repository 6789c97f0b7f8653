//! `-importpass` and `-genseckey`: what goes into a keystore.

use std::fs;

use keyward::Secret;
use keyward::keystore::Keystore;
use tempfile::TempDir;

use super::comparison::{ALL, SAME_PROMPTS, both};

#[test]
fn a_new_keystore_takes_its_password_twice_and_the_secret_once_from_a_pipe() {
    for both in both(&SAME_PROMPTS) {
        both.run(
            "-importpass -keystore DIR/new.p12 -alias DB1Pass",
            "changeit\nchangeit\nx34!2axf\n",
        );
        both.assert_same_entries("new.p12");
        both.run("-list -keystore DIR/new.p12", "changeit\n");
    }
}

#[test]
fn a_secret_is_added_to_an_existing_keystore() {
    for both in both(&ALL) {
        let both = both.with_copy("jdk17.p12");
        let store = "-keystore DIR/jdk17.p12 -storepass changeit";
        both.run(
            &format!("-importpass {store} -alias added"),
            "  with spaces \r\nignored\n",
        );
        both.run(
            &format!("-importpass {store} -v -alias second -keypass changeit"),
            "no-line-end",
        );
        both.assert_same_entries("jdk17.p12");
    }
}

#[test]
fn the_default_alias_is_mykey() {
    for both in both(&[17]) {
        both.run(
            "-importpass -keystore DIR/new.p12 -storepass changeit",
            "sqluser\n",
        );
        both.run(
            "-delete -keystore DIR/new.p12 -storepass changeit",
            "mykey\n",
        );
        both.assert_same_entries("new.p12");
    }
}

#[test]
fn an_alias_that_is_taken_is_refused() {
    for both in both(&ALL) {
        let both = both.with_copy("jdk17.p12");
        both.run(
            "-importpass -keystore DIR/jdk17.p12 -storepass changeit -alias DB1",
            "other\n",
        );
        both.assert_untouched("jdk17.p12");
    }
}

#[test]
fn a_wrong_store_password_is_told_in_javas_words() {
    for both in both(&ALL) {
        for name in [
            "jdk17.p12",
            "jdk17-mixed.p12",
            "jdk17.jceks",
            "key-and-certificate.jks",
        ] {
            let both = both.again().with_copy(name);
            let store = format!("-keystore DIR/{name} -storepass wrong-password");
            both.run(&format!("-list {store}"), "");
            both.run(&format!("-importpass {store} -alias new"), "secret\n");
            both.run(&format!("-delete {store} -alias db1"), "");
            both.assert_untouched(name);
        }
    }
}

#[test]
fn a_jceks_entry_may_have_its_own_password_from_the_pipe() {
    for both in both(&SAME_PROMPTS) {
        let store = "-keystore DIR/new.jceks -storetype jceks -storepass changeit";
        let import = |alias| format!("-importpass {store} -alias {alias}");
        both.run(&import("end-of-input"), "secret\n");
        both.run(&import("empty-line"), "secret\n\n");
        both.run(&import("own"), "secret\nkeypass1\nkeypass1\n");
        both.run(&import("second-try"), "secret\nkeypass1\nkeypass2\n\n");
        both.run(&import("too-short"), "secret\na\nb\nc\n");
        both.run(
            &format!("{} -keypass keypass3", import("by-option")),
            "secret\n",
        );
        both.assert_same_entries("new.jceks");
        both.run(&format!("-list {store}"), "");
    }
}

#[test]
fn a_key_password_for_pkcs12_is_ignored_with_a_warning() {
    for both in both(&ALL) {
        both.run(
            "-importpass -keystore DIR/new.p12 -storepass changeit -keypass another -alias db1",
            "sqluser\n",
        );
        both.assert_same_entries("new.p12");
    }
}

#[test]
fn jks_takes_no_secrets() {
    for both in both(&ALL) {
        both.run(
            "-importpass -keystore DIR/new.jks -storetype JKS -storepass changeit -keypass changeit",
            "secret\n",
        );
        assert_eq!(both.has("new.jks"), [false, false]);
    }
}

#[test]
fn three_wrong_answers_end_with_exit_code_0_and_no_keystore() {
    for both in both(&SAME_PROMPTS) {
        let import = "-importpass -keystore DIR/new.p12 -alias db1";
        both.run(import, "secretpass\nkeypass\nsqluser\n");
        both.run(import, "short\nsmall\ntiny\n");
        both.run(
            import,
            "changeit\nchangeti\nchangeit\nchangeti\nchangeit\nchangeti\nx\n",
        );
        both.run(import, "");
        both.run(&format!("{import} -alias twice"), "");
        assert_eq!(both.has("new.p12"), [false, false]);
    }
}

#[test]
fn a_second_try_succeeds() {
    for both in both(&SAME_PROMPTS) {
        both.run(
            "-importpass -keystore DIR/new.p12 -alias db1",
            "short\nchangeit\nchangeti\nchangeit\nchangeit\nsqluser\n",
        );
        both.assert_same_entries("new.p12");
    }
}

#[test]
fn the_password_of_a_new_keystore_has_at_least_six_characters() {
    for both in both(&ALL) {
        both.run("-importpass -keystore DIR/new.p12 -storepass short", "x\n");
        assert_eq!(both.has("new.p12"), [false, false]);
    }
}

#[test]
fn the_protection_of_a_secret_may_be_chosen() {
    for both in both(&[17, 21, 25]) {
        let import = "-importpass -storepass changeit -keystore";
        for algorithm in [
            "PBEWithHmacSHA1AndAES_128",
            "pbewithhmacsha256andaes_256",
            "PBEWithHmacSHA512AndAES_128",
            "pbe",
        ] {
            both.run(
                &format!("{import} DIR/new.p12 -keyalg {algorithm} -alias {algorithm}"),
                "secret\n",
            );
        }
        both.assert_same_entries("new.p12");
    }
}

/// Later JDKs also warn of the algorithm, which keyward's dialect, that of JDK 17, does not.
#[test]
fn a_jceks_keystore_takes_no_protection_by_name() {
    for both in both(&[17]) {
        both.run(
            "-importpass -storepass changeit -keystore DIR/new.jceks -storetype JCEKS \
             -keypass changeit -keyalg PBEWithMD5AndDES",
            "secret\n",
        );
        assert_eq!(both.has("new.jceks"), [false, false]);
    }
}

#[test]
fn iteration_counts_are_taken_from_java_properties() {
    for both in both(&[17]) {
        let import = "-importpass -storepass changeit -keystore";
        let counts = [
            ("keystore.pkcs12.keyPbeIterationCount", "20000"),
            ("keystore.pkcs12.keyPbeIterationCount", "5000001"),
            ("keystore.pkcs12.keyPbeIterationCount", "many"),
            ("keystore.pkcs12.macIterationCount", "10000"),
        ];
        for (index, (property, count)) in counts.iter().enumerate() {
            both.run(
                &format!("-J-D{property}={count} {import} DIR/new.p12 -alias a{index}"),
                "secret\n",
            );
        }
        for count in ["10000", "300000", "100", "many"] {
            both.run(
                &format!(
                    "{import} DIR/new.jceks -storetype JCEKS -keypass changeit -alias {count} \
                     -J-Djdk.jceks.iterationCount={count}"
                ),
                "secret\n",
            );
        }
        for name in ["new.p12", "new.jceks"] {
            both.assert_same_entries(name);
            let protections = |folder: &TempDir| -> Vec<_> {
                let bytes = fs::read(folder.path().join(name)).unwrap();
                let store = Keystore::open(&bytes, &Secret::copied_from(b"changeit")).unwrap();
                let mut entries = store.entries();
                entries.sort_by(|one, other| one.alias.cmp(&other.alias));
                entries.into_iter().map(|entry| entry.protection).collect()
            };
            let by_keyward = protections(&both.by_keyward);
            assert!(by_keyward.iter().all(Option::is_some));
            assert_eq!(by_keyward, protections(&both.by_keytool));
        }
    }
}

#[test]
fn secret_keys_are_generated() {
    for both in both(&[17]) {
        let generate = "-genseckey -keystore DIR/new.p12 -storepass changeit";
        for options in [
            "-keyalg AES -keysize 256 -alias one",
            "-keyalg HmacSHA512 -keysize 2048 -alias two",
            "-keyalg desede -alias three",
            "-keyalg AES -keysize 256 -alias ONE",
            "-keyalg AES -alias four",
            "-keyalg AES -keysize 100 -alias four",
            "-keyalg HmacSHA256 -keysize 20 -alias four",
            "-keyalg frob -keysize 128 -alias four",
            "-alias four",
        ] {
            both.run(&format!("{generate} {options}"), "");
        }
        let kinds = |folder: &TempDir| -> Option<Vec<_>> {
            let entries = both.jdk.entries(&folder.path().join("new.p12"), "-")?;
            let kinds = entries
                .into_iter()
                .map(|entry| (entry.alias, entry.algorithm, entry.encoded.len()));
            Some(kinds.collect())
        };
        assert_eq!(kinds(&both.by_keyward), kinds(&both.by_keytool));
    }
}

#[test]
fn keytool_stores_an_empty_secret_and_keyward_refuses_it() {
    for both in both(&[17]) {
        let both = both.with_copy("jdk17.p12");
        for stdin in ["", "\n"] {
            let import = "-importpass -keystore DIR/jdk17.p12 -storepass changeit -alias empty";
            let output = both.keyward(import, stdin);
            assert_eq!(output.status, Some(1));
            assert!(
                output
                    .stdout
                    .starts_with("keytool error: java.lang.Exception: "),
                "{output:#?}"
            );
            both.assert_untouched("jdk17.p12");
        }
    }
}

#[test]
fn keytool_takes_the_protection_away_and_keyward_refuses_to() {
    for both in both(&[17]) {
        let both = both.with_copy("jdk17.p12");
        let output = both.keyward(
            "-importpass -keystore DIR/jdk17.p12 -protected -alias new",
            "secret\n",
        );
        assert_eq!(output.status, Some(1), "{output:#?}");
        both.assert_untouched("jdk17.p12");
    }
}
