//! keyward's provider for Keycloak (`integrations/keycloak`): its verdict on what keyward wraps, and the envelopes that its
//! own tests read.

use std::path::PathBuf;
use std::{env, fs, iter};

use keyward::password::{Dialect, StoredHash, Wrapping, recognise, scheme};
use serde_json::Value;

use crate::secret;
use crate::support::{
    java_classes_with, jdk, keycloak_provider_classes, leave_out, peer, repository,
};

/// Values of `password`, each of another function, and whose they are.
const STORED: [(&str, Option<Dialect>); 11] = [
    ("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", None),
    ("{SSHA}yrht1iYXEIkejLVu42JWkadd80RzYWx0c2FsdA==", None),
    ("{MD5}X03MO1qnZdYdgyfeuILPmQ==", None),
    (
        "{sha256}97cde38028ad898ebc02e690819fa220e88c62e0699403e94fff291cfffaf8410849f27605abcbc0",
        None,
    ),
    ("$3$$8846f7eaee8fb117ad06bdd830b7586c", None),
    (
        "{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG",
        None,
    ),
    (
        "{pbkdf2}5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6bf3b508fbf17fa4ed4d6b99ca763d8dc",
        None,
    ),
    (
        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
        None,
    ),
    (
        "$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
        None,
    ),
    // No computation of these is in the server.
    ("$1$deadbeef$0Huu6KHrKLVWfqa4WljDE0", None),
    ("$sha1$40000$jtNX3nZ2$hBNaIXkt4wBI2o5rsi8KejSjNqIq", None),
];
/// What keyward makes, of a password with more than ASCII.
const MADE: [(&str, Dialect, u32); 9] = [
    ("pbkdf2", Dialect::Keycloak, 1000),
    ("pbkdf2-sha256", Dialect::Keycloak, 1000),
    ("pbkdf2-sha512", Dialect::Keycloak, 1000),
    ("argon2", Dialect::Keycloak, 1),
    ("bcrypt", Dialect::Crypt, 4),
    ("bcrypt_sha256", Dialect::Django, 4),
    ("bcrypt-sha256", Dialect::Passlib, 4),
    ("scrypt", Dialect::Phc, 4),
    ("sha512-crypt", Dialect::Crypt, 1000),
];
const PASSWORD: &str = "Größe 34!2axf";
/// The inner functions that the provider refuses.
const REFUSED: [&str; 3] = ["md5-crypt", "sha1-crypt", "sha-crypt"];

fn stored() -> Vec<(StoredHash, &'static str)> {
    let others = STORED.into_iter().map(|(text, dialect)| {
        let stored = recognise(text, dialect).unwrap();
        (stored, "password")
    });
    let made = MADE.into_iter().map(|(name, dialect, cost)| {
        let scheme = scheme(name, Some(dialect)).unwrap();
        let text = scheme.hash(&secret(PASSWORD), Some(cost)).unwrap();
        (recognise(&text, Some(dialect)).unwrap(), PASSWORD)
    });
    others.chain(made).collect()
}

fn quick(name: &str, dialect: Option<Dialect>) -> Wrapping {
    let cost = match name {
        "bcrypt" | "scrypt" => 4,
        "argon2id" => 1,
        _ => 1000,
    };
    Wrapping::in_dialect(name, Some(cost), dialect).unwrap()
}

fn is_refused(envelope: &str) -> bool {
    let inner = envelope.strip_prefix("$keyward$1$").unwrap();
    REFUSED.contains(&inner.split(';').next().unwrap())
}

fn vectors() -> PathBuf {
    repository().join("integrations/keycloak/src/test/resources/envelopes.tsv")
}

/// `cargo test --test password -- --ignored write_the_envelopes_of_the_java_tests`
#[test]
#[ignore = "writes a file of the repository"]
fn write_the_envelopes_of_the_java_tests() {
    let mut lines = vec![
        "# verdict, password, envelope; made by tests/password/keycloak_envelopes.rs".to_owned(),
    ];
    let names = Wrapping::names();
    for (index, (stored, password)) in stored().iter().enumerate() {
        // Each outer function with the first value, then one each in turn.
        let names = match index {
            0 => &names[..],
            _ => &names[index % names.len()..][..1],
        };
        for name in names {
            let envelope = quick(name, None).wrap(stored).unwrap();
            if is_refused(&envelope) {
                lines.push(format!("refused\t{password}\t{envelope}"));
                continue;
            }
            lines.push(format!("right\t{password}\t{envelope}"));
            lines.push(format!("wrong\tPassword\t{envelope}"));
        }
    }
    fs::write(vectors(), lines.join("\n") + "\n").unwrap();
}

#[test]
fn the_envelopes_of_the_java_tests_are_keywards() {
    let text = fs::read_to_string(vectors()).unwrap();
    let mut counts = [0; 3];
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [verdict, password, envelope] = columns[..] else {
            panic!("{line}");
        };
        let kind = ["right", "wrong", "refused"];
        let kind = kind.iter().position(|kind| *kind == verdict).unwrap();
        counts[kind] += 1;
        assert_eq!(is_refused(envelope), verdict == "refused", "{line}");
        let stored = recognise(envelope, None).unwrap();
        if verdict != "refused" {
            let is_right = stored.verify(&secret(password)).unwrap();
            assert_eq!(is_right, verdict == "right", "{line}");
        }
    }
    assert!(counts.iter().all(|&count| count >= 3), "{counts:?}");
}

fn hostile() -> Vec<String> {
    let path = vectors().with_file_name("hostile.txt");
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(ToOwned::to_owned).collect()
}

#[test]
fn what_the_provider_refuses_is_refused() {
    let hostile = hostile();
    assert!(hostile.len() > 20);
    for envelope in hostile {
        assert!(recognise(&envelope, None).is_err(), "{envelope}");
    }
}

#[test]
fn the_provider_verifies_the_rows_that_keyward_wraps() {
    let mut jobs = Vec::new();
    for (index, (stored, password)) in stored().iter().enumerate() {
        let names = Wrapping::names_in(Some(Dialect::Keycloak));
        let wrapping = quick(names[index % names.len()], Some(Dialect::Keycloak));
        let row: Value = serde_json::from_str(&wrapping.wrap(stored).unwrap()).unwrap();
        let column = |name: &str| row[name].as_str().unwrap().to_owned();
        let secret: Value = serde_json::from_str(&column("secretData")).unwrap();
        let is_taken = !is_refused(secret["value"].as_str().unwrap());
        for (password, is_right) in [(*password, is_taken), ("Password", false), ("", false)] {
            let row = [column("credentialData"), column("secretData")];
            let [credential, secret] = row;
            jobs.push(([credential, secret, password.to_owned()], is_right));
        }
    }
    assert_eq!(jobs.len(), 3 * (STORED.len() + MADE.len()));
    for envelope in hostile() {
        let credential =
            r#"{"hashIterations":1,"algorithm":"keyward","additionalParameters":{}}"#.to_owned();
        let secret = serde_json::json!({
            "value": envelope, "salt": "AAAAAAAAAAAAAAAAAAAAAA==", "additionalParameters": {},
        });
        jobs.push(([credential, secret.to_string(), PASSWORD.to_owned()], false));
    }
    let arguments = jobs.iter().flat_map(|(arguments, _)| arguments);
    let Some(verdicts) = verdicts(arguments.map(String::as_str)) else {
        return;
    };
    assert_eq!(verdicts.len(), jobs.len());
    for (verdict, (arguments, is_right)) in verdicts.iter().zip(&jobs) {
        assert_eq!(*verdict, is_right.to_string(), "{arguments:?}");
    }
}

/// What the provider answers; none, and a report, where Keycloak's classes are not here.
fn verdicts<'a>(arguments: impl Iterator<Item = &'a str>) -> Option<Vec<String>> {
    let jdk = jdk(17)?;
    let keycloak = peer("keycloak-passwords");
    if !keycloak.is_dir() {
        leave_out("keycloak-passwords is not here (bash .ci/peers fetches it)");
        return None;
    }
    let jars = keycloak.join("*");
    let provider = keycloak_provider_classes(jars.as_os_str())?;
    let class_path = env::join_paths([&jars, &provider]).unwrap();
    let program = java_classes_with("keycloak_provider", &class_path)?;
    let class_path = iter::once(program).chain([provider, jars]);
    let mut java = jdk.java();
    java.arg("-Dfile.encoding=UTF-8")
        .arg("-cp")
        .arg(env::join_paths(class_path).unwrap())
        .arg("VerifyWrapped")
        .args(arguments);
    let output = java.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    // Each refusal is told.
    assert!(errors.contains("cannot be verified"), "{errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(ToOwned::to_owned).collect())
}
