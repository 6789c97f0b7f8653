//! Soteria, the reference implementation of Jakarta Security, both ways.

use keyward::password::{Dialect, recognise, scheme};

use crate::{java_judge, secret};

const PASSWORDS: [&str; 2] = ["x34!2axf", "Größe 😀 ключ"];

#[test]
fn keyward_verifies_what_soteria_stores() {
    let mut jobs = Vec::new();
    for algorithm in ["224", "256", "384", "512"] {
        let algorithm = format!("PBKDF2WithHmacSHA{algorithm}");
        for password in PASSWORDS {
            jobs.push(["generate", &algorithm, password].map(ToOwned::to_owned));
        }
    }
    let arguments: Vec<&str> = jobs.iter().flatten().map(String::as_str).collect();
    let Some(stored) = java_judge::lines("JakartaPasswords", &arguments) else {
        return;
    };
    assert_eq!(stored.len(), jobs.len());
    for ([_, algorithm, password], stored) in jobs.iter().zip(&stored) {
        assert!(stored.starts_with(algorithm), "{stored}");
        let hash = recognise(stored, None).unwrap();
        assert_eq!(hash.scheme().judge, Some("Soteria"));
        assert!(hash.verify(&secret(password)).unwrap(), "{stored}");
        assert!(!hash.verify(&secret("x34!2axF")).unwrap(), "{stored}");
    }
}

#[test]
fn soteria_verifies_what_keyward_makes() {
    let scheme = scheme("Pbkdf2PasswordHash", Some(Dialect::Jakarta)).unwrap();
    let mut jobs = Vec::new();
    for password in PASSWORDS {
        let stored = scheme.hash(&secret(password), Some(1024)).unwrap();
        for password in [password, "x34!2axF"] {
            jobs.push(["verify", &stored, password].map(ToOwned::to_owned));
        }
    }
    let arguments: Vec<&str> = jobs.iter().flatten().map(String::as_str).collect();
    let Some(verdicts) = java_judge::lines("JakartaPasswords", &arguments) else {
        return;
    };
    assert_eq!(verdicts, ["true", "false", "true", "false"]);
}
