//! Passwords hashed and verified, with a pepper and as answers: nothing of either is left in freed memory.

use keyward::Secret;
use keyward::password::{
    Dialect, Encoder, EncoderList, EqualCost, HashFunction, Pepper, PepperPosition, firebase_row,
    normalised_answer, recognise, scheme, wso2_row,
};

use zeroize::Zeroizing;

use super::allocator::{Turn, assert_wiped};
use super::canaries::{NEW_SECRET, OTHER_PASSWORD, SECRET};

const SCHEMES: [(&str, Dialect, u32); 5] = [
    ("bcrypt", Dialect::Crypt, 4),
    ("PBKDF2-SHA256", Dialect::OpenLdap, 1000),
    ("argon2id", Dialect::Phc, 1),
    ("scrypt", Dialect::Phc, 4),
    ("sha512-crypt", Dialect::Crypt, 1000),
];

#[test]
fn a_password_with_its_pepper_leaves_nothing_behind() {
    let _turn = Turn::take();
    for (name, dialect, cost) in SCHEMES {
        for position in [PepperPosition::Before, PepperPosition::After] {
            assert_wiped(|| {
                let scheme = scheme(name, Some(dialect)).unwrap();
                let pepper = Pepper::new(NEW_SECRET.secret(), position);
                let peppered = pepper.with(&SECRET.secret());
                let text = scheme.hash_peppered(&peppered, Some(cost)).unwrap();
                let stored = recognise(&text, None).unwrap();
                assert_eq!(stored.verify_peppered(&peppered), Ok(true));
                assert_eq!(stored.verify(&SECRET.secret()), Ok(false));
                let cost = EqualCost::of(scheme, Some(cost + 1)).unwrap();
                let hardened = stored.verify_peppered_hardened(&peppered, &cost);
                assert_eq!(hardened, Ok(true));
                cost.verify_unknown(&OTHER_PASSWORD.secret());
            });
        }
    }
}

#[test]
fn a_refused_password_leaves_nothing_in_its_message() {
    let _turn = Turn::take();
    assert_wiped(|| {
        let bcrypt = scheme("bcrypt", Some(Dialect::Crypt)).unwrap();
        let pepper = Pepper::new(NEW_SECRET.secret(), PepperPosition::After);
        // Three canaries of 32 bytes.
        let joined = [SECRET.text().as_bytes(), OTHER_PASSWORD.text().as_bytes()].concat();
        let refused = bcrypt.hash_peppered(&pepper.with(&Secret::new(joined)), Some(4));
        let _ = (
            refused.as_ref().unwrap_err().to_string(),
            format!("{refused:?}"),
        );
    });
}

#[test]
fn answers_and_lists_of_encoders_leave_nothing_behind() {
    let _turn = Turn::take();
    assert_wiped(|| {
        let answer = normalised_answer(&SECRET.secret()).unwrap();
        assert!(!answer.is_empty());
        let encoders = vec![
            Encoder::new("bcrypt", None).with_cost(Some(4)),
            Encoder::new("pbkdf2", Some("a.Pbkdf2PasswordEncoder")),
        ];
        let list = EncoderList::new(encoders, 0).unwrap();
        let pepper = Pepper::new(NEW_SECRET.secret(), PepperPosition::After);
        let text = list.encode(&SECRET.secret(), Some(&pepper)).unwrap();
        let verified = list.verify(&text, &SECRET.secret(), Some(&pepper));
        assert!(verified.unwrap().1);
    });
}

/// Clear passwords and keys that stand in JSON objects, one with an escape that has to be read.
#[test]
fn json_objects_leave_nothing_behind() {
    let _turn = Turn::take();
    assert_wiped(|| {
        let row = wso2_row(&SECRET.text(), None, "PLAIN_TEXT");
        let stored = recognise(&row, None).unwrap();
        assert_eq!(stored.verify(&SECRET.secret()), Ok(true));
        let escaped = Secret::new([b"\"", SECRET.text().as_bytes()].concat());
        let row = wso2_row(escaped.expose_text().unwrap(), None, "PLAIN_TEXT");
        let stored = recognise(&row, Some(Dialect::Wso2)).unwrap();
        assert_eq!(stored.verify(&escaped), Ok(true));
    });
    assert_wiped(|| {
        // It is base64, and put together at once: a text that grows would leave parts of itself behind.
        let key = NEW_SECRET.text();
        let config = [r#"{"algorithm":"HMAC_SHA1","hash_key":"#, "\"", &key, "\"}"].concat();
        let config = Zeroizing::new(config);
        let row = firebase_row("QyZx5Sz2oPts0WZBsAYb8AijXJA=", "", &config).unwrap();
        let stored = recognise(&row, Some(Dialect::Firebase)).unwrap();
        assert!(matches!(stored.function(), HashFunction::Hmac(_)));
        let before = r#"{"algorithm":"hmac","hash":{"encoding":"hex","digest":"sha1",
            "value":"432671e52cf6a0fb6cd16641b0061bf008a35c90","key":{"value":"\u0041"#;
        let object = Zeroizing::new([before, &key, "\"}}}"].concat());
        let stored = recognise(&object, Some(Dialect::Auth0)).unwrap();
        assert!(matches!(stored.function(), HashFunction::Hmac(_)));
    });
}
