//! Key derivation: what keystores and stored passwords share.
//!
//! | function | used by | source |
//! |---|---|---|
//! | [`pbkdf2()`] | PBES2, PBMAC1 | RFC 8018 section 5.2 |
//! | [`pbkdf1_md5()`] | pbeWithMD5AndDES-CBC | RFC 8018 section 5.1 |
//! | [`pkcs12()`] | PKCS12 MACs and legacy PKCS12 encryption | RFC 7292 appendix B |
//! | [`jceks_pbe()`] | entries of JCEKS stores | `com.sun.crypto.provider.PBES1Core` |

mod digest_algorithm;
mod iterations;
mod jceks_pbe;
mod pbkdf1;
mod pkcs12;

pub use digest_algorithm::DigestAlgorithm;
pub use iterations::{Iterations, IterationsOutOfRange};
pub use jceks_pbe::{EqualHalves, JceksKey, jceks_pbe};
pub use pbkdf1::pbkdf1_md5;
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
