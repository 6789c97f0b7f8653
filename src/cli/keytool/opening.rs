//! Opening a keystore, with Java's words for a wrong password.

use super::failure::Failure;
use crate::Secret;
use crate::keystore::{Keystore, KeystoreError, StoreType};

/// DER of the object identifier 1.2.840.113549.1.7.6, which stands before encrypted certificates.
const ENCRYPTED_DATA: [u8; 11] = [
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06,
];

/// Opens the bytes of a file. A wrong password is told in Java's words, which differ by what the
/// file holds.
pub(super) fn open(bytes: &[u8], password: &Secret) -> Result<Keystore, Failure> {
    Keystore::open(bytes, password).map_err(|error| {
        let message = match (&error, StoreType::sniff(bytes)) {
            (
                KeystoreError::WrongPassword { .. } | KeystoreError::Tampered { .. },
                Some(StoreType::Pkcs12),
            ) => wrong_pkcs12_password(bytes),
            (KeystoreError::WrongPassword { .. } | KeystoreError::Tampered { .. }, _) => {
                "Keystore was tampered with, or password was incorrect"
            }
            _ => return Failure::of_keystore(error),
        };
        Failure::of("java.io.IOException", message)
    })
}

/// Java decrypts certificates before it checks the MAC.
fn wrong_pkcs12_password(bytes: &[u8]) -> &'static str {
    let has_encrypted_certificates = bytes
        .windows(ENCRYPTED_DATA.len())
        .any(|window| window == ENCRYPTED_DATA);
    if has_encrypted_certificates {
        return "keystore password was incorrect";
    }
    "Integrity check failed: java.security.UnrecoverableKeyException: Failed PKCS12 integrity checking"
}
