//! `keyward delete`: removes an entry.

use clap::Args;

use super::failure::Failure;
use super::store_options::StoreOptions;
use super::terminal::Input;
use crate::keystore::{Alias, KeystoreFile};
use crate::service::note_revocation;

/// Remove an entry; a running service stops serving it at once
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
        let alias = Alias::new(&alias);
        let mut noted = Ok(());
        KeystoreFile::at(&path).edit(&password, |store| {
            let entries = store.entries().into_iter();
            let removed = entries.filter(|entry| entry.alias == alias);
            let removed: Vec<_> = removed
                .map(|entry| (entry.alias, entry.fingerprint))
                .collect();
            store.delete(&alias)?;
            noted = note_revocation(&path, &removed);
            Ok(())
        })?;
        if let Err(reason) = noted {
            eprintln!(
                "keyward: {}: a running service serves {alias} until its vanishGrace is over: the removal cannot be \
                 noted beside the keystore: {reason}. Let keyward write to that directory",
                path.display()
            );
        }
        Ok(())
    }
}
