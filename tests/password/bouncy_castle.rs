//! Bouncy Castle's bcrypt, Argon2 and scrypt, both ways.

use keyward::password::{Dialect, recognise, scheme};

use crate::{java_judge, secret};

const PASSWORDS: [&str; 2] = ["x34!2axf", "Größe 😀 ключ"];

#[test]
fn keyward_verifies_what_bouncy_castle_makes() {
    let mut jobs = Vec::new();
    for name in ["2a", "2b", "2y", "argon2d", "argon2i", "argon2id", "scrypt"] {
        jobs.extend(PASSWORDS.map(|password| ["make", name, password]));
    }
    let Some(made) = java_judge::lines("BouncyCastlePasswords", jobs.as_flattened()) else {
        return;
    };
    assert_eq!(made.len(), jobs.len());
    for (job, stored) in jobs.iter().zip(&made) {
        let dialect = if stored.starts_with("$2") {
            Dialect::Crypt
        } else {
            Dialect::Phc
        };
        let hash = recognise(stored, Some(dialect)).unwrap();
        assert!(hash.verify(&secret(job[2])).unwrap(), "{stored}");
        assert!(!hash.verify(&secret("x34!2axF")).unwrap(), "{stored}");
    }
}

#[test]
fn bouncy_castle_verifies_what_keyward_makes() {
    let mut jobs = Vec::new();
    for (name, dialect, cost) in [
        ("bcrypt", Dialect::Crypt, 4),
        ("argon2d", Dialect::Phc, 1),
        ("argon2i", Dialect::Phc, 1),
        ("argon2id", Dialect::Phc, 1),
        ("scrypt", Dialect::Phc, 4),
    ] {
        for password in PASSWORDS {
            let scheme = scheme(name, Some(dialect)).unwrap();
            let stored = scheme.hash(&secret(password), Some(cost)).unwrap();
            for password in [password, "x34!2axF"] {
                jobs.push(["check", &stored, password].map(ToOwned::to_owned));
            }
        }
    }
    let arguments: Vec<&str> = jobs.iter().flatten().map(String::as_str).collect();
    let Some(verdicts) = java_judge::lines("BouncyCastlePasswords", &arguments) else {
        return;
    };
    assert_eq!(verdicts.len(), jobs.len());
    for (index, verdict) in verdicts.iter().enumerate() {
        let is_right = index % 2 == 0;
        assert_eq!(*verdict, is_right.to_string(), "{:?}", jobs[index]);
    }
}
