//! passlib, an implementation by others: its values, its own test vectors, and its verdict on keyward's values.

use std::io::Write;
use std::process::{Command, Stdio};

use keyward::password::{Dialect, Scheme, scheme, schemes};
use serde_json::{Value, json};

use crate::support::{keyward, leave_out, peer, repository};
use crate::{least_cost, secret};

/// passlib's name, keyward's name, and the dialect.
const HASHERS: [(&str, &str, Dialect); 47] = [
    ("ldap_md5", "MD5", Dialect::OpenLdap),
    ("ldap_sha1", "SHA", Dialect::OpenLdap),
    ("ldap_salted_md5", "SMD5", Dialect::OpenDj),
    ("ldap_salted_sha1", "SSHA", Dialect::OpenDj),
    ("ldap_salted_sha256", "SSHA256", Dialect::OpenDj),
    ("ldap_salted_sha512", "SSHA512", Dialect::OpenDj),
    ("ldap_pbkdf2_sha1", "PBKDF2", Dialect::OpenLdap),
    ("ldap_pbkdf2_sha256", "PBKDF2-SHA256", Dialect::OpenLdap),
    ("ldap_pbkdf2_sha512", "PBKDF2-SHA512", Dialect::OpenLdap),
    ("atlassian_pbkdf2_sha1", "PKCS5S2", Dialect::OpenDj),
    ("ldap_sha512_crypt", "CRYPT", Dialect::OpenDj),
    ("ldap_sha256_crypt", "CRYPT", Dialect::OpenLdap),
    ("ldap_md5_crypt", "CRYPT", Dialect::OpenLdap),
    ("ldap_bcrypt", "CRYPT", Dialect::OpenLdap),
    ("ldap_des_crypt", "CRYPT", Dialect::OpenDj),
    ("ldap_bsdi_crypt", "CRYPT", Dialect::OpenLdap),
    ("ldap_sha1_crypt", "CRYPT", Dialect::OpenLdap),
    ("django_pbkdf2_sha256", "pbkdf2_sha256", Dialect::Django),
    ("django_pbkdf2_sha1", "pbkdf2_sha1", Dialect::Django),
    ("django_salted_sha1", "sha1", Dialect::Django),
    ("django_salted_md5", "md5", Dialect::Django),
    ("django_bcrypt", "bcrypt", Dialect::Django),
    ("django_bcrypt_sha256", "bcrypt_sha256", Dialect::Django),
    ("django_argon2", "argon2", Dialect::Django),
    ("pbkdf2_sha1", "pbkdf2", Dialect::Passlib),
    ("pbkdf2_sha256", "pbkdf2-sha256", Dialect::Passlib),
    ("pbkdf2_sha512", "pbkdf2-sha512", Dialect::Passlib),
    ("grub_pbkdf2_sha512", "grub-pbkdf2-sha512", Dialect::Passlib),
    ("bcrypt_sha256", "bcrypt-sha256", Dialect::Passlib),
    ("md5_crypt", "md5-crypt", Dialect::Crypt),
    ("apr_md5_crypt", "apr1", Dialect::Crypt),
    ("sha256_crypt", "sha256-crypt", Dialect::Crypt),
    ("sha512_crypt", "sha512-crypt", Dialect::Crypt),
    ("bcrypt", "bcrypt", Dialect::Crypt),
    ("des_crypt", "des-crypt", Dialect::Crypt),
    ("bsdi_crypt", "bsdi-crypt", Dialect::Crypt),
    ("sha1_crypt", "sha1-crypt", Dialect::Crypt),
    ("scrypt:7", "scrypt", Dialect::Crypt),
    ("nthash", "NT", Dialect::Nt),
    ("phpass", "phpass", Dialect::Phpass),
    ("hex_md5", "MD5", Dialect::Raw),
    ("hex_sha1", "SHA-1", Dialect::Raw),
    ("hex_sha256", "SHA-256", Dialect::Raw),
    ("hex_sha512", "SHA-512", Dialect::Raw),
    ("argon2", "argon2id", Dialect::Phc),
    ("argon2:i", "argon2i", Dialect::Phc),
    ("argon2:d", "argon2d", Dialect::Phc),
];
/// Apart, because its name is that of another.
const SCRYPT: (&str, &str, Dialect) = ("scrypt", "scrypt", Dialect::Phc);

const PASSWORDS: [&str; 4] = [
    "x34!2axf",
    "",
    "Größe 😀 ключ",
    "seventy-two bytes, which is all that bcrypt looks at, are in this text..",
];

fn hashers() -> impl Iterator<Item = (&'static str, &'static str, Dialect)> {
    HASHERS.into_iter().chain([SCRYPT])
}

#[test]
fn the_table_names_passlib_where_passlib_judges() {
    let judged: Vec<_> = hashers()
        .map(|(_, name, dialect)| std::ptr::from_ref(scheme(name, Some(dialect)).unwrap()))
        .collect();
    for scheme in schemes() {
        let is_judged = judged.contains(&std::ptr::from_ref(scheme));
        let says_so = scheme.judge.is_some_and(|judge| judge.contains("passlib"));
        assert_eq!(says_so, is_judged, "{scheme:?}");
    }
}

#[test]
fn keyward_verifies_what_passlib_stores() {
    let mut questions = Vec::new();
    for (hasher, name, dialect) in hashers() {
        for password in PASSWORDS {
            questions.push(json!({
                "hasher": hasher, "password": password, "scheme": name, "dialect": dialect.name(),
            }));
        }
    }
    let Some(made) = passlib("make", &questions) else {
        return;
    };
    assert_eq!(made.len(), questions.len());
    let mut batch = Vec::new();
    for question in &made {
        batch.push(question.clone());
        let mut wrong = question.clone();
        let password = question["password"].as_str().unwrap();
        let rest = password.get(1..).unwrap_or_default();
        wrong["password"] = json!(format!("y{rest}"));
        batch.push(wrong);
    }
    for (index, (question, answer)) in batch.iter().zip(answers(&batch)).enumerate() {
        assert_eq!(answer["line"], index + 1);
        assert_eq!(answer["scheme"], question["scheme"], "{question} {answer}");
        let is_right = index % 2 == 0;
        assert_eq!(answer["ok"], is_right, "{question} {answer}");
        assert_eq!(answer["error"], Value::Null, "{question}");
    }
}

/// The vectors in passlib's own tests, by many hands.
#[test]
fn keyward_verifies_passlibs_test_vectors() {
    let questions: Vec<_> = hashers()
        .map(|(hasher, _, dialect)| json!({"hasher": hasher, "dialect": dialect.name()}))
        .collect();
    let Some(known) = passlib("known", &questions) else {
        return;
    };
    assert!(known.len() > 150, "{} vectors", known.len());
    for (question, answer) in known.iter().zip(answers(&known)) {
        let is_cut_off = question["hasher"].as_str().unwrap().ends_with("bcrypt")
            && question["password"].as_str().unwrap().len() > 72;
        assert_eq!(answer["ok"], !is_cut_off, "{question} {answer}");
        if is_cut_off {
            let error = answer["error"].as_str().unwrap();
            assert!(error.contains("only 72 are taken"), "{error}");
        }
    }
}

#[test]
fn passlib_verifies_what_keyward_makes() {
    let mut questions = Vec::new();
    for (hasher, name, dialect) in hashers() {
        let scheme: &Scheme = scheme(name, Some(dialect)).unwrap();
        let makes_another = name == "CRYPT" && hasher != "ldap_sha512_crypt";
        if !scheme.produces() || makes_another {
            continue;
        }
        for password in PASSWORDS {
            let stored = scheme.hash(&secret(password), least_cost(scheme)).unwrap();
            for (password, ok) in [(password.to_owned(), true), (format!("{password}x"), false)] {
                if !ok && password.len() > 72 {
                    continue;
                }
                questions.push(json!({
                    "hasher": hasher, "stored": stored, "password": password, "ok": ok,
                }));
            }
        }
    }
    assert!(questions.len() > 100);
    let Some(verdicts) = passlib("check", &questions) else {
        return;
    };
    for (question, verdict) in questions.iter().zip(&verdicts) {
        assert_eq!(question["ok"], verdict["ok"], "{question} {verdict}");
    }
}

/// keyward's answers to a batch.
fn answers(batch: &[Value]) -> Vec<Value> {
    let output = keyward(&["password", "verify", "--batch", "-"], &lines(batch));
    assert_eq!(output.stderr, "");
    parsed(&output.stdout)
}

/// A line of JSON for each line; none, and a report, if passlib is not on this machine.
fn passlib(what: &str, questions: &[Value]) -> Option<Vec<Value>> {
    let packages = peer("passlib");
    if !packages.is_dir() {
        leave_out("passlib is not here (bash .ci/peers fetches it)");
        return None;
    }
    let mut child = Command::new("python3")
        .args(["-W", "ignore"])
        .arg(repository().join("tests/password/ask_passlib.py"))
        .arg(what)
        .env("PYTHONPATH", packages)
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // It reads all before it writes.
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(lines(questions).as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(parsed(&String::from_utf8(output.stdout).unwrap()))
}

fn lines(values: &[Value]) -> String {
    let lines: Vec<String> = values.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn parsed(text: &str) -> Vec<Value> {
    let value = |line| serde_json::from_str(line).unwrap();
    text.lines().map(value).collect()
}
