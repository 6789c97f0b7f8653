//! `-genseckey`: makes a random secret key.

use super::command_line::CommandLine;
use super::failure::Failure;
use super::importpass::{given_key_password, or_asked, refuse_taken};
use super::list::with_separators;
use super::option::KeytoolOption;
use super::store_file::StoreFile;
use crate::cli::key_algorithm::KeyAlgorithm;
use crate::cli::terminal::Input;
use crate::keystore::{Alias, NewProtection, SecretKey};

pub(super) fn run(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    let store = StoreFile::find(line)?.open_for_writing(line, input)?;
    let key_password = given_key_password(line, &store);
    let algorithm = line
        .text(KeytoolOption::Keyalg)
        .ok_or_else(|| Failure::new("The -keyalg option must be specified."))?;
    refuse_taken(line, &store)?;
    let key = generate(algorithm, line.text(KeytoolOption::Keysize))?;
    let key_password = or_asked(key_password, line, &store, input)?;
    let alias = Alias::new(line.alias());
    let protection = NewProtection {
        key_password: key_password.as_ref(),
        ..NewProtection::default()
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
    let algorithm = KeyAlgorithm::named(asked).ok_or_else(|| {
        Failure::of(
            "java.security.NoSuchAlgorithmException",
            format!("{asked} KeyGenerator not available"),
        )
    })?;
    let bits = match size {
        Some(size) => size.parse().unwrap_or(0),
        None => algorithm
            .keytools_bits()
            .ok_or_else(|| Failure::new("Please provide -keysize for secret key generation"))?,
    };
    if !algorithm.has_size(bits) {
        return Err(Failure::of(
            "java.security.InvalidParameterException",
            algorithm.wrong_size,
        ));
    }
    let key = algorithm
        .random_key(bits)
        .map_err(|error| Failure::of("java.security.ProviderException", error))?;
    eprintln!(
        "Generated {}-bit {} secret key",
        with_separators(bits),
        algorithm.name
    );
    Ok(key)
}
