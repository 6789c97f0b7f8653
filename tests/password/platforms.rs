//! The notations of platforms whose programs are not here: the values that they publish with their passwords.

use keyward::Secret;
use keyward::password::{
    Dialect, PasswordError, Refusal, firebase_row, identify, recognise, wso2_row,
};

use crate::published_values::{ASPNET, DRESSED, DRUPAL, KRATOS, OKTA, PASSWAP};
use crate::secret;

#[test]
fn published_values_are_verified() {
    let kratos = KRATOS.map(|(password, stored)| (Dialect::Kratos, password, stored));
    let passwap = PASSWAP.map(|(password, stored)| (Dialect::Passwap, password, stored));
    let aspnet = ASPNET.map(|stored| (Dialect::AspNet, "my password", stored));
    let okta = OKTA.map(|(password, stored)| (Dialect::Okta, password, stored));
    let drupal = DRUPAL.map(|(password, stored)| (Dialect::Drupal, password, stored));
    let all = kratos.iter().chain(&passwap).chain(&aspnet).chain(&okta);
    for (dialect, password, stored) in all.chain(&drupal).chain(&DRESSED) {
        accepts(stored, *dialect, password);
    }
}

/// By hashlib. passwap takes both alphabets of base64, has `$7$` for passlib's text of scrypt, and MD5 without a mark.
#[test]
fn values_of_passwap_without_a_notation_of_their_own_are_verified() {
    let passwap = Some(Dialect::Passwap);
    for (password, stored) in [
        (
            "password",
            "$pbkdf2-sha256$12$c2FsdDM=$3IPk00bzsz4tUHxLDS38hU+ueKjZ1WzHJyQF+7GQsBo=",
        ),
        (
            "password",
            "$7$ln=16,r=8,p=1$cmFuZG9tc2FsdGlzaGFyZA$Rh+NnJNo1I6nRwaNqbDm6kmADswD1+7FTKZ7Ln9D8nQ",
        ),
        ("password", "5f4dcc3b5aa765d61d8327deb882cf99"),
    ] {
        let read = recognise(stored, passwap).unwrap_or_else(|error| panic!("{stored}: {error}"));
        assert_eq!(read.verify(&secret(password)), Ok(true), "{stored}");
        assert_eq!(read.verify(&secret("Password")), Ok(false), "{stored}");
    }
    let bare = identify("5f4dcc3b5aa765d61d8327deb882cf99", None);
    assert!(bare.readings.is_empty() && bare.refusals.is_empty());
    // crypt(3)'s text of the same mark is another's.
    let crypt = "$7$4/..../....saltsalt$qxPd6GmVSeFwbYqeGiGM3fNs9HGEMO1P.ZRqBwEX792";
    assert!(recognise(crypt, passwap).is_err());
    assert!(recognise(crypt, Some(Dialect::Crypt)).is_ok());
}

/// `PBKDF2HashProviderTest` of identity-hash-provider-pbkdf2; a row of a digest, by hashlib.
#[test]
fn rows_of_wso2_are_verified() {
    let salt = Some("GzgyTT0M0TSvgMaXZEbD1Q==");
    for (password, stored, salt, digest) in [
        (
            "vijee123",
            "dos1WOO13Hv01bJ9pLcd7g==",
            salt,
            "PBKDF2 {pbkdf2.iteration.count:20000,pbkdf2.dkLength:128}",
        ),
        (
            "nisho123",
            "KV/l28Zm91sx/xWleyWClooPfcb1PNZ5nA0OOXFiYGE=",
            salt,
            "PBKDF2",
        ),
        (
            "john123",
            "+tFsn/xvh3tLLPraNZbc70JZzKpyQMGprGRzG1jAwNWWU8+Y5Zn4QhLqUv3NUH1wY9lgFERZT/gXpd5vkw7jdA==",
            Some("GzgyTT0IOweHJgcXZEbD1Q=="),
            r#"PBKDF2 {"pbkdf2.iteration.count":"25000","pbkdf2.dkLength":"512","pbkdf2.prf":"PBKDF2WithHmacSHA1"}"#,
        ),
        (
            "admin",
            "Np07o6UXD0YNLPPlRsEoIhpR2E5bboeCd2Qg8dbRw/8=",
            Some("uD1cBrbR0HYJ+Cxq2SCkyg=="),
            "SHA-256",
        ),
        (
            "admin",
            "jGl25bVBBBW96Qi9Te4V37Fnqchz/Eu4qB9vKrRIqRg=",
            None,
            "SHA-256",
        ),
        ("admin", "admin", None, "PLAIN_TEXT"),
    ] {
        accepts(&wso2_row(stored, salt, digest), Dialect::Wso2, password);
    }
}

/// The example of github.com/firebase/scrypt; the rest are vectors of others in Firebase's members.
#[test]
fn rows_of_firebase_are_verified() {
    let signer_key =
        "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    let scrypt = format!(
        r#"{{"algorithm":"SCRYPT","base64_signer_key":"{signer_key}","base64_salt_separator":"Bw==","rounds":8,"mem_cost":14}}"#
    );
    for (password, stored, salt, config) in [
        (
            "user1password",
            "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
            "42xEC+ixf3L2lw==",
            scrypt.as_str(),
        ),
        (
            "Password",
            "TdzY9guYviGDDO5e8icB-WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl_M8jQ",
            "TmFDbA==",
            r#"{"algorithm":"PBKDF2_SHA256","rounds":80000}"#,
        ),
        (
            "test",
            "QyZx5Sz2oPts0WZBsAYb8AijXJA=",
            "",
            r#"{"algorithm":"HMAC_SHA1","hash_key":"MTIzNDU="}"#,
        ),
        (
            "Testing123!",
            "TdLtPD2sUZ6gnRDUkvaQgqZcZttYBhoBqQGSI/pXqnU=",
            "TVB1MTNPbVk=",
            r#"{"algorithm":"SHA256","rounds":1,"hash_input_order":"SALT_FIRST"}"#,
        ),
        (
            "test",
            "JDJhJDEyJG82aHguV29nL3d2RlNrVC9CcC82RE94Q3RMUlREajdsbTlvbjlzdUYvV2FDR05WSGJrZkw2",
            "",
            r#"{"algorithm":"BCRYPT"}"#,
        ),
    ] {
        let row = firebase_row(stored, salt, config).unwrap();
        accepts(&row, Dialect::Firebase, password);
    }
    let md5 = r#"{"algorithm":"MD5","rounds":2}"#;
    let row = firebase_row("CY9rzUYh03PK3k6DJie09g==", "", md5).unwrap();
    let Err(PasswordError::Refused { refusal, .. }) = recognise(&row, None) else {
        panic!("it is judged");
    };
    assert!(matches!(refusal, Refusal::Unpublished(_)));
}

/// A program with the reference implementation's class; RFC 7914 for Werkzeug and web2py.
#[test]
fn values_of_small_frameworks_are_verified() {
    let key = "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d";
    let scrypt = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887";
    accepts(
        "PBKDF2WithHmacSHA256:2048:Muo4cAqMsHCN5d27lQ1IXSEa5mMhwMn6BmubWG7DN9g=:MLJhWHR6Cf7YNYUf3XunIWb+rR2wonhXYBUgZJfVe8M=",
        Dialect::Jakarta,
        "test",
    );
    for (stored, password) in [
        (format!("pbkdf2:sha256:80000$NaCl${key}"), "Password"),
        (format!("pbkdf2(80000,64,sha256)$NaCl${key}"), "Password"),
        (
            format!("scrypt:16384:8:1$SodiumChloride${scrypt}"),
            "pleaseletmein",
        ),
    ] {
        accepts(&stored, Dialect::Werkzeug, password);
    }
}

#[test]
fn digits_without_a_mark_are_read_where_the_dialect_says_so() {
    let md5 = "098f6bcd4621d373cade4e832627b4f6";
    assert!(identify(md5, None).readings.is_empty());
    accepts(md5, Dialect::Raw, "test");
    accepts("8846f7eaee8fb117ad06bdd830b7586c", Dialect::Nt, "password");
    let hello = "185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969";
    accepts(hello, Dialect::Raw, "Hello");
    for (input, password) in [("$pass.$salt", "Hel"), ("$salt.$pass", "lo")] {
        let salt = if password == "Hel" { "lo" } else { "Hel" };
        accepts(
            &format!("sha256({input}):{hello}:{salt}"),
            Dialect::Raw,
            password,
        );
    }
    for stored in [
        "sha256($pass.$salt):185f:lo",
        &format!("sha256($pass):{hello}:lo"),
        &format!("sha256($salt):{hello}:lo"),
    ] {
        assert!(recognise(stored, Some(Dialect::Raw)).is_err(), "{stored}");
    }
}

/// `ln` is a logarithm in a PHC string, and N for Kratos: where a text is both, the dialect decides.
#[test]
fn one_scrypt_text_with_two_meanings_is_listed_twice() {
    let stored = "$scrypt$ln=16,r=8,p=1$cmFuZG9tc2FsdGlzaGFyZEFC$Rh+NnJNo1I6nRwaNqbDm6kmADswD1+7F";
    let readings = identify(stored, None).readings;
    let dialects: Vec<_> = readings
        .iter()
        .map(|reading| reading.scheme().dialects[0])
        .collect();
    assert_eq!(dialects, [Dialect::Kratos, Dialect::Phc]);
    assert!(matches!(
        recognise(stored, None),
        Err(PasswordError::Ambiguous { .. })
    ));
    let function = |dialect| {
        recognise(stored, Some(dialect))
            .unwrap()
            .function()
            .to_string()
    };
    assert!(function(Dialect::Phc).contains("2^16"));
    assert!(function(Dialect::Kratos).contains("2^4"));
}

#[test]
fn what_is_damaged_or_costs_too_much_is_refused_with_the_part() {
    for (dialect, stored, part) in [
        (
            Dialect::AspNet,
            "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4A=",
            "salt and key",
        ),
        (
            Dialect::AspNet,
            "AQAAAAL/////AAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw",
            "iteration count",
        ),
        (
            Dialect::AspNet,
            "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJgAAAAAAAAAAAAA=",
            "version 2",
        ),
        (
            Dialect::Okta,
            r#"{"algorithm":"SHA-256","salt":"TVB1MTNPbVk=","value":"TdLtPD2sUZ6gnRDUkvaQgqZcZttYBhoBqQGSI/pXqnU="}"#,
            "saltOrder",
        ),
        (
            Dialect::Okta,
            r#"{"algorithm":"BCRYPT","workFactor":31,"salt":"qRRx8rli7Lvs2h2CNgCQ2O","value":"mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2"}"#,
            "cost 31",
        ),
        (
            Dialect::Okta,
            r#"{"algorithm":7,"value":"hidden"}"#,
            "member",
        ),
        (
            Dialect::Auth0,
            r#"{"algorithm":"sha1","hash":{"value":"2aae","encoding":"hex"}}"#,
            "2 bytes",
        ),
        (
            Dialect::Auth0,
            r#"{"algorithm":"scrypt","hash":{"value":"2aae","encoding":"hex"},"salt":{"value":"x"},"cost":1073741824,"blockSize":8,"parallelization":1}"#,
            "memory",
        ),
        (
            Dialect::Auth0,
            r#"{"algorithm":"hmac","hash":{"value":"2aae","encoding":"hex","digest":"tiger","key":{"value":"x"}}}"#,
            "hash.digest",
        ),
        (
            Dialect::FusionAuth,
            r#"{"encryptionScheme":"salted-md5","factor":2000000000,"salt":"dGhl","password":"M9ymEsDFD7sAk2nX0Jz/pw=="}"#,
            "factor",
        ),
        (
            Dialect::Kratos,
            "$sha256$pf=e1NBTFR9$NW9wbWtnejAzcg==$HokCOi9OtiZaZRvnkgemV3B4UUHpI7kA8zq/EZWH2NY=",
            "template",
        ),
        (
            Dialect::Kratos,
            "$scrypt$ln=16385,r=8,p=1$2npRo7P03Mt8keSoMbyD/tKFWyUzjiQf2svUaNDSrhA=$MiCzNcIplSMqSBrm4HckjYqYhaVPPjTARTzwB1cVNYE=",
            "power of two",
        ),
        (Dialect::Kratos, "$hmac-md5$ZmU=$MTIzNDU=", "MD5 has 16"),
        (
            Dialect::Kratos,
            "$pbkdf2-sha224$i=4000000000,l=32$c2FsdA$c2FsdA",
            "iteration count",
        ),
        (
            Dialect::Phpass,
            "$P$UsaltSALTfDaAX/UI6frCqZDMzLFN91",
            "rounds",
        ),
        (
            Dialect::Crypt,
            "$y$jzzzzzzT$saltsalt$qxPd6GmVSeFwbYqeGiGM3fNs9HGEMO1P.ZRqBwEX792",
            "N = 2^",
        ),
        (
            Dialect::Crypt,
            "$y$j9T0..z$saltsalt$qxPd6GmVSeFwbYqeGiGM3fNs9HGEMO1P.ZRqBwEX792",
            "end",
        ),
        (
            Dialect::Crypt,
            "$y$.9T$saltsalt$qxPd6GmVSeFwbYqeGiGM3fNs9HGEMO1P.ZRqBwEX792",
            "flavor",
        ),
        (Dialect::Crypt, "_....rasmEedsvB6g8/6", "rounds are zero"),
    ] {
        let error = match recognise(stored, Some(dialect)) {
            Ok(hash) => panic!("{stored} is {}", hash.function()),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(part), "{stored}: {error}");
        assert!(!error.contains("hidden"), "{error}");
    }
}

#[test]
fn a_signer_key_is_not_shown() {
    let stored = recognise(KRATOS[8].1, Some(Dialect::Kratos)).unwrap();
    let shown = format!("{:?} {}", stored.function(), stored.function());
    assert!(
        shown.contains("Firebase") && !shown.contains("96, 77"),
        "{shown}"
    );
}

fn accepts(stored: &str, dialect: Dialect, password: &str) {
    let hash = recognise(stored, Some(dialect)).unwrap_or_else(|error| panic!("{stored}: {error}"));
    assert_eq!(hash.verify(&secret(password)), Ok(true), "{stored}");
    let other = Secret::copied_from(format!("{password}x").as_bytes());
    assert_eq!(hash.verify(&other), Ok(false), "{stored}");
    // Without the dialect it is among the readings, or has no mark at all.
    let readings = identify(stored, None).readings;
    let is_listed = readings.iter().any(|reading| reading.is_same_as(&hash));
    let mut dialects = hash.scheme().dialects.iter();
    let is_bare = dialects.any(|dialect| [Dialect::Raw, Dialect::Nt].contains(dialect));
    assert_ne!(is_listed, is_bare, "{stored}");
}
