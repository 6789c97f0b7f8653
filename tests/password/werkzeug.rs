//! Werkzeug, which Flask's applications store passwords with, both ways.

use std::io::Write;
use std::process::{Command, Stdio};

use keyward::password::{Dialect, recognise, scheme, schemes};
use serde_json::{Value, json};

use crate::secret;
use crate::support::{leave_out, peer, repository};

const PASSWORDS: [&str; 2] = ["x34!2axf", "Größe 😀 ключ"];

#[test]
fn keyward_verifies_what_werkzeug_stores() {
    let mut jobs = Vec::new();
    for method in [
        "pbkdf2:sha1:10",
        "pbkdf2:sha256:1000",
        "pbkdf2:sha512:7",
        "scrypt:16:4:2",
    ] {
        jobs.extend(PASSWORDS.map(|password| json!({"method": method, "password": password})));
    }
    let Some(answers) = werkzeug(&jobs) else {
        return;
    };
    for (job, stored) in jobs.iter().zip(&answers) {
        let stored = stored.as_str().unwrap();
        let hash = recognise(stored, None).unwrap();
        let password = secret(job["password"].as_str().unwrap());
        assert!(hash.verify(&password).unwrap(), "{stored}");
        assert!(!hash.verify(&secret("x34!2axF")).unwrap(), "{stored}");
    }
}

#[test]
fn werkzeug_verifies_what_keyward_makes() {
    let mut jobs = Vec::new();
    // Werkzeug gives scrypt too little memory for a smaller N.
    for (name, cost) in [("pbkdf2", 1000), ("scrypt", 10)] {
        let scheme = scheme(name, Some(Dialect::Werkzeug)).unwrap();
        for password in PASSWORDS {
            let stored = scheme.hash(&secret(password), Some(cost)).unwrap();
            jobs.push(json!({"stored": stored, "password": password}));
            jobs.push(json!({"stored": stored, "password": "x34!2axF"}));
        }
    }
    let Some(answers) = werkzeug(&jobs) else {
        return;
    };
    for (index, answer) in answers.iter().enumerate() {
        assert_eq!(*answer, json!(index % 2 == 0), "{}", jobs[index]);
    }
    let judged = schemes().filter(|scheme| scheme.judge == Some("Werkzeug"));
    assert_eq!(judged.count(), 2);
}

/// An answer for each job; none, and a report, where Werkzeug is not here.
fn werkzeug(jobs: &[Value]) -> Option<Vec<Value>> {
    let packages = peer("werkzeug");
    if !packages.is_dir() {
        leave_out("Werkzeug is not here (bash .ci/peers fetches it)");
        return None;
    }
    let mut child = Command::new("python3")
        .arg(repository().join("tests/password/ask_werkzeug.py"))
        .env("PYTHONPATH", packages)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<String> = jobs.iter().map(ToString::to_string).collect();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(lines.join("\n").as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), jobs.len());
    Some(answers)
}
