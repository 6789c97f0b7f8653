//! [`Pbkdf2`]: RFC 8018 section 5.2, with a bound on its work.

use std::fmt;

use zeroize::Zeroizing;

use crate::kdf::{DigestAlgorithm, Iterations, pbkdf2};
use crate::password::Refusal;

/// Iterations times blocks of the key: Keycloak's 1,300,000 with a key of four blocks fits three times.
const MOST_WORK: usize = 20_000_000;

/// Far beyond the 256 bytes that are in use, in bytes.
const LONGEST_KEY: usize = 512;
/// In bytes, also of scrypt: of a key that was cut off, wrong passwords would be right. kanidm's old ones have 19.
pub(super) const SHORTEST_KEY: usize = 10;

/// PBKDF2 with its salt, iterations and length of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pbkdf2 {
    pub(in crate::password) prf: DigestAlgorithm,
    pub(in crate::password) salt: Vec<u8>,
    pub(in crate::password) iterations: Iterations,
    /// Length of the key in bytes.
    pub(in crate::password) length: usize,
}

impl Pbkdf2 {
    pub(in crate::password) fn new(
        prf: DigestAlgorithm,
        salt: Vec<u8>,
        iterations: u64,
        length: usize,
    ) -> Result<Self, Refusal> {
        let iterations =
            Iterations::new(iterations).map_err(|error| Refusal::beyond(error.to_string()))?;
        if length < SHORTEST_KEY {
            return Err(Refusal::malformed(format!(
                "its key has {length} bytes, and keys have {SHORTEST_KEY} or more"
            )));
        }
        if length > LONGEST_KEY {
            return Err(Refusal::beyond(format!(
                "a key of {length} bytes is longer than {LONGEST_KEY}"
            )));
        }
        let blocks = length.div_ceil(prf.output_length());
        let work = blocks.saturating_mul(iterations.get() as usize);
        if work > MOST_WORK {
            return Err(Refusal::beyond(format!(
                "{iterations} iterations for a key of {length} bytes are more than {MOST_WORK} steps of PBKDF2"
            )));
        }
        Ok(Self {
            prf,
            salt,
            iterations,
            length,
        })
    }

    pub(super) fn apply(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(vec![0; self.length]);
        pbkdf2(self.prf, password, &self.salt, self.iterations, &mut key);
        key
    }
}

impl fmt::Display for Pbkdf2 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "PBKDF2-HMAC-{}, {} iterations, salt of {} bytes, key of {} bytes",
            self.prf.java_name(),
            self.iterations,
            self.salt.len(),
            self.length
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hexadecimal::hexadecimal;

    fn key(prf: DigestAlgorithm, inputs: (&[u8], &[u8]), iterations: u64, length: usize) -> String {
        let function = Pbkdf2::new(prf, inputs.1.to_vec(), iterations, length).unwrap();
        hexadecimal(&function.apply(inputs.0)).to_string()
    }

    /// RFC 6070; its vector of 16,777,216 iterations is beyond the bound.
    #[test]
    fn the_vectors_of_rfc_6070() {
        let long: (&[u8], &[u8]) = (
            b"passwordPASSWORDpassword",
            b"saltSALTsaltSALTsaltSALTsaltSALTsalt",
        );
        let short: (&[u8], &[u8]) = (b"password", b"salt");
        let zero: (&[u8], &[u8]) = (b"pass\0word", b"sa\0lt");
        for (inputs, iterations, expected) in [
            (short, 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
            (short, 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
            (short, 4096, "4b007901b765489abead49d926f721d065a429c1"),
            (
                long,
                4096,
                "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038",
            ),
            (zero, 4096, "56fa6aa75548099dcc37d7f03425e0c3"),
        ] {
            let length = expected.len() / 2;
            assert_eq!(
                key(DigestAlgorithm::Sha1, inputs, iterations, length),
                expected
            );
        }
    }

    /// RFC 7914 section 11.
    #[test]
    fn the_vectors_of_rfc_7914() {
        assert_eq!(
            key(DigestAlgorithm::Sha256, (b"passwd", b"salt"), 1, 64),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc\
             49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
        );
        assert_eq!(
            key(DigestAlgorithm::Sha256, (b"Password", b"NaCl"), 80_000, 64),
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56\
             a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"
        );
    }

    #[test]
    fn work_beyond_the_bound_is_refused() {
        let new =
            |iterations, length| Pbkdf2::new(DigestAlgorithm::Sha1, vec![], iterations, length);
        assert!(new(5_000_000, 80).is_ok());
        assert!(matches!(new(5_000_000, 81), Err(Refusal::BeyondLimit(_))));
        assert!(matches!(new(5_000_001, 20), Err(Refusal::BeyondLimit(_))));
        assert!(matches!(new(0, 20), Err(Refusal::BeyondLimit(_))));
        assert!(matches!(new(1, 0), Err(Refusal::Malformed(_))));
        assert!(matches!(new(1, 9), Err(Refusal::Malformed(_))));
        assert!(new(1, 10).is_ok());
        assert!(matches!(new(1, usize::MAX), Err(Refusal::BeyondLimit(_))));
    }
}
