//! `keyward set`: stores secrets, new ones and replaced ones, in one write.

mod batch;

use std::path::PathBuf;

use clap::Args;

use super::alias_argument::OptionalAlias;
use super::failure::Failure;
use super::importpass::{read_secret, warn_of_bytes};
use super::protection_options::ProtectionOptions;
use super::store_options::StoreOptions;
use super::terminal::{Input, note};
use crate::Secret;
use crate::keystore::{Alias, KeystoreFile};
use batch::read_batch;

/// Store a secret, whether there is one under the alias already or not, in one write
#[derive(Args)]
#[command(
    after_help = "The secret is asked for, or read as one line from a pipe, after the store password where that is not \
                  given by an option.\n\
                  A batch has one secret a line, either as JSON, {\"alias\": \"db1\", \"secret\": \"…\"}, or as alias=secret; \
                  all are stored in one write, or none.\n\
                  Example: printf %s \"$PASSWORD\" | keyward set db1pass -keystore secure.jks -storepass:env KEY_PASS"
)]
pub(super) struct Set {
    #[command(flatten)]
    alias: OptionalAlias,

    /// Store every secret of this file; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "AliasArgument")]
    batch: Option<PathBuf>,

    #[command(flatten)]
    store: StoreOptions,

    #[command(flatten)]
    protection: ProtectionOptions,
}

impl Set {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut input = Input::standard();
        let path = self.store.path()?;
        let password = if path.exists() {
            self.store.open(&mut input)?.password
        } else {
            self.store.new_password(&mut input)?
        };
        let secrets = match (&self.batch, self.alias.alias()) {
            (Some(batch), _) => read_batch(batch, &mut input)?,
            (None, Some(alias)) => vec![(alias, read_secret(&mut input)?)],
            (None, None) => return Err(Failure::usage("which alias? keyward set ALIAS")),
        };
        let store_type = self.store.new_store_type();
        let as_bytes = KeystoreFile::at(&path).edit_or_create(store_type, &password, |store| {
            self.protection.apply_to(store)?;
            store.prepare_additions(secrets.len())?;
            let mut stored = Vec::new();
            for (alias, secret) in &secrets {
                stored.push((alias, store.set_secret(alias, secret)?));
            }
            Ok(stored)
        })?;
        for (alias, stored_as) in as_bytes {
            warn_of_bytes(&path, alias, stored_as);
        }
        if self.batch.is_some() && input.is_terminal() {
            note(format!("{}: {} stored", path.display(), counted(&secrets)));
        }
        Ok(())
    }
}

fn counted(secrets: &[(Alias, Secret)]) -> String {
    match secrets.len() {
        1 => "1 secret".to_owned(),
        count => format!("{count} secrets"),
    }
}
