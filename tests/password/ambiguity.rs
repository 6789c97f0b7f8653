//! One text, several products.

use keyward::password::{Dialect, PasswordError, Refusal, identify, recognise};

use crate::secret;

/// The same mark in OpenDJ, OpenLDAP and Spring, in three layouts.
#[test]
fn one_mark_in_three_layouts_is_told_apart() {
    for (stored, dialect) in [
        (
            "{PBKDF2}1000:5gqOPElN8Wy8N6OHU7hnSsjHGS1zYWx0c2FsdA==",
            Dialect::OpenDj,
        ),
        (
            "{PBKDF2}1000$c2FsdHNhbHQ$5gqOPElN8Wy8N6OHU7hnSsjHGS0",
            Dialect::OpenLdap,
        ),
        (
            "{pbkdf2}5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6bf3b508fbf17fa4ed4d6b99ca763d8dc",
            Dialect::Spring,
        ),
    ] {
        let readings = identify(stored, None).readings;
        assert_eq!(readings.len(), 1, "{stored}");
        assert_eq!(readings[0].scheme().dialects, [dialect]);
        assert!(recognise(stored, Some(dialect)).is_ok());
        let other = [Dialect::OpenDj, Dialect::OpenLdap, Dialect::Spring];
        for other in other.into_iter().filter(|other| *other != dialect) {
            assert!(recognise(stored, Some(other)).is_err(), "{stored} {other}");
        }
    }
}

/// By Python's hashlib. Behind `sha224` and `sha384` Kratos computes SHA-3, and @phc/pbkdf2 SHA-2.
#[test]
fn a_phc_string_of_pbkdf2_is_kratos_only_where_both_compute_the_same() {
    let salt = "c2FsdHNhbHRzYWx0c2FsdA";
    for (mark, key, readings) in [
        ("pbkdf2", "9RFFGO2qiTl+r3U617Ka74PcsIk", 1),
        ("pbkdf2-sha1", "9RFFGO2qiTl+r3U617Ka74PcsIk", 1),
        ("pbkdf2-sha224", "cZYvoUhYqWl3QtoNsfZUt/9YiTtr8Jqqo2qu9w", 2),
        (
            "pbkdf2-sha256",
            "4+KBqsOVLqj6E9Td14CGM3lT9IqBoXdgdB7aKUjWvVE",
            1,
        ),
        (
            "pbkdf2-sha384",
            "gk/E+TMN9msmGSogehmw8e8UZIFoCqBw6T6VYAdMHRVUKdANmUNVleGcR/lTUmRg",
            2,
        ),
        (
            "pbkdf2-sha512",
            "dyidlA4OGvsctKcO0KZFOlGtA27staAA8mDrz6VzN3SelD3nnmE2WsnMdcGQvfaA2JIllqdSoSWAJNMZXPY7FQ",
            1,
        ),
    ] {
        let length = key.len() * 3 / 4;
        let stored = format!("${mark}$i=1000,l={length}${salt}${key}");
        let phc = recognise(&stored, Some(Dialect::Phc)).unwrap();
        assert_eq!(phc.verify(&secret("test")), Ok(true), "{stored}");
        assert_eq!(phc.verify(&secret("Test")), Ok(false), "{stored}");
        assert_eq!(identify(&stored, None).readings.len(), readings, "{stored}");
        match recognise(&stored, None) {
            Ok(one) => assert_eq!((readings, one.verify(&secret("test"))), (1, Ok(true))),
            Err(PasswordError::Ambiguous { readings: several }) => {
                assert_eq!((readings, several.len()), (2, 2), "{several:?}");
            }
            Err(error) => panic!("{stored}: {error}"),
        }
    }
}

/// Of a key that was cut off, one of 256 wrong passwords would be right.
#[test]
fn keys_that_are_cut_off_are_damaged() {
    for (stored, dialect) in [
        ("{PBKDF2-SHA256}1000$c2FsdHNhbHQ$Ew", Dialect::OpenLdap),
        (
            "{PBKDF2-SHA256}1000$c2FsdHNhbHQ$E196ZhRPzw.wA84EjzHwJO1cvw",
            Dialect::OpenLdap,
        ),
        (
            "{PBKDF2-SHA256}1000$c2FsdHNhbHQ$E196ZhRPzw.wA84EjzHwJO1cvw",
            Dialect::Directory389,
        ),
        ("$pbkdf2$1000$c2FsdHNhbHQ$6f6/9Uv85mj9", Dialect::Passlib),
        ("$pbkdf2-sha256$i=1000,l=1$c2FsdHNhbHQ$Ew", Dialect::Kratos),
        ("$pbkdf2-sha384$i=1000,l=1$c2FsdHNhbHQ$Ew", Dialect::Kratos),
        ("$scrypt$ln=4,r=8,p=1$c2FsdHNhbHQ$Ew", Dialect::Phc),
    ] {
        let Err(PasswordError::Refused { refusal, .. }) = recognise(stored, Some(dialect)) else {
            panic!("{stored} is read");
        };
        assert!(
            matches!(refusal, Refusal::Malformed(_)),
            "{stored}: {refusal}"
        );
    }
    for (stored, dialect) in [
        (
            "{PBKDF2-SHA256}1000$c2FsdHNhbHQ$E196ZhRPzw.wA84EjzHwJO1cv/MFJdO6C/sxmUeTYqY",
            Dialect::OpenLdap,
        ),
        // kanidm's length.
        (
            "$pbkdf2$1000$c2FsdHNhbHQ$6f6/9Uv85mj94wGsyFVjzJ3HHg",
            Dialect::Passlib,
        ),
    ] {
        let stored = recognise(stored, Some(dialect)).unwrap();
        assert_eq!(stored.verify(&secret("password")), Ok(true));
        assert_eq!(stored.verify(&secret("Password")), Ok(false));
    }
}

/// 64 KiB of text are read; what they would be filled up to is bounded before it is built.
#[test]
fn a_stored_text_has_a_longest_length_and_so_has_what_it_is_filled_to() {
    let long = format!("$sha256$pf=e1BBU1NXT1JEfQ==${}$", "A".repeat(1 << 20));
    for dialect in [None, Some(Dialect::Kratos)] {
        let Err(PasswordError::TooLong { length, limit }) = recognise(&long, dialect) else {
            panic!("it is read");
        };
        assert_eq!((length, limit), (long.len(), 64 << 10));
    }
    let scheme = keyward::password::scheme("sha256", Some(Dialect::Kratos)).unwrap();
    assert!(matches!(
        scheme.read(&long),
        Some(Err(PasswordError::TooLong { .. }))
    ));
    // base64 of `{SALT}` is as long as eight digits.
    let template = format!("{}{}", "e1NBTFR9".repeat(3000), "e1BBU1NXT1JEfQ==");
    let salt = "A".repeat(30_000);
    let digest = "HokCOi9OtiZaZRvnkgemV3B4UUHpI7kA8zq/EZWH2NY=";
    let text = format!("$sha256$pf={template}${salt}${digest}");
    let Err(PasswordError::Refused { refusal, .. }) = recognise(&text, Some(Dialect::Kratos))
    else {
        panic!("it is filled");
    };
    assert!(matches!(refusal, Refusal::BeyondLimit(_)), "{refusal}");
    let short = format!("$sha256$pf={template}$NW9wbWtnejAzcg==${digest}");
    assert!(recognise(&short, Some(Dialect::Kratos)).is_ok());
}

#[test]
fn readings_that_accept_the_same_passwords_need_no_choice() {
    let stored = "{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG";
    assert_eq!(identify(stored, None).readings.len(), 2);
    let stored = recognise(stored, None).unwrap();
    assert!(stored.verify(&secret("password")).unwrap());
}

#[test]
fn a_password_beyond_bcrypts_72_bytes_is_refused() {
    let stored = recognise(
        "$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG",
        None,
    )
    .unwrap();
    assert_eq!(stored.verify(&secret(&"x".repeat(72))), Ok(false));
    let refusal = stored.verify(&secret(&"x".repeat(73))).unwrap_err();
    let PasswordError::Refused { refusal, .. } = refusal else {
        panic!("{refusal}");
    };
    assert_eq!(
        refusal,
        Refusal::PasswordTooLong {
            length: 73,
            limit: 72
        }
    );
    assert!(stored.verify(&secret("pass\0word")).is_err());
}

#[test]
fn costs_without_bound_are_refused_with_a_reason() {
    for stored in [
        "{PBKDF2}2147483647:5gqOPElN8Wy8N6OHU7hnSsjHGS1zYWx0c2FsdA==",
        "pbkdf2_sha256$4294967296$salt$5gqOPElN8Wy8N6OHU7hnSsjHGS0=",
        "$2b$31$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG",
        "$argon2id$v=19$m=67108864,t=3,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "{scrypt}$ff0801$c2FsdA==$5gqOPElN8Wy8N6OHU7hnSsjHGS0=",
        "$6$rounds=999999999$salt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/",
    ] {
        let identification = identify(stored, None);
        assert!(identification.readings.is_empty(), "{stored}");
        let beyond = |refusal: &PasswordError| {
            matches!(
                refusal,
                PasswordError::Refused {
                    refusal: Refusal::BeyondLimit(_),
                    ..
                }
            )
        };
        assert!(identification.refusals.iter().any(beyond), "{stored}");
    }
}
