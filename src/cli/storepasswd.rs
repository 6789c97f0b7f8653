//! `keyward storepasswd`: gives a keystore a new password.

use clap::Args;

use super::failure::Failure;
use super::new_password::NewPassword;
use super::store_options::StoreOptions;
use super::terminal::{Input, note};
use crate::keystore::{KeyPasswords, KeystoreFile};

/// Change the password of a keystore, and of the entries that are under it
#[derive(Args)]
#[command(
    after_help = "Every entry keeps its value, its date, its algorithm and its iteration count. Entries under another \
                  password stay there and are named.\n\
                  Example: keyward storepasswd -keystore secure.jks -storepass:env KEY_PASS -new:env NEW_PASS"
)]
pub(super) struct Storepasswd {
    #[command(flatten)]
    new: NewPassword,

    #[command(flatten)]
    store: StoreOptions,
}

impl Storepasswd {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut input = Input::standard();
        let opened = self.store.open(&mut input)?;
        let prompts = [
            "New keystore password: ",
            "Re-enter new keystore password: ",
        ];
        let new = self.new.read(prompts, &opened.password, &mut input)?;
        let left = KeystoreFile::at(&opened.path).edit(&opened.password, |store| {
            store.change_store_password(&new, KeyPasswords::Follow)
        })?;
        for alias in left {
            let path = opened.path.display();
            note(format!(
                "{path}: <{alias}> is under a password of its own, which it keeps"
            ));
        }
        Ok(())
    }
}
