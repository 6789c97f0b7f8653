//! Stored passwords of many users move to a new function, without their passwords.
#![cfg(feature = "cli")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
mod endings;
mod options;

use std::fs;
use std::path::PathBuf;

use support::{Output, keyward};
use tempfile::TempDir;

/// Both are of `password`.
const SHA: &str = "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=";
const SSHA: &str = "{SSHA}yrht1iYXEIkejLVu42JWkadd80RzYWx0c2FsdA==";
/// Quick, and a function all the same.
const QUICK: [&str; 4] = ["--to", "pbkdf2-sha256", "--cost", "1000"];

struct File {
    folder: TempDir,
    name: &'static str,
}

impl File {
    fn new(name: &'static str, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), text).unwrap();
        Self { folder, name }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(self.name)
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    fn migrate(&self, command: &str, more: &[&str]) -> Output {
        let path = self.path();
        let mut arguments = vec!["migrate", command, path.to_str().unwrap()];
        arguments.extend(QUICK);
        if self.name == "users.ldif" {
            arguments.extend(["--dialect", "openldap"]);
        }
        arguments.extend(more);
        keyward(&arguments, "")
    }

    fn verify(&self, password: &str) -> Output {
        let path = self.path();
        let arguments = ["password", "verify", "--file", path.to_str().unwrap()];
        keyward(&arguments, &format!("{password}\n"))
    }
}

#[test]
fn passwords_stay_right_and_no_other_byte_changes() {
    let files = [
        (
            "users.csv",
            format!("username,mail,password\r\njane,a@b,{SHA}\r\n\"Doe, Max\",c@d,\"{SSHA}\"\r\n"),
        ),
        (
            "users.ldif",
            format!(
                "# all\ndn: cn=jane\nuserPassword: {}\n {}\nmail: a@b\n\ndn: cn=max\nuserPassword:: e1NIQX1XNnBoNU1tNVB6OEdnaVVMYlBnekczN21qOWc9\nsn: Max\n",
                &SHA[..10],
                &SHA[10..]
            ),
        ),
        (
            "users.jsonl",
            format!(
                "{{\"username\": \"jane\", \"password\":\"{SHA}\", \"n\": 1}}\n{{\"password\" : \"{SSHA}\",\"username\":\"max\"}}\n"
            ),
        ),
    ];
    for (name, text) in files {
        let file = File::new(name, &text);
        let output = file.migrate("wrap", &[]);
        assert_eq!(output.status, Some(0), "{name}: {output:#?}");
        assert!(
            output.stdout.starts_with("2 wrapped\n2 stored passwords\n"),
            "{output:#?}"
        );
        let right = file.verify("password");
        assert_eq!(right.status, Some(0), "{name}: {right:#?}");
        assert_eq!(
            right
                .stdout
                .matches("wrapped: the password is right")
                .count(),
            2
        );
        let wrong = file.verify("passwort");
        assert_eq!(wrong.status, Some(1));
        let wrapped = file.text();
        for digest in ["W6ph5Mm5Pz8GgiULbPgzG37mj9g", "yrht1iYXEIkejLVu42JWkadd"] {
            assert!(
                !wrapped.contains(digest),
                "the fast digest is gone: {wrapped}"
            );
        }
        // What stands around the values.
        for (part, count) in [
            ("jane", 1),
            ("a@b", usize::from(name != "users.jsonl")),
            ("\r\n", text.matches("\r\n").count()),
        ] {
            assert_eq!(wrapped.matches(part).count(), count, "{name}: {wrapped}");
        }
        let again = file.migrate("wrap", &[]);
        assert!(again.stdout.starts_with("0 wrapped\n"), "{again:#?}");
        assert_eq!(file.text(), wrapped, "a second run changes nothing");
    }
}

#[test]
fn a_limited_run_is_gone_on_with_and_a_dry_one_writes_nothing() {
    let row = |name: &str| format!("{name},{SHA}\n");
    let text = format!("username,password\n{}{}{}", row("a"), row("b"), row("c"));
    let file = File::new("users.csv", &text);
    let dry = file.migrate("wrap", &["--dry-run"]);
    assert!(
        dry.stdout
            .starts_with("3 would be moved; nothing was written\n"),
        "{dry:#?}"
    );
    let dry = file.migrate("wrap", &["--dry-run", "--json", "--limit", "2"]);
    assert!(dry.stdout.contains("\"would_move\":2,"), "{dry:#?}");
    assert_eq!(file.text(), text);
    for (expected, left) in [("2 wrapped", 1), ("1 wrapped", 0), ("0 wrapped", 0)] {
        let output = file.migrate("wrap", &["--limit", "2"]);
        assert!(output.stdout.starts_with(expected), "{output:#?}");
        assert_eq!(file.text().matches(SHA).count(), left);
    }
    assert_eq!(file.verify("password").status, Some(0));
}

#[test]
fn the_file_is_left_alone_where_another_is_written() {
    let text = format!("username,password\na,{SHA}\n");
    let file = File::new("users.csv", &text);
    let new = file.folder.path().join("new.csv");
    let output = file.migrate("wrap", &["-o", new.to_str().unwrap()]);
    assert_eq!(output.status, Some(0), "{output:#?}");
    assert_eq!(file.text(), text);
    assert!(fs::read_to_string(&new).unwrap().contains("$keyward$1$"));
}

#[test]
fn what_no_scheme_fits_is_listed_and_left() {
    let file = File::new(
        "users.csv",
        &format!(
            "username,password\njane,{SHA}\nmax,what is this\neve,{{AES}}AbaFsNO+fky/iCFKWKPUb6hWJRpRWjvOx2GsYbadQp8b42vjU3kGDzhoorq+xEas\n"
        ),
    );
    let output = file.migrate("wrap", &["--json"]);
    assert_eq!(output.status, Some(1), "{output:#?}");
    let report: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(report["moved"], 1);
    assert_eq!(report["all"], 3);
    assert_eq!(report["left_alone"][0]["place"], "line 3");
    assert_eq!(report["left_alone"][0]["user"], "max");
    assert!(
        report["left_alone"][1]["reason"]
            .as_str()
            .unwrap()
            .contains("which is not here")
    );
    assert!(file.text().contains("max,what is this\n"));
}

/// Each is 13 characters of crypt(3)'s base64; `CCNf8Sbh3HDfQ` is DES-crypt's of `U*U*U*U*`.
#[test]
fn what_may_be_a_password_in_the_clear_is_wrapped_only_for_crypt() {
    let file = File::new(
        "users.csv",
        "username,password\njane,Sommer2024abc\nmax,CCNf8Sbh3HDfQ\n",
    );
    let text = file.text();
    let output = file.migrate("wrap", &[]);
    assert_eq!(output.status, Some(1), "{output:#?}");
    assert!(
        output.stdout.contains("--dialect crypt") || output.stderr.contains("--dialect crypt"),
        "{output:#?}"
    );
    assert_eq!(file.text(), text);
    file.migrate("wrap", &["--dialect", "crypt"]).of_success();
    assert!(file.verify("U*U*U*U*").stdout.contains("right for 1"));
}

#[test]
fn rows_of_keycloak_are_written_as_each_format_has_quotes() {
    // PBKDF2-SHA256, one iteration, of `password` under `salt1234salt1234`.
    let secret = r#"{"value":"gPHl85V3e4nA1/+lyJ+edhI2v/fH9uZstgTfELVrRK8l996lQdeERmhs5LHL3Hsv+/1vLGRvUeC1M3HNlJjK0w==","salt":"c2FsdDEyMzRzYWx0MTIzNA==","additionalParameters":{}}"#;
    let data = r#"{"hashIterations":1,"algorithm":"pbkdf2-sha256","additionalParameters":{}}"#;
    let row = serde_json::json!({"credentialData": data, "secretData": secret}).to_string();
    let in_json = serde_json::json!({"username": "jane", "password": row});
    for (name, text) in [
        (
            "users.csv",
            format!(
                "username,password,mail\njane,\"{}\",a@b\n",
                row.replace('"', "\"\"")
            ),
        ),
        ("users.jsonl", format!("{in_json}\n")),
    ] {
        let file = File::new(name, &text);
        let dialect = ["--dialect", "keycloak"];
        let wrapped = file.migrate("wrap", &dialect);
        assert_eq!(wrapped.status, Some(0), "{name}: {wrapped:#?}");
        assert!(wrapped.stdout.starts_with("1 wrapped\n"), "{wrapped:#?}");
        let path = file.path();
        let verify = ["password", "verify", "--file", path.to_str().unwrap()];
        let right = keyward(&[&verify[..], &dialect].concat(), "password\n");
        assert_eq!(right.status, Some(0), "{name}: {right:#?}\n{}", file.text());
        assert!(right.stdout.contains("wrapped: the password is right"));
    }
}

#[test]
fn passwords_that_can_be_read_are_converted() {
    let file = File::new(
        "users.csv",
        &format!("username,password\njane,{{CLEAR}}password\nmax,{SHA}\n"),
    );
    let output = file.migrate("convert", &[]);
    assert!(output.stdout.starts_with("1 converted\n"), "{output:#?}");
    assert!(file.text().contains(&format!("max,{SHA}")));
    let verified = file.verify("password");
    assert!(
        verified
            .stdout
            .contains("jane, password: pbkdf2-sha256: the password is right"),
        "{verified:#?}"
    );
}

#[test]
fn a_damaged_file_names_the_line_and_stays() {
    for (name, text) in [
        (
            "users.csv",
            format!("username,password\njane,{SHA}\nmax,\"open\n"),
        ),
        (
            "users.ldif",
            format!("dn: cn=jane\nuserPassword: {SHA}\n\nno colon\n"),
        ),
        (
            "users.jsonl",
            format!("{{\"username\":\"jane\",\"password\":\"{SHA}\"}}\n{{\n"),
        ),
    ] {
        let file = File::new(name, &text);
        let output = file.migrate("wrap", &[]);
        assert_eq!(output.status, Some(1), "{output:#?}");
        assert!(output.stderr.contains(name), "{output:#?}");
        assert_eq!(file.text(), text);
        assert_eq!(
            fs::read_dir(file.folder.path()).unwrap().count(),
            1,
            "nothing is left behind"
        );
    }
    let nothing = File::new("users.txt", "");
    assert_eq!(nothing.migrate("status", &[]).status, Some(2));
    let missing = keyward(&["migrate", "wrap", "/nowhere/users.csv"], "");
    assert_eq!(missing.status, Some(3), "{missing:#?}");
}

#[test]
fn a_history_tells_how_far_the_values_have_moved() {
    let file = File::new(
        "users.csv",
        &format!("username,password\na,{SHA}\nb,{SSHA}\n"),
    );
    let in_folder = |name: &str| file.folder.path().join(name).display().to_string();
    let (history, plot) = (in_folder("history.jsonl"), in_folder("plot.svg"));
    let status = |more: &[&str]| {
        let mut arguments = vec!["--history", &history, "--plot", &plot];
        arguments.extend(more);
        file.migrate("status", &arguments)
    };
    let first = status(&[]);
    assert_eq!(first.status, Some(0), "{first:#?}");
    assert!(!first.stdout.contains("since"), "{first:#?}");
    assert!(status(&[]).stdout.contains(": nothing has moved\n"));
    file.migrate("wrap", &["--limit", "1"]);
    assert!(status(&[]).stdout.contains("Z: old -1, wrapped +1\n"));
    let report: serde_json::Value = serde_json::from_str(&status(&["--json"]).stdout).unwrap();
    let old = |number: usize| report["history"][number]["old"].as_u64().unwrap();
    assert_eq!([old(0), old(1), old(2), old(3)], [2, 2, 1, 1]);
    let picture = fs::read_to_string(&plot).unwrap();
    let mut reader = quick_xml::Reader::from_str(&picture);
    let mut polygons = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Empty(element) => {
                polygons += usize::from(element.name().as_ref() == "polygon");
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(polygons, 2, "{picture}");
    // Another store does not get into it, and a file of something else is not written to.
    let other = File::new("others.csv", &format!("username,password\na,{SHA}\n"));
    assert!(
        !other
            .migrate("status", &["--history", &history])
            .stdout
            .contains("since")
    );
    let csv = in_folder("users.csv");
    let refused = other.migrate("status", &["--history", &csv]);
    assert_eq!(refused.status, Some(1), "{refused:#?}");
    assert!(
        refused
            .stderr
            .contains("users.csv:1: it is no line of a history"),
        "{refused:#?}"
    );
    assert!(file.text().starts_with("username,password\n"));
}

#[test]
fn an_ldif_file_is_changed_only_where_it_is_known_whose_it_is() {
    let text = format!("dn: cn=jane\nuserPassword: {SHA}\n");
    let file = File::new("all.ldif", &text);
    let refused = file.migrate("wrap", &[]);
    assert_eq!(refused.status, Some(2), "{refused:#?}");
    assert!(
        refused.stderr.contains("add --dialect openldap"),
        "{refused:#?}"
    );
    assert_eq!(file.text(), text);
    assert_eq!(file.migrate("status", &[]).status, Some(0));
    let path = file.path();
    // OpenDJ has no Argon2.
    let best = keyward(
        &[
            "migrate",
            "wrap",
            path.to_str().unwrap(),
            "--dialect",
            "opendj",
            "--dry-run",
        ],
        "",
    );
    assert_eq!(best.status, Some(0), "{best:#?}");
    let wrapped = file.migrate("wrap", &["--dialect", "opendj"]);
    assert_eq!(wrapped.status, Some(0), "{wrapped:#?}");
    assert!(file.text().contains("userPassword: {KEYWARD}$keyward$1$"));
}
