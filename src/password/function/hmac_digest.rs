//! [`HmacDigest`]: HMAC over the password under a key that is stored beside the value.
//!
//! ```text
//! HMAC( key, before | password | after )
//! ```

use std::fmt;

use zeroize::Zeroizing;

use crate::password::MessageDigest;

/// HMAC with its key and what surrounds the password.
#[derive(Clone, PartialEq, Eq)]
pub struct HmacDigest {
    pub(in crate::password) digest: MessageDigest,
    pub(in crate::password) key: Zeroizing<Vec<u8>>,
    pub(in crate::password) before: Vec<u8>,
    pub(in crate::password) after: Vec<u8>,
}

impl HmacDigest {
    pub(super) fn apply(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let message = [&self.before, password, &self.after].concat();
        self.digest.hmac(&self.key, &Zeroizing::new(message))
    }
}

/// The key may be one for all users.
impl fmt::Debug for HmacDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for HmacDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, key) = (self.digest.name(), self.key.len());
        let salt = self.before.len() + self.after.len();
        write!(
            formatter,
            "HMAC-{name}, key of {key} bytes, salt of {salt} bytes"
        )
    }
}
