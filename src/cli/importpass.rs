//! `keyward importpass`: stores a secret as `keytool -importpass` does.

use std::path::Path;

use clap::Args;

use super::failure::Failure;
use super::protection_options::ProtectionOptions;
use super::store_options::StoreOptions;
use super::terminal::{Input, note};
use crate::Secret;
use crate::keystore::{Alias, KeystoreFile, StoredAs};

const TRIES: usize = 3;

/// Store a secret under a new alias
#[derive(Args)]
#[command(
    after_help = "The secret is asked for, or read as one line from a pipe. Where the store password is not given \
                        by an option, its line comes first, twice for a new keystore.\n\
                        Example: printf %s \"$PASSWORD\" | keyward importpass -alias db1pass -keystore secure.jks -storepass:env KEY_PASS"
)]
pub(super) struct Importpass {
    /// The alias; it is stored in lower case, as Java does
    #[arg(
        long,
        value_name = "ALIAS",
        default_value = "mykey",
        allow_hyphen_values = true
    )]
    alias: String,

    #[command(flatten)]
    store: StoreOptions,

    #[command(flatten)]
    protection: ProtectionOptions,
}

impl Importpass {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut input = Input::standard();
        let alias = Alias::new(&self.alias);
        let (path, password) = self.store.password_for_new_entry(&alias, &mut input)?;
        let secret = read_secret(&mut input)?;
        let store_type = self.store.new_store_type();
        let file = KeystoreFile::at(&path);
        let stored_as = file.edit_or_create(store_type, &password, |store| {
            self.protection.apply_to(store)?;
            store.add_secret(&alias, &secret)
        })?;
        warn_of_bytes(&path, &alias, stored_as);
        Ok(())
    }
}

/// Says who can read a secret that Java's password entries cannot hold.
pub(super) fn warn_of_bytes(path: &Path, alias: &Alias, stored_as: StoredAs) {
    if stored_as == StoredAs::Password {
        return;
    }
    note(format!(
        "{}: the secret <{alias}> has more than printable ASCII, which Java's password entries \
         cannot hold. It is stored as the bytes of a key labelled AES: getKey(…).getEncoded() \
         reads it back, a PBEKeySpec (PhixFlow, Trino) does not",
        path.display()
    ));
}

/// The secret to store: typed twice, or one line of a pipe.
pub(super) fn read_secret(input: &mut Input) -> Result<Secret, Failure> {
    if !input.is_terminal() {
        return input.secret("", "the secret");
    }
    let prompts = ["Enter the password to be stored:  ", "Re-enter password: "];
    input.new_secret(prompts, "the secret", TRIES, |_| Ok(()))
}
