//! [`EntryCopy`]: an entry on its way from one keystore to another.

use crate::Secret;
use crate::keystore::{Alias, Keystore, KeystoreError, StoreType};

/// An entry of the source, and what it is to be called.
pub(super) struct EntryCopy {
    /// Its alias in the source.
    pub(super) from: Alias,
    /// Its alias in the destination.
    pub(super) to: Alias,
    /// The password that it is under in the source; none for a certificate.
    pub(super) password: Option<Secret>,
}

impl EntryCopy {
    /// Copies the entry of `source` into `destination`, which is under `store_password`, in place of what is there
    /// under its name. It gets `new_password`; where that is none it stays under its own in JCEKS
    /// and JKS, and gets the store password in PKCS12, which has one for all.
    pub(super) fn run(
        &self,
        source: &Keystore,
        destination: &mut Keystore,
        store_password: &Secret,
        new_password: Option<&Secret>,
    ) -> Result<(), KeystoreError> {
        self.run_under_store_password(source, destination, store_password)?;
        let Some(own) = &self.password else {
            return Ok(());
        };
        let kept = match destination.store_type() {
            StoreType::Pkcs12 => store_password,
            StoreType::Jceks | StoreType::Jks => own,
        };
        let password = new_password.unwrap_or(kept);
        if password.is_same_as(store_password) {
            return Ok(());
        }
        destination.change_key_password(&self.to, store_password, password)
    }

    fn run_under_store_password(
        &self,
        source: &Keystore,
        destination: &mut Keystore,
        store_password: &Secret,
    ) -> Result<(), KeystoreError> {
        let password = self.password.as_ref().unwrap_or(store_password);
        let is_taken = destination.check_free(&self.to).is_err();
        if self.from == self.to && !is_taken {
            return destination.copy_entry(source, &self.from, password);
        }
        // By way of an empty store: what cannot be copied must not cost the entry that is there.
        let mut between = Keystore::new(destination.store_type(), store_password)?;
        between.copy_entry(source, &self.from, password)?;
        if self.from != self.to {
            between.change_alias(&self.from, &self.to)?;
        }
        if is_taken {
            destination.delete(&self.to)?;
        }
        destination.copy_entry(&between, &self.to, store_password)
    }
}
