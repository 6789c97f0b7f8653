//! [`Encrypted`]: an EncryptedPrivateKeyInfo, and its way from one password to another.

use zeroize::Zeroizing;

use super::{Encryption, EncryptionError};
use crate::kdf::KeyDerivation;
use crate::keystore::ber::{Reader, tag};
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

    pub(crate) fn open(&self, password: &Password) -> Result<Zeroizing<Vec<u8>>, EncryptionError> {
        self.encryption.decrypt(password, &self.ciphertext)
    }
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
