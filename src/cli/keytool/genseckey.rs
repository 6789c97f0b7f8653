//! `-genseckey`: makes a random secret key.

use super::command_line::CommandLine;
use super::failure::Failure;
use super::importpass::{given_key_password, refuse_taken};
use super::list::with_separators;
use super::option::KeytoolOption;
use super::prompts;
use super::store_file::StoreFile;
use crate::Secret;
use crate::cli::terminal::Input;
use crate::keystore::{Alias, NewProtection, SecretKey, StoreType};

/// Java's names of the algorithms, the sizes in bits that each takes (least, most, step), and what
/// keytool says to another one.
const ALGORITHMS: [(&str, [usize; 3], &str); 11] = [
    (
        "AES",
        [128, 256, 64],
        "Wrong keysize: must be equal to 128, 192 or 256",
    ),
    (
        "ARCFOUR",
        [40, 1024, 1],
        "Key length for ARCFOUR must be between 40 and 1024 bits",
    ),
    (
        "Blowfish",
        [32, 448, 8],
        "Keysize must be multiple of 8, and can only range from 32 to 448 (inclusive)",
    ),
    ("DES", [56, 56, 1], "Wrong keysize: must be equal to 56"),
    (
        "DESede",
        [112, 168, 56],
        "Wrong keysize: must be equal to 112 or 168",
    ),
    ("HmacSHA1", HMAC_BITS, HMAC_TOO_SHORT),
    ("HmacSHA224", HMAC_BITS, HMAC_TOO_SHORT),
    ("HmacSHA256", HMAC_BITS, HMAC_TOO_SHORT),
    ("HmacSHA384", HMAC_BITS, HMAC_TOO_SHORT),
    ("HmacSHA512", HMAC_BITS, HMAC_TOO_SHORT),
    (
        "RC2",
        [40, 1024, 1],
        "Key length for RC2 must be between 40 and 1024 bits",
    ),
];
const HMAC_BITS: [usize; 3] = [40, 65_536, 1];
const HMAC_TOO_SHORT: &str = "Key length must be at least 40 bits";

pub(super) fn run(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    let store = StoreFile::find(line)?.open_for_writing(line, input)?;
    let key_password = given_key_password(line, &store);
    let algorithm = line
        .text(KeytoolOption::Keyalg)
        .ok_or_else(|| Failure::new("The -keyalg option must be specified."))?;
    refuse_taken(line, &store)?;
    let key = generate(algorithm, line.text(KeytoolOption::Keysize))?;
    let key_password = match key_password {
        None if store.store_type != StoreType::Pkcs12 => {
            prompts::key_password(input, line.alias())?
        }
        given => given,
    };
    let alias = Alias::new(line.alias());
    let asked = line.properties.of_new_secrets(store.store_type)?;
    let protection = NewProtection {
        key_password: key_password.as_ref(),
        algorithm: asked.algorithm,
        iterations: asked.iterations,
    };
    let ((), warnings) =
        store.edit(|keystore| keystore.add_secret_key(&alias, &key, &protection))?;
    Ok(warnings)
}

fn generate(asked: &str, size: Option<&str>) -> Result<SecretKey, Failure> {
    if asked.to_uppercase().starts_with("PBE") {
        return Err(Failure::unsupported(
            "-keyalg PBE with -genseckey asks for a password: use -importpass",
        ));
    }
    let known = ALGORITHMS
        .iter()
        .find(|(name, ..)| name.eq_ignore_ascii_case(asked));
    let &(name, [least, most, step], wrong_size) = known.ok_or_else(|| {
        Failure::of(
            "java.security.NoSuchAlgorithmException",
            format!("{asked} KeyGenerator not available"),
        )
    })?;
    let bits = match (size, name) {
        (Some(size), _) => size.parse().unwrap_or(0),
        (None, "DES") => 56,
        (None, "DESede") => 168,
        (None, _) => {
            return Err(Failure::new(
                "Please provide -keysize for secret key generation",
            ));
        }
    };
    if !(least..=most).contains(&bits) || (bits - least) % step != 0 {
        return Err(Failure::of(
            "java.security.InvalidParameterException",
            wrong_size,
        ));
    }
    let secret = random_key(name, bits)?;
    eprintln!("Generated {}-bit {name} secret key", with_separators(bits));
    Ok(SecretKey {
        algorithm: name.to_owned(),
        secret,
    })
}

fn random_key(name: &str, bits: usize) -> Result<Secret, Failure> {
    let length = match (name, bits) {
        ("DES", _) => 8,
        ("DESede", 112) => 16,
        ("DESede", _) => 24,
        _ => bits.div_ceil(8),
    };
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::of("java.security.ProviderException", error))?;
    if name.starts_with("DES") {
        set_parity(&mut bytes);
    }
    if (name, bits) == ("DESede", 112) {
        bytes.extend_from_within(..8);
    }
    Ok(Secret::new(bytes))
}

/// Each byte of a DES key has an odd number of ones.
fn set_parity(key: &mut [u8]) {
    for byte in key {
        let ones = (*byte & 0xfe).count_ones();
        *byte = (*byte & 0xfe) | u8::from(ones % 2 == 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn des_keys_have_odd_parity_and_their_length() {
        for (size, length) in [(112, 24), (168, 24)] {
            let key = random_key("DESede", size).unwrap();
            assert_eq!(key.len(), length);
            let odd = |byte: &u8| byte.count_ones() % 2 == 1;
            assert!(key.expose_bytes().iter().all(odd));
        }
    }

    #[test]
    fn sizes_that_an_algorithm_does_not_have_are_refused() {
        for (name, size) in [("aes", "129"), ("AES", "64"), ("DES", "64"), ("RC2", "0")] {
            assert!(generate(name, Some(size)).is_err(), "{name} {size}");
        }
    }
}
