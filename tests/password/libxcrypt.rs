//! libxcrypt, the crypt(3) of Linux distributions: what it stores, and what it makes of keyward's values.

use std::io::Write;
use std::process::{Command, Stdio};

use keyward::Secret;
use keyward::password::{Dialect, PasswordError, Refusal, recognise, schemes};
use serde_json::{Value, json};

use crate::least_cost;
use crate::support::{leave_out, repository};

/// The scheme, and settings of it.
const SETTINGS: [(&str, &[&str]); 13] = [
    ("des-crypt", &["ab", "..", "zz", "/.", "Mz"]),
    ("bsdi-crypt", &["_J9..rasm", "_/...zzzz", "_1/..1234"]),
    ("md5-crypt", &["$1$$", "$1$12345678$"]),
    (
        "sha1-crypt",
        &[
            "$sha1$1$a$",
            "$sha1$248$jtNX3nZ2$",
            "$sha1$12$0123456789./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        ],
    ),
    ("sha256-crypt", &["$5$rounds=1000$saltsaltsaltsalt$"]),
    ("sha512-crypt", &["$6$rounds=1234$a$"]),
    ("bcrypt", &["$2b$04$abcdefghijklmnopqrstuu"]),
    ("bcrypt", &["$2a$04$......................"]),
    ("bcrypt", &["$2y$05$9999999999999999999996"]),
    ("bcrypt", &["$2x$04$abcdefghijklmnopqrstuu"]),
    (
        "scrypt",
        &[
            "$7$4/..../....saltsalt",
            "$7$26..../....a$b",
            "$7$3/..../1....SodiumChloride",
        ],
    ),
    (
        "yescrypt",
        &[
            "$y$j5T$LdJMENpBABJJ3hIHjB1Bi.",
            "$y$j75$",
            "$y$j5T..$saltsalt",
            "$y$j5T/.$saltsalt",
            "$y$j5T0..$saltsalt",
            "$y$j75//$saltsalt",
        ],
    ),
    ("NT", &["$3$$"]),
];

/// Bytes above 127 in every place of a word of four, and words that bcrypt's old form extends without effect.
const PASSWORDS: [&[u8]; 11] = [
    b"",
    b"a",
    b"x34!2axf",
    b"eight by eight, and more of it",
    "Größe 😀 ключ".as_bytes(),
    b"\xa3",
    b"\xff\xff\xa3",
    b"\xff\xa334\xff\xff\xff\xa3345",
    b"1\xa3345",
    b"\xd1\x91\xd1\x91\xd1\x91\xd1\x91\xd1\x91",
    b"seventy-two bytes, which is all that bcrypt looks at, are in this text..",
];

#[test]
fn keyward_verifies_what_libxcrypt_stores() {
    let mut jobs = Vec::new();
    for (name, settings) in SETTINGS {
        for setting in settings {
            jobs.extend(PASSWORDS.map(|password| (name, *setting, password)));
        }
    }
    let questions = jobs
        .iter()
        .map(|(_, setting, password)| (*setting, *password));
    let Some(answers) = libxcrypt(questions) else {
        return;
    };
    let (mut verified, mut disputed) = (0, 0);
    for ((name, setting, password), stored) in jobs.iter().zip(answers) {
        let stored = stored.unwrap_or_else(|| panic!("libxcrypt refuses {setting}"));
        let hash = recognise(&stored, Some(Dialect::Crypt)).unwrap();
        assert_eq!(hash.scheme().name, *name, "{stored}");
        if is_disputed(&hash.verify(&Secret::copied_from(password))) {
            assert!(setting.starts_with("$2a$") && std::str::from_utf8(password).is_err());
            disputed += 1;
            continue;
        }
        let verdict = hash.verify(&Secret::copied_from(password));
        assert_eq!(verdict, Ok(true), "{stored} {password:?}");
        // The bug of 2x is that passwords with such bytes collide.
        if !setting.starts_with("$2x$") || password.is_ascii() {
            let other = different(password);
            let verdict = hash.verify(&Secret::copied_from(&other));
            assert_eq!(verdict, Ok(false), "{stored} {other:?}");
        }
        verified += 1;
    }
    assert!(verified > 280, "{verified}");
    assert_eq!(disputed, 2);
}

#[test]
fn every_salt_of_des_is_read_as_libxcrypt_reads_it() {
    const DIGITS: &str = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let salts = DIGITS.chars().flat_map(|first| {
        let salt = move |second| String::from_iter([first, second]);
        DIGITS.chars().map(salt)
    });
    let salts: Vec<String> = salts.collect();
    let questions = salts.iter().map(|salt| (salt.as_str(), &b"password"[..]));
    let Some(answers) = libxcrypt(questions) else {
        return;
    };
    assert_eq!(answers.len(), 4096);
    for stored in answers {
        let hash = recognise(&stored.unwrap(), Some(Dialect::Crypt)).unwrap();
        assert_eq!(
            hash.verify(&Secret::copied_from(b"password, cut")),
            Ok(true)
        );
        assert_eq!(hash.verify(&Secret::copied_from(b"passwore")), Ok(false));
    }
}

#[test]
fn libxcrypt_makes_the_same_of_what_keyward_made() {
    let mut made = Vec::new();
    for scheme in schemes() {
        if !scheme.dialects.contains(&Dialect::Crypt) || !scheme.produces() {
            continue;
        }
        for password in PASSWORDS {
            let stored = scheme.hash(&Secret::copied_from(password), least_cost(scheme));
            made.push((stored.unwrap(), password));
        }
    }
    assert!(made.len() >= 5 * PASSWORDS.len());
    let questions = made
        .iter()
        .map(|(stored, password)| (stored.as_str(), *password));
    let Some(answers) = libxcrypt(questions) else {
        return;
    };
    for ((stored, password), answer) in made.iter().zip(answers) {
        assert_eq!(answer.as_ref(), Some(stored), "{password:?}");
    }
}

#[test]
fn the_table_names_libxcrypt_where_it_judges() {
    for scheme in schemes() {
        let is_crypt = scheme.dialects[0] == Dialect::Crypt && scheme.name != "apr1";
        let says_so = scheme
            .judge
            .is_some_and(|judge| judge.contains("libxcrypt"));
        assert_eq!(says_so, is_crypt, "{scheme:?}");
        if is_crypt {
            assert!(SETTINGS.iter().any(|(name, _)| *name == scheme.name));
        }
    }
}

fn is_disputed(verdict: &Result<bool, PasswordError>) -> bool {
    matches!(
        verdict,
        Err(PasswordError::Refused {
            refusal: Refusal::Disputed,
            ..
        })
    )
}

/// Another password: DES looks at 8 bytes and at seven bits of each.
fn different(password: &[u8]) -> Vec<u8> {
    let mut different = password.to_vec();
    match different.first_mut() {
        Some(first) => *first ^= 1,
        None => different.push(b'x'),
    }
    different
}

/// What crypt(3) makes of each setting and password; none, and a report, where it is not libxcrypt's.
fn libxcrypt<'a>(
    questions: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> Option<Vec<Option<String>>> {
    let line = |(setting, password): (&str, &[u8])| {
        json!({"setting": setting, "password": password}).to_string()
    };
    let lines: Vec<String> = questions.map(line).collect();
    let child = Command::new("python3")
        .arg(repository().join("tests/password/ask_libcrypt.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        leave_out("python3 is not here");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    // It may have gone already, for want of the library.
    let _ = stdin.write_all(lines.join("\n").as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    if !output.status.success() {
        leave_out("libxcrypt's libcrypt.so.1 is not here (install libcrypt1)");
        return None;
    }
    let text = String::from_utf8(output.stdout).unwrap();
    let answer = |line: &str| {
        let answer: Value = serde_json::from_str(line).unwrap();
        answer["stored"].as_str().map(ToOwned::to_owned)
    };
    let answers: Vec<_> = text.lines().map(answer).collect();
    assert_eq!(answers.len(), lines.len());
    Some(answers)
}
