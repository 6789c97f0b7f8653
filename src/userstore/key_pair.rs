//! [`KeyPair`]: the RSA key of a keystore entry, as WSO2's servers use it.
//!
//! Values are encrypted with the entry's first certificate and decrypted with its private key. The thumbprint that a value
//! names is the SHA-1 of that certificate (DER) in upper-case hexadecimal digits. An expired certificate is used all the
//! same, as the servers do. Source: `CryptoUtil` and `KeyStoreBasedInternalCryptoProvider`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use pkcs8::PrivateKeyInfoRef;
use pkcs8::spki::SubjectPublicKeyInfoRef;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey};
use sha1::{Digest, Sha1};

use super::error::KeyError;
use super::key_choice::KeyChoice;
use super::rsa_key::RsaKey;
use super::rsa_padding::RsaPadding;
use crate::Secret;
use crate::keystore::{
    Alias, EntryKind, Keystore, KeystoreFile, KeystoreFileError, Validity, public_key_info,
};

/// rsaEncryption, RFC 8017 appendix C.
const RSA: &str = "1.2.840.113549.1.1.1";

/// A private key and its certificate.
pub struct KeyPair {
    keystore: PathBuf,
    alias: Alias,
    private: RsaKey,
    public: RsaPublicKey,
    thumbprint: String,
    validity: Option<Validity>,
}

impl KeyPair {
    /// Reads the entry `alias` of the keystore at `path`; `key_password` is mostly the store's.
    ///
    /// # Errors
    /// When the keystore cannot be opened, or has no RSA key with its certificate under that alias.
    pub fn read(
        path: &Path,
        store_password: &Secret,
        alias: &Alias,
        key_password: &Secret,
    ) -> Result<Self, KeyError> {
        let store = KeystoreFile::at(path).open(store_password)?;
        Self::of_entry(path, &store, alias, key_password)
    }

    /// As [`Self::read`], from an open keystore; `path` is for messages.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of_entry(
        path: &Path,
        store: &Keystore,
        alias: &Alias,
        key_password: &Secret,
    ) -> Result<Self, KeyError> {
        check_kind(path, store, alias)?;
        let of_keystore = |error| KeystoreFileError::Keystore {
            path: path.to_owned(),
            error,
        };
        let key = store
            .private_key(alias, key_password)
            .map_err(of_keystore)?;
        let unusable = |reason| KeyError::Unusable {
            keystore: path.to_owned(),
            alias: alias.clone(),
            reason,
        };
        let certificate = key.certificates.first();
        let certificate = certificate.ok_or_else(|| unusable("it has no certificate"))?;
        let info = PrivateKeyInfoRef::try_from(key.key_info.expose_bytes())
            .map_err(|_| unusable("its private key is no PKCS#8 structure"))?;
        let algorithm = info.algorithm.oid.to_string();
        if algorithm != RSA {
            return Err(KeyError::NotRsa {
                keystore: path.to_owned(),
                alias: alias.clone(),
                algorithm,
            });
        }
        let private = RsaPrivateKey::from_pkcs1_der(info.private_key.as_bytes())
            .map_err(|_| unusable("its RSA key is damaged or has more than two primes"))?;
        let public = public_key(certificate)
            .ok_or_else(|| unusable("its certificate holds no RSA key of at most 16384 bits"))?;
        if public.n() != private.n() || public.e() != private.e() {
            return Err(KeyError::OtherCertificate {
                keystore: path.to_owned(),
                alias: alias.clone(),
            });
        }
        Ok(Self {
            keystore: path.to_owned(),
            alias: alias.clone(),
            private: RsaKey::new(private, &key.key_info),
            public,
            thumbprint: thumbprint(certificate),
            validity: Validity::of_certificate(certificate),
        })
    }

    /// SHA-1 of the certificate, in upper-case hexadecimal digits.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// The entry that it is from.
    #[must_use]
    pub fn alias(&self) -> &Alias {
        &self.alias
    }

    /// The keystore that it is from.
    #[must_use]
    pub fn keystore(&self) -> &Path {
        &self.keystore
    }

    /// When the certificate expired, if it has by `now`.
    #[must_use]
    pub fn expired_by(&self, now: SystemTime) -> Option<SystemTime> {
        let not_after = self.validity?.not_after;
        (not_after < now).then_some(not_after)
    }

    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.public == other.public
    }

    /// The secret in an RSA block under one of `paddings`, and under which.
    pub(super) fn open(
        &self,
        block: &[u8],
        paddings: &[RsaPadding],
        choice: KeyChoice,
    ) -> Option<(Secret, RsaPadding)> {
        let opened = |padding: &RsaPadding| {
            let secret = padding.open(&self.private, block, choice)?;
            Some((secret, *padding))
        };
        paddings.iter().find_map(opened)
    }

    /// An RSA block; `None` when the secret does not fit.
    pub(super) fn seal(&self, secret: &Secret, padding: RsaPadding) -> Option<Vec<u8>> {
        padding.seal(&self.public, secret)
    }

    /// The length of a block, in bytes.
    pub(super) fn block(&self) -> usize {
        self.public.size()
    }
}

fn check_kind(path: &Path, store: &Keystore, alias: &Alias) -> Result<(), KeyError> {
    let others = || {
        let entries = store.entries().into_iter();
        let keys = entries.filter(|entry| entry.kind == EntryKind::PrivateKey);
        keys.map(|entry| entry.alias).collect()
    };
    match store.kind_of(alias) {
        Some(EntryKind::PrivateKey) => Ok(()),
        Some(kind) => Err(KeyError::NoPrivateKey {
            keystore: path.to_owned(),
            alias: alias.clone(),
            kind,
            others: others(),
        }),
        None => Err(KeyError::NoSuchAlias {
            keystore: path.to_owned(),
            alias: alias.clone(),
            others: others(),
        }),
    }
}

fn public_key(certificate: &[u8]) -> Option<RsaPublicKey> {
    const LARGEST: usize = 16384;
    let info = SubjectPublicKeyInfoRef::try_from(public_key_info(certificate)?).ok()?;
    if info.algorithm.oid.to_string() != RSA {
        return None;
    }
    let key = rsa::pkcs1::RsaPublicKey::try_from(info.subject_public_key.as_bytes()?).ok()?;
    let modulus = BigUint::from_bytes_be(key.modulus.as_bytes());
    let exponent = BigUint::from_bytes_be(key.public_exponent.as_bytes());
    RsaPublicKey::new_with_max_size(modulus, exponent, LARGEST).ok()
}

fn thumbprint(certificate: &[u8]) -> String {
    Sha1::digest(certificate)
        .iter()
        .fold(String::with_capacity(40), |mut text, byte| {
            let _ = write!(text, "{byte:02X}");
            text
        })
}
