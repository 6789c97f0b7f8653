//! How Java turns the characters of a password into the bytes that a derivation takes.
//!
//! | where | bytes |
//! |---|---|
//! | PKCS12 MAC and old PKCS12 ciphers | UTF-16BE and two zero bytes |
//! | PBES2, PBMAC1 | UTF-8 |
//! | digest of JKS and JCEKS | UTF-16BE |
//! | JCEKS entries, `PBEWithMD5AndDES` | UTF-8 (only ASCII before JDK 25) |
//!
//! A password that is not UTF-8 is read as Latin-1, as Java reads the bytes of a pipe.

use zeroize::Zeroizing;

use crate::Secret;

/// UTF-16BE with its terminator, as PKCS12 derivations take it.
pub(super) fn utf16_terminated(password: &Secret) -> Zeroizing<Vec<u8>> {
    let mut bytes = utf16(password);
    bytes.extend([0, 0]);
    bytes
}

/// UTF-16BE; room for a terminator is reserved.
pub(super) fn utf16(password: &Secret) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * password.len() + 2));
    match password.expose_text() {
        Ok(text) => bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
        Err(_) => bytes.extend(password.expose_bytes().iter().flat_map(|&byte| [0, byte])),
    }
    bytes
}

/// UTF-8.
pub(super) fn utf8(password: &Secret) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * password.len()));
    let latin_1 = |byte: &u8| char::from(*byte);
    match password.expose_text() {
        Ok(text) => bytes.extend_from_slice(text.as_bytes()),
        Err(_) => {
            for character in password.expose_bytes().iter().map(latin_1) {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 2]).as_bytes());
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_become_the_bytes_of_java() {
        let password = Secret::copied_from("pä😀".as_bytes());
        let expected = [0, b'p', 0, 0xe4, 0xd8, 0x3d, 0xde, 0x00, 0, 0];
        assert_eq!(utf16_terminated(&password).as_slice(), expected);
        assert_eq!(utf8(&password).as_slice(), "pä😀".as_bytes());
    }

    #[test]
    fn bytes_that_are_not_utf8_are_latin_1() {
        let password = Secret::copied_from(&[b'p', 0xe4]);
        assert_eq!(utf16(&password).as_slice(), [0, b'p', 0, 0xe4]);
        assert_eq!(utf8(&password).as_slice(), "pä".as_bytes());
    }
}
