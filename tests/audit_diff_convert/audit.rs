//! Keystores are graded, and the reasons given.

use std::path::Path;

use jiff::{Span, Timestamp};
use keyward::Secret;
use keyward::keystore::{Alias, Keystore, StoreType};
use serde_json::Value;

use crate::ber::{Form, number, primitive};
use crate::jceks::{self, Seal};
use crate::support::STORE_PASSWORD;
use crate::{Folder, json, run, text, texts};

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The grade, and each finding with its deduction.
fn audit(path: &Path, options: &[&str]) -> (String, Vec<String>) {
    let output = run("audit", &[path], &[&["--json"], options].concat()).of_success();
    let audited = &json(&output)[0];
    let findings = audited["findings"].as_array().unwrap().iter();
    let findings =
        findings.map(|finding| format!("{} {}", finding["deduction"], text(&finding["rule"])));
    (text(&audited["grade"]), findings.collect())
}

#[test]
fn each_keystore_has_the_grade_that_its_algorithms_deserve() {
    let rows: [(&str, &str, &[&str]); 12] = [
        ("jdk17.p12", "A", &[]),
        ("jdk25-mixed.p12", "A", &[]),
        ("mac-sha512-256.p12", "A", &[]),
        ("jdk11.p12", "B", &["1 sha1-mac"]),
        ("empty-secret.p12", "B", &["1 unreadable-entry"]),
        ("mac-none.p12", "C", &["2 no-mac"]),
        ("mac-iterations-1.p12", "C", &["2 very-few-mac-iterations"]),
        ("jdk17.jceks", "E", &["2 plain-digest", "2 weak-cipher"]),
        (
            "key-password.jceks",
            "E",
            &["2 plain-digest", "2 weak-cipher", "0 own-password"],
        ),
        (
            "key-and-certificate.jks",
            "F",
            &["3 broken-cipher", "2 plain-digest"],
        ),
        (
            "legacy.p12",
            "F",
            &["3 broken-cipher", "2 weak-cipher", "1 sha1-mac"],
        ),
        (
            "protections.p12",
            "F",
            &[
                "3 broken-cipher",
                "0 broken-cipher",
                "2 weak-cipher",
                "0 weak-cipher",
                "0 weak-cipher",
            ],
        ),
    ];
    let folder = Folder::new();
    for (name, grade, findings) in rows {
        let (found_grade, found) = audit(&folder.copy_of(name), &[]);
        assert_eq!(
            (found_grade.as_str(), found),
            (grade, owned(findings)),
            "{name}"
        );
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn the_audit_names_every_entry_with_its_algorithm_and_its_reason() {
    let folder = Folder::new();
    let path = folder.copy_of("empty-secret.p12");
    let output = run("audit", &[&path], &[]).of_success();
    let mode = if cfg!(unix) { ", mode 0600" } else { "" };
    let expected = format!(
        "{}: grade B
  PKCS12, HmacPBESHA256 (10000 iterations), 2 entries{mode}
  -1 unreadable-entry: <empty>: the secret is empty

   ALIAS    ENTRY           PROTECTION                   ITERATIONS  READABLE
   db1pass  SecretKeyEntry  PBEWithHmacSHA256AndAES_256  10000       yes
   empty    SecretKeyEntry  PBEWithHmacSHA256AndAES_256  10000       no
",
        path.display()
    );
    assert_eq!(output.stdout, expected);
    assert_eq!(output.stderr, "");
}

#[test]
fn a_quick_audit_decrypts_nothing_and_says_so() {
    let folder = Folder::new();
    let path = folder.copy_of("empty-secret.p12");
    assert_eq!(audit(&path, &["--quick"]), ("A".to_owned(), vec![]));
    let output = run("audit", &[&path], &["--quick", "--json"]);
    for entry in json(&output)[0]["entries"].as_array().unwrap() {
        assert_eq!(entry["readable"], "not-checked");
    }
}

#[cfg(unix)]
#[test]
fn a_file_mode_wider_than_the_owner_costs_letters() {
    use crate::set_mode;
    let folder = Folder::new();
    let path = folder.copy_of("jdk17.p12");
    for (mode, grade, finding) in [
        (0o640, "B", "1 group-may-read"),
        (0o604, "C", "2 others-may-read"),
        (0o666, "C", "2 others-may-read"),
    ] {
        set_mode(&path, mode);
        let expected = (grade.to_owned(), owned(&[finding]));
        assert_eq!(audit(&path, &[]), expected, "{mode:o}");
    }
}

#[test]
fn entries_of_one_alias_empty_ones_and_low_counts_are_found_in_jceks() {
    let seal = Seal::cheap(STORE_PASSWORD);
    let entries = [
        jceks::secret_entry(b"twice", b"first", &seal),
        jceks::secret_entry(b"Twice", b"second", &seal),
        jceks::secret_entry(b"empty", b"", &seal),
    ];
    let folder = Folder::new();
    let bytes = jceks::store(jceks::JCEKS, 2, &entries, STORE_PASSWORD);
    let path = folder.with("store.jceks", &bytes);
    let output = run("audit", &[&path], &["--json"]).of_success();
    let audited = &json(&output)[0];
    let aliases_of = |rule: &str| {
        let findings = audited["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["rule"] == rule);
        finding.map(|finding| texts(&finding["aliases"]))
    };
    assert_eq!(aliases_of("duplicate-alias"), Some(owned(&["twice"])));
    assert_eq!(aliases_of("unreadable-entry"), Some(owned(&["empty"])));
    assert_eq!(
        aliases_of("very-few-iterations"),
        Some(owned(&["empty", "twice"]))
    );
    assert_eq!(audited["grade"], "F");
}

/// As much of an X.509 certificate as its validity needs.
fn certificate(not_before: &str, not_after: &str) -> Vec<u8> {
    let sequence = |parts: &[&[u8]]| Form::Der.sequence(parts);
    let time = |text: &str| match text.len() {
        13 => primitive(UTC_TIME, text.as_bytes()),
        _ => primitive(GENERALIZED_TIME, text.as_bytes()),
    };
    let (empty, serial) = (sequence(&[]), number(1));
    let validity = sequence(&[&time(not_before), &time(not_after)]);
    let fields = sequence(&[&serial, &empty, &empty, &validity, &empty]);
    sequence(&[&fields])
}

fn in_days(days: i64) -> String {
    let then = Timestamp::now() + Span::new().hours(24 * days);
    then.strftime("%Y%m%d%H%M%SZ").to_string()
}

fn store_of_certificates(rows: &[(&str, String)]) -> Vec<u8> {
    let password = Secret::copied_from(STORE_PASSWORD.as_bytes());
    let mut store = Keystore::new(StoreType::Pkcs12, &password).unwrap();
    for (alias, not_after) in rows {
        let certificate = certificate("200101000000Z", not_after);
        store
            .add_trusted_certificate(&Alias::new(alias), &certificate)
            .unwrap();
    }
    store.to_bytes()
}

#[test]
fn certificates_are_reported_before_they_expire_and_after() {
    let folder = Folder::new();
    let rows = [
        ("expired", "210101000000Z".to_owned()),
        ("soon", in_days(10)),
        ("later", in_days(100)),
        ("never", "99991231235959Z".to_owned()),
    ];
    let path = folder.with("trust.p12", &store_of_certificates(&rows));
    let states = |options: &[&str]| {
        let output = run("audit", &[&path], &[&["--json"], options].concat());
        let audited = json(&output)[0].clone();
        let entries = audited["entries"].as_array().unwrap().iter();
        let state = |entry: &Value| {
            let state = text(&entry["certificates"][0]["state"]);
            format!("{} {state}", text(&entry["alias"]))
        };
        entries.map(state).collect::<Vec<_>>()
    };
    assert_eq!(
        states(&[]),
        [
            "expired expired",
            "later valid",
            "never valid",
            "soon expiring"
        ]
    );
    assert_eq!(states(&["--days", "5"])[3], "soon valid");
    assert_eq!(states(&["--days", "101"])[1], "later expiring");
    let output = run("audit", &[&path], &[]).of_success();
    let expected = "-1 expired-certificate: <expired>: a certificate expired on 2021-01-01";
    assert!(output.stdout.contains(expected), "{}", output.stdout);
    assert!(output.stdout.contains("grade B"), "{}", output.stdout);
}

#[test]
fn fail_on_gives_1_for_what_it_names() {
    let folder = Folder::new();
    let good = folder.copy_of("jdk17.p12");
    let weak = folder.copy_of("jdk11.p12");
    let expiring = folder.with("soon.p12", &store_of_certificates(&[("a", in_days(10))]));
    let code = |path: &Path, options: &[&str]| {
        let output = run("audit", &[path], options);
        assert!(output.stdout.contains("grade"), "{output:?}");
        assert_eq!(output.stderr, "");
        output.status.unwrap()
    };
    for (path, options, expected) in [
        (&good, &["--fail-on", "weak,expired"][..], 0),
        (&weak, &[], 0),
        (&weak, &["--fail-on", "weak"], 1),
        (&weak, &["--fail-on", "expired"], 0),
        (&weak, &["--fail-on", "expired", "--fail-on", "weak"], 1),
        (&expiring, &["--fail-on", "weak"], 0),
        (&expiring, &["--fail-on", "weak,expired"], 1),
        (&expiring, &["--fail-on", "expired", "--days", "5"], 0),
    ] {
        assert_eq!(code(path, options), expected, "{path:?} {options:?}");
    }
    let unknown = run("audit", &[&good], &["--fail-on", "ugly"]);
    assert_eq!(unknown.status, Some(2), "{}", unknown.stderr);
}

#[test]
fn a_keystore_that_cannot_be_opened_does_not_keep_the_others_from_being_graded() {
    let folder = Folder::new();
    let good = folder.copy_of("jdk17.p12");
    let missing = folder.path("missing.p12");
    let damaged = folder.with("damaged.p12", b"no keystore");
    let output = run("audit", &[&missing, &good], &[]);
    assert_eq!(output.status, Some(3));
    assert!(output.stdout.contains("jdk17.p12: grade A"), "{output:?}");
    assert!(
        output
            .stderr
            .contains("missing.p12: the keystore file does not exist")
    );
    let output = run("audit", &[&damaged, &good], &["--json"]);
    assert_eq!(output.status, Some(1));
    assert!(output.stderr.contains("damaged.p12: not a keystore"));
    let audited = json(&output);
    assert!(text(&audited[0]["error"]).contains("not a keystore"));
    assert_eq!(audited[1]["grade"], "A");
}
