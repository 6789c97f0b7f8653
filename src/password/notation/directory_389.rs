//! 389 Directory Server's first PBKDF2.
//!
//! ```text
//! {PBKDF2_SHA256}base64( iterations, 4 bytes, big-endian | salt of 64 bytes | key of 256 bytes )
//! ```
//! HMAC-SHA256. Its later `{PBKDF2-SHA256}` is OpenLDAP's. Source: 389-ds-base, `pbkdf2_pwd.c`.

use super::{Notation, Parts, Reading, after_name, not_base64};
use crate::kdf::DigestAlgorithm;
use crate::password::{Dialect, HashFunction, Pbkdf2, Refusal, Scheme, Soundness, radix64};

const SALT_LENGTH: usize = 64;
const KEY_LENGTH: usize = 256;

struct Binary;

fn parts(rest: &str) -> Result<Parts, Refusal> {
    let bytes = radix64::STANDARD.decode(rest).ok_or_else(not_base64)?;
    let expected = 4 + SALT_LENGTH + KEY_LENGTH;
    let wrong_length =
        || Refusal::malformed(format!("it has {} bytes, not {expected}", bytes.len()));
    let (&iterations, rest) = bytes.split_first_chunk().ok_or_else(wrong_length)?;
    if bytes.len() != expected {
        return Err(wrong_length());
    }
    let (salt, key) = rest.split_at(SALT_LENGTH);
    let iterations = u32::from_be_bytes(iterations);
    let function = Pbkdf2::new(
        DigestAlgorithm::Sha256,
        salt.to_vec(),
        iterations.into(),
        KEY_LENGTH,
    )?;
    Ok(Parts::new(HashFunction::Pbkdf2(function), key))
}

impl Notation for Binary {
    fn read(&self, text: &str) -> Reading {
        Some(parts(after_name(text, "PBKDF2_SHA256")?))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    name: "PBKDF2_SHA256",
    dialects: &[Dialect::Directory389],
    salt: "64 bytes",
    cost: "iterations",
    soundness: Soundness::Sound,
    judge: None,
    notation: &Binary,
}];

#[cfg(test)]
mod tests {
    use crate::Secret;
    use crate::password::{Dialect, recognise};

    /// The sample of hashcat's mode 10901, with 8192 iterations.
    const SAMPLE: &str = "{PBKDF2_SHA256}AAAgADkxMjM2NTIzMzgzMjQ3MjI4MDAwNTk5OTAyOTk4NDI2MjkyMzAzNjg0NjQwOTMxNjI3OTMzNjg0MDI0O\
        TY5NTe5ULagRTYpLaUoeqJMg8x9W/DXu+9VTFaVhaYvebYrY+sOqn1ZMRnws22C1uAkiE2tFM8qN+xw5xe7OmCPZ203NuruK4oB3\
        3QlsKIEz4ppm0TR94JB9PJx7lIQwFHD3FUNUNryj4jk6UYyJ4+V1Z9Ug/Iy/ylQBJgfs5ihzgxHYZrfp1wUCXFzlZG9mxmziPm8V\
        FnAhaX4+FBAZvLAx33jpbKOwEg7TmwP2VJ8BNFLQRqwYdlqIjQlAhncXH+dqIF9VdM4MonAA0hx76bMvFTP7LF5VO1IqVmcuYz7Y\
        G9v4KKRjnvoUUqOj6okUBQTay3EzsdFVnUW1FemYOccJd5q";

    #[test]
    fn the_sample_of_hashcat() {
        let stored = recognise(SAMPLE, Some(Dialect::Directory389)).unwrap();
        assert!(stored.verify(&Secret::copied_from(b"hashcat")).unwrap());
        assert!(!stored.verify(&Secret::copied_from(b"hashcaT")).unwrap());
        for damaged in [
            &SAMPLE[..SAMPLE.len() - 4],
            "{PBKDF2_SHA256}",
            "{PBKDF2_SHA256}//8=",
        ] {
            assert!(recognise(damaged, None).is_err(), "{damaged}");
        }
    }
}
