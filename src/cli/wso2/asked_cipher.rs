//! [`asked_cipher`]: the cipher of a Secure Vault; what it needs and nobody has given is asked for.

use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::terminal::Input;
use crate::userstore::{EncryptionMode, KeySource, PasswordCandidate, VaultCipher};

/// What the store password is asked for with.
pub(super) struct Question<'a> {
    /// On a terminal.
    pub(super) prompt: &'a str,
    /// What is missing, where nobody can be asked.
    pub(super) what: &'a str,
}

/// `typed` is the symmetric key, where it was given; cipher-tool's prompt asks for it otherwise.
pub(super) fn asked_cipher(
    source: &mut KeySource,
    typed: Option<Secret>,
    question: &Question<'_>,
    input: &mut Input,
) -> Result<VaultCipher, Failure> {
    if source.mode() == EncryptionMode::TypedKey {
        let key = match typed {
            Some(key) => key,
            None => input.secret("Symmetric Encryption Key > ", "the symmetric key")?,
        };
        return Ok(source.typed(&key)?);
    }
    if !source.has_passwords() {
        source.only(PasswordCandidate {
            origin: "the password that was typed".to_owned(),
            store: input.secret(question.prompt, question.what)?,
            key: None,
        });
    }
    Ok(source.open()?)
}
