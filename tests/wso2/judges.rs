//! WSO2's own crypto providers, on JDK 17 with Bouncy Castle: what keyward writes they read, and the other way round.

use keyward::userstore::{Ciphertext, EncryptionKey, Form, Layout, Provider};

use crate::home::{Home, UserStore, user_stores};
use crate::reencryption::reencrypt;
use crate::support::{Jdk, jdk, leave_out, peer};
use crate::{SYMMETRIC, keystore, pair, primary, secret, symmetric};

const TEXT: &str = "p\u{e4}ss w\u{f6}rd!";

/// The ways in which a server encrypts: transformation, provider, layout.
const RSA: [(&str, &str, &str); 11] = [
    ("RSA", "BC", "bare"),
    ("RSA", "SunJCE", "bare"),
    ("RSA", "BC", "self-contained"),
    ("RSA/ECB/PKCS1Padding", "BC", "bare"),
    ("RSA/ECB/PKCS1Padding", "SunJCE", "self-contained"),
    ("RSA/ECB/OAEPwithSHA1andMGF1Padding", "BC", "bare"),
    ("RSA/ECB/OAEPwithSHA1andMGF1Padding", "BC", "self-contained"),
    (
        "RSA/ECB/OAEPWITHSHA-256ANDMGF1PADDING",
        "BC",
        "self-contained",
    ),
    (
        "RSA/ECB/OAEPWITHSHA-256ANDMGF1PADDING",
        "SunJCE",
        "self-contained",
    ),
    ("RSA/ECB/OAEPWithSHA-384AndMGF1Padding", "BC", "bare"),
    ("RSA/ECB/OAEPWithSHA-512AndMGF1Padding", "SunJCE", "bare"),
];
const AES: [(&str, &str, &str); 4] = [
    ("AES", "BC", "bare"),
    ("AES", "SunJCE", "self-contained"),
    ("AES/GCM/NoPadding", "BC", "self-contained"),
    ("AES/GCM/NoPadding", "SunJCE", "self-contained"),
];

/// One call of `Wso2Cipher`: what to do, the key, how, and the text or value.
type Job = [String; 8];

fn job(action: &str, key: [&str; 3], way: (&str, &str, &str), text: &str) -> Job {
    let [one, two, three] = key;
    [action, one, two, three, way.0, way.1, way.2, text].map(ToOwned::to_owned)
}

/// What WSO2's classes make of each job; none, and a report, where they are not here.
fn judged(jobs: &[Job]) -> Option<Vec<String>> {
    let jdk: Jdk = jdk(17)?;
    let (wso2, bouncy_castle) = (peer("wso2"), peer("bouncy-castle/bcprov.jar"));
    if !wso2.is_dir() || !bouncy_castle.is_file() {
        leave_out("WSO2's crypto providers are not here (bash .ci/peers fetches them)");
        return None;
    }
    // Every jar in the folder.
    let jars = wso2.join("*");
    let arguments: Vec<&str> = jobs.iter().flatten().map(String::as_str).collect();
    let bouncy_castle = format!("-Xbootclasspath/a:{}", bouncy_castle.display());
    let options = ["-Dfile.encoding=UTF-8", &bouncy_castle];
    let output = jdk.run_java_with(&options, Some(&jars), "Wso2Cipher", &arguments)?;
    let output = output.of_success();
    let lines: Vec<String> = output.stdout.lines().map(ToOwned::to_owned).collect();
    assert_eq!(lines.len(), jobs.len(), "{output:#?}");
    Some(lines)
}

fn form((transformation, provider, layout): (&str, &str, &str)) -> Form {
    let layout = match layout {
        "bare" => Layout::Bare,
        _ => Layout::SelfContained,
    };
    let provider = match provider {
        "BC" => Provider::BouncyCastle,
        _ => Provider::SunJce,
    };
    Form::new(layout, transformation.parse().unwrap(), provider)
}

#[test]
fn wso2s_classes_read_what_keyward_writes_in_every_layout() {
    let store = keystore("primary.p12");
    let by_pair = [store.to_str().unwrap(), "wso2carbon", "changeit"];
    let written = |key: &EncryptionKey, way| key.encrypt(&secret(TEXT), &form(way)).unwrap();
    let mut jobs = Vec::new();
    for way in RSA {
        let value = written(&primary(), way).to_string();
        jobs.push(job("decrypt", by_pair, way, &value));
    }
    for way in AES {
        let value = written(&symmetric(SYMMETRIC), way).to_string();
        jobs.push(job("decrypt", [SYMMETRIC, "-", "-"], way, &value));
    }
    let Some(read) = judged(&jobs) else { return };
    for (text, job) in read.iter().zip(&jobs) {
        assert_eq!(text, TEXT, "{job:?}");
    }
}

#[test]
fn keyward_reads_what_wso2s_classes_write_and_writes_it_back_byte_for_byte() {
    let store = keystore("primary.p12");
    let by_pair = [store.to_str().unwrap(), "wso2carbon", "changeit"];
    let rsa = RSA.map(|way| job("encrypt", by_pair, way, TEXT));
    let aes = AES.map(|way| job("encrypt", [SYMMETRIC, "-", "-"], way, TEXT));
    let jobs: Vec<Job> = rsa.into_iter().chain(aes).collect();
    let Some(values) = judged(&jobs) else { return };
    for (index, (value, job)) in values.iter().zip(&jobs).enumerate() {
        let parsed = Ciphertext::parse(value).unwrap_or_else(|error| panic!("{job:?}: {error}"));
        let key = if index < RSA.len() {
            primary()
        } else {
            symmetric(SYMMETRIC)
        };
        // Whichever provider keyward is told, it finds the one that wrote the value.
        for provider in [Provider::BouncyCastle, Provider::SunJce] {
            let opened = key.open(&parsed, provider);
            let opened = opened.unwrap_or_else(|| panic!("{job:?}"));
            assert_eq!(opened.secret.expose_text(), Ok(TEXT), "{job:?}");
        }
        assert_eq!(parsed.to_string(), *value, "{job:?}");
    }
}

#[test]
fn wso2s_classes_read_a_re_encrypted_home_with_the_internal_key_alone() {
    let home = Home::empty();
    let stores = user_stores();
    for UserStore { path, bytes, .. } in &stores {
        home.write(path, bytes);
    }
    reencrypt(&home, &[]).of_success();
    let store = keystore("internal.p12");
    let by_internal = [store.to_str().unwrap(), "internal", "changeit"];
    // What each value of `user_stores` is under; the third of LDAP.xml is the one of JDBC.xml.
    let oaep = "RSA/ECB/OAEPwithSHA1andMGF1Padding";
    let ways = [
        (oaep, "BC", "self-contained"),
        ("RSA", "BC", "bare"),
        (oaep, "BC", "bare"),
        (oaep, "BC", "self-contained"),
        ("RSA/ECB/PKCS1Padding", "BC", "bare"),
        (oaep, "BC", "self-contained"),
    ];
    let values: Vec<String> = stores
        .iter()
        .flat_map(|store| values_in(&home.read(store.path)))
        .collect();
    assert_eq!(values.len(), ways.len());
    let jobs: Vec<Job> = values
        .iter()
        .zip(ways)
        .map(|(value, way)| job("decrypt", by_internal, way, value))
        .collect();
    let Some(read) = judged(&jobs) else { return };
    let expected: Vec<&str> = stores
        .iter()
        .flat_map(|store| store.values.iter().map(|(_, text)| *text))
        .collect();
    assert_eq!(read, expected);
}

#[test]
fn the_thumbprint_is_the_one_that_keytool_shows() {
    let Some(jdk) = jdk(17) else { return };
    for (name, alias) in [("primary.p12", "wso2carbon"), ("internal.p12", "internal")] {
        let path = keystore(name);
        let arguments = [
            "-list",
            "-v",
            "-keystore",
            path.to_str().unwrap(),
            "-storepass",
            "changeit",
        ];
        let listed = jdk.keytool(&arguments, "").of_success().stdout;
        let shown = listed
            .lines()
            .find_map(|line| line.trim().strip_prefix("SHA1: "))
            .unwrap();
        let EncryptionKey::KeyPair(pair) = pair(name, alias) else {
            unreachable!()
        };
        assert_eq!(pair.thumbprint(), shown.replace(':', ""));
    }
}

/// The text of each encrypted property.
fn values_in(bytes: &[u8]) -> Vec<String> {
    use keyward::userstore::{PropertyValue, UserStoreFile};
    let file = UserStoreFile::parse(std::path::Path::new("A.xml"), bytes).unwrap();
    let properties = file.encrypted_properties().into_iter();
    properties
        .filter_map(|property| match property.value {
            PropertyValue::Text(text) => Some(text),
            _ => None,
        })
        .collect()
}
