//! [`DigestAlgorithm`]: the hash functions that keystores name.

use super::processor::has_sha_instructions;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};

/// SHA-1 and the SHA-2 family, as the JDK names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
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
    /// SHA-512/224, 28 bytes.
    Sha512Trunc224,
    /// SHA-512/256, 32 bytes.
    Sha512Trunc256,
}

impl DigestAlgorithm {
    /// Length of a digest in bytes.
    #[must_use]
    pub fn output_length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 | Self::Sha512Trunc224 => 28,
            Self::Sha256 | Self::Sha512Trunc256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Length of the block that the compression function takes, in bytes.
    #[must_use]
    pub fn block_length(self) -> usize {
        match self {
            Self::Sha1 | Self::Sha224 | Self::Sha256 => 64,
            Self::Sha384 | Self::Sha512 | Self::Sha512Trunc224 | Self::Sha512Trunc256 => 128,
        }
    }

    /// The name as it stands in the JDK's algorithm names: `SHA256` in `HmacPBESHA256`.
    #[must_use]
    pub fn java_name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha224 => "SHA224",
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
            Self::Sha512Trunc224 => "SHA512/224",
            Self::Sha512Trunc256 => "SHA512/256",
        }
    }

    /// HMAC of `message` under `key` (RFC 2104), of [`Self::output_length`] bytes.
    #[must_use]
    pub fn hmac(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => hmac_with::<Hmac<Sha1>>(key, message),
            Self::Sha224 => hmac_with::<Hmac<Sha224>>(key, message),
            Self::Sha256 => hmac_with::<Hmac<Sha256>>(key, message),
            Self::Sha384 => hmac_with::<Hmac<Sha384>>(key, message),
            Self::Sha512 => hmac_with::<Hmac<Sha512>>(key, message),
            Self::Sha512Trunc224 => hmac_with::<Hmac<Sha512_224>>(key, message),
            Self::Sha512Trunc256 => hmac_with::<Hmac<Sha512_256>>(key, message),
        }
    }

    /// Hashes `input`, then the digest again, until it was hashed `times` times in all; writes the
    /// last digest to the front of `output`, which has at least [`Self::output_length`] bytes.
    pub(super) fn hash_repeatedly(self, input: &[u8], times: u32, output: &mut [u8]) {
        if let Some(algorithm) = self.in_assembly() {
            return repeat_in_assembly(algorithm, input, times, output);
        }
        match self {
            Self::Sha1 => repeat::<Sha1>(input, times, output),
            Self::Sha224 => repeat::<Sha224>(input, times, output),
            Self::Sha256 => repeat::<Sha256>(input, times, output),
            Self::Sha384 => repeat::<Sha384>(input, times, output),
            Self::Sha512 => repeat::<Sha512>(input, times, output),
            Self::Sha512Trunc224 => repeat::<Sha512_224>(input, times, output),
            Self::Sha512Trunc256 => repeat::<Sha512_256>(input, times, output),
        }
    }

    /// The same in `ring`'s assembly, which is quicker on processors without SHA instructions; its
    /// SHA-1 is no assembly.
    fn in_assembly(self) -> Option<&'static ring::digest::Algorithm> {
        if has_sha_instructions() {
            return None;
        }
        match self {
            Self::Sha256 => Some(&ring::digest::SHA256),
            Self::Sha384 => Some(&ring::digest::SHA384),
            Self::Sha512 => Some(&ring::digest::SHA512),
            _ => None,
        }
    }
}

fn repeat_in_assembly(
    algorithm: &'static ring::digest::Algorithm,
    input: &[u8],
    times: u32,
    output: &mut [u8],
) {
    let mut digest = ring::digest::digest(algorithm, input);
    for _ in 1..times {
        digest = ring::digest::digest(algorithm, digest.as_ref());
    }
    output[..digest.as_ref().len()].copy_from_slice(digest.as_ref());
}

fn hmac_with<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

fn repeat<D: Digest>(input: &[u8], times: u32, output: &mut [u8]) {
    let mut digest = D::digest(input);
    for _ in 1..times {
        digest = D::digest(&digest);
    }
    output[..digest.len()].copy_from_slice(&digest);
}
