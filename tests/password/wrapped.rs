//! Stored hashes that are hashed again without their passwords.

use keyward::Secret;
use keyward::password::{
    Conventions, Dialect, HashFunction, LayerKey, PasswordError, Refusal, Wrapping, recognise,
};

fn secret(text: &str) -> Secret {
    Secret::copied_from(text.as_bytes())
}

/// Values of `password`, each of another function.
const STORED: [&str; 17] = [
    "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
    "{MD5}X03MO1qnZdYdgyfeuILPmQ==",
    "{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG",
    "{sha256}97cde38028ad898ebc02e690819fa220e88c62e0699403e94fff291cfffaf8410849f27605abcbc0",
    "{pbkdf2}5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6bf3b508fbf17fa4ed4d6b99ca763d8dc",
    "$1$deadbeef$0Huu6KHrKLVWfqa4WljDE0",
    "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/",
    "$6$rounds=1400$.ExCS8er31dM8hLv$lZEXtQJpYAjgMQMOHKLSAOwZ3NEjqXpMfR0b1imdytEa4iFTSDtZp55QsyXng78t6gi6jQ9ATNMC/UNDsgS911",
    "{smd5}a5/yTL/u$VfvgyHx1xUlXZYBocQpQY0",
    "$sha1$40000$jtNX3nZ2$hBNaIXkt4wBI2o5rsi8KejSjNqIq",
    "$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D",
    "$y$jC5$Ihf2uDRPFPqi0r5TtbDpW.$eDzsKjVUnOPgAcXCWAPmMSQnwKmkWjVaL1WaPYiNYV3",
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    "$scrypt$ln=10,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw",
    "$3$$8846f7eaee8fb117ad06bdd830b7586c",
    "_J9..CCCCXBrApNeRhQc",
    "rEK1ecacw.7.c",
];

#[test]
fn whatever_password_was_right_is_right_for_the_wrapped_value_too() {
    let outer = Wrapping::new("pbkdf2-sha256", Some(1000)).unwrap();
    let mut wrapped_values = 0;
    for text in STORED {
        let dialect = text.contains("ln=").then_some(Dialect::Phc);
        let stored = recognise(text, dialect).unwrap_or_else(|error| panic!("{text}: {error}"));
        let wrapped = outer.wrap(&stored).unwrap();
        assert!(wrapped.starts_with("$keyward$1$"), "{wrapped}");
        let (read, again) = (
            recognise(&wrapped, None).unwrap(),
            outer.wrap(&stored).unwrap(),
        );
        assert_ne!(wrapped, again, "each has a salt of its own");
        for password in ["password", "", "Password", "passwor", "test", "U*U*U*U*"] {
            let expected = stored.verify(&secret(password)).unwrap();
            assert_eq!(
                read.verify(&secret(password)).unwrap(),
                expected,
                "{text} {password}"
            );
            wrapped_values += usize::from(expected);
        }
    }
    assert!(wrapped_values >= 5, "{wrapped_values}");
}

/// A password, whose it is, and a value of a function that few products have.
const RARE: [(&str, Option<Dialect>, &str); 6] = [
    ("test12345", None, "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"),
    ("password", None, "U$P$7saltsaltGfCVi87pYwP7IWZpy1QZ7/"),
    (
        "hashcat",
        None,
        "$S$C33783772bRXEx1aCsvY.dqgaaSu76XmVlKrW9Qu8IQlvxHlmzLf",
    ),
    (
        "test",
        Some(Dialect::Kratos),
        "$pbkdf2-sha384$i=1000,l=48$c2FsdHNhbHRzYWx0c2FsdA$VJFCke/7rGFzt8IxPQAS8jRItkbcdp3iMk1LbqlyPQAYDga6y6x9ayqZ7Nbi24US",
    ),
    (
        "test",
        Some(Dialect::Kratos),
        "$hmac-sha1$NDMyNjcxZTUyY2Y2YTBmYjZjZDE2NjQxYjAwNjFiZjAwOGEzNWM5MA==$MTIzNDU=",
    ),
    (
        "8x4WjoDbSxJZdR",
        Some(Dialect::Kratos),
        "$firescrypt$ln=14,r=8,p=1$sPtDhWcd1MfdAw==$xbSou7FOl6mChCyzpCPIQ7tku7nsQMTFtyOZSXXd7tjBa4NtimOx7v42Gv2SfzPQu1oxM2/k4SsbOu73wlKe1A==$Bw==$YE0dO4bwD4JnJafh6lZZfkp1MtKzuKAXQcDCJNJNyeCHairWHKENOkbh3dzwaCdizzOspwr/FITUVlnOAwPKyw==",
    ),
];

#[test]
fn functions_that_few_products_have_are_wrapped_too() {
    let outer = Wrapping::new("pbkdf2-sha256", Some(1000)).unwrap();
    for (password, dialect, text) in RARE {
        let stored = recognise(text, dialect).unwrap_or_else(|error| panic!("{text}: {error}"));
        let wrapped = recognise(&outer.wrap(&stored).unwrap(), None).unwrap();
        assert!(wrapped.verify(&secret(password)).unwrap(), "{text}");
        assert!(!wrapped.verify(&secret("Password1")).unwrap(), "{text}");
    }
}

#[test]
fn every_outer_scheme_takes_digests_of_every_length() {
    for name in Wrapping::names() {
        let cost = match name {
            "bcrypt" | "scrypt" => 4,
            "argon2id" => 1,
            _ => 1000,
        };
        let outer = Wrapping::new(name, Some(cost)).unwrap();
        // 16, 20 and 64 bytes.
        for text in [STORED[1], STORED[0], STORED[7]] {
            let stored = recognise(text, None).unwrap();
            let read = recognise(&outer.wrap(&stored).unwrap(), None).unwrap();
            for password in [
                "password",
                "we have a short salt string but not a short password",
            ] {
                let expected = stored.verify(&secret(password)).unwrap();
                assert_eq!(read.verify(&secret(password)).unwrap(), expected);
            }
            assert!(!outer.is_current(&read));
        }
        let new = outer.hash(&secret("password")).unwrap();
        let new = recognise(&new, None).unwrap();
        assert!(outer.is_current(&new), "{name}");
        assert!(new.verify(&secret("password")).unwrap());
    }
}

#[test]
fn a_wrapped_value_never_holds_the_inner_digest() {
    let outer = Wrapping::new("pbkdf2-sha512", Some(1000)).unwrap();
    let wrapped = outer.wrap(&recognise(STORED[0], None).unwrap()).unwrap();
    assert!(
        !wrapped.contains("W6ph5Mm5Pz8GgiULbPgzG37mj9g"),
        "{wrapped}"
    );
}

#[test]
fn what_cannot_be_wrapped_is_told() {
    let outer = Wrapping::new("argon2id", None).unwrap();
    let clear = recognise("{CLEAR}password", None).unwrap();
    let wrapped = recognise(
        &outer.wrap(&recognise(STORED[0], None).unwrap()).unwrap(),
        None,
    );
    for stored in [clear, wrapped.unwrap()] {
        assert!(matches!(
            outer.wrap(&stored),
            Err(PasswordError::Refused {
                refusal: Refusal::NotWrapped,
                ..
            })
        ));
    }
    assert!(matches!(
        Wrapping::new("SSHA", None),
        Err(PasswordError::NotAWrapping { .. })
    ));
    assert!(Wrapping::new("bcrypt", Some(40)).is_err());
}

#[test]
fn a_damaged_envelope_is_refused_and_a_hostile_one_not_computed() {
    let outer = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA";
    for inner in [
        "",
        "digest",
        "digest;h=SHA-1;b=;a=;t=1;x=1",
        "digest;h=SHA-1;b=;a=*;t=1",
        "digest;h=SHA-0;b=;a=;t=1",
        "digest;h=SHA-1;b=;a=;t=0",
        "digest;h=SHA-1;b=;a=;t=4294967295",
        "pbkdf2;h=SHA1;i=2147483647;l=20;s=",
        "argon2;k=argon2id;v=19;m=67108864;t=1;p=1;l=32;s=c2FsdHNhbHQ",
        "scrypt;n=40;r=8;p=1;l=64;s=",
        "bcrypt;v=2b;c=31;p=none;s=AAAAAAAAAAAAAAAAAAAAAA",
        "des-crypt;n=4096",
        "phpass;h=MD5;r=4294967295;l=16;o=password;s=",
        "phpass;h=MD5;r=1;l=17;o=password;s=",
        "pbkdf2-sha3;h=SHA3-384;i=2147483647;l=48;s=",
        "firebase;n=40;r=8;p=1;s=;g=",
        "wrapped;",
    ] {
        assert!(
            recognise(&format!("$keyward$1${inner}{outer}"), None).is_err(),
            "{inner}"
        );
    }
    assert!(recognise("$keyward$1$digest;h=SHA-1;b=;a=;t=1", None).is_err());
    assert!(recognise("$keyward$1$digest;h=SHA-1;b=;a=;t=1$nothing$", None).is_err());
    let sound = format!("$keyward$1$digest;h=SHA-1;b=;a=;t=1{outer}");
    assert!(recognise(&sound, None).is_ok());
}

/// What the servers of these dialects verify, an old value first.
fn dialects() -> Vec<(Dialect, String, &'static [&'static str], &'static str)> {
    let row = keyward::password::scheme("pbkdf2", Some(Dialect::Keycloak)).unwrap();
    let row = row.hash(&secret("password"), Some(1000)).unwrap();
    let ldap = || STORED[0].to_owned();
    vec![
        (
            Dialect::Keycloak,
            row,
            &["argon2id", "pbkdf2-sha256", "pbkdf2-sha512"],
            "{\"credentialData\":\"{\\\"hashIterations\\\":",
        ),
        (
            Dialect::Spring,
            STORED[2].to_owned(),
            &["argon2id", "bcrypt", "scrypt", "pbkdf2-sha256"],
            "{keyward}$keyward$1$",
        ),
        (
            Dialect::OpenLdap,
            ldap(),
            &["argon2id", "bcrypt", "pbkdf2-sha256", "pbkdf2-sha512"],
            "{KEYWARD}$keyward$1$",
        ),
        (
            Dialect::OpenDj,
            ldap(),
            &["bcrypt", "pbkdf2-sha256", "pbkdf2-sha512"],
            "{KEYWARD}$keyward$1$",
        ),
        (
            Dialect::Directory389,
            ldap(),
            &["bcrypt", "pbkdf2-sha256", "pbkdf2-sha512"],
            "{KEYWARD}$keyward$1$",
        ),
        (
            Dialect::Django,
            "md5$salt$67a1e09bb1f83f5007dc119c14d663aa".to_owned(),
            &["argon2id", "bcrypt", "scrypt", "pbkdf2-sha256"],
            "$keyward$1$",
        ),
        (
            Dialect::Kratos,
            RARE[4].2.to_owned(),
            &["argon2id", "bcrypt"],
            "$keyward$1$",
        ),
        (
            Dialect::Phc,
            STORED[12].to_owned(),
            &[
                "argon2id",
                "bcrypt",
                "scrypt",
                "pbkdf2-sha256",
                "pbkdf2-sha512",
            ],
            "$keyward$1$",
        ),
    ]
}

#[test]
fn a_dialect_reads_what_is_written_for_its_servers() {
    for (dialect, old, names, mark) in dialects() {
        assert_eq!(Wrapping::names_in(Some(dialect)), names);
        let old = recognise(&old, Some(dialect)).unwrap();
        for name in names {
            let cost = match *name {
                "bcrypt" | "scrypt" => Some(4),
                "argon2id" => Some(1),
                _ if dialect == Dialect::Spring => None,
                _ => Some(1000),
            };
            let wrapping = Wrapping::in_dialect(name, cost, Some(dialect)).unwrap();
            let envelope = wrapping.wrap(&old).unwrap();
            assert!(envelope.starts_with(mark), "{envelope}");
            let wrapped = recognise(&envelope, Some(dialect)).unwrap();
            assert!(matches!(wrapped.function(), HashFunction::Wrapped(_)));
            for password in ["password", "Password"] {
                let expected = old.verify(&secret(password)).unwrap();
                let verified = wrapped.verify(&secret(password)).unwrap();
                assert_eq!(verified, expected, "{dialect} {name} {password}");
            }
            let new = wrapping.hash(&secret("password")).unwrap();
            let new = recognise(&new, Some(dialect)).unwrap();
            assert!(wrapping.is_current(&new), "{dialect} {name}");
            assert!(new.verify(&secret("password")).unwrap());
        }
    }
}

#[test]
fn new_values_are_read_among_those_of_every_dialect() {
    for dialect in Dialect::ALL {
        let names = Wrapping::names_in(Some(dialect));
        let name = names.into_iter().find(|name| name.starts_with("pbkdf2"));
        let name = name.unwrap_or("bcrypt");
        let cost = match (name, dialect) {
            ("bcrypt", _) => Some(4),
            (_, Dialect::Spring) => None,
            _ => Some(1000),
        };
        let wrapping = Wrapping::in_dialect(name, cost, Some(dialect)).unwrap();
        let text = wrapping.hash(&secret("password")).unwrap();
        let read = recognise(&text, Some(dialect)).unwrap_or_else(|error| panic!("{error}"));
        assert!(wrapping.is_current(&read), "{dialect}: {text}");
        assert!(read.verify(&secret("password")).unwrap(), "{dialect}");
        assert!(!read.verify(&secret("Password")).unwrap(), "{dialect}");
    }
}

#[test]
fn what_the_servers_of_a_dialect_do_not_verify_is_refused_with_what_they_do() {
    let error = Wrapping::in_dialect("scrypt", None, Some(Dialect::Keycloak));
    let error = error.err().unwrap().to_string();
    for part in [
        "keycloak",
        "scrypt",
        "argon2id, pbkdf2-sha256, pbkdf2-sha512",
    ] {
        assert!(error.contains(part), "{error}");
    }
    let fixed = Wrapping::in_dialect("pbkdf2-sha256", Some(1000), Some(Dialect::Spring));
    assert!(matches!(
        fixed,
        Err(PasswordError::Refused {
            refusal: Refusal::FixedCost,
            ..
        })
    ));
}

#[test]
fn a_row_of_keycloak_is_encoded_anew_at_the_next_login() {
    let (dialect, old, ..) = dialects().swap_remove(0);
    let wrapping = Wrapping::in_dialect("argon2id", None, Some(dialect)).unwrap();
    let row = wrapping.wrap(&recognise(&old, Some(dialect)).unwrap());
    let row: serde_json::Value = serde_json::from_str(&row.unwrap()).unwrap();
    let credential = row["credentialData"].as_str().unwrap();
    // Argon2's provider looks at these alone, and not at the algorithm.
    let argon2 = ["hashLength", "memory", "type", "version", "parallelism"];
    assert!(!argon2.iter().any(|name| credential.contains(name)));
    let credential: serde_json::Value = serde_json::from_str(credential).unwrap();
    assert_eq!(credential["algorithm"], "keyward");
    assert_eq!(credential["additionalParameters"], serde_json::json!({}));
    let secret = row["secretData"].as_str().unwrap();
    let secret: serde_json::Value = serde_json::from_str(secret).unwrap();
    let value = secret["value"].as_str().unwrap();
    assert!(value.starts_with("$keyward$1$pbkdf2;h=SHA1;i=1000;l=64;s="));
    // Keycloak's own memory and passes.
    assert!(value.contains("$argon2id$v=19$m=7168,t=5,p=1$"), "{value}");
    assert_eq!(secret["salt"].as_str().unwrap().len(), 24);
    let damaged = row.to_string().replace("$keyward$1$", "$keyward$2$");
    assert!(recognise(&damaged, Some(dialect)).is_err());
}

#[test]
fn a_value_under_a_pepper_is_worth_nothing_without_it() {
    let layer_key = |pepper| LayerKey::new("Pepper", secret(pepper));
    let by = |layer_key| Conventions {
        layer_key,
        ..Conventions::default()
    };
    let (right, wrong) = (layer_key("q7#Vt9!mZ2"), layer_key("another one"));
    for name in Wrapping::names() {
        let cost = match name {
            "bcrypt" | "scrypt" => 4,
            "argon2id" => 1,
            _ => 1000,
        };
        let plain = Wrapping::new(name, Some(cost)).unwrap();
        let outer = plain.clone().under(&right);
        let wrapped = outer.wrap(&recognise(STORED[0], None).unwrap()).unwrap();
        let new = outer.hash(&secret("password")).unwrap();
        // It would be refused at every login.
        assert!(outer.hash(&secret(&"p".repeat(4097))).is_err());
        for (text, is_current) in [(&wrapped, false), (&new, true)] {
            assert!(text.starts_with("$keyward$1$p=UGVwcGVy$"), "{text}");
            assert!(!text.contains("password$") || is_current, "{text}");
            let with = |key: Option<LayerKey>| by(key).recognise(text).unwrap();
            let stored = with(Some(right.clone()));
            assert_eq!(outer.is_current(&stored), is_current, "{text}");
            assert!(!plain.is_current(&stored));
            assert!(stored.verify(&secret("password")).unwrap());
            assert!(!stored.verify(&secret("passwort")).unwrap());
            let under_another = with(Some(wrong.clone()));
            assert!(!under_another.verify(&secret("password")).unwrap());
            let nowhere = with(None).verify(&secret("password"));
            assert!(
                matches!(&nowhere, Err(PasswordError::Refused { refusal: Refusal::NoLayerKey { alias }, .. }) if alias == "Pepper"),
                "{nowhere:?}"
            );
        }
    }
    // The password itself stands under a pepper or nowhere.
    let outer = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA";
    assert!(recognise(&format!("$keyward$1$password{outer}"), None).is_err());
    for layer in ["p=", "p=$", "p=*$", "p=/w$", "p=UGVwcGVy"] {
        let text = format!("$keyward$1${layer}digest;h=SHA-1;b=;a=;t=1{outer}");
        assert!(recognise(&text, None).is_err(), "{text}");
    }
}
