//! `keyward changealias`: renames an entry.

use clap::Args;

use super::failure::Failure;
use super::store_options::StoreOptions;
use super::terminal::Input;
use crate::keystore::{Alias, KeystoreFile};

/// Give an entry another alias; nothing is decrypted
#[derive(Args)]
#[command(
    after_help = "Example: keyward changealias -alias db1pass -destalias db2pass -keystore secure.jks -storepass:env KEY_PASS"
)]
pub(super) struct Changealias {
    /// The present alias; case does not matter
    #[arg(long, value_name = "ALIAS", allow_hyphen_values = true)]
    alias: String,

    /// The new alias; it is stored in lower case, as Java does
    #[arg(long, value_name = "ALIAS", allow_hyphen_values = true)]
    destalias: String,

    #[command(flatten)]
    store: StoreOptions,
}

impl Changealias {
    pub(super) fn run(self) -> Result<(), Failure> {
        let path = self.store.path()?;
        let password = self.store.password(&path, &mut Input::standard())?;
        let (from, to) = (Alias::new(&self.alias), Alias::new(&self.destalias));
        KeystoreFile::at(&path).edit(&password, |store| store.change_alias(&from, &to))?;
        Ok(())
    }
}
