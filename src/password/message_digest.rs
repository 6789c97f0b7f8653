//! [`MessageDigest`]: the hash functions that stored passwords name.

use hmac::{Hmac, KeyInit, Mac};
use md4::Md4;
use md5::Md5;
use ripemd::Ripemd160;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use whirlpool::Whirlpool;
use zeroize::Zeroizing;

use crate::kdf::DigestAlgorithm;

/// A hash function without salt and cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageDigest {
    /// MD4, 16 bytes.
    Md4,
    /// MD5, 16 bytes.
    Md5,
    /// SHA-1, 20 bytes.
    Sha1,
    /// SHA-224, 28 bytes.
    Sha224,
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-384, 48 bytes.
    Sha384,
    /// SHA-512, 64 bytes.
    Sha512,
    /// RIPEMD-160, 20 bytes.
    Ripemd160,
    /// Whirlpool, 64 bytes.
    Whirlpool,
}

impl MessageDigest {
    /// Length of a digest in bytes.
    #[must_use]
    pub fn output_length(self) -> usize {
        match self {
            Self::Md4 | Self::Md5 => 16,
            Self::Sha1 | Self::Ripemd160 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 | Self::Whirlpool => 64,
        }
    }

    /// Its usual name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Md4 => "MD4",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Ripemd160 => "RIPEMD-160",
            Self::Whirlpool => "Whirlpool",
        }
    }

    /// The one that is meant by `sha256`, `SHA-256`, `SHA` and the like.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().replace(['-', '_'], "").as_str() {
            "md4" => Some(Self::Md4),
            "md5" => Some(Self::Md5),
            "sha" | "sha1" => Some(Self::Sha1),
            "sha224" => Some(Self::Sha224),
            "sha256" => Some(Self::Sha256),
            "sha384" => Some(Self::Sha384),
            "sha512" => Some(Self::Sha512),
            "ripemd160" => Some(Self::Ripemd160),
            "whirlpool" => Some(Self::Whirlpool),
            _ => None,
        }
    }

    /// The same for key derivation, which has none but the SHA family.
    pub(super) fn prf(self) -> Option<DigestAlgorithm> {
        match self {
            Self::Md4 | Self::Md5 | Self::Ripemd160 | Self::Whirlpool => None,
            Self::Sha1 => Some(DigestAlgorithm::Sha1),
            Self::Sha224 => Some(DigestAlgorithm::Sha224),
            Self::Sha256 => Some(DigestAlgorithm::Sha256),
            Self::Sha384 => Some(DigestAlgorithm::Sha384),
            Self::Sha512 => Some(DigestAlgorithm::Sha512),
        }
    }

    /// HMAC of `message` under `key` (RFC 2104).
    pub(super) fn hmac(self, key: &[u8], message: &[u8]) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Md4 => hmac::<Hmac<Md4>>(key, message),
            Self::Md5 => hmac::<Hmac<Md5>>(key, message),
            Self::Sha1 => hmac::<Hmac<Sha1>>(key, message),
            Self::Sha224 => hmac::<Hmac<Sha224>>(key, message),
            Self::Sha256 => hmac::<Hmac<Sha256>>(key, message),
            Self::Sha384 => hmac::<Hmac<Sha384>>(key, message),
            Self::Sha512 => hmac::<Hmac<Sha512>>(key, message),
            Self::Ripemd160 => hmac::<Hmac<Ripemd160>>(key, message),
            Self::Whirlpool => hmac::<Hmac<Whirlpool>>(key, message),
        }
    }

    /// The digest of `parts`, one after the other.
    pub(super) fn of(self, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Md4 => digest::<Md4>(parts),
            Self::Md5 => digest::<Md5>(parts),
            Self::Sha1 => digest::<Sha1>(parts),
            Self::Sha224 => digest::<Sha224>(parts),
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
            Self::Ripemd160 => digest::<Ripemd160>(parts),
            Self::Whirlpool => digest::<Whirlpool>(parts),
        }
    }
}

fn digest<D: Digest>(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let mut hasher = D::new();
    for part in parts {
        hasher.update(part);
    }
    Zeroizing::new(hasher.finalize().to_vec())
}

fn hmac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Zeroizing<Vec<u8>> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes keys of every length");
    Zeroizing::new(mac.chain_update(message).finalize().into_bytes().to_vec())
}
