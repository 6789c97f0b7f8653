use super::kind::SPRINGS_CLASSES;
use super::*;
use crate::password::{PepperPosition, scheme};

const BCRYPT: &str = "$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG";
/// Of `secret`, by Spring's `StandardPasswordEncoder`, without the mark.
const STANDARD: &str =
    "97cde38028ad898ebc02e690819fa220e88c62e0699403e94fff291cfffaf8410849f27605abcbc0";

fn secret(text: &str) -> Secret {
    Secret::copied_from(text.as_bytes())
}

fn pepper() -> Pepper {
    Pepper::new(secret("q7#Vt9!mZ2@xL4$w"), PepperPosition::After)
}

/// As in PhixFlow's documents, the classes' own names made up.
fn phixflow() -> EncoderList {
    let sha = EncoderKind::of_scheme(scheme("SHA", Some(Dialect::OpenLdap)).unwrap());
    let encoders = vec![
        Encoder::new("bcrypt", Some("com.accipia.BcryptPepperPasswordEncoder")).with_cost(Some(5)),
        Encoder::new("legacy", Some("com.accipia.LegacyPasswordEncoder")).of_kind(sha),
        Encoder::new("startup", Some("com.accipia.StartupPasswordEncoder")),
    ];
    EncoderList::new(encoders, 0).unwrap()
}

#[test]
fn the_encoder_that_made_a_value_checks_it() {
    let list = phixflow();
    let pepper = pepper();
    let new = list.encode(&secret("x34!2axf"), Some(&pepper)).unwrap();
    assert!(new.starts_with("$2a$05$"), "{new}");
    let verified = |text: &str, password: &str| {
        let (made, is_right) = list.verify(text, &secret(password), Some(&pepper)).unwrap();
        (made.encoder().id().to_owned(), is_right)
    };
    assert_eq!(verified(&new, "x34!2axf"), ("bcrypt".to_owned(), true));
    assert_eq!(verified(&new, "x34!2axF"), ("bcrypt".to_owned(), false));
    // Older than the pepper.
    let old = "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=";
    assert_eq!(verified(old, "password"), ("legacy".to_owned(), true));
    let plain = list.recognise(&new).unwrap();
    assert_eq!(plain.stored().verify(&secret("x34!2axf")), Ok(false));
}

#[test]
fn what_is_not_of_the_current_encoder_or_too_cheap_is_encoded_anew() {
    let list = phixflow();
    let due = |text: &str| {
        let made = list.recognise(text).unwrap();
        made.reencoding().map(|why| why.to_string())
    };
    let old = due("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=").unwrap();
    assert_eq!(old, "legacy made it, and bcrypt makes new ones");
    assert_eq!(due(BCRYPT), None, "a higher cost than the list's");
    let cheap = scheme("bcrypt", Some(Dialect::Crypt)).unwrap();
    let cheap = cheap.hash(&secret("x"), Some(4)).unwrap();
    assert_eq!(
        due(&cheap).unwrap(),
        "it was made with the cost 4, and new ones with 5"
    );
    let again = list.encode(&secret("x"), Some(&pepper())).unwrap();
    assert_eq!(due(&again), None);
}

#[test]
fn a_pepper_that_the_current_encoder_names_is_not_left_out() {
    let list = phixflow();
    let error = list.encode(&secret("x34!2axf"), None).unwrap_err();
    assert!(
        matches!(&error, PasswordError::NoPepper { id } if id == "bcrypt"),
        "{error}"
    );
    let answer = list.encode_answer(&secret("Fluffy the Cat")).unwrap();
    let stored = list.recognise(&answer).unwrap();
    assert_eq!(stored.stored().verify(&secret("fluffythecat")), Ok(true));
}

#[test]
fn a_value_of_nobody_says_which_encoder_is_not_known() {
    let list = phixflow();
    let error = list.recognise("5F4DCC3B5AA765D61D8327DEB882CF99").err();
    assert_eq!(
        error.unwrap().to_string(),
        "no encoder of the list makes such a value; what startup stores is not known: say it with --encoder startup=SCHEME"
    );
    let list = EncoderList::new(vec![Encoder::new("startup", None)], 0).unwrap();
    let error = list.encode(&secret("x"), None).unwrap_err();
    assert!(
        error.to_string().contains("--encoder startup=SCHEME"),
        "{error}"
    );
    assert!(EncoderList::new(Vec::new(), 0).is_none());
}

#[test]
fn springs_classes_are_known_and_read_their_values_without_a_mark() {
    for (class, text, password) in [
        ("BCryptPasswordEncoder", BCRYPT, "password"),
        ("StandardPasswordEncoder", STANDARD, "password"),
        ("NoOpPasswordEncoder", "password", "password"),
        (
            "Pbkdf2PasswordEncoder",
            "5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6bf3b508fbf17fa4ed4d6b99ca763d8dc",
            "password",
        ),
        (
            "SCryptPasswordEncoder",
            "$e0801$8bWJaSu2IKSn9Z9kM+TPXfOc/9bdYSrN1oD9qfVThWEwdRTnO7re7Ei+fUZRJ68k9lTyuTeUp4of4g24hHnazw==$\
             OAOec05+bXxvuu/1qZ6NUR+xQYvYv7BeL1QxwRpY5Pc=",
            "password",
        ),
        (
            "LdapShaPasswordEncoder",
            "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
            "password",
        ),
    ] {
        let class = format!("org.springframework.security.crypto.{class}");
        let list = EncoderList::new(vec![Encoder::new("a", Some(&class))], 0).unwrap();
        let verified = list.verify(text, &secret(password), None).unwrap();
        assert!(verified.1, "{class}");
        let wrong = list.verify(text, &secret("Password"), None).unwrap();
        assert!(!wrong.1, "{class}");
    }
    for (class, schemes) in SPRINGS_CLASSES {
        let is_known = EncoderKind::of_class(class).is_some();
        assert_eq!(is_known, !schemes.is_empty(), "{class}");
    }
    assert!(EncoderKind::of_class("com.accipia.LegacyPasswordEncoder").is_none());
}

#[test]
fn what_an_encoder_encodes_it_recognises() {
    for (class, _) in SPRINGS_CLASSES {
        for has_mark in [false, true] {
            let mut encoder = Encoder::new("one", Some(class));
            if has_mark {
                encoder = encoder.with_mark();
            }
            let list = EncoderList::new(vec![encoder], 0).unwrap();
            let Ok(text) = list.encode(&secret("x34!2axf"), None) else {
                continue;
            };
            assert_eq!(text.starts_with("{one}"), has_mark, "{text}");
            let (made, is_right) = list.verify(&text, &secret("x34!2axf"), None).unwrap();
            assert!(is_right, "{class}");
            assert_eq!(made.reencoding(), None);
        }
    }
}

#[test]
fn a_clear_text_encoder_takes_only_what_nobody_else_made() {
    let encoders = vec![
        Encoder::new("clear", Some("NoOpPasswordEncoder")),
        Encoder::new("bcrypt", None),
    ];
    let list = EncoderList::new(encoders, 1).unwrap();
    assert_eq!(list.recognise(BCRYPT).unwrap().encoder().id(), "bcrypt");
    assert_eq!(list.recognise("Startup").unwrap().encoder().id(), "clear");
}

#[test]
fn two_encoders_of_one_notation_both_count_and_both_check() {
    let encoders = vec![
        Encoder::new("bcryptPepper", None).with_cost(Some(4)),
        Encoder::new("bcryptPlain", None),
    ];
    let list = EncoderList::new(encoders, 0).unwrap();
    let pepper = pepper();
    let plain = scheme("bcrypt", Some(Dialect::Crypt)).unwrap();
    let plain = plain.hash(&secret("x34!2axf"), Some(4)).unwrap();
    assert_eq!(list.readings(&plain).len(), 2);
    let (made, is_right) = list
        .verify(&plain, &secret("x34!2axf"), Some(&pepper))
        .unwrap();
    assert!(is_right);
    assert_eq!(made.encoder().id(), "bcryptPlain");
    assert!(made.reencoding().is_some());
}
