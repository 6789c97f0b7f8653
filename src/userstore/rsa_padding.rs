//! [`RsaPadding`]: how a secret is laid into one RSA block.
//!
//! ```text
//! OAEP         00 | masked seed | masked( digest of "" | 00… | 01 | secret )
//! PKCS#1 v1.5  00 02 | at least 8 random bytes, none of them 00 | 00 | secret
//! none         00… | secret
//! ```
//! A wrong key is always noticed with OAEP, whose digest is at least 20 bytes. It is not with PKCS#1 v1.5, so that what
//! comes to light must be believed too ([`KeyChoice`]). Without padding the block of a wrong key would have to begin with
//! eight bytes that are 00.
//!
//! Source: RFC 8017, sections 7.1 and 7.2; Bouncy Castle's `CipherSpi`, which strips what is 00 at the beginning.

use rsa::rand_core::OsRng;
use rsa::sha2::{Sha256, Sha384, Sha512};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, Oaep, Pkcs1v15Encrypt, RsaPublicKey, hazmat};
use sha1_for_rsa::Sha1;
use zeroize::Zeroize;

use super::key_choice::KeyChoice;
use super::rsa_key::RsaKey;
use crate::Secret;

/// How many bytes of a block without padding must be 00, so that it counts as opened.
pub(super) const LEADING_ZEROS: usize = 8;
/// What PKCS#1 v1.5 takes of a block, in bytes.
const PKCS1_OVERHEAD: usize = 11;

/// The padding of an RSA block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RsaPadding {
    /// The secret as a number: Bouncy Castle's plain `RSA`.
    None,
    /// PKCS#1 v1.5: SunJCE's plain `RSA`.
    Pkcs1,
    /// OAEP.
    Oaep {
        /// The digest of the label.
        digest: OaepDigest,
        /// The digest of the mask generation function, MGF1.
        mask: OaepDigest,
    },
}

/// A digest that OAEP is used with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OaepDigest {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl RsaPadding {
    /// All that a value without a transformation may have; those first that cannot be mistaken.
    pub(super) const ALL: [Self; 9] = [
        Self::oaep(OaepDigest::Sha1),
        Self::oaep(OaepDigest::Sha256),
        Self::masked_with_sha1(OaepDigest::Sha256),
        Self::oaep(OaepDigest::Sha384),
        Self::masked_with_sha1(OaepDigest::Sha384),
        Self::oaep(OaepDigest::Sha512),
        Self::masked_with_sha1(OaepDigest::Sha512),
        Self::None,
        Self::Pkcs1,
    ];

    /// OAEP with one digest for both.
    pub(super) const fn oaep(digest: OaepDigest) -> Self {
        Self::Oaep {
            digest,
            mask: digest,
        }
    }

    const fn masked_with_sha1(digest: OaepDigest) -> Self {
        Self::Oaep {
            digest,
            mask: OaepDigest::Sha1,
        }
    }

    /// Whether a wrong key is always noticed.
    pub(super) fn tells_a_wrong_key(self) -> bool {
        self != Self::Pkcs1
    }

    /// The longest secret that fits into a block of `block` bytes.
    pub(super) fn longest_secret(self, block: usize) -> usize {
        let overhead = match self {
            Self::None => LEADING_ZEROS,
            Self::Pkcs1 => PKCS1_OVERHEAD,
            Self::Oaep { digest, .. } => 2 * digest.length() + 2,
        };
        block.saturating_sub(overhead)
    }

    /// The secret in `block`; `None` when the key or the padding is another.
    pub(super) fn open(self, key: &RsaKey, block: &[u8], choice: KeyChoice) -> Option<Secret> {
        let secret = key.decrypt(self, block)?;
        let is_it = self.tells_a_wrong_key() || choice.believes(secret.expose_bytes());
        is_it.then_some(secret)
    }

    /// A block with `secret`; `None` when it does not fit.
    pub(super) fn seal(self, key: &RsaPublicKey, secret: &Secret) -> Option<Vec<u8>> {
        if secret.len() > self.longest_secret(key.size()) {
            return None;
        }
        let bytes = secret.expose_bytes();
        match self {
            Self::None => seal_unpadded(key, bytes),
            Self::Pkcs1 => key.encrypt(&mut OsRng, Pkcs1v15Encrypt, bytes).ok(),
            Self::Oaep { digest, mask } => {
                key.encrypt(&mut OsRng, scheme(digest, mask), bytes).ok()
            }
        }
    }
}

impl OaepDigest {
    /// In bytes.
    fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

pub(super) fn scheme(digest: OaepDigest, mask: OaepDigest) -> Oaep {
    let with_sha1 = mask == OaepDigest::Sha1;
    match digest {
        OaepDigest::Sha1 => Oaep::new::<Sha1>(),
        OaepDigest::Sha256 if with_sha1 => Oaep::new_with_mgf_hash::<Sha256, Sha1>(),
        OaepDigest::Sha256 => Oaep::new::<Sha256>(),
        OaepDigest::Sha384 if with_sha1 => Oaep::new_with_mgf_hash::<Sha384, Sha1>(),
        OaepDigest::Sha384 => Oaep::new::<Sha384>(),
        OaepDigest::Sha512 if with_sha1 => Oaep::new_with_mgf_hash::<Sha512, Sha1>(),
        OaepDigest::Sha512 => Oaep::new::<Sha512>(),
    }
}

fn seal_unpadded(key: &RsaPublicKey, secret: &[u8]) -> Option<Vec<u8>> {
    // As a number it would lose them, or be nothing.
    if secret.first().is_none_or(|&first| first == 0) {
        return None;
    }
    let mut number = BigUint::from_bytes_be(secret);
    let sealed = hazmat::rsa_encrypt(key, &number).ok();
    number.zeroize();
    let sealed = sealed?.to_bytes_be();
    let mut block = vec![0; key.size().checked_sub(sealed.len())?];
    block.extend_from_slice(&sealed);
    Some(block)
}
