//! [`Ciphertext`]: one encrypted value in one of the layouts of WSO2's products.
//!
//! ```text
//! value          = Base64( bare | self-contained | AES-GCM )
//! bare           = RSA block | AES-ECB blocks
//! self-contained = {"c":"Base64(bare)","t":"transformation","tp":"thumbprint","tpd":"SHA-1"[,"iv":…,"kid":…]}
//! AES-GCM        = {"c":"Base64(inner)","t":"AES/GCM/NoPadding","iv":"Base64(iv)"[,"kid":"key id"]}
//! inner          = {"cipher":"Base64(ciphertext | tag)","initializationVector":"Base64(iv)"[,"keyId":"key id"]}
//! ```
//! Gson writes an RSA value's `=` as `\u003d`, and an AES value's as it is. On reading, JSON is JSON whatever the server's
//! configuration is; the inner initialization vector counts.
//!
//! Source: `KeyStoreBasedInternalCryptoProvider`, `SymmetricKeyInternalCryptoProvider` and `CipherMetaDataHolder` of
//! wso2/carbon-crypto-service; `CipherHolder` of wso2/carbon-kernel.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

use super::base64;
use super::error::CiphertextError;
use super::transformation::{Cipher, Transformation};

/// The longest value that is read, in characters; an RSA block of 16384 bits takes 8,000.
const LONGEST: usize = 64 * 1024;

/// An encrypted value. Its text is what stands in a user store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ciphertext {
    pub(super) content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Bare(Vec<u8>),
    SelfContained(SelfContained),
    Gcm(Gcm),
}

/// An RSA or AES-ECB value with what it was made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SelfContained {
    pub(super) bare: Vec<u8>,
    pub(super) transformation: Option<Transformation>,
    /// SHA-1 of the certificate in upper-case hexadecimal digits.
    pub(super) thumbprint: Option<String>,
    pub(super) thumbprint_digest: Option<String>,
}

/// An AES-GCM value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gcm {
    /// With the tag behind it.
    pub(super) sealed: Vec<u8>,
    pub(super) iv: Vec<u8>,
    pub(super) transformation: Transformation,
    /// Inside, and outside.
    pub(super) key_ids: [Option<String>; 2],
}

/// The JSON of `CipherMetaDataHolder`, its fields in Gson's order.
#[derive(Serialize, Deserialize)]
struct Holder {
    c: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    t: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tpd: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inner {
    cipher: String,
    initialization_vector: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
}

impl Ciphertext {
    /// Reads the text of a value.
    ///
    /// # Errors
    /// When it is in none of the layouts, or names a transformation that is not known.
    pub fn parse(text: &str) -> Result<Self, CiphertextError> {
        if text.len() > LONGEST {
            return Err(malformed(format!("it has more than {LONGEST} characters")));
        }
        let bytes = base64::decode(text);
        if bytes.is_empty() {
            return Err(malformed("there is no Base64 in it"));
        }
        let Ok(holder) = serde_json::from_slice::<Holder>(&bytes) else {
            let content = Content::Bare(bytes);
            return Ok(Self { content });
        };
        let content = content_of(holder)?;
        Ok(Self { content })
    }

    /// The transformation that it names; for one that does not say, none.
    #[must_use]
    pub fn transformation(&self) -> Option<&Transformation> {
        match &self.content {
            Content::Bare(_) => None,
            Content::SelfContained(value) => value.transformation.as_ref(),
            Content::Gcm(value) => Some(&value.transformation),
        }
    }

    /// The certificate that it was encrypted with, where it says so: SHA-1 in upper-case hexadecimal digits.
    #[must_use]
    pub fn thumbprint(&self) -> Option<&str> {
        match &self.content {
            Content::SelfContained(value) => value.thumbprint.as_deref(),
            Content::Bare(_) | Content::Gcm(_) => None,
        }
    }

    /// The id of the symmetric key that it was encrypted with, where it says so: SHA-256 in Base64.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        match &self.content {
            Content::Gcm(value) => value.key_ids.iter().flatten().next().map(String::as_str),
            Content::Bare(_) | Content::SelfContained(_) => None,
        }
    }

    pub(super) fn bare(bytes: Vec<u8>) -> Self {
        let content = Content::Bare(bytes);
        Self { content }
    }
}

impl fmt::Display for Ciphertext {
    /// The Base64 text, on one line.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match &self.content {
            Content::Bare(bytes) => base64::encode(bytes),
            Content::SelfContained(value) => base64::encode(value.json().as_bytes()),
            Content::Gcm(value) => base64::encode(value.json().as_bytes()),
        };
        formatter.write_str(&text)
    }
}

impl SelfContained {
    /// What it was encrypted with; `RSA` where it does not say.
    pub(super) fn transformation(&self) -> Transformation {
        let named = self.transformation.clone();
        named.unwrap_or_else(Transformation::unnamed)
    }

    fn json(&self) -> String {
        let is_rsa = self.transformation().cipher().is_rsa();
        let json = json(&Holder {
            c: base64::encode(&self.bare),
            t: self.transformation.as_ref().map(ToString::to_string),
            tp: self.thumbprint.clone(),
            tpd: self.thumbprint_digest.clone(),
            iv: None,
            kid: None,
        });
        if is_rsa { html_escaped(&json) } else { json }
    }
}

impl Gcm {
    fn json(&self) -> String {
        let [inner_id, outer_id] = &self.key_ids;
        let iv = base64::encode(&self.iv);
        let inner = json(&Inner {
            cipher: base64::encode(&self.sealed),
            initialization_vector: iv.clone(),
            key_id: inner_id.clone(),
        });
        json(&Holder {
            c: base64::encode(inner.as_bytes()),
            t: Some(self.transformation.to_string()),
            tp: None,
            tpd: None,
            iv: Some(iv),
            kid: outer_id.clone(),
        })
    }
}

fn content_of(holder: Holder) -> Result<Content, CiphertextError> {
    let transformation: Option<Transformation> = holder.t.map(|t| t.parse()).transpose()?;
    let bare = base64::decode(&holder.c);
    match transformation {
        Some(transformation) if transformation.cipher() == Cipher::AesGcm => {
            let inner: Inner = serde_json::from_slice(&bare)
                .map_err(|_| malformed("what \"c\" holds is not the JSON of an AES-GCM value"))?;
            Ok(Content::Gcm(Gcm {
                sealed: base64::decode(&inner.cipher),
                iv: base64::decode(&inner.initialization_vector),
                transformation,
                key_ids: [inner.key_id, holder.kid],
            }))
        }
        transformation => Ok(Content::SelfContained(SelfContained {
            bare,
            transformation,
            thumbprint: holder.tp,
            thumbprint_digest: holder.tpd,
        })),
    }
}

fn json(value: &impl Serialize) -> String {
    // Structures of texts always have a JSON form.
    serde_json::to_string(value).unwrap_or_default()
}

/// What Gson escapes unless told otherwise; none of these characters is part of JSON's own syntax.
fn html_escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '=' | '\'' => {
                let _ = write!(escaped, "\\u{:04x}", u32::from(character));
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

pub(super) fn malformed(reason: impl Into<String>) -> CiphertextError {
    CiphertextError::Malformed {
        reason: reason.into(),
    }
}
