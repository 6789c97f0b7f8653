//! [`KeyAlgorithm`]: an algorithm for which Java makes random secret keys.

use crate::Secret;
use crate::keystore::SecretKey;

/// Java's names of the algorithms, the sizes in bits that each takes (least, most, step), and what
/// keytool says to another one.
const ALGORITHMS: [(&str, [usize; 3], &str); 11] = [
    (
        "AES",
        [128, 256, 64],
        "Wrong keysize: must be equal to 128, 192 or 256",
    ),
    (
        "ARCFOUR",
        [40, 1024, 1],
        "Key length for ARCFOUR must be between 40 and 1024 bits",
    ),
    (
        "Blowfish",
        [32, 448, 8],
        "Keysize must be multiple of 8, and can only range from 32 to 448 (inclusive)",
    ),
    ("DES", [56, 56, 1], "Wrong keysize: must be equal to 56"),
    (
        "DESede",
        [112, 168, 56],
        "Wrong keysize: must be equal to 112 or 168",
    ),
    ("HmacSHA1", HMAC_BITS, HMAC_TOO_SHORT),
    ("HmacSHA224", HMAC_BITS, HMAC_TOO_SHORT),
    ("HmacSHA256", HMAC_BITS, HMAC_TOO_SHORT),
    ("HmacSHA384", HMAC_BITS, HMAC_TOO_SHORT),
    ("HmacSHA512", HMAC_BITS, HMAC_TOO_SHORT),
    (
        "RC2",
        [40, 1024, 1],
        "Key length for RC2 must be between 40 and 1024 bits",
    ),
];
const HMAC_BITS: [usize; 3] = [40, 65_536, 1];
const HMAC_TOO_SHORT: &str = "Key length must be at least 40 bits";

/// An algorithm, and the sizes of its keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyAlgorithm {
    /// Java's name.
    pub(super) name: &'static str,
    /// Least, most, step; in bits.
    sizes: [usize; 3],
    /// What keytool says to a size that it does not have.
    pub(super) wrong_size: &'static str,
}

impl KeyAlgorithm {
    /// The algorithm of that name, in any case.
    pub(super) fn named(asked: &str) -> Option<Self> {
        let known = ALGORITHMS
            .iter()
            .find(|(name, ..)| name.eq_ignore_ascii_case(asked));
        known.map(|&(name, sizes, wrong_size)| Self {
            name,
            sizes,
            wrong_size,
        })
    }

    /// Every name.
    pub(super) fn names() -> Vec<&'static str> {
        ALGORITHMS.iter().map(|(name, ..)| *name).collect()
    }

    /// The size that keytool takes where none is asked for, in bits; for most there is none.
    pub(super) fn keytools_bits(self) -> Option<usize> {
        match self.name {
            "DES" => Some(56),
            "DESede" => Some(168),
            _ => None,
        }
    }

    /// A size that is safe today, in bits: that of the hash for an HMAC, otherwise 256 or the most.
    pub(super) fn safe_bits(self) -> usize {
        match self.name {
            "HmacSHA1" => 160,
            "HmacSHA224" => 224,
            "HmacSHA384" => 384,
            "HmacSHA512" => 512,
            "DESede" => 168,
            _ => self.sizes[1].min(256),
        }
    }

    /// Whether keys have this size, in bits.
    pub(super) fn has_size(self, bits: usize) -> bool {
        let [least, most, step] = self.sizes;
        (least..=most).contains(&bits) && (bits - least).is_multiple_of(step)
    }

    /// A random key of `bits`, which is one of its sizes.
    pub(super) fn random_key(self, bits: usize) -> Result<SecretKey, getrandom::Error> {
        let length = match (self.name, bits) {
            ("DES", _) => 8,
            ("DESede", 112) => 16,
            ("DESede", _) => 24,
            _ => bits.div_ceil(8),
        };
        let mut bytes = vec![0; length];
        getrandom::fill(&mut bytes)?;
        if self.name.starts_with("DES") {
            set_parity(&mut bytes);
        }
        if (self.name, bits) == ("DESede", 112) {
            bytes.extend_from_within(..8);
        }
        Ok(SecretKey {
            algorithm: self.name.to_owned(),
            secret: Secret::new(bytes),
        })
    }
}

/// Each byte of a DES key has an odd number of ones.
fn set_parity(key: &mut [u8]) {
    for byte in key {
        let ones = (*byte & 0xfe).count_ones();
        *byte = (*byte & 0xfe) | u8::from(ones % 2 == 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn des_keys_have_odd_parity_and_their_length() {
        let algorithm = KeyAlgorithm::named("desede").unwrap();
        for bits in [112, 168] {
            let key = algorithm.random_key(bits).unwrap().secret;
            assert_eq!(key.len(), 24);
            let odd = |byte: &u8| byte.count_ones() % 2 == 1;
            assert!(key.expose_bytes().iter().all(odd));
        }
    }

    #[test]
    fn every_algorithm_has_the_sizes_that_are_offered() {
        for name in KeyAlgorithm::names() {
            let algorithm = KeyAlgorithm::named(name).unwrap();
            let bits = algorithm.keytools_bits();
            assert!(bits.is_none_or(|bits| algorithm.has_size(bits)), "{name}");
            assert!(algorithm.has_size(algorithm.safe_bits()), "{name}");
        }
        for (name, bits) in [("aes", 129), ("AES", 64), ("DES", 64), ("RC2", 0)] {
            assert!(!KeyAlgorithm::named(name).unwrap().has_size(bits), "{name}");
        }
    }
}
