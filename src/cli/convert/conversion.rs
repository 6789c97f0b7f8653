//! [`Conversion`]: the entries of one keystore, carried over to a keystore of another type.

use crate::Secret;
use crate::cli::progress::Progress;
use crate::keystore::{Alias, Entry, EntryKind, Keystore, KeystoreError, StoreType};

/// The new keystore, and what became of each entry.
pub(super) struct Conversion {
    pub(super) target: Keystore,
    pub(super) converted: Vec<Entry>,
    pub(super) left_out: Vec<LeftOut>,
    /// What is otherwise than before.
    pub(super) notes: Vec<String>,
}

/// An entry that the new keystore does not have.
pub(super) struct LeftOut {
    pub(super) entry: Entry,
    pub(super) reason: String,
}

/// The passwords of the old keystore.
pub(super) struct SourcePasswords {
    pub(super) store: Secret,
    /// That of the entries which have another.
    pub(super) key: Option<Secret>,
}

impl Conversion {
    /// Copies every entry of `source` to a new keystore under `password`.
    pub(super) fn of(
        source: &Keystore,
        passwords: &SourcePasswords,
        store_type: StoreType,
        password: &Secret,
    ) -> Result<Self, KeystoreError> {
        let mut conversion = Self {
            target: Keystore::new(store_type, password)?,
            converted: Vec::new(),
            left_out: Vec::new(),
            notes: Vec::new(),
        };
        let entries = source.entries();
        let mut progress = Progress::new("converted", entries.len());
        for entry in entries {
            match conversion.carry_over(source, &entry, passwords) {
                Ok(()) => conversion.converted.push(entry),
                Err(reason) => conversion.left_out.push(LeftOut { entry, reason }),
            }
            progress.step();
        }
        drop(progress);
        conversion.note_lost_dates();
        Ok(conversion)
    }

    fn carry_over(
        &mut self,
        source: &Keystore,
        entry: &Entry,
        passwords: &SourcePasswords,
    ) -> Result<(), String> {
        if let EntryKind::Opaque(reason) = &entry.kind {
            return Err(reason.clone());
        }
        let alias = &entry.alias;
        let copied = self.target.copy_entry(source, alias, &passwords.store);
        let copied = match (copied, &passwords.key) {
            (Err(KeystoreError::WrongKeyPassword { .. }), Some(key_password)) => {
                let copied = self.target.copy_entry(source, alias, key_password);
                if copied.is_ok() {
                    self.note_new_password(alias);
                }
                copied
            }
            (copied, _) => copied,
        };
        copied.map_err(|error| reason(&error))
    }

    fn note_new_password(&mut self, alias: &Alias) {
        self.notes.push(format!(
            "<{alias}> had a password of its own; it is now under that of the keystore"
        ));
    }

    /// A PKCS12 store has no date for a trusted certificate.
    fn note_lost_dates(&mut self) {
        let dated =
            |entry: &&Entry| entry.kind == EntryKind::TrustedCertificate && entry.created.is_some();
        let count = self.converted.iter().filter(dated).count();
        if self.target.store_type() == StoreType::Pkcs12 && count > 0 {
            let noun = if count == 1 {
                "certificate"
            } else {
                "certificates"
            };
            self.notes.push(format!(
                "the creation dates of {count} trusted {noun} are gone: PKCS12 keeps none"
            ));
        }
    }
}

/// Why an entry is left out, without its alias, which stands before it.
fn reason(error: &KeystoreError) -> String {
    match error {
        KeystoreError::EmptySecret { .. } => {
            "the secret is empty: Java could not read it".to_owned()
        }
        KeystoreError::UnreadableEntry { reason, .. } => reason.clone(),
        KeystoreError::WrongKeyPassword { .. } => {
            "it is under another password than the keystore (-keypass:env NAME), or damaged"
                .to_owned()
        }
        KeystoreError::NoSecretsInJks => "JKS holds private keys and certificates alone".to_owned(),
        other => other.to_string(),
    }
}
