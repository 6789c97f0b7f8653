//! Keycloak's password providers: their rows, and their verdict on keyward's rows.

use keyward::password::{Dialect, Scheme, keycloak_row, recognise, schemes};
use serde_json::Value;

use crate::{java_judge, least_cost, secret};

const PASSWORDS: [&str; 4] = [
    "x34!2axf",
    "Größe 😀 ключ",
    "a password of fourteen bytes and more",
    "one of more than sixty-four bytes, which HMAC-SHA256 replaces by its digest before anything",
];

fn of_keycloak() -> impl Iterator<Item = &'static Scheme> {
    schemes()
        .filter(|scheme| scheme.dialects.contains(&Dialect::Keycloak))
        .filter(|scheme| scheme.produces())
}

#[test]
fn keyward_verifies_what_keycloak_stores() {
    let mut jobs = Vec::new();
    for scheme in of_keycloak() {
        assert_eq!(scheme.judge, Some("Keycloak"));
        let iterations = if scheme.name == "argon2" { "2" } else { "1000" };
        jobs.extend(PASSWORDS.map(|password| ["encode", scheme.name, iterations, password]));
    }
    assert_eq!(jobs.len(), 4 * PASSWORDS.len());
    let Some(lines) = java_judge::lines("KeycloakPasswords", jobs.as_flattened()) else {
        return;
    };
    assert_eq!(lines.len(), 2 * jobs.len());
    for (job, columns) in jobs.iter().zip(lines.chunks(2)) {
        let row = keycloak_row(&columns[0], &columns[1]);
        let hash = recognise(&row, None).unwrap();
        assert_eq!(hash.scheme().name, job[1]);
        assert!(hash.verify(&secret(job[3])).unwrap(), "{row}");
        assert!(!hash.verify(&secret("x34!2axF")).unwrap(), "{row}");
    }
}

#[test]
fn keycloak_verifies_what_keyward_makes() {
    let mut jobs = Vec::new();
    for scheme in of_keycloak() {
        for password in PASSWORDS {
            let row = scheme.hash(&secret(password), least_cost(scheme)).unwrap();
            let row: Value = serde_json::from_str(&row).unwrap();
            let column = |name: &str| row[name].as_str().unwrap().to_owned();
            for password in [password, "x34!2axF"] {
                let columns = [column("credentialData"), column("secretData")];
                let [credential, secret] = columns;
                jobs.push(["verify".to_owned(), credential, secret, password.to_owned()]);
            }
        }
    }
    let arguments: Vec<&str> = jobs.iter().flatten().map(String::as_str).collect();
    let Some(verdicts) = java_judge::lines("KeycloakPasswords", &arguments) else {
        return;
    };
    assert_eq!(verdicts.len(), jobs.len());
    for (index, verdict) in verdicts.iter().enumerate() {
        let is_right = index % 2 == 0;
        assert_eq!(*verdict, is_right.to_string(), "{:?}", jobs[index]);
    }
}
