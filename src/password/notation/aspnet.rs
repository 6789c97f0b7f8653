//! ASP.NET Identity's `PasswordHasher`, both versions.
//!
//! ```text
//! version 2: base64( 00 | salt of 16 bytes | key of 32 ), HMAC-SHA1, 1000 iterations
//! version 3: base64( 01 | PRF u32 | iterations u32 | length of the salt u32 | salt | key ), PRF 0 SHA-1, 1 SHA-256, 2 SHA-512
//! ```
//! Numbers are big-endian; neither text has another mark. Source: `PasswordHasher.cs` of ASP.NET Core.

use super::{Notation, Parts, Production, Reading, usual};
use crate::kdf::DigestAlgorithm;
use crate::password::radix64::STANDARD;
use crate::password::{Dialect, HashFunction, Pbkdf2, Refusal, Scheme, Soundness};

const SALT_LENGTH: usize = 16;
const KEY_LENGTH: usize = 32;
/// What `PasswordHasher` asks of salt and key of version 3, in bytes.
const SHORTEST: usize = 16;

struct Version2;

struct Version3;

impl Notation for Version2 {
    fn read(&self, text: &str) -> Reading {
        let bytes = STANDARD.decode(text)?;
        let [0, rest @ ..] = bytes.as_slice() else {
            return None;
        };
        let (salt, key) = rest.split_at_checked(SALT_LENGTH)?;
        if key.len() < SHORTEST {
            return None;
        }
        Some(version_2(salt, key))
    }
}

fn version_2(salt: &[u8], key: &[u8]) -> Result<Parts, Refusal> {
    if key.len() != KEY_LENGTH {
        return Err(Refusal::malformed(format!(
            "it begins as version 2 and has a key of {} bytes, not {KEY_LENGTH}",
            key.len()
        )));
    }
    let function = Pbkdf2::new(DigestAlgorithm::Sha1, salt.to_vec(), 1000, KEY_LENGTH)?;
    Ok(Parts::new(HashFunction::Pbkdf2(function), key))
}

impl Notation for Version3 {
    fn read(&self, text: &str) -> Reading {
        let bytes = STANDARD.decode(text)?;
        let [1, rest @ ..] = bytes.as_slice() else {
            return None;
        };
        let (numbers, rest) = rest.split_at_checked(12)?;
        let (numbers, _) = numbers.as_chunks::<4>();
        let [prf, iterations, salt_length] = numbers else {
            return None;
        };
        let prf = match u32::from_be_bytes(*prf) {
            0 => DigestAlgorithm::Sha1,
            1 => DigestAlgorithm::Sha256,
            2 => DigestAlgorithm::Sha512,
            _ => return None,
        };
        let iterations = u32::from_be_bytes(*iterations);
        Some(version_3(
            prf,
            iterations,
            u32::from_be_bytes(*salt_length),
            rest,
        ))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

fn version_3(
    prf: DigestAlgorithm,
    iterations: u32,
    salt_length: u32,
    rest: &[u8],
) -> Result<Parts, Refusal> {
    let salt_length = usize::try_from(salt_length).unwrap_or(usize::MAX);
    let halves = rest
        .split_at_checked(salt_length)
        .filter(|(salt, key)| salt.len() >= SHORTEST && key.len() >= SHORTEST);
    let (salt, key) = halves.ok_or_else(|| {
        Refusal::malformed(
            "it begins as version 3 and has no salt and key of 16 bytes at least after its numbers",
        )
    })?;
    let function = Pbkdf2::new(prf, salt.to_vec(), iterations.into(), key.len())?;
    Ok(Parts::new(HashFunction::Pbkdf2(function), key))
}

impl Production for Version3 {
    fn salt_length(&self) -> usize {
        SALT_LENGTH
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let prf = DigestAlgorithm::Sha512;
        let iterations = cost.unwrap_or(usual::iterations(prf));
        let function = Pbkdf2::new(prf, salt, iterations.into(), KEY_LENGTH)?;
        Ok(HashFunction::Pbkdf2(function))
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Pbkdf2(function) = function else {
            return None;
        };
        let prf: u32 = match function.prf {
            DigestAlgorithm::Sha1 => 0,
            DigestAlgorithm::Sha256 => 1,
            DigestAlgorithm::Sha512 => 2,
            _ => return None,
        };
        let salt_length = u32::try_from(function.salt.len()).ok()?;
        let mut bytes = vec![1];
        for number in [prf, function.iterations.get(), salt_length] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&function.salt);
        bytes.extend_from_slice(digest);
        Some(STANDARD.encode_padded(&bytes))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        name: "identity-v2",
        dialects: &[Dialect::AspNet],
        salt: "16 bytes",
        cost: "1000 iterations, fixed",
        soundness: Soundness::Obsolete,
        judge: None,
        notation: &Version2,
    },
    Scheme {
        name: "identity-v3",
        dialects: &[Dialect::AspNet],
        salt: "16 bytes or more",
        cost: "iterations",
        soundness: Soundness::Sound,
        judge: None,
        notation: &Version3,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    /// `PasswordHasherTest.cs`: what the hasher writes, byte for byte.
    #[test]
    fn version_3_is_written_as_asp_net_writes_it() {
        for text in [
            "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==",
            "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw",
            "AQAAAAAAAAD6AAAAEAhftMyfTJylOlZT+eEotFXd1elee8ih5WsjXaR3PA9M",
        ] {
            let parts = Version3
                .read(text)
                .unwrap()
                .unwrap_or_else(|refusal| panic!("{refusal}"));
            let written = Version3.write(&parts.function, parts.digest.expose_bytes());
            assert_eq!(written.as_deref(), Some(text));
        }
    }
}
