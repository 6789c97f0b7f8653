//! Keycloak's rows: the columns `CREDENTIAL_DATA` and `SECRET_DATA`, in a realm export strings that hold JSON.
//!
//! ```text
//! {"credentialData": "{\"hashIterations\":210000,\"algorithm\":\"pbkdf2-sha512\",\"additionalParameters\":{}}",
//!  "secretData": "{\"value\":\"base64( key )\",\"salt\":\"base64( salt )\",\"additionalParameters\":{}}"}
//! ```
//! The length of a key is that of its value: Keycloak's versions differ. Argon2's memory, lanes, type and version are
//! additional parameters, each a list of one text. Source: `PasswordCredentialData`, `PasswordSecretData`,
//! `Pbkdf2PasswordHashProvider`, `Argon2PasswordHashProvider`.
//!
//! ```text
//! {"credentialData": "{\"hashIterations\":5,\"algorithm\":\"keyward\",\"additionalParameters\":{}}",
//!  "secretData": "{\"value\":\"$keyward$1$…\",\"salt\":\"base64( salt of the outer function )\",\"additionalParameters\":{}}"}
//! ```
//! is an envelope of a wrapped hash, which the provider of `integrations/keycloak` verifies. It has no additional
//! parameter: Argon2's provider compares those with the realm's policy, and not the algorithm's name, to tell whether a
//! row is to be encoded anew at a login.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::json_text::WipedText;
use super::wrapped::WrappedText;
use super::{Conventions, Notation, Parts, Production, Reading, decimal, not_base64};
use crate::kdf::DigestAlgorithm;
use crate::password::radix64::STANDARD;
use crate::password::{
    Argon2, Argon2Type, Dialect, HashFunction, Pbkdf2, Refusal, Scheme, Soundness,
};

/// The text that Keycloak's schemes recognise, of the two columns.
#[must_use]
pub fn keycloak_row(credential_data: &str, secret_data: &str) -> String {
    serde_json::json!({"credentialData": credential_data, "secretData": secret_data}).to_string()
}

/// The columns `CREDENTIAL_DATA` and `SECRET_DATA` of a text that [`keycloak_row`] or a scheme of Keycloak made; none for
/// another text.
#[must_use]
pub fn keycloak_columns(row: &str) -> Option<[Zeroizing<String>; 2]> {
    let row: Row<'_> = serde_json::from_str(row).ok()?;
    let text =
        |column: &RawValue| WipedText::of(column).map(|text| Zeroizing::new(text.to_string()));
    Some([text(row.credential_data)?, text(row.secret_data)?])
}

struct Keycloak {
    algorithm: &'static str,
    function: Function,
}

enum Function {
    Pbkdf2 {
        prf: DigestAlgorithm,
        iterations: u32,
    },
    Argon2,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(borrow)]
    credential_data: &'a RawValue,
    #[serde(borrow)]
    secret_data: &'a RawValue,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CredentialData {
    hash_iterations: u32,
    algorithm: String,
    #[serde(default)]
    additional_parameters: BTreeMap<String, Vec<String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SecretData {
    value: String,
    salt: String,
    #[serde(default)]
    additional_parameters: BTreeMap<String, Vec<String>>,
}

/// The algorithm of an envelope, and the id of the provider that verifies it.
const ENVELOPE_ALGORITHM: &str = "keyward";

/// An envelope in a row.
pub(super) struct KeycloakEnvelope;

impl Notation for KeycloakEnvelope {
    fn read(&self, text: &str) -> Reading {
        self.read_by(text, &Conventions::default())
    }

    fn read_by(&self, text: &str, conventions: &Conventions) -> Reading {
        let (_, secret) = row(text, ENVELOPE_ALGORITHM)?;
        let no_envelope = || Refusal::malformed("the value of its secretData is no envelope");
        let parts = |secret: SecretData| {
            let reading = WrappedText.read_by(&secret.value, conventions);
            reading.unwrap_or_else(|| Err(no_envelope()))
        };
        Some(secret.and_then(parts))
    }
}

/// The row of an envelope; none for an outer function that is not Keycloak's.
pub(super) fn envelope_row(envelope: &str, outer: &HashFunction) -> Option<String> {
    let salt = match outer {
        HashFunction::Pbkdf2(function) => &function.salt,
        HashFunction::Argon2(function) => &function.salt,
        _ => return None,
    };
    let credential = CredentialData {
        hash_iterations: outer.cost()?,
        algorithm: ENVELOPE_ALGORITHM.to_owned(),
        additional_parameters: BTreeMap::new(),
    };
    let secret = SecretData {
        value: envelope.to_owned(),
        salt: STANDARD.encode_padded(salt),
        additional_parameters: BTreeMap::new(),
    };
    written(&credential, &secret)
}

fn written(credential: &CredentialData, secret: &SecretData) -> Option<String> {
    let credential = serde_json::to_string(credential).ok()?;
    let secret = serde_json::to_string(secret).ok()?;
    Some(keycloak_row(&credential, &secret))
}

impl Notation for Keycloak {
    fn read(&self, text: &str) -> Reading {
        let (credential, secret) = row(text, self.algorithm)?;
        Some(secret.and_then(|secret| self.parts(&credential, &secret)))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

/// The columns of a row of this algorithm.
fn row(text: &str, algorithm: &str) -> Option<(CredentialData, Result<SecretData, Refusal>)> {
    let text = text.trim_start();
    if !text.starts_with('{') || !text.contains("credentialData") {
        return None;
    }
    let row: Row<'_> = serde_json::from_str(text).ok()?;
    let credential: CredentialData = column(row.credential_data)?;
    if credential.algorithm != algorithm {
        return None;
    }
    let no_secret = || Refusal::malformed("its secretData has no value and salt");
    Some((credential, column(row.secret_data).ok_or_else(no_secret)))
}

/// A column is an object, or a string that holds one.
fn column<T: for<'de> Deserialize<'de>>(column: &RawValue) -> Option<T> {
    match WipedText::of(column) {
        Some(text) => serde_json::from_str(&text).ok(),
        None => serde_json::from_str(column.get()).ok(),
    }
}

impl Keycloak {
    fn parts(&self, credential: &CredentialData, secret: &SecretData) -> Result<Parts, Refusal> {
        let digest = STANDARD.decode(&secret.value).ok_or_else(not_base64)?;
        let salt = STANDARD.decode(&secret.salt).ok_or_else(not_base64)?;
        let function = match self.function {
            Function::Pbkdf2 { prf, .. } => HashFunction::Pbkdf2(Pbkdf2::new(
                prf,
                salt.to_vec(),
                credential.hash_iterations.into(),
                digest.len(),
            )?),
            Function::Argon2 => argon2(credential, salt.to_vec(), digest.len())?,
        };
        Ok(Parts::new(function, &digest))
    }
}

fn argon2(
    credential: &CredentialData,
    salt: Vec<u8>,
    length: usize,
) -> Result<HashFunction, Refusal> {
    let parameter = |name: &str| {
        let values = credential.additional_parameters.get(name);
        let value = values.and_then(|values| values.first());
        value.ok_or_else(|| Refusal::malformed(format!("its credentialData has no {name}")))
    };
    let kind = match parameter("type")?.as_str() {
        "id" => Argon2Type::Id,
        "i" => Argon2Type::I,
        "d" => Argon2Type::D,
        _ => return Err(Refusal::malformed("its type is not id, i or d")),
    };
    let version = match parameter("version")?.as_str() {
        "1.3" => 0x13,
        "1.0" => 0x10,
        _ => return Err(Refusal::malformed("its version is not 1.3 or 1.0")),
    };
    let function = Argon2 {
        kind,
        version,
        memory: decimal(parameter("memory")?, "its memory")?,
        passes: credential.hash_iterations,
        lanes: decimal(parameter("parallelism")?, "its parallelism")?,
        salt,
        length,
    };
    Ok(HashFunction::Argon2(function.bounded()?))
}

impl Production for Keycloak {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        match self.function {
            Function::Pbkdf2 { prf, iterations } => {
                let iterations = cost.unwrap_or(iterations).into();
                // What Keycloak writes: 512 bits, and 256 for SHA-256.
                let length = match prf {
                    DigestAlgorithm::Sha256 => 32,
                    _ => 64,
                };
                let function = Pbkdf2::new(prf, salt, iterations, length)?;
                Ok(HashFunction::Pbkdf2(function))
            }
            Function::Argon2 => {
                let function = Argon2 {
                    kind: Argon2Type::Id,
                    version: 0x13,
                    memory: 7168,
                    passes: cost.unwrap_or(5),
                    lanes: 1,
                    salt,
                    length: 32,
                };
                Ok(HashFunction::Argon2(function.bounded()?))
            }
        }
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let (hash_iterations, salt, parameters) = match function {
            HashFunction::Pbkdf2(function) => {
                (function.iterations.get(), &function.salt, Vec::new())
            }
            HashFunction::Argon2(function) => {
                let parameters = vec![
                    ("hashLength", function.length.to_string()),
                    ("memory", function.memory.to_string()),
                    ("type", function.kind.name().replacen("argon2", "", 1)),
                    ("version", "1.3".to_owned()),
                    ("parallelism", function.lanes.to_string()),
                ];
                (function.passes, &function.salt, parameters)
            }
            _ => return None,
        };
        let parameters = parameters.into_iter();
        let credential = CredentialData {
            hash_iterations,
            algorithm: self.algorithm.to_owned(),
            additional_parameters: parameters
                .map(|(name, value)| (name.to_owned(), vec![value]))
                .collect(),
        };
        let secret = SecretData {
            value: STANDARD.encode_padded(digest),
            salt: STANDARD.encode_padded(salt),
            additional_parameters: BTreeMap::new(),
        };
        written(&credential, &secret)
    }
}

/// Iterations are Keycloak's own defaults since version 24.
pub(super) const SCHEMES: &[Scheme] = &[
    pbkdf2(&Keycloak {
        algorithm: "pbkdf2",
        function: Function::Pbkdf2 {
            prf: DigestAlgorithm::Sha1,
            iterations: 1_300_000,
        },
    }),
    pbkdf2(&Keycloak {
        algorithm: "pbkdf2-sha256",
        function: Function::Pbkdf2 {
            prf: DigestAlgorithm::Sha256,
            iterations: 600_000,
        },
    }),
    pbkdf2(&Keycloak {
        algorithm: "pbkdf2-sha512",
        function: Function::Pbkdf2 {
            prf: DigestAlgorithm::Sha512,
            iterations: 210_000,
        },
    }),
    Scheme {
        salt: "8 bytes or more",
        cost: "passes, memory, lanes",
        ..pbkdf2(&Keycloak {
            algorithm: "argon2",
            function: Function::Argon2,
        })
    },
    Scheme {
        name: "wrapped",
        dialects: &[Dialect::Keycloak],
        salt: "of both functions",
        cost: "of both functions",
        soundness: Soundness::Obsolete,
        judge: None,
        notation: &KeycloakEnvelope,
    },
];

const fn pbkdf2(notation: &'static Keycloak) -> Scheme {
    Scheme {
        name: notation.algorithm,
        dialects: &[Dialect::Keycloak],
        salt: "any length",
        cost: "iterations",
        soundness: Soundness::Sound,
        judge: Some("Keycloak"),
        notation,
    }
}
