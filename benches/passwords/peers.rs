//! The rates of passlib and of Spring Security, each in one process that is asked for all of its rows.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::PASSWORD;
use crate::row::Row;
use crate::support::{jdk, leave_out, peer, repository};

/// For each row, passlib's rate.
pub(crate) fn passlib(rows: &[&Row], seconds: f64) -> Vec<Option<f64>> {
    let packages = peer("passlib");
    if !packages.is_dir() {
        leave_out("passlib is not here (bash .ci/peers fetches it)");
        return vec![None; rows.len()];
    }
    let mut child = Command::new("python3")
        .args(["-W", "ignore"])
        .arg(repository().join("tests/password/ask_passlib.py"))
        .arg("speed")
        .env("PYTHONPATH", packages)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // It reads all before it writes.
    let mut stdin = child.stdin.take().unwrap();
    for row in rows {
        let Some(hasher) = row.passlib else { continue };
        let question = serde_json::json!({
            "hasher": hasher, "password": PASSWORD, "seconds": seconds, "stored": row.stored,
        });
        writeln!(stdin, "{question}").unwrap();
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "passlib failed");
    let output = String::from_utf8(output.stdout).unwrap();
    let rates = output.lines().map(|line| {
        let answer: serde_json::Value = serde_json::from_str(line).unwrap();
        answer["rate"].as_f64().unwrap()
    });
    in_their_rows(rows, |row| row.passlib.is_some(), rates)
}

/// For each row, Spring's rate.
pub(crate) fn spring(rows: &[&Row], seconds: f64) -> Vec<Option<f64>> {
    let none = vec![None; rows.len()];
    let (home, bouncy_castle) = (peer("spring-security"), peer("bouncy-castle"));
    let Some(jdk) = jdk(17) else { return none };
    if !home.is_dir() || !bouncy_castle.is_dir() {
        leave_out("Spring Security is not here (bash .ci/peers fetches it)");
        return none;
    }
    let seconds = seconds.to_string();
    let mut arguments = vec![seconds.as_str(), PASSWORD];
    arguments.extend(rows.iter().filter_map(|row| row.spring.as_deref()));
    let provider = bouncy_castle.join("bcprov.jar");
    let option = format!("-Xbootclasspath/a:{}", provider.display());
    let jars = home.join("*");
    let output = jdk.run_java_with(&[&option], Some(&jars), "SpringSpeed", &arguments);
    let Some(output) = output else { return none };
    let output = output.of_success().stdout;
    let rates = output.lines().map(|line| line.parse().unwrap());
    in_their_rows(rows, |row| row.spring.is_some(), rates)
}

/// A rate for each row that was asked for, and for no other.
fn in_their_rows(
    rows: &[&Row],
    is_asked_for: impl Fn(&Row) -> bool,
    mut rates: impl Iterator<Item = f64>,
) -> Vec<Option<f64>> {
    let rate = |row: &&Row| is_asked_for(row).then(|| rates.next().unwrap());
    rows.iter().map(rate).collect()
}
