//! `keyward delete`: removes an entry.

use clap::Args;

use super::failure::Failure;
use super::store_options::StoreOptions;
use super::terminal::Input;
use crate::keystore::{Alias, KeystoreFile};

/// Remove an entry
#[derive(Args)]
#[command(
    after_help = "Example: keyward delete -alias db1pass -keystore secure.jks -storepass:env KEY_PASS"
)]
pub(super) struct Delete {
    /// The alias; case does not matter
    #[arg(long, value_name = "ALIAS", allow_hyphen_values = true)]
    alias: Option<String>,

    #[command(flatten)]
    store: StoreOptions,
}

impl Delete {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut input = Input::standard();
        let path = self.store.path()?;
        let password = self.store.password(&path, &mut input)?;
        let alias = match self.alias {
            Some(alias) => alias,
            None => input.text("Enter alias name:  ", "the alias")?,
        };
        KeystoreFile::at(&path).edit(&password, |store| store.delete(&Alias::new(&alias)))?;
        Ok(())
    }
}
