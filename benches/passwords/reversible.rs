//! OpenDJ's reversible schemes, under keys of this benchmark.

use std::hint::black_box;

use aes::cipher::{BlockCipherEncrypt, InnerIvInit, KeyInit, StreamCipher};
use base64ct::{Base64, Encoding};
use cfb_mode::Encryptor;
use keyward::Secret;
use keyward::password::{CipherKey, CipherKeys, Dialect, KeyId, PasswordCipher};

use crate::PASSWORD;
use crate::row::Row;

/// The keys are as long of it as the ciphers want them.
const KEY: &[u8] = b"a key of twenty-four byt";
const VECTOR: &[u8] = b"sixteen bytes ..";
/// Of 16 bytes that are all the same.
const KEY_ID: &str = "07070707-0707-0707-0707-070707070707";
/// Version 1, and the bytes of [`KEY_ID`].
const HEADER: [u8; 17] = [1, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7];

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row("3DES", PasswordCipher::TripleDes, 24, &tdes()).plain(|| drop(black_box(tdes()))),
        row("AES", PasswordCipher::Aes, 16, &aes()).plain(|| drop(black_box(aes()))),
        row("BLOWFISH", PasswordCipher::Blowfish, 16, &blowfish())
            .plain(|| drop(black_box(blowfish()))),
        row("RC4", PasswordCipher::Rc4, 16, &rc4()).plain(|| drop(black_box(rc4()))),
    ]
}

/// `encrypted` is vector and ciphertext.
fn row(name: &'static str, cipher: PasswordCipher, key_length: usize, encrypted: &[u8]) -> Row {
    let mut keys = CipherKeys::default();
    let key = Secret::copied_from(&KEY[..key_length]);
    let id: KeyId = KEY_ID.parse().unwrap();
    keys.insert(id, CipherKey::new(cipher, key).unwrap());
    let encoded = Base64::encode_string(&[&HEADER, encrypted].concat());
    Row::stored(name, Dialect::OpenDj, &format!("{{{name}}}{encoded}")).keys(keys)
}

fn tdes() -> Vec<u8> {
    feedback::<des::TdesEde3>(24, 8)
}

fn aes() -> Vec<u8> {
    feedback::<::aes::Aes128>(16, 16)
}

fn blowfish() -> Vec<u8> {
    feedback::<::blowfish::Blowfish>(16, 8)
}

fn rc4() -> Vec<u8> {
    let mut text = PASSWORD.as_bytes().to_vec();
    let stream = <::rc4::Rc4 as KeyInit>::new_from_slice(&KEY[..16]);
    stream.unwrap().apply_keystream(&mut text);
    text
}

/// CFB over whole blocks.
fn feedback<C: BlockCipherEncrypt + KeyInit>(key_length: usize, iv_length: usize) -> Vec<u8> {
    let cipher = C::new_from_slice(&KEY[..key_length]).unwrap();
    let iv = &VECTOR[..iv_length];
    let mut text = PASSWORD.as_bytes().to_vec();
    Encryptor::inner_iv_init(cipher, iv.try_into().unwrap()).encrypt(&mut text);
    [iv, &text].concat()
}
