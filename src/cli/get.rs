//! `keyward get`: prints one secret, and nothing else.

use std::io::{self, IsTerminal, Write};

use clap::Args;

use super::failure::Failure;
use super::keypasswd::KeyPassword;
use super::store_options::StoreOptions;
use super::terminal::Input;
use crate::keystore::Alias;

/// Print one secret, and nothing else, to standard output
#[derive(Args)]
#[command(
    after_help = "Example: keyward get db1pass -keystore keystores/secure.jks -storepass:env KEY_PASS"
)]
pub(super) struct Get {
    /// The alias; case does not matter
    #[arg(value_name = "ALIAS", required_unless_present = "alias_option")]
    alias: Option<String>,

    /// The same, in keytool's spelling
    #[arg(
        long = "alias",
        id = "alias_option",
        value_name = "ALIAS",
        allow_hyphen_values = true
    )]
    #[arg(conflicts_with = "alias")]
    alias_option: Option<String>,

    #[command(flatten)]
    key: KeyPassword,

    #[command(flatten)]
    store: StoreOptions,
}

impl Get {
    pub(super) fn run(self) -> Result<(), Failure> {
        let alias = Alias::new(&self.alias.or(self.alias_option).unwrap_or_default());
        let opened = self.store.open(&mut Input::standard())?;
        let own_password = self.key.read()?;
        let key_password = own_password.as_ref().unwrap_or(&opened.password);
        let found = opened.store.secret_key(&alias, key_password);
        let secret = found.map_err(|error| opened.failure(error))?.secret;
        let mut output = io::stdout().lock();
        output.write_all(secret.expose_bytes())?;
        // The prompt of a shell should not stand behind the secret; a pipe gets its bytes alone.
        if output.is_terminal() {
            output.write_all(b"\n")?;
        }
        Ok(output.flush()?)
    }
}
