//! [`SymmetricKey`]: the AES key that `[encryption] key` of `deployment.toml` is.
//!
//! ```text
//! 64 or 48 characters = hexadecimal digits of 32 or 24 bytes
//! 32, 24, 16          = the characters themselves
//! key id              = Base64( SHA-256( key ) )
//! ```
//! AES-GCM has a tag of 16 bytes, no associated data, and a nonce of 128 bytes in what a server writes (a UUID and 112
//! bytes of 00) or of 16 in what its key rotation tool writes. Source: `SymmetricKeyInternalCryptoProvider`.

use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::AeadInOut;
use aes_gcm::aead::array::ArraySize;
use aes_gcm::aead::consts::{U12, U16, U128};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::base64;
use super::error::KeyError;
use super::key_choice::KeyChoice;
use crate::Secret;
use crate::hexadecimal::of_hexadecimal;

/// The longest nonce, which servers write, in bytes.
pub(super) const SERVER_IV: usize = 128;
/// As many of its bytes are random; the others are 00.
const RANDOM_IV: usize = 16;
const TAG: usize = 16;
const BLOCK: usize = 16;

/// An AES key of 16, 24 or 32 bytes.
pub struct SymmetricKey {
    key: Secret,
    id: String,
}

impl SymmetricKey {
    /// The key that `text` is for WSO2.
    ///
    /// # Errors
    /// When it has another length than a key has, or is not hexadecimal where it must be.
    pub fn from_text(text: &Secret) -> Result<Self, KeyError> {
        let length = text.len();
        let key = match length {
            48 | 64 => {
                let key = of_hexadecimal(text.expose_bytes());
                Secret::new(key.ok_or(KeyError::SymmetricDigits { length })?)
            }
            16 | 24 | 32 => Secret::copied_from(text.expose_bytes()),
            _ => return Err(KeyError::SymmetricLength { length }),
        };
        let id = base64::encode(&Sha256::digest(key.expose_bytes()));
        Ok(Self { key, id })
    }

    /// Its id, which values may name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.key.is_same_as(&other.key)
    }

    /// Decrypts AES-GCM; `None` when the key is another or anything was changed.
    pub(super) fn open_gcm(&self, iv: &[u8], sealed: &[u8]) -> Option<Secret> {
        if sealed.is_empty() {
            // What the server writes for an empty text.
            return Some(Secret::copied_from(b""));
        }
        let (text, tag) = sealed.split_at(sealed.len().checked_sub(TAG)?);
        let mut buffer = Zeroizing::new(text.to_vec());
        let direction = Direction::Open(tag);
        self.run_gcm(iv, &mut buffer, direction)?;
        Some(Secret::copied_from(&buffer))
    }

    /// Encrypts with AES-GCM; the tag is behind the ciphertext. `None` when the nonce has a length that WSO2 does not use.
    pub(super) fn seal_gcm(&self, iv: &[u8], secret: &Secret) -> Option<Vec<u8>> {
        let mut buffer = Zeroizing::new(secret.expose_bytes().to_vec());
        let tag = self.run_gcm(iv, &mut buffer, Direction::Seal)?;
        let mut sealed = std::mem::take(&mut *buffer);
        sealed.extend_from_slice(&tag);
        Some(sealed)
    }

    fn run_gcm(&self, iv: &[u8], buffer: &mut [u8], direction: Direction<'_>) -> Option<[u8; TAG]> {
        let key = self.key.expose_bytes();
        match (key.len(), iv.len()) {
            (16, 12) => gcm::<Aes128, U12>(key, iv, buffer, direction),
            (16, 16) => gcm::<Aes128, U16>(key, iv, buffer, direction),
            (16, SERVER_IV) => gcm::<Aes128, U128>(key, iv, buffer, direction),
            (24, 12) => gcm::<Aes192, U12>(key, iv, buffer, direction),
            (24, 16) => gcm::<Aes192, U16>(key, iv, buffer, direction),
            (24, SERVER_IV) => gcm::<Aes192, U128>(key, iv, buffer, direction),
            (32, 12) => gcm::<Aes256, U12>(key, iv, buffer, direction),
            (32, 16) => gcm::<Aes256, U16>(key, iv, buffer, direction),
            (32, SERVER_IV) => gcm::<Aes256, U128>(key, iv, buffer, direction),
            _ => None,
        }
    }

    /// Decrypts AES-ECB; `None` when the padding is not right, or what comes out is not believed.
    pub(super) fn open_ecb(&self, blocks: &[u8], choice: KeyChoice) -> Option<Secret> {
        let mut buffer = Zeroizing::new(blocks.to_vec());
        let (whole, rest) = buffer.as_chunks_mut::<BLOCK>();
        if whole.is_empty() || !rest.is_empty() {
            return None;
        }
        let key = self.key.expose_bytes();
        match key.len() {
            16 => decrypt_blocks::<Aes128>(key, whole)?,
            24 => decrypt_blocks::<Aes192>(key, whole)?,
            _ => decrypt_blocks::<Aes256>(key, whole)?,
        }
        let padding = usize::from(*buffer.last()?);
        if !(1..=BLOCK).contains(&padding) {
            return None;
        }
        let (text, padded) = buffer.split_at(buffer.len() - padding);
        let is_padding = padded.iter().all(|&byte| usize::from(byte) == padding);
        (is_padding && choice.believes_text(text)).then(|| Secret::copied_from(text))
    }

    /// Encrypts with AES-ECB.
    pub(super) fn seal_ecb(&self, secret: &Secret) -> Option<Vec<u8>> {
        let padding = BLOCK - secret.len() % BLOCK;
        let mut buffer = Zeroizing::new(Vec::with_capacity(secret.len() + padding));
        buffer.extend_from_slice(secret.expose_bytes());
        buffer.resize(secret.len() + padding, u8::try_from(padding).ok()?);
        let (whole, _) = buffer.as_chunks_mut::<BLOCK>();
        let key = self.key.expose_bytes();
        match key.len() {
            16 => encrypt_blocks::<Aes128>(key, whole)?,
            24 => encrypt_blocks::<Aes192>(key, whole)?,
            _ => encrypt_blocks::<Aes256>(key, whole)?,
        }
        Some(std::mem::take(&mut *buffer))
    }
}

/// A new nonce of `length` bytes, as a server would make it.
pub(super) fn new_iv(length: usize) -> Option<Vec<u8>> {
    let mut iv = vec![0; length];
    getrandom::fill(&mut iv[..length.min(RANDOM_IV)]).ok()?;
    Some(iv)
}

/// With the tag to compare where it opens.
#[derive(Clone, Copy)]
enum Direction<'a> {
    Open(&'a [u8]),
    Seal,
}

fn gcm<C, N: ArraySize>(
    key: &[u8],
    iv: &[u8],
    buffer: &mut [u8],
    direction: Direction<'_>,
) -> Option<[u8; TAG]>
where
    AesGcm<C, N>: KeyInit + AeadInOut<NonceSize = N, TagSize = U16>,
{
    let cipher = AesGcm::<C, N>::new_from_slice(key).ok()?;
    let iv = Array::<u8, N>::try_from(iv).ok()?;
    match direction {
        Direction::Open(tag) => {
            let tag = Array::<u8, U16>::try_from(tag).ok()?;
            cipher
                .decrypt_inout_detached(&iv, b"", buffer.into(), &tag)
                .ok()?;
            Some(tag.into())
        }
        Direction::Seal => {
            let tag = cipher.encrypt_inout_detached(&iv, b"", buffer.into());
            Some(tag.ok()?.into())
        }
    }
}

fn decrypt_blocks<C: KeyInit + BlockCipherDecrypt<BlockSize = U16>>(
    key: &[u8],
    blocks: &mut [[u8; BLOCK]],
) -> Option<()> {
    let cipher = C::new_from_slice(key).ok()?;
    for block in blocks {
        cipher.decrypt_block(block.into());
    }
    Some(())
}

fn encrypt_blocks<C: KeyInit + BlockCipherEncrypt<BlockSize = U16>>(
    key: &[u8],
    blocks: &mut [[u8; BLOCK]],
) -> Option<()> {
    let cipher = C::new_from_slice(key).ok()?;
    for block in blocks {
        cipher.encrypt_block(block.into());
    }
    Some(())
}
