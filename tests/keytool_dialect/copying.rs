//! `-importkeystore`: from one keystore to another.

use std::fs;

use super::comparison::{ALL, SAME_PROMPTS, both};
use super::support::{Output, fixture};

#[test]
fn all_entries_are_imported_from_another_keystore() {
    for both in both(&SAME_PROMPTS) {
        for (name, other_type) in [("jdk17-mixed.p12", "jceks"), ("jdk17.p12", "pkcs12")] {
            let both = both.again().with_copy(name);
            let import = format!(
                "-importkeystore -srckeystore DIR/{name} -destkeystore DIR/new -deststoretype {other_type}"
            );
            both.run(&import, "another1\nanother1\nchangeit\n");
            both.run(
                &format!("{import} -deststorepass another1 -srcstorepass changeit -noprompt"),
                "",
            );
            both.run(
                "-storepasswd -keystore DIR/new -storepass another1 -new changeit",
                "",
            );
            both.assert_same_entries("new");
        }
    }
}

#[test]
fn one_entry_is_imported_under_another_alias() {
    for both in both(&SAME_PROMPTS) {
        let both = both.with_copy("jdk17.p12").with_copy("jdk17-mixed.p12");
        let import = "-importkeystore -srckeystore DIR/jdk17-mixed.p12 -srcstorepass changeit \
                      -destkeystore DIR/jdk17.p12 -deststorepass changeit";
        both.run(&format!("{import} -srcalias server -destalias web"), "");
        both.run(&format!("{import} -srcalias nobody"), "");
        // keytool buffers more than its line and ends with a NullPointerException.
        let cancelled = both.keyward(&format!("{import} -srcalias db1pass"), "no\n\n");
        assert_eq!(cancelled.status, Some(0));
        assert!(
            cancelled
                .stderr
                .ends_with("Entry for alias db1pass not imported.\n")
        );
        both.run(
            &format!("{import} -srcalias aeskey -destalias DB1"),
            "yes\n",
        );
        both.run(&format!("{import} -srcalias db1pass -v"), "Y\n");
        both.run(&format!("{import} -destalias web"), "");
        both.assert_same_entries("jdk17.p12");
    }
}

#[test]
fn a_source_that_is_not_there_is_reported() {
    for both in both(&ALL) {
        let both = both.with_file("empty", "").with_copy("jdk17.p12");
        let import =
            "-importkeystore -destkeystore DIR/new -deststorepass changeit -srcstorepass changeit";
        both.run(import, "");
        both.run(&format!("{import} -srckeystore DIR/none"), "");
        both.run(&format!("{import} -srckeystore DIR/empty"), "");
        both.run(
            &format!("{import} -srckeystore DIR/jdk17.p12 -srcstoretype JCEKS"),
            "",
        );
        assert_eq!(both.has("new"), [false, false]);
    }
}

#[test]
fn a_keystore_is_migrated_in_place_with_a_backup() {
    for both in both(&[17, 21, 25]) {
        let both = both.with_copy("jdk17-mixed.jceks");
        let both = both.with_file("jdk17-mixed.jceks.old", "an older backup");
        let migrate = "-importkeystore -srckeystore DIR/jdk17-mixed.jceks \
                       -destkeystore DIR/jdk17-mixed.jceks -deststoretype pkcs12 -srcstorepass changeit";
        let (by_keytool, by_keyward) = (both.keytool(migrate, ""), both.keyward(migrate, ""));
        // The order of a JCEKS keystore is that of a hash table in Java.
        assert_eq!(sorted_lines(&by_keyward), sorted_lines(&by_keytool));
        both.assert_same_entries("jdk17-mixed.jceks");
        let backup = both.by_keyward.path().join("jdk17-mixed.jceks.old2");
        assert_eq!(
            fs::read(backup).unwrap(),
            fs::read(fixture("jdk17-mixed.jceks")).unwrap()
        );
    }
}

fn sorted_lines(output: &Output) -> Vec<&str> {
    let mut lines: Vec<&str> = output.stdout.lines().chain(output.stderr.lines()).collect();
    lines.sort_unstable();
    lines
}
