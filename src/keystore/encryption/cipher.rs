//! [`Cipher`]: the ciphers that keystores use, by name.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, Iv,
    KeyInit, StreamCipher,
};
use cbc::{Decryptor, Encryptor};
use zeroize::Zeroizing;

/// A cipher with its mode and padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cipher {
    Aes128Cbc,
    Aes192Cbc,
    Aes256Cbc,
    DesCbc,
    TwoKeyTripleDesCbc,
    TripleDesCbc,
    Rc2Cbc40,
    Rc2Cbc128,
    Rc4With40,
    Rc4With128,
}

impl Cipher {
    /// Length of the key in bytes.
    pub(crate) fn key_length(self) -> usize {
        match self {
            Self::Rc2Cbc40 | Self::Rc4With40 => 5,
            Self::DesCbc => 8,
            Self::Aes128Cbc | Self::TwoKeyTripleDesCbc | Self::Rc2Cbc128 | Self::Rc4With128 => 16,
            Self::Aes192Cbc | Self::TripleDesCbc => 24,
            Self::Aes256Cbc => 32,
        }
    }

    /// Length of the initialization vector in bytes: one block, or 0 for a stream.
    pub(crate) fn iv_length(self) -> usize {
        match self {
            Self::Aes128Cbc | Self::Aes192Cbc | Self::Aes256Cbc => 16,
            Self::Rc4With40 | Self::Rc4With128 => 0,
            _ => 8,
        }
    }

    /// The plaintext, or `None` when key or ciphertext are not right.
    pub(crate) fn decrypt(
        self,
        key: &[u8],
        iv: &[u8],
        ciphertext: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        if key.len() != self.key_length() {
            return None;
        }
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let length = match self {
            Self::Aes128Cbc => unpad(aes::Aes128::new_from_slice(key).ok()?, iv, &mut buffer),
            Self::Aes192Cbc => unpad(aes::Aes192::new_from_slice(key).ok()?, iv, &mut buffer),
            Self::Aes256Cbc => unpad(aes::Aes256::new_from_slice(key).ok()?, iv, &mut buffer),
            Self::DesCbc => unpad(des::Des::new_from_slice(key).ok()?, iv, &mut buffer),
            Self::TwoKeyTripleDesCbc => {
                unpad(des::TdesEde2::new_from_slice(key).ok()?, iv, &mut buffer)
            }
            Self::TripleDesCbc => unpad(des::TdesEde3::new_from_slice(key).ok()?, iv, &mut buffer),
            Self::Rc2Cbc40 | Self::Rc2Cbc128 => unpad(rc2(key), iv, &mut buffer),
            Self::Rc4With40 | Self::Rc4With128 => rc4(key, &mut buffer),
        }?;
        buffer.truncate(length);
        Some(buffer)
    }

    /// The ciphertext, or `None` when `key` or `iv` have not the cipher's length.
    pub(crate) fn encrypt(self, key: &[u8], iv: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
        if key.len() != self.key_length() {
            return None;
        }
        let mut buffer = Vec::with_capacity(plaintext.len() + 16);
        buffer.extend_from_slice(plaintext);
        match self {
            Self::Aes128Cbc => pad(aes::Aes128::new_from_slice(key).ok()?, iv, &mut buffer)?,
            Self::Aes192Cbc => pad(aes::Aes192::new_from_slice(key).ok()?, iv, &mut buffer)?,
            Self::Aes256Cbc => pad(aes::Aes256::new_from_slice(key).ok()?, iv, &mut buffer)?,
            Self::DesCbc => pad(des::Des::new_from_slice(key).ok()?, iv, &mut buffer)?,
            Self::TwoKeyTripleDesCbc => {
                pad(des::TdesEde2::new_from_slice(key).ok()?, iv, &mut buffer)?;
            }
            Self::TripleDesCbc => pad(des::TdesEde3::new_from_slice(key).ok()?, iv, &mut buffer)?,
            Self::Rc2Cbc40 | Self::Rc2Cbc128 => pad(rc2(key), iv, &mut buffer)?,
            Self::Rc4With40 | Self::Rc4With128 => {
                rc4(key, &mut buffer)?;
            }
        }
        Some(buffer)
    }
}

fn unpad<C>(cipher: C, iv: &[u8], buffer: &mut [u8]) -> Option<usize>
where
    C: BlockCipherDecrypt,
{
    let iv = Iv::<Decryptor<C>>::try_from(iv).ok()?;
    let decryptor = Decryptor::inner_iv_init(cipher, &iv);
    let plaintext = decryptor.decrypt_padded::<Pkcs7>(buffer).ok()?;
    Some(plaintext.len())
}

fn pad<C>(cipher: C, iv: &[u8], buffer: &mut Vec<u8>) -> Option<()>
where
    C: BlockCipherEncrypt,
{
    let iv = Iv::<Encryptor<C>>::try_from(iv).ok()?;
    let length = buffer.len();
    buffer.resize((length / C::block_size() + 1) * C::block_size(), 0);
    let encryptor = Encryptor::inner_iv_init(cipher, &iv);
    encryptor.encrypt_padded::<Pkcs7>(buffer, length).ok()?;
    Some(())
}

fn rc2(key: &[u8]) -> rc2::Rc2 {
    rc2::Rc2::new_with_eff_key_len(key, key.len() * 8)
}

fn rc4(key: &[u8], buffer: &mut [u8]) -> Option<usize> {
    let mut cipher = <rc4::Rc4 as rc4::KeyInit>::new_from_slice(key).ok()?;
    cipher.try_apply_keystream(buffer).ok()?;
    Some(buffer.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Cipher; 10] = [
        Cipher::Aes128Cbc,
        Cipher::Aes192Cbc,
        Cipher::Aes256Cbc,
        Cipher::DesCbc,
        Cipher::TwoKeyTripleDesCbc,
        Cipher::TripleDesCbc,
        Cipher::Rc2Cbc40,
        Cipher::Rc2Cbc128,
        Cipher::Rc4With40,
        Cipher::Rc4With128,
    ];

    #[test]
    fn what_is_encrypted_is_decrypted() {
        for cipher in ALL {
            let key: Vec<u8> = (1..).take(cipher.key_length()).collect();
            let iv = vec![9; cipher.iv_length()];
            for length in [0, 1, 7, 8, 15, 16, 17, 100] {
                let plaintext = vec![b'x'; length];
                let ciphertext = cipher.encrypt(&key, &iv, &plaintext).unwrap();
                let decrypted = cipher.decrypt(&key, &iv, &ciphertext).unwrap();
                assert_eq!(decrypted.as_slice(), plaintext, "{cipher:?}");
            }
        }
    }

    #[test]
    fn wrong_lengths_give_nothing() {
        for cipher in ALL {
            assert!(
                cipher.decrypt(&[], &[0; 16], &[0; 16]).is_none(),
                "{cipher:?}"
            );
            assert!(
                cipher.encrypt(&[0; 7], &[0; 16], &[0; 16]).is_none(),
                "{cipher:?}"
            );
        }
        assert!(
            Cipher::Aes128Cbc
                .decrypt(&[0; 16], &[0; 8], &[0; 16])
                .is_none()
        );
        assert!(
            Cipher::Aes128Cbc
                .decrypt(&[0; 16], &[0; 16], &[0; 15])
                .is_none()
        );
        assert!(Cipher::Aes128Cbc.decrypt(&[0; 16], &[0; 16], &[]).is_none());
    }
}
