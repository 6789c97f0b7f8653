//! `keyward wso2 secrets set`: encrypts a secret and stores it.

use clap::Args;

use super::home_options::HomeOptions;
use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::importpass::read_secret;
use crate::cli::terminal::{Input, note};
use crate::userstore::{SecureVault, Stored, VaultCipher, VaultError};

/// Encrypt a secret and store it under a new or known alias
#[derive(Args)]
#[command(
    after_help = "The secret is asked for, or read as one line from a pipe, after the store password where that is not known.\n\
                  Example: printf %s \"$PASSWORD\" | keyward wso2 secrets set db_password --home /opt/wso2is -storepass:env KEY_PASS"
)]
pub(super) struct Set {
    /// The alias; case matters
    #[arg(value_name = "ALIAS", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    alias: String,

    #[command(flatten)]
    home: HomeOptions,
}

impl Set {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut input = Input::standard();
        let mut opened = self.home.open()?;
        let cipher = opened.cipher(&mut input)?;
        let secret = read_secret(&mut input)?;
        if secret.is_empty() {
            return Err(Failure::new(format!(
                "the secret for {} is empty: a server would take the alias for it, so it is not stored. Type it, or pipe it in",
                self.alias
            )));
        }
        let value = encrypted(&cipher, &self.alias, &secret)?;
        opened.vault.write(&[(&self.alias, &value)])?;
        if !opened.has_typed_key() && !opened.conf.is_enabled() {
            opened.conf.enable(&opened.source.keystore)?;
            let path = opened.conf.path().display();
            note(format!("{path}: Secure Vault is on now"));
        }
        tell_others_plain(&opened.vault, &self.alias);
        Ok(())
    }
}

/// The ciphertext, after it has been decrypted again.
pub(super) fn encrypted(
    cipher: &VaultCipher,
    alias: &str,
    secret: &Secret,
) -> Result<String, Failure> {
    let failed = |error| VaultError::Unencryptable {
        alias: alias.to_owned(),
        error,
    };
    let value = cipher.encrypt(secret).map_err(failed)?;
    let read_back = cipher.decrypt(&value).map_err(failed)?;
    if read_back.secret.is_same_as(secret) {
        return Ok(value);
    }
    Err(Failure::new(format!(
        "the secret {alias} does not read back; nothing was changed"
    )))
}

fn tell_others_plain(vault: &SecureVault, alias: &str) {
    let secrets = vault.secrets().iter();
    let others = secrets.filter(|it| it.alias != alias && matches!(it.stored, Stored::Plain(_)));
    let count = others.count();
    if count > 0 {
        note(format!(
            "{}: {count} of the other values are not encrypted yet: keyward wso2 secrets reencrypt",
            vault.path().display()
        ));
    }
}
