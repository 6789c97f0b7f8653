//! Lists of encoders as PhixFlow's documents have them, on the sample document.

use std::fs;
use std::path::PathBuf;

use keyward::password::{Dialect, recognise, scheme};
use serde_json::Value;
use tempfile::TempDir;

use crate::secret;
use crate::support::{Output, keyward, keyward_command, repository};

/// Of `password`.
const SHA: &str = "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=";
const LEGACY: [&str; 2] = ["--encoder", "legacy=openldap/SHA"];
const STARTUP: [&str; 2] = ["--encoder", "startup=openldap/SMD5"];

/// A copy of the sample document, and a file of stored values.
struct Login {
    folder: TempDir,
}

impl Login {
    fn new(values: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let login = Self { folder };
        fs::copy(
            repository().join("xml-examples/phixflow-login.xml"),
            login.document(),
        )
        .unwrap();
        fs::write(login.values(), values.join("\n")).unwrap();
        login
    }

    fn document(&self) -> PathBuf {
        self.folder.path().join("phixflow-login.xml")
    }

    fn values(&self) -> PathBuf {
        self.folder.path().join("values.txt")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.document()).unwrap()
    }

    fn encoders(&self, command: &str, more: &[&str]) -> Output {
        let document = self.document();
        let arguments = ["password", "encoders", command, document.to_str().unwrap()];
        keyward(&[&arguments, more].concat(), "")
    }

    fn disable(&self, id: &str, more: &[&str]) -> Output {
        let values = self.values();
        let with = [id, "--values", values.to_str().unwrap()];
        self.encoders("disable", &[&with, more].concat())
    }
}

fn bcrypt(cost: u32) -> String {
    let scheme = scheme("bcrypt", Some(Dialect::Crypt)).unwrap();
    scheme.hash(&secret("password"), Some(cost)).unwrap()
}

#[test]
fn the_encoder_that_made_a_value_checks_it_and_says_whether_it_should_be_made_anew() {
    let login = Login::new(&[]);
    let document = login.document();
    let verify = |stored: &str, password: &str, more: &[&str]| {
        let arguments = [
            "password",
            "verify",
            stored,
            "--encoders",
            document.to_str().unwrap(),
        ];
        keyward(&[&arguments, &LEGACY[..], more].concat(), password)
    };
    let old = verify(SHA, "password\n", &[]).of_success();
    assert_eq!(
        old.stdout,
        "legacy: the password is right\nre-encoding is due: legacy made it, and bcrypt makes new ones\n"
    );
    let json = verify(SHA, "password\n", &["--json"]).of_success();
    assert_eq!(
        json.stdout,
        "{\"ok\":true,\"scheme\":\"SHA\",\"encoder\":\"legacy\",\"reencodingDue\":true}\n"
    );
    let current = verify(&bcrypt(10), "password\n", &[]).of_success();
    assert_eq!(current.stdout, "bcrypt: the password is right\n");
    let cheap = verify(&bcrypt(9), "password\n", &[]).of_success();
    assert!(
        cheap.stdout.contains("the cost 9, and new ones with 10"),
        "{cheap:?}"
    );
    let wrong = verify(&bcrypt(4), "Password\n", &[]);
    assert_eq!(wrong.status, Some(1));
    assert!(
        wrong
            .stderr
            .contains("bcrypt names a pepper, and none was given"),
        "{wrong:?}"
    );
    let nobody = verify("5f4dcc3b5aa765d61d8327deb882cf99", "password\n", &[]);
    assert_eq!(nobody.status, Some(1));
    assert!(
        nobody.stderr.contains("--encoder startup=SCHEME"),
        "{nobody:?}"
    );
}

#[test]
fn the_current_encoder_makes_new_values_with_its_cost_and_the_pepper() {
    let document = repository().join("xml-examples/phixflow-login.xml");
    let document = document.to_str().unwrap();
    let run = |arguments: &[&str], stdin: &str| {
        let mut command = keyward_command();
        command.current_dir(repository()).args(arguments);
        command.env("KEY_PASS", "storepw");
        crate::support::run(command, stdin)
    };
    let config = [
        "--encoders",
        document,
        "--config",
        "xml-examples/phixflow-secret.xml",
    ];
    let made = run(&[&["password", "hash"][..], &config].concat(), "x34!2axf\n").of_success();
    let stored = made.stdout.trim_end();
    assert!(stored.starts_with("$2a$10$"), "{stored}");
    let verify = [&["password", "verify", stored][..], &config].concat();
    let right = run(&verify, "x34!2axf\n").of_success();
    assert_eq!(right.stdout, "bcrypt: the password is right\n");
    let without = run(&["password", "verify", stored], "x34!2axf\n");
    assert_eq!(without.status, Some(1));
    let both = run(
        &[&["password", "hash", "--cost", "4"][..], &config].concat(),
        "x\n",
    );
    assert_eq!(both.status, Some(2));
}

#[test]
fn a_password_is_not_hashed_without_the_pepper_that_the_current_encoder_names() {
    let login = Login::new(&[]);
    let document = login.document();
    let hash = ["password", "hash", "--encoders", document.to_str().unwrap()];
    let refused = keyward(&hash, "x34!2axf\n");
    assert_eq!(refused.status, Some(2), "{refused:?}");
    assert_eq!(refused.stdout, "");
    for step in [
        "bcrypt names a pepper",
        "--pepper ALIAS",
        "--config",
        "--answer",
    ] {
        assert!(refused.stderr.contains(step), "{refused:?}");
    }
    let answer = keyward(&[&hash[..], &["--answer"]].concat(), "Fluffy\n").of_success();
    let stored = recognise(answer.stdout.trim_end(), None).unwrap();
    assert_eq!(stored.verify(&secret("fluffy")), Ok(true));
}

#[test]
fn check_counts_what_each_encoder_still_has() {
    let row = format!("{{\"user\": \"ann\", \"stored\": \"{SHA}\"}}");
    let (old, new) = (bcrypt(4), bcrypt(5));
    let login = Login::new(&[&old, SHA, &row, "", &new, "unheard of"]);
    let values = login.values();
    let options = ["--values", values.to_str().unwrap()];
    let checked = login.encoders("check", &[&options[..], &LEGACY, &["--json"]].concat());
    assert_eq!(checked.status, Some(1));
    assert!(
        checked.stderr.contains("1 of 5 values are of no encoder"),
        "{checked:?}"
    );
    assert!(
        checked.stderr.contains("the first in line 6"),
        "{checked:?}"
    );
    let report: Value = serde_json::from_str(&checked.stdout).unwrap();
    let rows = report["encoders"].as_array().unwrap();
    let counts = rows
        .iter()
        .map(|row| (row["encoder"].as_str().unwrap(), row["values"].as_u64()));
    let counts: Vec<_> = counts.collect();
    assert_eq!(
        counts,
        [("bcrypt", Some(2)), ("legacy", Some(2)), ("startup", None)]
    );
    assert_eq!(report["ofNobody"], 1);
    fs::write(login.values(), old).unwrap();
    let clean = login.encoders("check", &options).of_success();
    let lines: Vec<Vec<&str>> = clean
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines[1], ["bcrypt", "yes", "bcrypt", "15", "1"]);
    assert_eq!(lines[2], ["legacy", "no", "unknown", "17", "unknown"]);
}

#[test]
fn list_shows_the_encoders() {
    let login = Login::new(&[]);
    let listed = login.encoders("list", &["--json"]).of_success();
    let rows: Value = serde_json::from_str(&listed.stdout).unwrap();
    assert_eq!(rows[0]["encoder"], "bcrypt");
    assert_eq!(rows[0]["strength"], 10);
    assert_eq!(rows[0]["current"], true);
    assert_eq!(rows[1]["scheme"], Value::Null);
    assert_eq!(rows[2]["line"], 19);
    let table = login.encoders("list", &LEGACY).of_success().stdout;
    assert!(table.contains("SHA"), "{table}");
    for unclear in ["rot13=PBKDF2", "rot13=opendj/rot13", "rot13"] {
        let refused = login.encoders("list", &["--encoder", unclear]);
        assert_eq!(refused.status, Some(2), "{refused:?}");
    }
    let missing = login.encoders("list", &["--encoder", "rot13=opendj/SSHA512"]);
    assert_eq!(missing.status, Some(3), "{missing:?}");
    let none = keyward(&["password", "encoders", "list", "no-such.xml"], "");
    assert_eq!(none.status, Some(3));
    let data_source = repository().join("xml-examples/phixflow-datasource.xml");
    let no_list = [
        "password",
        "encoders",
        "list",
        data_source.to_str().unwrap(),
    ];
    assert_eq!(keyward(&no_list, "").status, Some(3));
}

#[test]
fn an_encoder_that_no_value_needs_is_put_into_a_comment() {
    let new = bcrypt(4);
    let login = Login::new(&[&new]);
    let before = login.text();
    let done = login.disable("startup", &STARTUP).of_success();
    assert!(
        done.stdout
            .starts_with("startup: 0 of 1 stored values need it\n"),
        "{done:?}"
    );
    assert!(
        done.stdout
            .contains("phixflow-login.xml:19: startup is in a comment"),
        "{done:?}"
    );
    let element = "<ref bean=\"startupEncoder\"/>";
    assert_eq!(
        login.text(),
        before.replace(element, &format!("<!-- {element} -->"))
    );
    let again = login.disable("startup", &STARTUP);
    assert_eq!(again.status, Some(3), "{again:?}");
    assert_eq!(
        fs::read_dir(login.folder.path()).unwrap().count(),
        2,
        "nothing else is left"
    );
}

#[test]
fn an_encoder_that_values_need_stays_unless_it_is_forced() {
    let new = bcrypt(4);
    let login = Login::new(&[SHA, &new, SHA]);
    let before = login.text();
    let needed = login.disable("legacy", &LEGACY);
    assert_eq!(needed.status, Some(1));
    assert_eq!(needed.stdout, "legacy: 2 of 3 stored values need it\n");
    assert!(
        needed.stderr.contains("2 stored values still need legacy"),
        "{needed:?}"
    );
    let unknown = login.disable("legacy", &[]);
    assert_eq!(unknown.status, Some(1));
    assert!(
        unknown.stderr.contains("--encoder legacy=SCHEME"),
        "{unknown:?}"
    );
    let current = login.disable("bcrypt", &[]);
    assert!(
        current.stderr.contains("bcrypt makes new values"),
        "{current:?}"
    );
    let uncounted = login.encoders("disable", &["legacy"]);
    assert_eq!(uncounted.status, Some(2), "{uncounted:?}");
    // Of a file in another form nothing is known.
    fs::write(login.values(), format!("ann,{SHA}\n{new}")).unwrap();
    let unclear = login.disable("legacy", &LEGACY);
    assert_eq!(unclear.stdout, "legacy: 0 of 2 stored values need it\n");
    assert!(
        unclear.stderr.contains("1 of the values are of no encoder"),
        "{unclear:?}"
    );
    fs::write(login.values(), "\n\n").unwrap();
    let empty = login.disable("legacy", &LEGACY);
    assert!(empty.stderr.contains("no stored value"), "{empty:?}");
    assert_eq!(login.text(), before);
    login
        .encoders("disable", &["legacy", "--force"])
        .of_success();
    assert!(
        login
            .text()
            .contains("<!-- <ref bean=\"legacyEncoder\"/> -->")
    );
}

/// Values of two encoders of one notation cannot be told apart: neither is thought to be without values.
#[test]
fn values_of_two_encoders_count_for_both() {
    let new = bcrypt(4);
    let login = Login::new(&[&new]);
    let refused = login.disable("legacy", &["--encoder", "legacy=crypt/bcrypt"]);
    assert_eq!(refused.status, Some(1));
    let message = "1 stored value still needs legacy, 1 of them perhaps of another encoder";
    assert!(refused.stderr.contains(message), "{refused:?}");
}

#[test]
fn calibration_says_what_was_measured() {
    let output = keyward(&["password", "calibrate", "--target-ms", "1", "--json"], "").of_success();
    let rows: Value = serde_json::from_str(&output.stdout).unwrap();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 6);
    for row in rows {
        assert!(row["cost"].as_u64() >= row["least"].as_u64(), "{row}");
        let measured = row["measured"].as_array().unwrap();
        assert!(measured.iter().any(|it| it["cost"] == row["cost"]), "{row}");
    }
    let hash = [
        "password",
        "hash",
        "--scheme",
        "bcrypt",
        "--dialect",
        "crypt",
        "--target-ms",
        "1",
    ];
    let made = keyward(&hash, "x34!2axf\n").of_success();
    assert!(made.stdout.starts_with("$2b$10$"), "{made:?}");
    assert!(
        made.stderr.contains("bcrypt: the cost 10 takes "),
        "{made:?}"
    );
    assert!(
        made.stderr.contains("and no lower cost is chosen"),
        "{made:?}"
    );
    let both = keyward(&[&hash[..], &["--cost", "5"]].concat(), "x\n");
    assert_eq!(both.status, Some(2));
    let fixed = [
        "password",
        "hash",
        "--scheme",
        "pbkdf2@SpringSecurity_v5_8",
        "--target-ms",
        "9",
    ];
    let fixed = keyward(&fixed, "x\n");
    assert!(fixed.stderr.contains("its cost is fixed"), "{fixed:?}");
}
