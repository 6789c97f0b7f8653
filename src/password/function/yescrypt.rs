//! [`Yescrypt`]: Alexander Peslyak's successor of scrypt, of a crate, with a bound on memory and work.
//!
//! Source: yescrypt's reference implementation; crypt(5) of libxcrypt. What the texts of crypt(3) on Linux use is
//! there: the flavor 0xb6, without ROM and without later upgrades of the cost.

use std::fmt;

use ::yescrypt::{Mode, Params, yescrypt};
use zeroize::Zeroizing;

use super::without_zero_byte;
use crate::password::Refusal;

/// In bytes: 128 N r is at most one GiB.
const MOST_MEMORY: u64 = 1 << 30;
/// In bytes: 128 N r (t + 1) is at most four GiB.
const MOST_WORK: u64 = 1 << 32;
/// In threads; each takes 12 KiB of its own.
const MOST_LANES: u32 = 1024;
/// 43 characters.
const DIGEST_LENGTH: usize = 32;

/// yescrypt with its salt and cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yescrypt {
    /// The logarithm of N to the base 2.
    pub(in crate::password) log_n: u32,
    pub(in crate::password) r: u32,
    pub(in crate::password) p: u32,
    pub(in crate::password) t: u32,
    pub(in crate::password) salt: Vec<u8>,
}

impl Yescrypt {
    /// Itself, if it is within its bounds.
    pub(in crate::password) fn bounded(self) -> Result<Self, Refusal> {
        let Self { log_n, r, p, t, .. } = self;
        let n = 1_u64.checked_shl(log_n);
        let memory = n.and_then(|n| n.checked_mul(128 * u64::from(r)));
        let work = memory.and_then(|memory| memory.checked_mul(u64::from(t) + 1));
        let within = |bytes: Option<u64>, most| bytes.is_some_and(|bytes| bytes <= most);
        if !within(memory, MOST_MEMORY) || !within(work, MOST_WORK) || p > MOST_LANES {
            return Err(Refusal::beyond(format!(
                "N = 2^{log_n}, r = {r}, p = {p}, t = {t} takes more than {} MiB of memory, or {} MiB in all, or {MOST_LANES} \
                 lanes",
                MOST_MEMORY >> 20,
                MOST_WORK >> 20
            )));
        }
        if p == 0 {
            return Err(Refusal::malformed("its p is zero"));
        }
        self.parameters()?;
        Ok(self)
    }

    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        without_zero_byte(password)?;
        let mut digest = Zeroizing::new(vec![0; DIGEST_LENGTH]);
        yescrypt(password, &self.salt, &self.parameters()?, &mut digest)
            .map_err(|error| Refusal::beyond(format!("yescrypt cannot be computed: {error}")))?;
        Ok(digest)
    }

    fn parameters(&self) -> Result<Params, Refusal> {
        let n = 1_u64.checked_shl(self.log_n).unwrap_or(0);
        Params::new_with_all_params(Mode::Rw, n, self.r, self.p, self.t, 0).map_err(|_| {
            Refusal::malformed("yescrypt has N / p of at least 2, and r of at least 8")
        })
    }
}

impl fmt::Display for Yescrypt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { log_n, r, p, t, .. } = self;
        let salt = self.salt.len();
        write!(
            formatter,
            "yescrypt, N = 2^{log_n}, r = {r}, p = {p}, t = {t}, salt of {salt} bytes"
        )
    }
}
