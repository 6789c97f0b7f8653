//! `keyward password` as a user runs it.

use serde_json::Value;

use crate::support::keyward;

const BCRYPT: &str = "$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG";

#[test]
fn verify_reads_the_password_from_a_pipe() {
    let right = keyward(&["password", "verify", BCRYPT], "password\n").of_success();
    assert_eq!(right.stdout, "bcrypt: the password is right\n");
    let wrong = keyward(&["password", "verify", BCRYPT], "passwort\n");
    assert_eq!(wrong.status, Some(1));
    assert_eq!(wrong.stderr, "keyward: bcrypt: the password is wrong\n");
    let both = keyward(
        &["password", "verify", "--json"],
        &format!("{BCRYPT}\npassword\n"),
    );
    assert_eq!(
        both.of_success().stdout,
        "{\"ok\":true,\"scheme\":\"bcrypt\"}\n"
    );
}

#[test]
fn identify_lists_every_reading() {
    let stored = format!("{{bcrypt}}{BCRYPT}");
    let output = keyward(&["password", "identify", &stored, "--json"], "").of_success();
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let dialects = |index: usize| report["readings"][index]["dialects"][0].as_str().unwrap();
    assert_eq!([dialects(0), dialects(1)], ["opendj", "spring"]);
    let one = keyward(
        &["password", "identify", &stored, "--dialect", "spring"],
        "",
    )
    .of_success();
    assert_eq!(
        one.stdout,
        "bcrypt (spring): bcrypt (2a), cost 10, salt of 16 bytes; sound\n"
    );
    let none = keyward(&["password", "identify", "what is this"], "");
    assert_eq!(none.status, Some(1));
    let usage = keyward(&["password", "identify", "x", "--dialect", "klingon"], "");
    assert_eq!(usage.status, Some(2));
}

#[test]
fn what_hash_makes_verify_accepts() {
    let arguments = [
        "password",
        "hash",
        "--scheme",
        "argon2",
        "--dialect",
        "keycloak",
        "--cost",
        "1",
    ];
    let stored = keyward(&arguments, "x34!2axf\n").of_success().stdout;
    let row: Value = serde_json::from_str(&stored).unwrap();
    assert!(
        row["credentialData"]
            .as_str()
            .unwrap()
            .contains("\"algorithm\":\"argon2\"")
    );
    keyward(&["password", "verify"], &format!("{stored}x34!2axf\n")).of_success();
    let missing = keyward(&["password", "hash", "--scheme", "rot13"], "x\n");
    assert_eq!(missing.status, Some(3));
    let obsolete = keyward(&["password", "hash", "--scheme", "SSHA"], "x\n");
    assert_eq!(obsolete.status, Some(2));
    let several = keyward(&["password", "hash", "--scheme", "bcrypt"], "x\n");
    assert_eq!(several.status, Some(2));
    assert!(several.stderr.contains("--dialect") || several.stderr.contains("with a dialect"));
}

#[test]
fn a_batch_answers_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("batch.jsonl");
    // Keycloak's own documentation has no values with their passwords: the key is RFC 7914's.
    let keycloak = r#"{"credentialData":"{\"hashIterations\":80000,\"algorithm\":\"pbkdf2-sha256\",\"additionalParameters\":{}}","secretData":"{\"value\":\"TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ==\",\"salt\":\"TmFDbA==\"}","password":"Password"}"#;
    let lines = [
        format!(r#"{{"stored":"{BCRYPT}","password":"password"}}"#),
        keycloak.to_owned(),
        r#"{"stored":"{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=","password":"password","dialect":"openldap"}"#.to_owned(),
        r#"{"stored":"{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=","password":"Password"}"#.to_owned(),
        r#"{"stored":"rubbish","password":"hidden"}"#.to_owned(),
        r#"{"password":"hidden"}"#.to_owned(),
        "hidden".to_owned(),
    ];
    std::fs::write(&path, lines.join("\n")).unwrap();
    let output = keyward(
        &["password", "verify", "--batch", path.to_str().unwrap()],
        "",
    );
    assert_eq!(output.status, Some(1));
    assert!(!output.stdout.contains("hidden"));
    let answers: Vec<Value> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let schemes = answers.iter().map(|answer| answer["scheme"].as_str());
    let expected = [
        Some("bcrypt"),
        Some("pbkdf2-sha256"),
        Some("SHA"),
        Some("SHA"),
        None,
        None,
        None,
    ];
    assert!(schemes.eq(expected), "{answers:#?}");
    let verdicts: Vec<_> = answers
        .iter()
        .map(|answer| answer["ok"].as_bool().unwrap())
        .collect();
    assert_eq!(verdicts, [true, true, true, false, false, false, false]);
    assert!(answers[..4].iter().all(|answer| answer["error"].is_null()));
    assert!(
        answers[4..]
            .iter()
            .all(|answer| answer["error"].is_string())
    );
    let missing = keyward(&["password", "verify", "--batch", "no-such-file"], "");
    assert_eq!(missing.status, Some(3));
}

#[test]
fn an_object_in_a_batch_is_its_text() {
    let okta = r#"{"algorithm":"SHA-256","salt":"TVB1MTNPbVk=","saltOrder":"PREFIX","value":"TdLtPD2sUZ6gnRDUkvaQgqZcZttYBhoBqQGSI/pXqnU="}"#;
    let lines = format!(
        "{{\"stored\":{okta},\"password\":\"Testing123!\"}}\n{{\"stored\":[],\"password\":\"hidden\"}}\n"
    );
    let output = keyward(&["password", "verify", "--batch", "-"], &lines);
    assert_eq!(output.status, Some(1), "{output:#?}");
    assert_eq!(
        output.stdout,
        "{\"line\":1,\"ok\":true,\"scheme\":\"SHA-256\"}\n\
         {\"line\":2,\"ok\":false,\"error\":\"its stored is neither a string nor an object\"}\n"
    );
}

#[test]
fn schemes_prints_the_table() {
    let table = keyward(&["password", "schemes"], "").of_success().stdout;
    assert!(table.contains("PBKDF2-HMAC-SHA512"), "{table}");
    let output = keyward(
        &["password", "schemes", "--dialect", "keycloak", "--json"],
        "",
    )
    .of_success();
    let rows: Value = serde_json::from_str(&output.stdout).unwrap();
    let names: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["scheme"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "pbkdf2",
            "pbkdf2-sha256",
            "pbkdf2-sha512",
            "argon2",
            "wrapped"
        ]
    );
}
