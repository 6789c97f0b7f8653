//! [`Encrypted`]: an EncryptedPrivateKeyInfo, and its way from one password to another.

use zeroize::Zeroizing;

use super::{Encryption, EncryptionError};
use crate::kdf::KeyDerivation;
use crate::keystore::ber::{BerError, Reader, tag};
use crate::keystore::der;
use crate::keystore::password::Password;

/// The algorithm and the ciphertext of an EncryptedPrivateKeyInfo.
pub(crate) struct Encrypted {
    pub(crate) encryption: Encryption,
    pub(crate) ciphertext: Vec<u8>,
}

impl Encrypted {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, EncryptionError> {
        let mut fields = Reader::new(bytes).sequence("an EncryptedPrivateKeyInfo")?;
        let identifier = fields.expect(tag::SEQUENCE, "an AlgorithmIdentifier")?;
        let ciphertext = fields.octet_string("the ciphertext")?.into_owned();
        Ok(Self {
            encryption: Encryption::parse(&identifier)?,
            ciphertext,
        })
    }

    /// Encrypts `plaintext` under `encryption` and gives the EncryptedPrivateKeyInfo.
    pub(crate) fn seal(
        encryption: &Encryption,
        password: &Password,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, EncryptionError> {
        let ciphertext = encryption.encrypt(password, plaintext)?;
        Ok(der::sequence(&[
            &encryption.to_der(),
            &der::octet_string(&ciphertext),
        ]))
    }

    /// The PrivateKeyInfo. A wrong password passes the padding once in 256 times and gives noise,
    /// which is told from a key by its structure: noise must never be taken for a key and be
    /// encrypted again.
    pub(crate) fn open(&self, password: &Password) -> Result<Zeroizing<Vec<u8>>, EncryptionError> {
        let plaintext = self.encryption.decrypt(password, &self.ciphertext)?;
        if is_private_key_info(&plaintext) {
            return Ok(plaintext);
        }
        Err(EncryptionError::WrongPassword)
    }
}

/// Whether it is `SEQUENCE { INTEGER, SEQUENCE { OBJECT IDENTIFIER, … }, OCTET STRING, … }`, the
/// PrivateKeyInfo of RFC 5208 section 5, and nothing behind it.
fn is_private_key_info(plaintext: &[u8]) -> bool {
    let parse = || -> Result<(), BerError> {
        let mut outer = Reader::new(plaintext);
        let mut fields = outer.sequence("a PrivateKeyInfo")?;
        outer.end()?;
        fields.number("a version")?;
        fields.sequence("a key algorithm")?.oid("a key algorithm")?;
        fields.octet_string("a key").map(drop)
    };
    parse().is_ok()
}

/// A plaintext that is on its way from one password to another, with the same algorithm and cost
/// under a fresh salt.
pub(crate) struct Renewal {
    encryption: Encryption,
    plaintext: Zeroizing<Vec<u8>>,
}

impl Renewal {
    /// Opens an EncryptedPrivateKeyInfo; `None` where `old` does not.
    pub(crate) fn of(bytes: &[u8], old: &Password) -> Result<Option<Self>, EncryptionError> {
        let opened = Encrypted::parse(bytes).and_then(|sealed| {
            let plaintext = sealed.open(old)?;
            Ok((sealed.encryption, plaintext))
        });
        let Ok((encryption, plaintext)) = opened else {
            return Ok(None);
        };
        let encryption = encryption.renewed()?;
        Ok(Some(Self {
            encryption,
            plaintext,
        }))
    }

    /// How the new key is derived, see [`Encryption::derivation`].
    pub(crate) fn derivation(&self) -> Option<KeyDerivation> {
        self.encryption.derivation()
    }

    /// The EncryptedPrivateKeyInfo under `new`.
    pub(crate) fn seal(&self, new: &Password) -> Result<Vec<u8>, EncryptionError> {
        Encrypted::seal(&self.encryption, new, &self.plaintext)
    }
}

/// How the key of an EncryptedPrivateKeyInfo is derived, see [`Encryption::derivation`].
pub(crate) fn derivation_of(bytes: &[u8]) -> Option<KeyDerivation> {
    Encrypted::parse(bytes).ok()?.encryption.derivation()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;
    use crate::kdf::Iterations;
    use crate::keystore::oid;

    /// One in 256 of them does; before the structure was looked at, such a password "opened" the
    /// key, and a new store password then encrypted noise in its place.
    #[test]
    fn a_wrong_password_that_passes_the_padding_opens_nothing() {
        let key = der::sequence(&[
            &der::number(0),
            &der::algorithm(oid::AES, &[]),
            &der::octet_string(&[7; 40]),
        ]);
        let iterations = Iterations::constant(1);
        for name in ["PBEWithHmacSHA256AndAES_256", "PBEWithSHA1AndDESede"] {
            let encryption = Encryption::by_java_name(name, iterations).unwrap().unwrap();
            let right = Password::of(&Secret::copied_from(b"right"));
            let sealed = Encrypted::seal(&encryption, &right, &key).unwrap();
            assert_eq!(
                *Encrypted::parse(&sealed).unwrap().open(&right).unwrap(),
                key
            );
            let encrypted = Encrypted::parse(&sealed).unwrap();
            let mut passed = 0;
            for number in 0..5000 {
                let wrong = Password::of(&Secret::copied_from(format!("{number}").as_bytes()));
                let decrypted = encryption.decrypt(&wrong, &encrypted.ciphertext);
                passed += usize::from(decrypted.is_ok());
                let opened = encrypted.open(&wrong);
                assert_eq!(opened.unwrap_err(), EncryptionError::WrongPassword);
                assert!(Renewal::of(&sealed, &wrong).unwrap().is_none());
            }
            assert!(passed > 0, "{name}: no padding was passed");
        }
    }
}
