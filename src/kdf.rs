//! Key derivation: what keystores and stored passwords share.
//!
//! | function | used by | source |
//! |---|---|---|
//! | [`pbkdf2()`] | PBES2, PBMAC1, stored passwords | RFC 8018 section 5.2 |
//! | [`pbkdf2_many()`] | many stored passwords at once | the same |
//! | [`pbkdf1_md5()`] | pbeWithMD5AndDES-CBC | RFC 8018 section 5.1 |
//! | [`pkcs12()`] | PKCS12 MACs and legacy PKCS12 encryption | RFC 7292 appendix B |
//! | [`KeyDerivation::Jceks`] | entries of JCEKS stores | `com.sun.crypto.provider.PBES1Core` |
//! | `bcrypt_many()` | stored passwords, one or many | Provos and Mazières (1999) |
//!
//! [`KeyDerivation::derive_all`] derives many keys of one password on all processors;
//! [`pbkdf2_many()`] takes as many passwords as keys, and the thread that calls it.

mod batch;
#[cfg(feature = "password")]
mod bcrypt;
mod digest_algorithm;
mod iterations;
mod jceks_pbe;
mod key_derivation;
mod lanes;
mod pbkdf1;
mod pbkdf2_lanes;
mod pbkdf2_many;
mod pkcs12;
mod processor;
mod registers;

use std::num::NonZeroU32;

#[cfg(feature = "password")]
pub(crate) use bcrypt::{BCRYPT_KEY_LENGTH, BcryptInput, bcrypt_many};
pub use digest_algorithm::DigestAlgorithm;
pub use iterations::{Iterations, IterationsOutOfRange};
pub use jceks_pbe::{EqualHalves, jceks_halves};
pub use key_derivation::KeyDerivation;
pub use pbkdf1::pbkdf1_md5;
pub use pbkdf2_many::{Pbkdf2Task, pbkdf2_many};
pub use pkcs12::{Pkcs12Purpose, pkcs12};

/// PBKDF2 with an HMAC as its pseudo-random function: fills `key` (RFC 8018 section 5.2).
pub fn pbkdf2(
    prf: DigestAlgorithm,
    password: &[u8],
    salt: &[u8],
    iterations: Iterations,
    key: &mut [u8],
) {
    use ::pbkdf2::pbkdf2_hmac;
    if let Some(algorithm) = in_assembly(prf) {
        let rounds = NonZeroU32::new(iterations.get()).unwrap_or(NonZeroU32::MIN);
        return ring::pbkdf2::derive(algorithm, rounds, salt, password, key);
    }
    let rounds = iterations.get();
    match prf {
        DigestAlgorithm::Sha1 => pbkdf2_hmac::<sha1::Sha1>(password, salt, rounds, key),
        DigestAlgorithm::Sha224 => pbkdf2_hmac::<sha2::Sha224>(password, salt, rounds, key),
        DigestAlgorithm::Sha256 => pbkdf2_hmac::<sha2::Sha256>(password, salt, rounds, key),
        DigestAlgorithm::Sha384 => pbkdf2_hmac::<sha2::Sha384>(password, salt, rounds, key),
        DigestAlgorithm::Sha512 => pbkdf2_hmac::<sha2::Sha512>(password, salt, rounds, key),
        DigestAlgorithm::Sha512Trunc224 => {
            pbkdf2_hmac::<sha2::Sha512_224>(password, salt, rounds, key);
        }
        DigestAlgorithm::Sha512Trunc256 => {
            pbkdf2_hmac::<sha2::Sha512_256>(password, salt, rounds, key);
        }
    }
}

/// `ring`'s PBKDF2, which on processors without SHA instructions takes two thirds of the time. Its
/// SHA-1 is no assembly, and takes twice the time of `sha1`.
fn in_assembly(prf: DigestAlgorithm) -> Option<ring::pbkdf2::Algorithm> {
    if processor::has_sha_instructions() {
        return None;
    }
    match prf {
        DigestAlgorithm::Sha256 => Some(ring::pbkdf2::PBKDF2_HMAC_SHA256),
        DigestAlgorithm::Sha384 => Some(ring::pbkdf2::PBKDF2_HMAC_SHA384),
        DigestAlgorithm::Sha512 => Some(ring::pbkdf2::PBKDF2_HMAC_SHA512),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6070, vector 2.
    #[test]
    fn pbkdf2_matches_rfc_6070() {
        let mut key = [0; 20];
        let iterations = Iterations::new(2).unwrap();
        pbkdf2(
            DigestAlgorithm::Sha1,
            b"password",
            b"salt",
            iterations,
            &mut key,
        );
        let expected = [
            0xea, 0x6c, 0x01, 0x4d, 0xc7, 0x2d, 0x6f, 0x8c, 0xcd, 0x1e, 0xd9, 0x2a, 0xce, 0x1d,
            0x41, 0xf0, 0xd8, 0xde, 0x89, 0x57,
        ];
        assert_eq!(key, expected);
    }
}
