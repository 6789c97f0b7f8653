//! `keyward keypasswd`: gives one entry a new password.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::new_password::NewPassword;
use super::store_options::StoreOptions;
use super::terminal::Input;
use crate::keystore::{Alias, KeystoreFile};
use crate::{Secret, SecretSource};

/// Change the password of one key or secret
#[derive(Args)]
#[command(
    after_help = "Without -keypass the entry is taken to be under the store password. keytool manages such passwords in \
                  JCEKS and JKS keystores alone; Java programs read them in PKCS12 keystores as well.\n\
                  Example: keyward keypasswd -alias db1pass -keystore secure.jceks -storepass:env KEY_PASS -new:env NEW_PASS"
)]
pub(super) struct Keypasswd {
    /// The alias; case does not matter
    #[arg(long, value_name = "ALIAS", allow_hyphen_values = true)]
    alias: String,

    #[command(flatten)]
    key: KeyPassword,

    #[command(flatten)]
    new: NewPassword,

    #[command(flatten)]
    store: StoreOptions,
}

/// The password of one entry, where it is not that of the store.
#[derive(Args)]
pub(super) struct KeyPassword {
    /// The entry's own password, where it is not the store's
    #[arg(long, value_name = "PASSWORD", allow_hyphen_values = true)]
    #[arg(conflicts_with_all = ["keypass_env", "keypass_file"])]
    keypass: Option<String>,

    /// The environment variable that holds the entry's own password
    #[arg(long = "keypass:env", id = "keypass_env", value_name = "NAME")]
    #[arg(conflicts_with = "keypass_file")]
    keypass_env: Option<String>,

    /// The file whose first line is the entry's own password
    #[arg(long = "keypass:file", id = "keypass_file", value_name = "FILE")]
    keypass_file: Option<PathBuf>,
}

impl KeyPassword {
    /// The entry's own password, if an option gives one.
    pub(super) fn read(self) -> Result<Option<Secret>, Failure> {
        let inline = self
            .keypass
            .map(|password| Secret::new(password.into_bytes()));
        let source = inline.map(SecretSource::Inline);
        let source = source.or_else(|| self.keypass_env.map(SecretSource::Environment));
        let source = source.or_else(|| self.keypass_file.map(SecretSource::File));
        Ok(source.map(|source| source.read()).transpose()?)
    }
}

impl Keypasswd {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut input = Input::standard();
        let opened = self.store.open(&mut input)?;
        let alias = Alias::new(&self.alias);
        let old = self.key.read()?;
        let old = old.as_ref().unwrap_or(&opened.password);
        let prompts = ["New key password: ", "Re-enter new key password: "];
        let new = self.new.read(prompts, old, &mut input)?;
        KeystoreFile::at(&opened.path).edit(&opened.password, |store| {
            store.change_key_password(&alias, old, &new)
        })?;
        Ok(())
    }
}
