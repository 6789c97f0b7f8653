//! [`KeyChoice`]: whether a key is known to be the right one, or is tried.
//!
//! PKCS#1 v1.5 and AES-ECB do not quite tell a wrong key from the right one: noise passes the padding of the first once in
//! 100,000 times, that of the second once in 256. Where keys or readings are tried, what comes out must look like a
//! password too, which noise does less than once in a hundred, or in a million, of these. A key that is known is believed.

/// How a key came to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyChoice {
    /// There is no other, or the value names it.
    Known,
    /// It is one of several that may be right.
    Tried,
}

impl KeyChoice {
    /// Whether `bytes`, whose padding was right, count as decrypted.
    pub(super) fn believes(self, bytes: &[u8]) -> bool {
        self == Self::Known || looks_like_a_password(bytes)
    }

    /// As [`Self::believes`], where a wrong key is frequent: UTF-8 alone will do.
    pub(super) fn believes_text(self, bytes: &[u8]) -> bool {
        self == Self::Known || std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(is_noise))
    }
}

/// A text in UTF-8 or ISO-8859-1, both of which a JVM's default may be, with at least one character and without control
/// characters other than those of a text of several lines.
fn looks_like_a_password(bytes: &[u8]) -> bool {
    if bytes.is_empty() {
        return false;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => !text.contains(is_noise),
        Err(_) => !bytes.iter().any(|&byte| is_noise(char::from(byte))),
    }
}

fn is_noise(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}
