//! Files of many users: LDIF, CSV and JSON lines, identified and verified as a user does it.

use serde_json::Value;

use crate::support::keyward;

/// `secret` in RSMD5, `hashcat` in AIX's {smd5}, and a value that nobody knows.
const CSV: &str = "username,password\n\
    jane,{RSMD5}c2FsdNQqD3Qv/Bvk4cwIRcJCnJc=\n\
    \"Doe, J\u{1b}[2J\",{smd5}a5/yTL/u$VfvgyHx1xUlXZYBocQpQY0\n\
    max,what is this\n";

#[test]
fn identify_has_a_line_each_and_a_count_for_each_scheme() {
    let arguments = ["password", "identify", "--file", "-", "--format", "csv"];
    let output = keyward(&arguments, CSV);
    assert_eq!(output.status, Some(1), "{output:#?}");
    assert_eq!(
        output.stdout,
        "line 2, jane, password: RSMD5 (openldap): MD5, salt of 4 bytes before the password, stored before or after the digest; obsolete\n\
         line 3, Doe, J?[2J, password: smd5 (aix): MD5-crypt (), 1000 rounds, salt of 8 bytes; obsolete\n\
         line 4, max, password: no scheme\n\
         3 stored passwords\n\
         \x20      1 RSMD5 (openldap); obsolete\n\
         \x20      1 no scheme\n\
         \x20      1 smd5 (aix); obsolete\n"
    );
    let json = keyward(&[&arguments[..], &["--json"]].concat(), CSV);
    let lines: Vec<Value> = json
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["schemes"][0], "RSMD5");
    assert_eq!(lines[2]["error"], "no scheme");
    assert_eq!(lines[3]["summary"][1]["count"], 1);
}

#[test]
fn verify_tells_whose_password_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.csv");
    std::fs::write(&file, CSV).unwrap();
    let file = file.to_str().unwrap();
    let output = keyward(&["password", "verify", "--file", file], "hashcat\n");
    assert_eq!(output.status, Some(1));
    assert_eq!(
        output.stdout,
        "line 3, Doe, J?[2J, password: smd5: the password is right\n\
         line 4, max, password: no scheme has this notation. `keyward password schemes` lists those that are known\n\
         3 stored passwords: right for 1, wrong for 1, not to be judged for 1\n"
    );
}

#[test]
fn keycloaks_two_columns_are_one_value() {
    let row = r#"{"username":"jane","credentialData":"{\"hashIterations\":80000,\"algorithm\":\"pbkdf2-sha256\",\"additionalParameters\":{}}","secretData":"{\"value\":\"TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ==\",\"salt\":\"TmFDbA==\"}"}"#;
    let arguments = ["password", "verify", "--json"];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.jsonl");
    std::fs::write(&file, row).unwrap();
    let file = format!("--file={}", file.display());
    let output = keyward(&[&arguments[..], &[&file]].concat(), "Password\n").of_success();
    let line: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(line["name"], "jane");
    assert_eq!(line["scheme"], "pbkdf2-sha256");
}

#[test]
fn a_file_without_stored_passwords_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("users.csv", "username,password\n"),
        ("users.ldif", "dn: cn=jane\ncn: jane\n"),
        ("users.jsonl", "{\"email\": \"jane@example.com\"}\n"),
    ] {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        for arguments in [
            ["password", "verify", "--file", file].as_slice(),
            &["password", "identify", "--file", file],
            &["password", "identify", "--file", file, "--json"],
            &["migrate", "status", file],
            &["migrate", "wrap", file, "--dialect", "openldap"],
            &[
                "migrate",
                "wrap",
                "--dry-run",
                file,
                "--dialect",
                "openldap",
            ],
        ] {
            let output = keyward(arguments, "secret\n");
            assert_eq!(output.status, Some(1), "{arguments:?}: {output:#?}");
            let told = format!("{file}: no stored password in it");
            assert!(output.stderr.contains(&told), "{arguments:?}: {output:#?}");
            assert!(output.stderr.contains("userPassword"), "{output:#?}");
        }
    }
}

#[test]
fn an_ambiguous_value_of_a_file_has_every_reading() {
    // `ln` is a logarithm for PHC, and N for Kratos.
    let stored = "$scrypt$ln=16,r=8,p=1$cmFuZG9tc2FsdGlzaGFyZEFC$Rh+NnJNo1I6nRwaNqbDm6kmADswD1+7F";
    let csv = format!("username,password\njane,\"{stored}\"\n");
    let arguments = ["password", "identify", "--file=-", "--format=csv"];
    let one = keyward(&["password", "identify", "--json", stored], "").of_success();
    let one: Value = serde_json::from_str(&one.stdout).unwrap();
    assert!(one["readings"].as_array().unwrap().len() > 1, "{one:#}");
    let json = keyward(&[&arguments[..], &["--json"]].concat(), &csv).of_success();
    let line: Value = serde_json::from_str(json.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(line["readings"], one["readings"]);
    assert!(line["function"].is_null(), "{line:#}");
    let text = keyward(&arguments, &csv).of_success();
    assert!(text.stderr.contains("--dialect"), "{text:#?}");
}

#[test]
fn the_layout_of_reversed_salts_is_chosen() {
    let stored = "{RSMD5}c2FsdNQqD3Qv/Bvk4cwIRcJCnJc=";
    let verify = |options: &[&str]| {
        let arguments = [&["password", "verify", stored][..], options].concat();
        keyward(&arguments, "secret\n").status
    };
    assert_eq!(verify(&[]), Some(0));
    assert_eq!(verify(&["--stored-order", "salt-digest"]), Some(0));
    assert_eq!(verify(&["--stored-order", "digest-salt"]), Some(1));
    assert_eq!(verify(&["--hash-order", "password-salt"]), Some(1));
    assert_eq!(verify(&["--salt-encoding", "hex"]), Some(1));
}

#[test]
fn mistakes_are_told_with_the_next_step() {
    let told = |arguments: &[&str], status: i32, part: &str| {
        let output = keyward(&[&["password", "identify"], arguments].concat(), "");
        assert_eq!(output.status, Some(status), "{output:#?}");
        assert!(output.stderr.contains(part), "{output:#?}");
    };
    told(&["--file", "nowhere.ldif"], 3, "there is no such file");
    told(&["--file", "-"], 2, "--format");
    told(&["--file", "x", "--format", "xls"], 2, "ldif, csv or jsonl");
    told(&["--opendj-keys", "x"], 2, "--ads-truststore");
    told(
        &["x", "--opendj-keys", "x", "--ads-truststore", "y"],
        2,
        "--ads-truststore-pin:file",
    );
    told(
        &[
            "x",
            "--opendj-keys",
            "x",
            "--ads-truststore",
            "nowhere",
            "--ads-truststore-pin=z",
        ],
        3,
        "nowhere",
    );
}

#[test]
fn the_clear_passwords_of_a_file_are_hashed_a_line_each() {
    let arguments = [
        "password",
        "hash",
        "--file",
        "-",
        "--format",
        "csv",
        "--scheme",
        "bcrypt",
        "--dialect",
        "crypt",
        "--cost",
        "4",
        "--json",
    ];
    let long = "x".repeat(73);
    let users = format!("username,password\njane,blue\nmax,\"green, \"\"red\"\"\"\neve,{long}\n");
    let output = keyward(&arguments, &users);
    assert_eq!(output.status, Some(1), "{output:#?}");
    let lines: Vec<Value> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (line, name, password) in [(0, "jane", "blue"), (1, "max", "green, \"red\"")] {
        assert_eq!(lines[line]["name"], name);
        let stored = lines[line]["stored"].as_str().unwrap();
        let verified = keyward(&["password", "verify", stored], &format!("{password}\n"));
        assert_eq!(verified.status, Some(0), "{verified:#?}");
    }
    assert!(
        lines[2]["error"].as_str().unwrap().contains("73 bytes"),
        "{output:#?}"
    );
    assert!(lines[2].get("stored").is_none());
}

#[test]
fn hash_takes_the_password_of_a_row_and_no_stored_one() {
    let hash = |format: &str, text: &str| {
        let scheme = ["--scheme", "argon2id", "--dialect", "phc", "--cost", "1"];
        let file = ["--file", "-", "--format", format];
        keyward(&[&["password", "hash"][..], &scheme, &file].concat(), text)
    };
    let both =
        r#"{"username":"jane","stored":"{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=","password":"x34!2axf"}"#;
    let made = hash("jsonl", both).of_success();
    let value = made.stdout.split(": ").nth(1).unwrap().trim();
    keyward(&["password", "verify", value], "x34!2axf\n").of_success();
    let stored = hash("csv", CSV);
    assert_eq!(stored.status, Some(1));
    assert!(
        stored
            .stdout
            .contains("it is no password but a stored one, RSMD5"),
        "{stored:#?}"
    );
    let none = hash("jsonl", r#"{"username":"jane","stored":"x"}"#);
    assert!(none.stderr.contains("no password in it"), "{none:#?}");
}

#[test]
fn options_without_effect_are_refused() {
    let pepper = ["--pepper", "p", "-keystore", "keystores/secure.jks"];
    let file = ["password", "identify", "--file", "-", "--format", "csv"];
    let output = keyward(&[&file[..], &pepper].concat(), CSV);
    assert_eq!(output.status, Some(2), "{output:#?}");
}
