//! [`RsaKey`]: a private RSA key, and which library decrypts with it.
//!
//! ```text
//! OAEP with one digest, PKCS#1 v1.5; 2048 to 8192 bits         aws-lc-rs   constant-time, about ten times as fast
//! OAEP with SHA-1 in MGF1 alone, no padding, other key sizes   rsa         blinded
//! ```
//! The first knows none of the second line's. `docs/MEASUREMENTS.md` has both beside Java.

use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepAlgorithm, OaepPrivateDecryptingKey, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey,
};
use rsa::rand_core::OsRng;
use rsa::traits::{PaddingScheme, PublicKeyParts};
use rsa::{BigUint, Pkcs1v15Encrypt, RsaPrivateKey, hazmat};
use zeroize::{Zeroize, Zeroizing};

use super::rsa_padding::{LEADING_ZEROS, OaepDigest, RsaPadding, scheme};
use crate::Secret;

/// A private RSA key.
pub(super) struct RsaKey {
    numbers: RsaPrivateKey,
    quick: Option<QuickKey>,
}

/// The same key where `aws-lc-rs` takes it.
struct QuickKey {
    oaep: OaepPrivateDecryptingKey,
    pkcs1: Pkcs1PrivateDecryptingKey,
}

impl RsaKey {
    /// `key_info` is the PKCS#8 structure that `numbers` come from.
    pub(super) fn new(numbers: RsaPrivateKey, key_info: &Secret) -> Self {
        Self {
            numbers,
            quick: QuickKey::read(key_info),
        }
    }

    /// The secret in `block`; `None` when the key or the padding is another.
    pub(super) fn decrypt(&self, padding: RsaPadding, block: &[u8]) -> Option<Secret> {
        if let (Some(quick), Some(known)) = (&self.quick, KnownPadding::of(padding)) {
            return quick.decrypt(known, block);
        }
        match padding {
            RsaPadding::None => self.decrypt_unpadded(block),
            RsaPadding::Pkcs1 => self.decrypt_blinded(Pkcs1v15Encrypt, block),
            RsaPadding::Oaep { digest, mask } => self.decrypt_blinded(scheme(digest, mask), block),
        }
    }

    /// Blinded, so that the time it takes says less about the key.
    fn decrypt_blinded(&self, scheme: impl PaddingScheme, block: &[u8]) -> Option<Secret> {
        let decrypted = self.numbers.decrypt_blinded(&mut OsRng, scheme, block);
        decrypted.ok().map(Secret::new)
    }

    fn decrypt_unpadded(&self, block: &[u8]) -> Option<Secret> {
        let length = self.numbers.size();
        if block.len() != length {
            return None;
        }
        let sealed = BigUint::from_bytes_be(block);
        let opened = hazmat::rsa_decrypt_and_check(&self.numbers, Some(&mut OsRng), &sealed);
        let mut number = opened.ok()?;
        let mut bytes = Zeroizing::new(number.to_bytes_be());
        number.zeroize();
        let fits = bytes.len() + LEADING_ZEROS <= length && bytes.as_slice() != [0];
        fits.then(|| Secret::new(std::mem::take(&mut *bytes)))
    }
}

/// A padding that `aws-lc-rs` has.
#[derive(Clone, Copy)]
enum KnownPadding {
    Pkcs1,
    Oaep(&'static OaepAlgorithm),
}

impl KnownPadding {
    fn of(padding: RsaPadding) -> Option<Self> {
        match padding {
            RsaPadding::Pkcs1 => Some(Self::Pkcs1),
            RsaPadding::Oaep { digest, mask } if digest == mask => {
                Some(Self::Oaep(algorithm(digest)))
            }
            RsaPadding::None | RsaPadding::Oaep { .. } => None,
        }
    }
}

impl QuickKey {
    fn read(key_info: &Secret) -> Option<Self> {
        let key = PrivateDecryptingKey::from_pkcs8(key_info.expose_bytes()).ok()?;
        Some(Self {
            oaep: OaepPrivateDecryptingKey::new(key.clone()).ok()?,
            pkcs1: Pkcs1PrivateDecryptingKey::new(key).ok()?,
        })
    }

    fn decrypt(&self, padding: KnownPadding, block: &[u8]) -> Option<Secret> {
        let mut opened = Zeroizing::new(vec![0; self.oaep.min_output_size()]);
        let secret = match padding {
            KnownPadding::Pkcs1 => self.pkcs1.decrypt(block, &mut opened),
            KnownPadding::Oaep(algorithm) => self.oaep.decrypt(algorithm, block, &mut opened, None),
        };
        secret.ok().map(|secret| Secret::copied_from(secret))
    }
}

fn algorithm(digest: OaepDigest) -> &'static OaepAlgorithm {
    match digest {
        OaepDigest::Sha1 => &OAEP_SHA1_MGF1SHA1,
        OaepDigest::Sha256 => &OAEP_SHA256_MGF1SHA256,
        OaepDigest::Sha384 => &OAEP_SHA384_MGF1SHA384,
        OaepDigest::Sha512 => &OAEP_SHA512_MGF1SHA512,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rsa::RsaPublicKey;

    use super::*;
    use crate::keystore::{Alias, KeystoreFile};
    use crate::userstore::rsa_padding::RsaPadding;
    use rsa::pkcs1::DecodeRsaPrivateKey;

    fn key() -> RsaKey {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wso2/keystores/primary.p12");
        let password = Secret::copied_from(b"changeit");
        let store = KeystoreFile::at(&path).open(&password).unwrap();
        let key = store.private_key(&Alias::new("wso2carbon"), &password);
        let key_info = key.unwrap().key_info;
        let info = pkcs8::PrivateKeyInfoRef::try_from(key_info.expose_bytes()).unwrap();
        let numbers = RsaPrivateKey::from_pkcs1_der(info.private_key.as_bytes()).unwrap();
        RsaKey::new(numbers, &key_info)
    }

    fn expose(secret: Option<Secret>) -> Option<Vec<u8>> {
        secret.map(|secret| secret.expose_bytes().to_vec())
    }

    #[test]
    fn both_libraries_open_the_same_blocks_and_refuse_the_same() {
        let quick = key();
        assert!(quick.quick.is_some());
        let slow = RsaKey {
            quick: None,
            ..key()
        };
        let public = RsaPublicKey::from(&quick.numbers);
        for sealed_in in RsaPadding::ALL {
            for text in [&b"secret"[..], &[7; 40]] {
                let block = sealed_in.seal(&public, &Secret::copied_from(text)).unwrap();
                assert_eq!(
                    expose(quick.decrypt(sealed_in, &block)).as_deref(),
                    Some(text)
                );
                for opened_in in RsaPadding::ALL
                    .into_iter()
                    .filter(|padding| padding.tells_a_wrong_key())
                {
                    let [one, other] =
                        [&quick, &slow].map(|key| expose(key.decrypt(opened_in, &block)));
                    assert_eq!(one, other, "{sealed_in:?} opened as {opened_in:?}");
                }
                let mut damaged = block;
                damaged[100] ^= 1;
                for key in [&quick, &slow] {
                    assert_ne!(
                        expose(key.decrypt(sealed_in, &damaged)).as_deref(),
                        Some(text)
                    );
                    assert!(key.decrypt(RsaPadding::Pkcs1, &damaged[1..]).is_none());
                }
            }
        }
    }
}
