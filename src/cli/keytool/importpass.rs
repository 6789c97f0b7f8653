//! `-importpass`: stores a secret.

use super::command_line::CommandLine;
use super::failure::Failure;
use super::option::KeytoolOption;
use super::prompts;
use super::store_file::{StoreFile, WritableStore};
use crate::Secret;
use crate::cli::terminal::{Input, note};
use crate::keystore::{Alias, NewProtection, StoreType, StoredAs};

pub(super) fn run(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    let store = StoreFile::find(line)?.open_for_writing(line, input)?;
    let key_password = given_key_password(line, &store);
    refuse_taken(line, &store)?;
    let algorithm = match line.text(KeytoolOption::Keyalg) {
        Some(algorithm) if !algorithm.eq_ignore_ascii_case("PBE") => Some(protection(algorithm)?),
        _ => None,
    };
    let secret = prompts::password_to_store(input)?.ok_or_else(empty)?;
    if line.is_verbose() {
        // With a protection of its own keytool names the label of the key.
        let kind = match line.text(KeytoolOption::Keyalg) {
            Some(asked) if !asked.eq_ignore_ascii_case("PBE") => "PBEWithMD5AndDES",
            _ => "PBE",
        };
        eprintln!("Generated {kind} secret key");
    }
    let key_password = or_asked(key_password, line, &store, input)?;
    let alias = Alias::new(line.alias());
    let protection = NewProtection {
        key_password: key_password.as_ref(),
        algorithm,
        iterations: None,
    };
    let (stored_as, warnings) =
        store.edit(|keystore| keystore.add_secret_protected(&alias, &secret, &protection))?;
    if stored_as == StoredAs::Bytes {
        note(format!(
            "the secret <{alias}> has more than printable ASCII, which Java's password entries cannot hold. \
             It is stored as the bytes of a key labelled AES: getKey(…).getEncoded() reads it back, a \
             PBEKeySpec does not"
        ));
    }
    Ok(warnings)
}

/// What `-keypass` says. A PKCS12 store has one password for all, and keytool says so.
pub(super) fn given_key_password(line: &CommandLine, store: &WritableStore) -> Option<Secret> {
    let given = line.password(KeytoolOption::Keypass)?;
    if store.store_type != StoreType::Pkcs12 {
        return Some(Secret::copied_from(given.expose_bytes()));
    }
    if !given.is_same_as(&store.password) {
        prompts::warn_of_key_password("-keypass");
    }
    None
}

/// The key password that was given; only a PKCS12 store has none to be asked for.
pub(super) fn or_asked(
    given: Option<Secret>,
    line: &CommandLine,
    store: &WritableStore,
    input: &mut Input,
) -> Result<Option<Secret>, Failure> {
    if given.is_some() || store.store_type == StoreType::Pkcs12 {
        return Ok(given);
    }
    prompts::key_password(input, line.alias())
}

/// Refuses an alias that is taken, before anything is asked for.
pub(super) fn refuse_taken(line: &CommandLine, store: &WritableStore) -> Result<(), Failure> {
    if !store.has(line.alias()) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "Secret Key not generated, alias <{}> already exists",
        line.alias()
    )))
}

/// `-keyalg` of `-importpass` is the protection of the entry, unlike that of `-genseckey`.
fn protection(algorithm: &str) -> Result<&str, Failure> {
    if algorithm.to_uppercase().starts_with("PBE") {
        return Ok(algorithm);
    }
    Err(Failure::unsupported(format!(
        "-keyalg {algorithm}: with -importpass it is the protection of the secret, such as \
         PBEWithHmacSHA256AndAES_256. A random {algorithm} key is made by -genseckey"
    )))
}

/// keytool stores nothing as a secret, which then no JVM can read.
fn empty() -> Failure {
    Failure::new(
        "the password to be stored is empty, and Java could not read it back: nothing was stored. \
         Type it, or pipe it in as one line",
    )
}
