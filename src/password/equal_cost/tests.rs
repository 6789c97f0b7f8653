//! Work is counted, not timed: each function that is computed says what it costs.

use super::*;
use crate::password::{Dialect, recognise, scheme};

fn secret(text: &str) -> Secret {
    Secret::copied_from(text.as_bytes())
}

/// Cheap enough to be computed, and dearer than nothing.
const CURRENT: [(&str, Dialect, u32); 6] = [
    ("argon2id", Dialect::Phc, 1),
    ("argon2", Dialect::Keycloak, 2),
    ("bcrypt", Dialect::Crypt, 9),
    ("scrypt", Dialect::Phc, 12),
    ("pbkdf2-sha512", Dialect::Keycloak, 70_000),
    ("sha512-crypt", Dialect::Crypt, 60_000),
];

/// What is stored, all of `secret`.
fn stored() -> Vec<StoredHash> {
    let mut stored = vec![
        recognise("{CLEAR}secret", None).unwrap(),
        recognise("{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", None).unwrap(),
    ];
    for (name, dialect, cost) in [
        ("bcrypt", Dialect::Crypt, 4),
        ("bcrypt", Dialect::Crypt, 6),
        ("PBKDF2", Dialect::OpenLdap, 10_000),
        ("PBKDF2-SHA256", Dialect::OpenLdap, 23_456),
        ("scrypt", Dialect::Phc, 8),
        ("argon2", Dialect::Keycloak, 1),
        ("sha512-crypt", Dialect::Crypt, 5_000),
    ] {
        let Ok(scheme) = scheme(name, Some(dialect)) else {
            panic!("{name}");
        };
        if !scheme.produces() {
            continue;
        }
        let text = scheme.hash(&secret("secret"), Some(cost)).unwrap();
        stored.push(recognise(&text, Some(dialect)).unwrap());
    }
    stored
}

/// The answer, and the work that was done for it.
fn counted(cost: &EqualCost, stored: &StoredHash, password: &str) -> (Result<bool, String>, u64) {
    let mut done = 0;
    let mut compute = |function: &HashFunction, password: &Secret| {
        let digest = function.apply(password);
        if digest.is_ok() {
            done += function.work();
        }
        digest
    };
    let answer = cost.verify(stored, &secret(password), &mut compute);
    (answer.map_err(|error| error.to_string()), done)
}

#[test]
fn every_value_costs_as_much_as_a_current_one() {
    for (name, dialect, current_cost) in CURRENT {
        let scheme = scheme(name, Some(dialect)).unwrap();
        let cost = EqualCost::of(scheme, Some(current_cost)).unwrap();
        let whole = cost.current().work();
        for stored in stored() {
            let own = stored.function().work();
            for (password, is_right) in [("secret", true), ("Secret", false)] {
                let (answer, done) = counted(&cost, &stored, password);
                let what = format!("{} in place of {}", stored.function(), cost.current());
                assert_eq!(answer, Ok(is_right), "{what}");
                if own >= whole {
                    assert_eq!(done, own, "{what}");
                    continue;
                }
                assert!(done <= whole, "{what}: {done} of {whole}");
                // The smallest bcrypt, Argon2 and SHA-crypt are a millisecond.
                let left = whole - done;
                assert!(left < 1_300_000, "{what}: {left} of {whole} left");
            }
        }
    }
}

#[test]
fn a_current_value_costs_itself_alone() {
    for (name, dialect, current_cost) in CURRENT {
        let scheme = scheme(name, Some(dialect)).unwrap();
        let cost = EqualCost::of(scheme, Some(current_cost)).unwrap();
        assert_eq!(cost.difference(Some(cost.current())), []);
        let text = scheme.hash(&secret("secret"), Some(current_cost)).unwrap();
        let stored = recognise(&text, Some(dialect)).unwrap();
        let (answer, done) = counted(&cost, &stored, "secret");
        assert_eq!((answer, done), (Ok(true), cost.current().work()));
    }
}

#[test]
fn an_unknown_user_costs_as_much_as_a_current_value() {
    for (name, dialect, current_cost) in CURRENT {
        let scheme = scheme(name, Some(dialect)).unwrap();
        let cost = EqualCost::of(scheme, Some(current_cost)).unwrap();
        let mut done = 0;
        let mut compute = |function: &HashFunction, password: &Secret| {
            done += function.work();
            function.apply(password)
        };
        cost.fill(0, &secret("secret"), &mut compute);
        assert_eq!(done, cost.current().work(), "{name}");
        cost.verify_unknown(&secret("secret"));
    }
}

/// bcrypt takes no more than 72 bytes: that it refuses is no quicker answer.
#[test]
fn a_refused_password_costs_as_much_as_a_current_value() {
    let scheme = scheme("bcrypt", Some(Dialect::Crypt)).unwrap();
    let cost = EqualCost::of(scheme, Some(6)).unwrap();
    let text = scheme.hash(&secret("secret"), Some(4)).unwrap();
    let stored = recognise(&text, None).unwrap();
    let (answer, done) = counted(&cost, &stored, &"x".repeat(73));
    assert!(answer.unwrap_err().contains("73 bytes"));
    assert_eq!(done, cost.current().work());
}
