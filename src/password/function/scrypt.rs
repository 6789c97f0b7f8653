//! [`Scrypt`]: RFC 7914, of a crate, with a bound on memory and work.

use std::fmt;

use zeroize::Zeroizing;

use super::pbkdf2::SHORTEST_KEY;
use crate::password::Refusal;

/// In bytes: 128 N r and 128 r p are each at most one GiB.
const MOST_MEMORY: u64 = 1 << 30;
/// In bytes: 128 N r p is at most four GiB.
const MOST_WORK: u64 = 1 << 32;
/// Far beyond the 64 bytes that are in use.
const LONGEST_DIGEST: usize = 512;

/// scrypt with its salt and cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scrypt {
    /// The logarithm of N to the base 2.
    pub(in crate::password) log_n: u8,
    pub(in crate::password) r: u32,
    pub(in crate::password) p: u32,
    pub(in crate::password) salt: Vec<u8>,
    /// Length of the digest in bytes.
    pub(in crate::password) length: usize,
}

impl Scrypt {
    /// Itself, if it is within its bounds.
    pub(in crate::password) fn bounded(self) -> Result<Self, Refusal> {
        let Self { log_n, r, p, .. } = self;
        let n = 1_u64.checked_shl(u32::from(log_n));
        let memory = n.and_then(|n| n.checked_mul(128 * u64::from(r)));
        let work = memory.and_then(|memory| memory.checked_mul(u64::from(p)));
        let (Some(memory), Some(work)) = (memory, work) else {
            return Err(Refusal::beyond(format!(
                "N = 2^{log_n}, r = {r}, p = {p} is more than any machine has"
            )));
        };
        if memory.max(work / n.unwrap_or(1)) > MOST_MEMORY || work > MOST_WORK {
            return Err(Refusal::beyond(format!(
                "N = 2^{log_n}, r = {r}, p = {p} takes more than {} MiB of memory, or {} MiB in all",
                MOST_MEMORY >> 20,
                MOST_WORK >> 20
            )));
        }
        if log_n == 0 || r == 0 || p == 0 {
            return Err(Refusal::malformed(
                "N, r and p of scrypt are at least 2, 1 and 1",
            ));
        }
        if !(SHORTEST_KEY..=LONGEST_DIGEST).contains(&self.length) {
            return Err(Refusal::malformed(format!(
                "its digest has {} bytes, and digests of scrypt have {SHORTEST_KEY} to {LONGEST_DIGEST}",
                self.length
            )));
        }
        Ok(self)
    }

    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let impossible =
            |error: String| Refusal::beyond(format!("scrypt cannot be computed: {error}"));
        let parameters = ::scrypt::Params::new(self.log_n, self.r, self.p);
        let parameters = parameters.map_err(|error| impossible(error.to_string()))?;
        let mut digest = Zeroizing::new(vec![0; self.length]);
        ::scrypt::scrypt(password, &self.salt, &parameters, &mut digest)
            .map_err(|error| impossible(error.to_string()))?;
        Ok(digest)
    }
}

impl fmt::Display for Scrypt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { log_n, r, p, .. } = self;
        let (salt, length) = (self.salt.len(), self.length);
        write!(
            formatter,
            "scrypt, N = 2^{log_n}, r = {r}, p = {p}, salt of {salt} bytes, digest of {length} bytes"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hexadecimal::hexadecimal;

    fn function(log_n: u8, r: u32, p: u32, salt: &[u8]) -> Result<Scrypt, Refusal> {
        let function = Scrypt {
            log_n,
            r,
            p,
            salt: salt.to_vec(),
            length: 64,
        };
        function.bounded()
    }

    /// RFC 7914 section 12, all but the vector of one GiB.
    #[test]
    fn the_vectors_of_rfc_7914() {
        for (password, salt, (log_n, r, p), expected) in [
            (
                "",
                "",
                (4, 1, 1),
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442\
                 fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
            ),
            (
                "password",
                "NaCl",
                (10, 8, 16),
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
                 2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
            ),
            (
                "pleaseletmein",
                "SodiumChloride",
                (14, 8, 1),
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
                 d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
            ),
        ] {
            let function = function(log_n, r, p, salt.as_bytes()).unwrap();
            let digest = function.apply(password.as_bytes()).unwrap();
            assert_eq!(*hexadecimal(&digest), expected);
        }
    }

    #[test]
    fn digests_that_are_cut_off_are_refused() {
        for (length, is_taken) in [
            (0, false),
            (9, false),
            (10, true),
            (512, true),
            (513, false),
        ] {
            let function = Scrypt {
                log_n: 1,
                r: 1,
                p: 1,
                salt: Vec::new(),
                length,
            };
            assert_eq!(function.bounded().is_ok(), is_taken, "{length}");
        }
    }

    #[test]
    fn memory_and_work_beyond_the_bounds_are_refused() {
        assert!(function(20, 8, 1, b"").is_ok());
        for (log_n, r, p) in [
            (21, 8, 1),
            (20, 8, 5),
            (63, 8, 1),
            (255, 8, 1),
            (1, u32::MAX, u32::MAX),
            (1, 1 << 22, 3),
        ] {
            assert!(matches!(
                function(log_n, r, p, b""),
                Err(Refusal::BeyondLimit(_))
            ));
        }
        assert!(matches!(function(1, 0, 1, b""), Err(Refusal::Malformed(_))));
        assert!(matches!(function(1, 1, 0, b""), Err(Refusal::Malformed(_))));
    }
}
