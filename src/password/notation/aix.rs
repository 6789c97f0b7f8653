//! AIX's `{smd5}`, which is no LDAP `{SMD5}`.
//!
//! ```text
//! {smd5}salt$digest    MD5-crypt without its mark, in what is hashed and in what is written
//! ```
//! The `$`, which base64 does not have, tells the two apart. AIX's `{ssha1}`, `{ssha256}` and `{ssha512}` are not known
//! here. Source: AIX's `/etc/security/passwd`; the sample of hashcat's mode 6300.

use super::crypt::Md5CryptText;
use super::{Notation, Reading, after_name};
use crate::password::{Dialect, Scheme, Soundness};

struct Smd5;

impl Notation for Smd5 {
    fn read(&self, text: &str) -> Reading {
        let rest = after_name(text, "smd5")?;
        rest.contains('$')
            .then(|| Md5CryptText { mark: "" }.parts(rest))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    name: "smd5",
    dialects: &[Dialect::Aix],
    salt: "to 8 characters",
    cost: "1000 rounds, fixed",
    soundness: Soundness::Obsolete,
    judge: None,
    notation: &Smd5,
}];

#[cfg(test)]
mod tests {
    use crate::Secret;
    use crate::password::recognise;

    /// Of hashcat's mode 6300, and of John the Ripper's tests.
    #[test]
    fn samples_are_told_from_ldaps() {
        for (text, password) in [
            ("{smd5}a5/yTL/u$VfvgyHx1xUlXZYBocQpQY0", "hashcat"),
            ("{smd5}s8/xSJ/v$uGam4GB8hOjTLQqvBfxJ2/", "password"),
            ("{smd5}eLB0QWeS$Eg.YfWY8clZuCxF0xNrKg.", "0123456789ABCDE"),
            ("{SMD5}vfwtsKpZn1kZ5WXDKCFqUTEyMzQ=", "secret"),
        ] {
            let stored = recognise(text, None).unwrap();
            assert!(
                stored
                    .verify(&Secret::copied_from(password.as_bytes()))
                    .unwrap(),
                "{text}"
            );
            assert!(
                !stored.verify(&Secret::copied_from(b"guess")).unwrap(),
                "{text}"
            );
        }
    }
}
