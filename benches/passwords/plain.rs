//! The plain crates: what a verification costs that finds its parts ready, and compares nothing. Where a scheme applies a
//! digest again and again, this is a loop over the crate.

use std::hint::black_box;

use aes::cipher::{BlockCipherEncrypt, KeyInit as _};
use hmac::{Hmac, Mac as _, SimpleHmac};
use md4::Md4;
use pbkdf2::hmac::EagerHash;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use sha3::Sha3_224;

use crate::PASSWORD;

const SALT: [u8; 16] = *b"sixteen bytes ..";
/// As long as most salts of message digests.
const SHORT_SALT: &[u8] = b"saltsalt";

pub(crate) fn digest<D: Digest>() {
    let digest = D::new().chain_update(PASSWORD).chain_update(SHORT_SALT);
    black_box(digest.finalize());
}

/// The digest of the digest, and so on.
pub(crate) fn repeated_digest<D: Digest>(times: u32) {
    let mut digest = D::new()
        .chain_update(PASSWORD)
        .chain_update(SHORT_SALT)
        .finalize();
    for _ in 1..times {
        digest = D::digest(&digest);
    }
    black_box(digest);
}

/// phpass: each round is over the digest and the password.
pub(crate) fn phpass<D: Digest>(rounds: u32) {
    let mut digest = D::new()
        .chain_update(SHORT_SALT)
        .chain_update(PASSWORD)
        .finalize();
    for _ in 0..rounds {
        digest = D::new()
            .chain_update(&digest)
            .chain_update(PASSWORD)
            .finalize();
    }
    black_box(digest);
}

pub(crate) fn nt() {
    let units = PASSWORD.encode_utf16().flat_map(u16::to_le_bytes);
    let text: Vec<u8> = units.collect();
    black_box(Md4::digest(text));
}

pub(crate) fn hmac() {
    let mac = Hmac::<Sha256>::new_from_slice(b"12345").unwrap();
    black_box(mac.chain_update(PASSWORD).finalize());
}

/// SHA1-crypt: the MAC of the MAC, and so on, under the password.
pub(crate) fn sha1_crypt(rounds: u32) {
    let keyed = Hmac::<Sha1>::new_from_slice(PASSWORD.as_bytes()).unwrap();
    let mut mac = keyed.clone().chain_update(SALT).finalize().into_bytes();
    for _ in 1..rounds {
        mac = keyed.clone().chain_update(mac).finalize().into_bytes();
    }
    black_box(mac);
}

pub(crate) fn pbkdf2<D: EagerHash>(iterations: u32, length: usize) {
    let mut key = vec![0; length];
    pbkdf2::pbkdf2_hmac::<D>(PASSWORD.as_bytes(), &SALT, iterations, &mut key);
    black_box(key);
}

pub(crate) fn pbkdf2_sha3(iterations: u32) {
    let mut key = [0; 28];
    let password = PASSWORD.as_bytes();
    pbkdf2::pbkdf2::<SimpleHmac<Sha3_224>>(password, &SALT, iterations, &mut key).unwrap();
    black_box(key);
}

pub(crate) fn bcrypt(cost: u32) {
    black_box(bcrypt::bcrypt(cost, SALT, b"x34!2axf\0"));
}

pub(crate) fn argon2(algorithm: argon2::Algorithm, memory: u32, passes: u32) {
    let parameters = argon2::Params::new(memory, passes, 1, Some(32)).unwrap();
    let argon2 = argon2::Argon2::new(algorithm, argon2::Version::V0x13, parameters);
    let mut digest = [0; 32];
    let hashed = argon2.hash_password_into(PASSWORD.as_bytes(), &SALT, &mut digest);
    hashed.unwrap();
    black_box(digest);
}

/// With r = 8 and p = 1.
pub(crate) fn scrypt(log_n: u8, length: usize) {
    black_box(scrypt_key(log_n, length));
}

fn scrypt_key(log_n: u8, length: usize) -> Vec<u8> {
    let parameters = scrypt::Params::new(log_n, 8, 1).unwrap();
    let mut key = vec![0; length];
    scrypt::scrypt(PASSWORD.as_bytes(), &SALT, &parameters, &mut key).unwrap();
    key
}

/// scrypt, and AES-256 for each block of a signer key of 64 bytes.
pub(crate) fn firebase_scrypt(log_n: u8) {
    let cipher = aes::Aes256::new_from_slice(&scrypt_key(log_n, 32)).unwrap();
    for counter in 0..4_u128 {
        let mut block = counter.to_be_bytes().into();
        cipher.encrypt_block(&mut block);
        black_box(block);
    }
}

/// With r = 32 and p = 1.
pub(crate) fn yescrypt(log_n: u32) {
    let parameters = yescrypt::Params::new(yescrypt::Mode::Rw, 1 << log_n, 32, 1).unwrap();
    let mut digest = [0; 32];
    yescrypt::yescrypt(PASSWORD.as_bytes(), &SALT, &parameters, &mut digest).unwrap();
    black_box(digest);
}

pub(crate) fn sha256_crypt(rounds: u32) {
    let parameters = sha_crypt::Params::new(rounds).unwrap();
    let password = PASSWORD.as_bytes();
    black_box(sha_crypt::sha256_crypt(password, &SALT, parameters));
}

pub(crate) fn sha512_crypt(rounds: u32) {
    let parameters = sha_crypt::Params::new(rounds).unwrap();
    let password = PASSWORD.as_bytes();
    black_box(sha_crypt::sha512_crypt(password, &SALT, parameters));
}
