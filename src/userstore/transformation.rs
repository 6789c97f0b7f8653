//! [`Transformation`]: a cipher, its mode and its padding, by the names of the Java Cryptography Extension.
//!
//! ```text
//! RSA | RSA/ECB/PKCS1Padding | RSA/ECB/OAEPwithSHA1andMGF1Padding | AES | AES/ECB/PKCS5Padding | AES/GCM/NoPadding
//! ```
//! Case does not matter. Two names mean different things to different providers, seen with SunJCE of JDK 17 and Bouncy
//! Castle 1.86: plain `RSA` is PKCS#1 v1.5 for SunJCE and **no padding at all** for Bouncy Castle; OAEP with SHA-256 uses
//! MGF1 with SHA-1 for SunJCE and with SHA-256 for Bouncy Castle. WSO2's user stores are encrypted by Bouncy Castle, its
//! Secure Vault by whichever provider the JVM finds first.

use std::fmt;
use std::str::FromStr;

use super::error::CiphertextError;
use super::rsa_padding::{OaepDigest, RsaPadding};

/// What `t` means in a value that does not have it.
const DEFAULT: &str = "RSA";
const CARBON_DEFAULT: &str = "RSA/ECB/OAEPwithSHA1andMGF1Padding";
const AES_GCM: &str = "AES/GCM/NoPadding";

/// Whose reading of a transformation's name counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Provider {
    /// Bouncy Castle, which WSO2's user stores use.
    #[default]
    BouncyCastle,
    /// The JDK's own provider.
    SunJce,
}

/// A transformation, as it was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transformation {
    name: String,
    cipher: Cipher,
}

/// What a transformation's name comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cipher {
    /// RSA with the padding that the provider takes for granted.
    Rsa,
    /// RSA with PKCS#1 v1.5 padding.
    RsaPkcs1,
    /// RSA without padding.
    RsaNoPadding,
    /// RSA with OAEP; the mask's digest depends on the provider.
    RsaOaep(OaepDigest),
    /// AES, each block on its own, PKCS#7 padding.
    AesEcb,
    /// AES in Galois/counter mode.
    AesGcm,
}

impl Transformation {
    /// `AES/GCM/NoPadding`, what Identity Server 5.11 and later use for the symmetric key.
    #[must_use]
    pub fn aes_gcm() -> Self {
        Self {
            name: AES_GCM.to_owned(),
            cipher: Cipher::AesGcm,
        }
    }

    /// `RSA/ECB/OAEPwithSHA1andMGF1Padding`, what Carbon 4.9 and later have for RSA keys.
    #[must_use]
    pub fn oaep_sha1() -> Self {
        Self {
            name: CARBON_DEFAULT.to_owned(),
            cipher: Cipher::RsaOaep(OaepDigest::Sha1),
        }
    }

    /// What a self-contained value has that names none: `RSA`.
    pub(super) fn unnamed() -> Self {
        Self {
            name: DEFAULT.to_owned(),
            cipher: Cipher::Rsa,
        }
    }

    /// The same with the name that WSO2's classes compare with: they tell upper from lower case, the JCE does not.
    pub(super) fn in_wso2s_spelling(self) -> Self {
        let name = match self.cipher {
            Cipher::Rsa => DEFAULT,
            Cipher::RsaPkcs1 => "RSA/ECB/PKCS1Padding",
            Cipher::RsaNoPadding => "RSA/ECB/NoPadding",
            Cipher::RsaOaep(OaepDigest::Sha1) => CARBON_DEFAULT,
            Cipher::RsaOaep(OaepDigest::Sha256) => "RSA/ECB/OAEPwithSHA-256andMGF1Padding",
            Cipher::RsaOaep(OaepDigest::Sha384) => "RSA/ECB/OAEPwithSHA-384andMGF1Padding",
            Cipher::RsaOaep(OaepDigest::Sha512) => "RSA/ECB/OAEPwithSHA-512andMGF1Padding",
            Cipher::AesEcb if self.name.contains('/') => "AES/ECB/PKCS5Padding",
            Cipher::AesEcb => "AES",
            Cipher::AesGcm => AES_GCM,
        };
        let name = name.to_owned();
        Self { name, ..self }
    }

    /// The name as it was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the name comes to.
    #[must_use]
    pub fn cipher(&self) -> Cipher {
        self.cipher
    }
}

impl Cipher {
    /// Whether it is for RSA keys; otherwise it is for AES keys.
    #[must_use]
    pub fn is_rsa(self) -> bool {
        !matches!(self, Self::AesEcb | Self::AesGcm)
    }

    /// The paddings that it may mean, that of `provider` first; none for AES.
    pub(super) fn paddings(self, provider: Provider) -> Vec<RsaPadding> {
        let mut paddings = match self {
            Self::Rsa => vec![RsaPadding::None, RsaPadding::Pkcs1],
            Self::RsaPkcs1 => vec![RsaPadding::Pkcs1],
            Self::RsaNoPadding => vec![RsaPadding::None],
            Self::RsaOaep(OaepDigest::Sha1) => vec![RsaPadding::oaep(OaepDigest::Sha1)],
            Self::RsaOaep(digest) => vec![
                RsaPadding::oaep(digest),
                RsaPadding::Oaep {
                    digest,
                    mask: OaepDigest::Sha1,
                },
            ],
            Self::AesEcb | Self::AesGcm => Vec::new(),
        };
        if provider == Provider::SunJce {
            paddings.reverse();
        }
        paddings
    }
}

impl fmt::Display for Transformation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

impl FromStr for Transformation {
    type Err = CiphertextError;

    /// The names of the Java Cryptography Extension, in any case.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let upper = name.to_ascii_uppercase();
        let parts: Vec<&str> = upper.split('/').map(str::trim).collect();
        let cipher = match parts.as_slice() {
            ["RSA"] => Some(Cipher::Rsa),
            ["RSA", "ECB" | "NONE", padding] => rsa(padding),
            ["AES"] | ["AES", "ECB", "PKCS5PADDING" | "PKCS7PADDING"] => Some(Cipher::AesEcb),
            ["AES", "GCM", "NOPADDING"] => Some(Cipher::AesGcm),
            _ => None,
        };
        let unknown = || CiphertextError::UnknownTransformation(name.to_owned());
        Ok(Self {
            name: name.to_owned(),
            cipher: cipher.ok_or_else(unknown)?,
        })
    }
}

/// The padding of an RSA transformation, in upper case.
fn rsa(padding: &str) -> Option<Cipher> {
    match padding {
        "PKCS1PADDING" => return Some(Cipher::RsaPkcs1),
        "NOPADDING" => return Some(Cipher::RsaNoPadding),
        "OAEPPADDING" => return Some(Cipher::RsaOaep(OaepDigest::Sha1)),
        _ => {}
    }
    let digest = padding.strip_prefix("OAEPWITH")?;
    let digest = match digest.strip_suffix("ANDMGF1PADDING")? {
        "SHA1" | "SHA-1" => OaepDigest::Sha1,
        "SHA256" | "SHA-256" => OaepDigest::Sha256,
        "SHA384" | "SHA-384" => OaepDigest::Sha384,
        "SHA512" | "SHA-512" => OaepDigest::Sha512,
        _ => return None,
    };
    Some(Cipher::RsaOaep(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cipher(name: &str) -> Option<Cipher> {
        name.parse::<Transformation>().ok().map(|t| t.cipher())
    }

    #[test]
    fn names_are_read_in_every_spelling_that_wso2s_users_have() {
        let oaep = |digest| Some(Cipher::RsaOaep(digest));
        for (name, expected) in [
            ("RSA", Some(Cipher::Rsa)),
            ("rsa/ecb/pkcs1padding", Some(Cipher::RsaPkcs1)),
            ("RSA/NONE/NoPadding", Some(Cipher::RsaNoPadding)),
            ("RSA/ECB/OAEPwithSHA1andMGF1Padding", oaep(OaepDigest::Sha1)),
            (
                "RSA/ECB/OAEPWithSHA-1AndMGF1Padding",
                oaep(OaepDigest::Sha1),
            ),
            ("RSA/ECB/OAEPPadding", oaep(OaepDigest::Sha1)),
            (
                "RSA/ECB/OAEPWITHSHA-256ANDMGF1PADDING",
                oaep(OaepDigest::Sha256),
            ),
            (
                "RSA/ECB/OAEPwithSHA512andMGF1Padding",
                oaep(OaepDigest::Sha512),
            ),
            ("AES", Some(Cipher::AesEcb)),
            ("aes/gcm/nopadding", Some(Cipher::AesGcm)),
            ("AES/CBC/PKCS5Padding", None),
            ("RSA/ECB/OAEPWithWhirlpoolAndMGF1Padding", None),
            ("", None),
        ] {
            assert_eq!(cipher(name), expected, "{name}");
        }
    }

    #[test]
    fn the_providers_reading_comes_first_and_the_other_after_it() {
        let first = |name: &str, provider| cipher(name).unwrap().paddings(provider)[0];
        assert_eq!(first("RSA", Provider::BouncyCastle), RsaPadding::None);
        assert_eq!(first("RSA", Provider::SunJce), RsaPadding::Pkcs1);
        let sha256 = "RSA/ECB/OAEPWithSHA-256AndMGF1Padding";
        assert_eq!(
            first(sha256, Provider::BouncyCastle),
            RsaPadding::oaep(OaepDigest::Sha256)
        );
        let of_sun = first(sha256, Provider::SunJce);
        assert!(matches!(
            of_sun,
            RsaPadding::Oaep {
                mask: OaepDigest::Sha1,
                ..
            }
        ));
    }
}
