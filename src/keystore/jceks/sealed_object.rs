//! [`SealedObject`]: an encrypted secret of a JCEKS file.
//!
//! A `com.sun.crypto.provider.SealedObjectForKeyProtector`, whose parent `javax.crypto.SealedObject`
//! has the fields `encodedParams`, `encryptedContent`, `paramsAlg` and `sealAlg`. Its stream is
//! always the same but for the two byte arrays, so it is written from a template.
//!
//! Source: measured, byte for byte the same on JDK 11, 17 and 25.

use zeroize::Zeroizing;

use super::object_stream::{Object, Value, code};
use super::stream_writer::StreamWriter;
use crate::kdf::{EqualHalves, KeyDerivation};
use crate::keystore::encryption::{Encryption, EncryptionError, JceksProtection};
use crate::keystore::entry::Protection;
use crate::keystore::password::Password;

const CLASS: &str = "com.sun.crypto.provider.SealedObjectForKeyProtector";
const CLASS_UID: u64 = 0xcd57_ca59_e730_bb53;
const PARENT: &str = "javax.crypto.SealedObject";
const PARENT_UID: u64 = 0x3e36_3da6_c3b7_5470;
const ALGORITHM: &str = "PBEWithMD5AndTripleDES";
/// What every Java serialization stream begins with: its magic number and version 5.
const STREAM_MAGIC: [u8; 4] = [0xac, 0xed, 0, 5];

/// The parameters and the ciphertext of a sealed object.
pub(super) struct SealedObject {
    parameters: Vec<u8>,
    ciphertext: Vec<u8>,
}

/// The stream of an object that is on its way from one password to another.
pub(super) struct SealedRenewal {
    protection: JceksProtection,
    object: Zeroizing<Vec<u8>>,
}

impl SealedRenewal {
    pub(super) fn derivation(&self) -> KeyDerivation {
        self.protection.derivation(EqualHalves::Reversed)
    }

    pub(super) fn seal(&self, new: &Password) -> Result<SealedObject, EncryptionError> {
        SealedObject::seal(self.protection, new, &self.object)
    }
}

impl SealedObject {
    /// The sealed object that `object` is, or why it is another.
    pub(super) fn matching(object: &Object<'_>) -> Result<Self, String> {
        if *object.class != *CLASS {
            return Err(format!(
                "a secret of the class {}",
                object.class.escape_debug()
            ));
        }
        if let Some(Value::Text(algorithm)) = object.field("sealAlg")
            && **algorithm != *ALGORITHM
        {
            return Err(format!("a secret sealed with {}", algorithm.escape_debug()));
        }
        let bytes = |name| match object.field(name) {
            Some(Value::Bytes(bytes)) => Ok(bytes.to_vec()),
            _ => Err(format!("a sealed object without {name}")),
        };
        Ok(Self {
            parameters: bytes("encodedParams")?,
            ciphertext: bytes("encryptedContent")?,
        })
    }

    /// Encrypts the stream of an object.
    pub(super) fn seal(
        protection: JceksProtection,
        password: &Password,
        object: &[u8],
    ) -> Result<Self, EncryptionError> {
        let ciphertext = protection
            .encrypt(password, object)
            .ok_or(EncryptionError::WrongPassword)?;
        let parameters = protection.parameters_der();
        Ok(Self {
            parameters,
            ciphertext,
        })
    }

    /// The stream of the object inside.
    pub(super) fn open(&self, password: &Password) -> Result<Zeroizing<Vec<u8>>, EncryptionError> {
        let protection = JceksProtection::parse_parameters(&self.parameters)?;
        protection
            .decrypt(password, &self.ciphertext)
            // A wrong password passes the padding once in 256 times and gives noise, which must never
            // be taken for a key and be encrypted again.
            .filter(|object| object.starts_with(&STREAM_MAGIC))
            .ok_or(EncryptionError::WrongPassword)
    }

    /// Opens the object to put it under another password with the same cost; `None` where `old`
    /// does not open it.
    pub(super) fn renewal(&self, old: &Password) -> Result<Option<SealedRenewal>, EncryptionError> {
        let Ok(object) = self.open(old) else {
            return Ok(None);
        };
        let protection = JceksProtection::parse_parameters(&self.parameters)?.renewed()?;
        Ok(Some(SealedRenewal { protection, object }))
    }

    /// How the key of the object inside is derived.
    pub(super) fn derivation(&self) -> Option<KeyDerivation> {
        let protection = JceksProtection::parse_parameters(&self.parameters).ok()?;
        Encryption::Jceks(protection).derivation()
    }

    /// How the object inside is encrypted.
    pub(super) fn protection(&self) -> Option<Protection> {
        let protection = JceksProtection::parse_parameters(&self.parameters).ok()?;
        Some(Encryption::Jceks(protection).protection())
    }

    pub(super) fn to_stream(&self) -> Vec<u8> {
        let mut stream = StreamWriter::new();
        stream.byte(code::OBJECT);
        stream.class(CLASS, CLASS_UID, code::SERIALIZABLE, 0);
        stream.byte(code::END_OF_BLOCKS);
        stream.class(PARENT, PARENT_UID, code::SERIALIZABLE, 4);
        let bytes_type = stream.field_of_new_type(b'[', "encodedParams", "[B");
        stream.field_of_known_type(b'[', "encryptedContent", bytes_type);
        let text_type = stream.field_of_new_type(b'L', "paramsAlg", "Ljava/lang/String;");
        stream.field_of_known_type(b'L', "sealAlg", text_type);
        stream.bytes(&[code::END_OF_BLOCKS, code::NULL]);
        stream.skip_handle();
        let array_class = stream.byte_array(&self.parameters, None);
        stream.byte_array(&self.ciphertext, Some(array_class));
        stream.text(ALGORITHM);
        stream.text(ALGORITHM);
        stream.finish().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;
    use crate::kdf::Iterations;

    #[test]
    fn a_wrong_password_that_passes_the_padding_opens_nothing() {
        let object = [&STREAM_MAGIC[..], &[7; 40]].concat();
        let right = Password::of(&Secret::copied_from(b"right"));
        let protection = JceksProtection::java_default()
            .unwrap()
            .with_iterations(Iterations::constant(1));
        let sealed = SealedObject::seal(protection, &right, &object).unwrap();
        assert_eq!(*sealed.open(&right).unwrap(), object);
        let mut passed = 0;
        for number in 0..5000 {
            let wrong = Password::of(&Secret::copied_from(format!("{number}").as_bytes()));
            passed += usize::from(protection.decrypt(&wrong, &sealed.ciphertext).is_some());
            assert_eq!(
                sealed.open(&wrong).unwrap_err(),
                EncryptionError::WrongPassword
            );
            assert!(sealed.renewal(&wrong).unwrap().is_none());
        }
        assert!(passed > 0, "no padding was passed");
    }
}
