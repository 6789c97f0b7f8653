//! What a function costs, as a number that its parameters alone decide.
//!
//! The unit is a nanosecond of one core of a server of 2023 (Sapphire Rapids with SHA instructions, the least of several
//! runs). Another processor differs in the proportions by less than a factor of two; what is compared with these numbers
//! is a value of one scheme with a value of another, or a stored value with a bound.

use super::function::LONGEST_PASSWORD;
use super::{DesForm, HashFunction, MessageDigest, Scrypt};
use crate::kdf::DigestAlgorithm;

/// One digest of a password, salt included.
const DIGEST: u64 = 300;
/// One expansion of Blowfish's key, with the password and with the salt.
const BLOWFISH_EXPANSIONS: u64 = 71_300;
/// One iteration of PBKDF2 with SHA-3.
const SHA3_ITERATION: u64 = 1_300;
/// One pass over a KiB of Argon2.
const ARGON2_KIB: u64 = 570;
/// A KiB of scrypt, written once and read once.
const SCRYPT_KIB: u64 = 1_400;
/// One block of DES, key schedule left aside.
const DES_BLOCK: u64 = 400;
/// The 1000 rounds of MD5-crypt.
const MD5_CRYPT: u64 = 250_000;

impl HashFunction {
    /// What one computation costs: nanoseconds of one core of a server of 2023, from the parameters alone. The length of
    /// the password does not count.
    #[must_use]
    pub fn work(&self) -> u64 {
        match self {
            Self::Clear => 0,
            Self::Wrapped(function) => function.inner().work() + function.outer().work(),
            Self::Encrypted(_) => DIGEST,
            Self::Phpass(function) => DIGEST * u64::from(function.rounds),
            Self::Pbkdf2Sha3(function) => {
                let blocks = function.length.div_ceil(function.digest.output_length()) as u64;
                SHA3_ITERATION * blocks * u64::from(function.iterations.get())
            }
            Self::FirebaseScrypt(function) => scrypt(&function.scrypt),
            Self::Hmac(_) | Self::ReverseSalted(_) => 2 * DIGEST,
            Self::Digest(function) => DIGEST * u64::from(function.times),
            Self::EncodedDigest(function) => DIGEST * u64::from(function.digest.times),
            Self::DesCrypt(function) => DES_BLOCK * u64::from(function.form.iterations()),
            // An HMAC of a block is an iteration of PBKDF2.
            Self::Sha1Crypt(function) => {
                pbkdf2_iteration(DigestAlgorithm::Sha1) * u64::from(function.rounds())
            }
            Self::Pbkdf2(function) => {
                let blocks = function.length.div_ceil(function.prf.output_length()) as u64;
                pbkdf2_iteration(function.prf) * blocks * u64::from(function.iterations.get())
            }
            Self::Bcrypt(function) => BLOWFISH_EXPANSIONS << function.cost,
            Self::Md5Crypt(_) => MD5_CRYPT,
            Self::ShaCrypt(function) => {
                sha_crypt_round(function.digest) * u64::from(function.rounds)
            }
            Self::Argon2(function) => {
                ARGON2_KIB * u64::from(function.memory) * u64::from(function.passes)
            }
            Self::Scrypt(function) => scrypt(function),
            Self::Yescrypt(function) => {
                let blocks = (u64::from(function.r) * u64::from(function.p)) << function.log_n;
                (SCRYPT_KIB * blocks).div_ceil(8) * u64::from(function.t + 1)
            }
        }
    }

    /// What [`super::Scheme::hash`] calls its cost: iterations, rounds, a logarithm or passes; none where it is fixed.
    #[must_use]
    pub fn cost(&self) -> Option<u32> {
        match self {
            Self::Pbkdf2(function) => Some(function.iterations.get()),
            Self::Bcrypt(function) => Some(function.cost),
            Self::ShaCrypt(function) => Some(function.rounds),
            Self::Argon2(function) => Some(function.passes),
            Self::Scrypt(function) => Some(function.log_n.into()),
            Self::Yescrypt(function) => Some(function.log_n),
            _ => None,
        }
    }

    /// The longest password that it takes, in bytes.
    #[must_use]
    pub fn longest_password(&self) -> usize {
        match self {
            Self::Bcrypt(function) => function.longest_password().min(LONGEST_PASSWORD),
            Self::Wrapped(function) => function.inner().longest_password(),
            Self::DesCrypt(function) if function.form == DesForm::Traditional => 8,
            _ => LONGEST_PASSWORD,
        }
    }
}

fn scrypt(function: &Scrypt) -> u64 {
    let blocks = (u64::from(function.r) * u64::from(function.p)) << function.log_n;
    (SCRYPT_KIB * blocks).div_ceil(8)
}

fn pbkdf2_iteration(prf: DigestAlgorithm) -> u64 {
    match prf {
        DigestAlgorithm::Sha1 => 143,
        DigestAlgorithm::Sha224 | DigestAlgorithm::Sha256 => 162,
        _ => 541,
    }
}

fn sha_crypt_round(digest: MessageDigest) -> u64 {
    match digest {
        MessageDigest::Sha256 => 350,
        _ => 650,
    }
}

#[cfg(test)]
mod tests {
    use crate::password::{recognise, schemes};

    #[test]
    fn a_higher_cost_is_more_work_and_a_bounded_one() {
        for scheme in schemes().filter(|scheme| scheme.produces()) {
            let Ok(function) = scheme.new_function(None) else {
                continue;
            };
            // An hour is far beyond every bound.
            assert!(function.work() < 3_600_000_000_000, "{scheme:?}");
            assert!(function.work() > 0, "{scheme:?}");
            let Some(cost) = function.cost() else {
                continue;
            };
            if let Ok(dearer) = scheme.new_function(Some(cost + 1)) {
                assert!(dearer.work() > function.work(), "{scheme:?}");
                assert_eq!(dearer.cost(), Some(cost + 1), "{scheme:?}");
            }
        }
    }

    #[test]
    fn each_block_of_a_key_counts() {
        let work = |text: &str| recognise(text, None).unwrap().function().work();
        let one_block = work("{PBKDF2}1000:5gqOPElN8Wy8N6OHU7hnSsjHGS1zYWx0c2FsdA==");
        let ten_times = work("{PBKDF2}10000:5gqOPElN8Wy8N6OHU7hnSsjHGS1zYWx0c2FsdA==");
        assert_eq!(ten_times, 10 * one_block);
        let keycloak = "{\"credentialData\":\"{\\\"hashIterations\\\":1000,\\\"algorithm\\\":\\\"pbkdf2\\\"}\",\"secretData\":\
            \"{\\\"value\\\":\\\"TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ==\\\",\
            \\\"salt\\\":\\\"TmFDbA==\\\"}\"}";
        assert_eq!(
            work(keycloak),
            4 * one_block,
            "64 bytes are four digests of SHA-1"
        );
    }
}
