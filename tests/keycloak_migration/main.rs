//! All stored passwords of a real Keycloak are wrapped while it runs, and every user goes on logging in.
#![cfg(all(feature = "cli", unix))]
// All of this is test code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod realm;
mod server;

use std::fs;
use std::thread;
use std::time::Duration;

use realm::Realm;
use serde_json::{Value, json};
use server::KeycloakServer;
use support::keyward;

/// How passwords were stored over the years, and what that is called here.
const OLD: [(&str, &str); 4] = [
    ("sha1", "hashAlgorithm(pbkdf2) and hashIterations(1000)"),
    (
        "sha256",
        "hashAlgorithm(pbkdf2-sha256) and hashIterations(27500)",
    ),
    (
        "sha512",
        "hashAlgorithm(pbkdf2-sha512) and hashIterations(30000)",
    ),
    ("weak-argon2", "hashAlgorithm(argon2) and hashIterations(2)"),
];
/// Of each.
const USERS: usize = 2;
/// The server's own figure: Argon2 with 7 MiB and 5 passes.
const NEW: &str = "";
/// Another realm's.
const NEW_PBKDF2: &str = "hashAlgorithm(pbkdf2-sha512) and hashIterations(31000)";

fn users() -> impl Iterator<Item = (String, String)> {
    let names = OLD
        .iter()
        .flat_map(|(name, _)| (0..USERS).map(move |number| format!("{name}-{number}")));
    names.map(|name| {
        let password = format!("Größe of {name}");
        (name, password)
    })
}

/// A realm whose users' passwords were stored over the years, and in which new ones are stored so.
fn grown_realm(server: &KeycloakServer, name: &str, policy: &str) -> Realm {
    let realm = Realm::of(server.url(), name);
    realm.create(policy);
    for (name, old) in OLD {
        realm.set_policy(old);
        let of_these = users().filter(|(user, _)| user.starts_with(name));
        for (user, password) in of_these {
            realm.add_user(&user, &password);
        }
    }
    realm.set_policy(policy);
    realm
}

/// The algorithm of each user's row in a realm, with its version.
fn rows(server: &KeycloakServer, realm: &str) -> Vec<(String, String, i64)> {
    let sql = format!(
        "SELECT u.username, c.credential_data::json->>'algorithm', c.version FROM credential c \
         JOIN user_entity u ON u.id = c.user_id JOIN realm r ON r.id = u.realm_id \
         WHERE r.name = '{realm}' AND c.type = 'password' ORDER BY u.username"
    );
    let row = |line: &String| {
        let columns: Vec<&str> = line.split('|').collect();
        let version = columns[2].parse().unwrap();
        (columns[0].to_owned(), columns[1].to_owned(), version)
    };
    server.sql(&sql).iter().map(row).collect()
}

fn count_of(server: &KeycloakServer, realm: &str, algorithm: &str) -> usize {
    let rows = rows(server, realm);
    assert_eq!(rows.len(), users().count(), "none is lost: {rows:?}");
    let of_it = rows.iter().filter(|(_, other, _)| other == algorithm);
    of_it.count()
}

/// What `keyward migrate COMMAND` says of the table of credentials.
fn migrate(server: &KeycloakServer, command: &str) -> Value {
    let url = server.database_url();
    let output = keyward(
        &["migrate", command, &url, "--preset", "keycloak", "--json"],
        "",
    );
    serde_json::from_str(&output.of_success().stdout).unwrap()
}

/// Every user logs in, and nobody with another password.
fn everybody_logs_in(realm: &Realm) {
    for (user, password) in users() {
        assert!(!realm.logs_in(&user, "Größe of another"), "{user}");
        assert!(realm.logs_in(&user, &password), "{user}");
    }
}

/// The row is encoded anew after the answer was given.
fn await_algorithm(server: &KeycloakServer, realm: &Realm, algorithm: &str) {
    let all = users().count();
    for _ in 0..100 {
        if count_of(server, &realm.name, algorithm) == all {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("{:?} {}", rows(server, &realm.name), server.log());
}

#[test]
fn rows_are_wrapped_while_the_server_runs_and_encoded_anew_at_the_next_login() {
    let Some(server) = KeycloakServer::start() else {
        return;
    };
    let demo = grown_realm(&server, "demo", NEW);
    let other = grown_realm(&server, "other", NEW_PBKDF2);
    let all = users().count();

    let export = tempfile::tempdir().unwrap();
    let export = export.path().join("demo.json");
    server.export("demo", &export);

    // Whose rows the server has in its cache.
    assert!(demo.logs_in("sha1-0", "Größe of sha1-0"));
    await_moved(&server, "demo", "sha1-0");
    let wrapped = thread::scope(|scope| {
        let wrapping = scope.spawn(|| migrate(&server, "wrap"));
        // Logins go on meanwhile.
        while !wrapping.is_finished() {
            for (user, password) in users().filter(|(user, _)| user.ends_with("-1")) {
                assert!(demo.logs_in(&user, &password), "{user}");
            }
        }
        wrapping.join().unwrap()
    });
    assert_eq!(wrapped["left_alone"], json!([]));
    let before: Vec<_> = [&demo, &other]
        .map(|realm| rows(&server, &realm.name))
        .concat();
    let is_wrapped = before
        .iter()
        .filter(|(_, algorithm, _)| algorithm == "keyward");
    // Whoever has logged in has moved already.
    assert!(is_wrapped.count() >= 2 * all - 1 - OLD.len(), "{before:?}");
    assert_eq!(count_of(&server, "other", "keyward"), all);
    assert_eq!(migrate(&server, "wrap")["moved"], 0);

    everybody_logs_in(&demo);
    everybody_logs_in(&other);
    await_algorithm(&server, &demo, "argon2");
    await_algorithm(&server, &other, "pbkdf2-sha512");
    let after = [&demo, &other]
        .map(|realm| rows(&server, &realm.name))
        .concat();
    for (before, after) in before.iter().zip(&after) {
        let has_moved = before.1 != "keyward" || after.2 > before.2;
        assert!(has_moved, "{before:?} {after:?}");
    }
    // And they are still right.
    everybody_logs_in(&demo);
    let standings = &migrate(&server, "status")["schemes"];
    let is_wrapped = |row: &Value| row["standing"] == "wrapped";
    assert!(
        !standings.as_array().unwrap().iter().any(is_wrapped),
        "{standings}"
    );

    import_of_a_wrapped_export(&server, &demo, &export);
}

fn await_moved(server: &KeycloakServer, realm: &str, user: &str) {
    for _ in 0..100 {
        let rows = rows(server, realm);
        if rows
            .iter()
            .any(|(name, algorithm, _)| name == user && algorithm == "argon2")
        {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("{user} was not encoded anew: {}", server.log());
}

/// The export of old rows is wrapped as a file, and takes the realm's place.
fn import_of_a_wrapped_export(server: &KeycloakServer, demo: &Realm, export: &std::path::Path) {
    let all = users().count();
    let wrapped = keyward(&["migrate", "wrap", export.to_str().unwrap()], "");
    let said = format!("{all} wrapped\n{all} stored passwords\n");
    assert!(wrapped.stdout.starts_with(&said), "{wrapped:#?}");
    demo.delete();
    demo.import(&fs::read_to_string(export).unwrap());
    assert_eq!(count_of(server, "demo", "keyward"), all);
    everybody_logs_in(demo);
    await_algorithm(server, demo, "argon2");
}
