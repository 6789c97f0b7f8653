//! Secrets that look like no password: where the key is known, they are what its padding says.

use keyward::Secret;
use keyward::userstore::{
    Ciphertext, EncryptionKey, Form, KeyRing, Layout, PropertyState, Provider,
};

use crate::home::{Home, SUPER};
use crate::target_among_sources::run;
use crate::{SYMMETRIC, internal, primary, secret, symmetric};

const SECRETS: [&[u8]; 5] = [
    b"a\tb",
    b"-----BEGIN X-----\nAAAA\r\n-----END X-----\n",
    b"\xff\xfe\x80",
    b"\x01\x02\x1b\x9f",
    b"\x85\xe4",
];
const PKCS1: &str = "RSA/ECB/PKCS1Padding";

fn sealed(key: &EncryptionKey, name: &str, layout: Layout, secret: &[u8]) -> String {
    let form = Form::new(layout, name.parse().unwrap(), Provider::BouncyCastle);
    let value = key.encrypt(&Secret::copied_from(secret), &form);
    value.unwrap().to_string()
}

fn only(key: EncryptionKey) -> KeyRing {
    KeyRing::new(vec![key])
}

#[test]
fn one_key_opens_every_secret() {
    let layouts = [Layout::Bare, Layout::SelfContained];
    for bytes in SECRETS {
        for layout in layouts {
            for (key, name) in [
                (primary(), "RSA"),
                (primary(), PKCS1),
                (symmetric(SYMMETRIC), "AES"),
            ] {
                let value = Ciphertext::parse(&sealed(&key, name, layout, bytes)).unwrap();
                let keys = only(key);
                let opened = keys.open(&value, Provider::BouncyCastle);
                let opened = opened.unwrap_or_else(|error| panic!("{name} {bytes:?}: {error}"));
                assert_eq!(opened.secret.expose_bytes(), bytes, "{name}");
            }
        }
    }
}

#[test]
fn the_named_one_of_two_keys_opens_every_secret_and_guesses_open_texts_of_several_lines() {
    let both = KeyRing::new(vec![internal(), primary()]);
    let open = |layout, bytes| {
        let value = Ciphertext::parse(&sealed(&primary(), PKCS1, layout, bytes)).unwrap();
        let opened = both.open(&value, Provider::BouncyCastle);
        opened.map(|opened| opened.secret.expose_bytes().to_vec())
    };
    for bytes in SECRETS {
        assert_eq!(open(Layout::SelfContained, bytes).unwrap(), bytes);
    }
    for bytes in &SECRETS[..2] {
        assert_eq!(open(Layout::Bare, bytes).unwrap(), *bytes);
    }
    // Nothing tells whose it is, and it may be the noise of a wrong key.
    assert!(open(Layout::Bare, SECRETS[3]).is_err());
}

#[test]
fn user_stores_with_such_secrets_are_re_encrypted_and_a_second_run_changes_nothing() {
    let home = Home::empty();
    let values: Vec<String> = SECRETS
        .iter()
        .map(|bytes| sealed(&primary(), PKCS1, Layout::SelfContained, bytes))
        .map(|value| format!("<Property name=\"p\" encrypted=\"true\">{value}</Property>\n"))
        .collect();
    let text = format!("<UserStoreManager>\n{}</UserStoreManager>", values.concat());
    home.write(&format!("{SUPER}/A.xml"), text.as_bytes());
    let first = run(&home, &only(primary()), &internal());
    assert_eq!(first, [const { PropertyState::Reencrypted }; 5]);
    let after_first = home.content();
    let second = run(&home, &only(primary()), &internal());
    assert_eq!(second, [const { PropertyState::UnderTarget }; 5]);
    assert!(home.content() == after_first);
    let written = String::from_utf8(home.read(&format!("{SUPER}/A.xml"))).unwrap();
    let values = written.lines().filter_map(|line| {
        let (_, value) = line.split_once("\"true\">")?;
        value.strip_suffix("</Property>")
    });
    let keys = only(internal());
    let secrets: Vec<Vec<u8>> = values
        .map(|value| {
            let value = Ciphertext::parse(value).unwrap();
            let opened = keys.open(&value, Provider::BouncyCastle).ok().unwrap();
            opened.secret.expose_bytes().to_vec()
        })
        .collect();
    assert_eq!(secrets, SECRETS);
}

#[test]
fn a_new_value_names_its_symmetric_key_and_has_wso2s_spelling() {
    let key = symmetric(SYMMETRIC);
    let EncryptionKey::Symmetric(named) = &key else {
        unreachable!()
    };
    for name in ["AES/GCM/NoPadding", "aes/gcm/nopadding"] {
        let value = sealed(&key, name, Layout::SelfContained, b"text");
        let value = Ciphertext::parse(&value).unwrap();
        assert_eq!(value.key_id(), Some(named.id()));
        assert_eq!(value.transformation().unwrap().name(), "AES/GCM/NoPadding");
    }
    for (typed, expected) in [
        ("rsa", "RSA"),
        ("rsa/ecb/PKCS1PADDING", PKCS1),
        ("RSA/ECB/OAEPWITHSHA1ANDMGF1PADDING", crate::home::OAEP),
    ] {
        let value = sealed(&primary(), typed, Layout::SelfContained, b"text");
        let value = Ciphertext::parse(&value).unwrap();
        assert_eq!(value.transformation().unwrap().name(), expected);
    }
}

#[test]
fn a_value_without_the_id_of_its_key_gets_one_when_it_is_re_encrypted() {
    // Of `values-by-wso2.txt`: AES-GCM, and no key id.
    let lines = include_str!("values-by-wso2.txt").lines();
    let mut values = lines.filter_map(|line| Ciphertext::parse(line).ok());
    let value = values.find(|value| {
        let named = value.transformation().map(|t| t.name().to_owned());
        named.as_deref() == Some("AES/GCM/NoPadding") && value.key_id().is_none()
    });
    let value = value.expect("an AES-GCM value without a key id");
    let keys = only(symmetric(SYMMETRIC));
    let opened = keys.open(&value, Provider::BouncyCastle).ok().unwrap();
    let new = symmetric("f7b2b39207523b43a56540d30656b19b");
    let form = Form::of(&value, &opened, &new);
    let written = new.encrypt(&secret("text"), &form).unwrap();
    assert!(new.is_named_by(&written));
}

#[test]
fn what_may_be_noise_of_a_wrong_key_is_not_written_anew() {
    let home = Home::empty();
    let values: Vec<String> = [SECRETS[1], SECRETS[3]]
        .iter()
        .map(|bytes| sealed(&symmetric(SYMMETRIC), "AES", Layout::Bare, bytes))
        .map(|value| format!("<Property name=\"p\" encrypted=\"true\">{value}</Property>\n"))
        .collect();
    let text = format!("<UserStoreManager>\n{}</UserStoreManager>", values.concat());
    home.write(&format!("{SUPER}/A.xml"), text.as_bytes());
    let states = run(&home, &only(symmetric(SYMMETRIC)), &internal());
    assert_eq!(states[0], PropertyState::Reencrypted);
    assert!(
        matches!(states[1], PropertyState::Unreadable(_)),
        "{states:?}"
    );
}
