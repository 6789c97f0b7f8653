//! Values in every layout: read, written, and read again.

use std::path::Path;

use keyward::keystore::{Alias, Keystore, KeystoreFile, StoreType};
use keyward::userstore::{
    Ciphertext, CiphertextError, EncryptionKey, Form, KeyError, KeyPair, KeyRing, Layout, Provider,
};

use crate::{SECRET, SYMMETRIC, internal, keystore, primary, read_pair, secret, symmetric};

/// Of WSO2's own test, `SymmetricKeyInternalCryptoProviderTest`, constant `CIPHER_TEXT_GCM`: a nonce of 128 bytes, key ids inside and outside.
const GCM: &str = "eyJjIjoiZXlKamFYQm9aWElpT2lJMFRtSnpPWEJIUkdOeFEzaG1PVUZEYkRWalpscDRRMFpPVkVoa2NHbFRibFF4TkQwaUxDSnBibWwwYVdGc2FYcGhkR2x2YmxabFkzUnZjaUk2SWtweWNYTlFWMDl5UldVclFURkhUMEpPTWs1YVZYZEJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVVGQlFVRkJRVUZCUVQwaUxDSnJaWGxKWkNJNklsb3pNaTkxTjNwVmMzSktaMVo1Tnk5cE9YWmpXRXRvV1VaaVpYZHRTMnRKTTFsRk56UjVkMngyYm5NOUluMD0iLCJ0IjoiQUVTL0dDTS9Ob1BhZGRpbmciLCJpdiI6IkpycXNQV09yRWUrQTFHT0JOMk5aVXdBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQT0iLCJraWQiOiJaMzIvdTd6VXNySmdWeTcvaTl2Y1hLaFlGYmV3bUtrSTNZRTc0eXdsdm5zPSJ9";
const GCM_KEY: &str = "22b97077751bc066067ffeefb83a1c16";
const GCM_KEY_ID: &str = "Z32/u7zUsrJgVy7/i9vcXKhYFbewmKkI3YE74ywlvns=";
const OLD_KEY: &str = "f7b2b39207523b43a56540d30656b19b";

fn parse(text: &str) -> Ciphertext {
    Ciphertext::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn assert_opens(key: &EncryptionKey, value: &Ciphertext, expected: &str) {
    let opened = key.open(value, Provider::BouncyCastle);
    let opened = opened.unwrap_or_else(|| panic!("{key} does not open {value}"));
    assert_eq!(opened.secret.expose_text(), Ok(expected));
}

#[test]
fn values_that_wso2s_classes_wrote_are_read_and_written_back_byte_for_byte() {
    let (primary, symmetric) = (primary(), symmetric(SYMMETRIC));
    let values = include_str!("values-by-wso2.txt");
    assert_eq!(values.lines().count(), 11);
    for (index, line) in values.lines().enumerate() {
        let value = parse(line);
        let (right, wrong) = if index < 8 {
            (&primary, &symmetric)
        } else {
            (&symmetric, &primary)
        };
        assert_opens(right, &value, SECRET);
        assert!(
            wrong.open(&value, Provider::BouncyCastle).is_none(),
            "{line}"
        );
        assert!(
            internal().open(&value, Provider::BouncyCastle).is_none(),
            "{line}"
        );
        assert_eq!(value.to_string(), line, "line {}", index + 1);
    }
}

#[test]
fn a_value_of_wso2s_own_test_is_read_and_its_old_key_follows() {
    let value = parse(GCM);
    assert_eq!(value.key_id(), Some(GCM_KEY_ID));
    assert_eq!(value.to_string(), GCM);
    let keys = KeyRing::new(vec![symmetric(OLD_KEY), symmetric(GCM_KEY)]);
    let opened = keys.open(&value, Provider::BouncyCastle).ok().unwrap();
    assert_eq!(opened.secret.expose_bytes(), b"wso2carbon");
    let EncryptionKey::Symmetric(key) = opened.key else {
        panic!("an RSA key opened it");
    };
    assert_eq!(key.id(), GCM_KEY_ID);
    for (key, value) in [
        (GCM_KEY, "nQ2r9QHRYJP+i88JDsyOpA=="),
        (OLD_KEY, "ueAbJkt7K+s20lIuvi9/1A=="),
    ] {
        assert_opens(&symmetric(key), &parse(value), "wso2carbon");
    }
}

#[test]
fn what_is_written_is_read_in_every_layout() {
    let keys = [
        primary(),
        symmetric(SYMMETRIC),
        symmetric(&"0123456789abcdef".repeat(4)),
    ];
    let texts = [SECRET, "", "пароль 😀", "ä"];
    let mut written = 0;
    for name in [
        "RSA",
        "RSA/ECB/PKCS1Padding",
        "RSA/ECB/OAEPwithSHA1andMGF1Padding",
        "RSA/ECB/OAEPwithSHA-256andMGF1Padding",
        "RSA/ECB/OAEPwithSHA384andMGF1Padding",
        "rsa/ecb/oaepwithsha-512andmgf1padding",
        "AES",
        "AES/GCM/NoPadding",
    ] {
        for provider in [Provider::BouncyCastle, Provider::SunJce] {
            for layout in [Layout::Bare, Layout::SelfContained] {
                let form = Form::new(layout, name.parse().unwrap(), provider);
                for key in &keys {
                    let is_pair = matches!(key, EncryptionKey::KeyPair(_));
                    if is_pair != form.transformation.cipher().is_rsa() {
                        let refused = key.encrypt(&secret(SECRET), &form);
                        assert!(matches!(
                            refused,
                            Err(CiphertextError::OtherTransformation { .. })
                        ));
                        continue;
                    }
                    for text in texts {
                        // PKCS#1 v1.5 and no padding do not tell an empty text from noise.
                        if text.is_empty() && !name.to_lowercase().contains("oaep") && is_pair {
                            continue;
                        }
                        let value = key.encrypt(&secret(text), &form).unwrap();
                        assert_opens(key, &parse(&value.to_string()), text);
                        written += 1;
                    }
                }
            }
        }
    }
    assert!(written > 100, "{written}");
}

#[test]
fn a_value_is_read_as_leniently_as_the_server_reads_it() {
    let line = include_str!("values-by-wso2.txt").lines().nth(3).unwrap();
    let (one, other) = line.split_at(101);
    let folded = format!("\r\n  {one}\n\t{other}  ");
    assert_opens(&primary(), &parse(&folded), SECRET);
    let unescaped = r#"{"c":"","t":"AES"}"#;
    assert!(
        Ciphertext::parse(unescaped).is_ok(),
        "any text decodes to something"
    );
}

#[test]
fn what_is_no_ciphertext_is_an_error_that_says_so() {
    let message = |text: &str| {
        let parsed = Ciphertext::parse(text).map_err(|error| error.to_string());
        parsed.and_then(|value| {
            let keys = KeyRing::new(vec![primary()]);
            let opened = keys.open(&value, Provider::BouncyCastle);
            opened.map(|_| ()).map_err(|error| error.to_string())
        })
    };
    let failures = [
        ("", "there is no Base64 in it"),
        ("{}", "there is no Base64 in it"),
        ("admin", "neither an RSA block nor AES blocks"),
        (GCM, "only the key <wso2carbon>"),
        (
            "nQ2r9QHRYJP+i88JDsyOpA==",
            "cannot be decrypted with the key <wso2carbon>",
        ),
    ];
    for (text, expected) in failures {
        let message = message(text).unwrap_err();
        assert!(message.contains(expected), "{text}: {message}");
    }
    let by_internal = internal()
        .encrypt(&secret(SECRET), &Form::default_of(&internal()))
        .unwrap();
    let message = message(&by_internal.to_string()).unwrap_err();
    let EncryptionKey::KeyPair(internal) = internal() else {
        unreachable!()
    };
    assert!(message.contains(internal.thumbprint()), "{message}");
}

#[test]
fn a_secret_that_does_not_fit_into_a_block_is_refused_with_the_longest_that_does() {
    let form = Form::default_of(&primary());
    let longest = primary().encrypt(&secret(&"x".repeat(214)), &form);
    assert!(longest.is_ok());
    let error = primary().encrypt(&secret(&"x".repeat(215)), &form);
    let message = error.err().unwrap().to_string();
    assert!(
        message.contains("215 bytes") && message.contains("at most 214"),
        "{message}"
    );
}

#[test]
fn keys_that_cannot_be_used_are_named() {
    let failure = |name: &str, alias: &str, password: &str| {
        let error = read_pair(name, alias, password).err().unwrap();
        (error.to_string(), error)
    };
    let (message, error) = failure("trusted.p12", "trusted", "changeit");
    assert!(matches!(error, KeyError::NoPrivateKey { .. }), "{message}");
    assert!(
        message.contains("<trusted> has no private key: it is a trustedCertEntry"),
        "{message}"
    );
    let (message, error) = failure("primary.p12", "nope", "changeit");
    assert!(matches!(error, KeyError::NoSuchAlias { .. }), "{message}");
    assert!(
        message.ends_with("Private keys are there under wso2carbon"),
        "{message}"
    );
    let (message, error) = failure("elliptic.p12", "elliptic", "changeit");
    assert!(matches!(error, KeyError::NotRsa { .. }), "{message}");
    let (message, _) = failure("older.jks", "wso2carbon", "changeit");
    assert!(
        message.contains("<wso2carbon>") && message.contains("password"),
        "{message}"
    );
    assert!(read_pair("older.jks", "wso2carbon", "keypass1").is_ok());
}

#[test]
fn a_certificate_of_another_key_is_refused_with_the_alias() {
    let open = |name: &str| {
        KeystoreFile::at(&keystore(name))
            .open(&secret("changeit"))
            .unwrap()
    };
    let alias = Alias::new("mixed");
    let key = open("primary.p12").private_key(&Alias::new("wso2carbon"), &secret("changeit"));
    let mut key = key.unwrap();
    key.certificates = open("internal.p12")
        .certificates(&Alias::new("internal"))
        .unwrap();
    let mut store = Keystore::new(StoreType::Jks, &secret("changeit")).unwrap();
    store.add_private_key(&alias, &key).unwrap();
    let error = KeyPair::of_entry(Path::new("mixed.jks"), &store, &alias, &secret("changeit"));
    let message = error.err().unwrap().to_string();
    assert!(
        message.starts_with(
            "mixed.jks: the certificate of alias <mixed> does not belong to its private key"
        ),
        "{message}"
    );
}
