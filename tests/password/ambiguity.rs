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
