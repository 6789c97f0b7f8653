//! The key derivation of PKCS12 itself, which MACs and the old `pbeWithSHAAnd…` ciphers use.
//!
//! ```text
//! D = the purpose byte, one block of it;  S, P = salt and password repeated to whole blocks
//! A = H^iterations( D ‖ S ‖ P );  then every block of S ‖ P grows by A + 1, until the key is full
//! ```
//! Source: RFC 7292 appendix B.2.

use zeroize::Zeroizing;

use super::{DigestAlgorithm, Iterations};

/// What the derived bytes are for: the "ID" of RFC 7292 appendix B.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pkcs12Purpose {
    /// A cipher's key.
    Key = 1,
    /// A cipher's initialization vector.
    InitializationVector = 2,
    /// The key of the MAC over the store.
    Mac = 3,
}

/// Fills `key`. `password` is UTF-16BE with its two terminating zero bytes, or empty for none.
pub fn pkcs12(
    digest: DigestAlgorithm,
    purpose: Pkcs12Purpose,
    password: &[u8],
    salt: &[u8],
    iterations: Iterations,
    key: &mut [u8],
) {
    let block = digest.block_length();
    let salt_length = salt.len().next_multiple_of(block);
    let password_length = password.len().next_multiple_of(block);
    let mut input = Zeroizing::new(Vec::with_capacity(block + salt_length + password_length));
    input.resize(block, purpose as u8);
    input.extend(salt.iter().cycle().take(salt_length));
    input.extend(password.iter().cycle().take(password_length));

    let mut hashed = Zeroizing::new([0_u8; 64]);
    let mut chunks = key.chunks_mut(digest.output_length()).peekable();
    while let Some(chunk) = chunks.next() {
        digest.hash_repeatedly(&input, iterations.get(), hashed.as_mut_slice());
        chunk.copy_from_slice(&hashed[..chunk.len()]);
        if chunks.peek().is_none() {
            return;
        }
        let addend = &hashed[..digest.output_length()];
        for part in input[block..].chunks_mut(block) {
            add_and_one(part, addend);
        }
    }
}

/// `block` := `block` + (`addend` repeated over the block) + 1, big-endian, without the carry out.
fn add_and_one(block: &mut [u8], addend: &[u8]) {
    let mut carry = 1_u16;
    for index in (0..block.len()).rev() {
        carry += u16::from(block[index]) + u16::from(addend[index % addend.len()]);
        let [high, low] = carry.to_be_bytes();
        block[index] = low;
        carry = u16::from(high);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derive(
        digest: DigestAlgorithm,
        purpose: Pkcs12Purpose,
        count: u64,
        length: usize,
    ) -> Vec<u8> {
        let password: Vec<u8> = "smeg\0".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let salt = [0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f];
        let mut key = vec![0; length];
        let iterations = Iterations::new(count).unwrap();
        pkcs12(digest, purpose, &password, &salt, iterations, &mut key);
        key
    }

    /// OpenSSL's own vector (`evppbe_pkcs12.txt`): password "smeg", more bytes than one digest.
    #[test]
    fn matches_the_vector_of_openssl() {
        let expected = [
            0x8a, 0xaa, 0xe6, 0x29, 0x7b, 0x6c, 0xb0, 0x46, 0x42, 0xab, 0x5b, 0x07, 0x78, 0x51,
            0x28, 0x4e, 0xb7, 0x12, 0x8f, 0x1a, 0x2a, 0x7f, 0xbc, 0xa3,
        ];
        assert_eq!(
            derive(DigestAlgorithm::Sha1, Pkcs12Purpose::Key, 1, 24),
            expected
        );
    }

    #[test]
    fn the_purpose_changes_every_key() {
        let key = derive(DigestAlgorithm::Sha256, Pkcs12Purpose::Key, 2, 80);
        let mac = derive(DigestAlgorithm::Sha256, Pkcs12Purpose::Mac, 2, 80);
        assert_eq!(key.len(), 80);
        assert_ne!(key, mac);
    }
}
