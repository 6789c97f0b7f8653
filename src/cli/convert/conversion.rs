//! [`Conversion`]: the entries of one keystore, carried over to a keystore of another type.

use crate::Secret;
use crate::cli::progress::Progress;
use crate::keystore::{Alias, Entry, EntryKind, Keystore, KeystoreError, StoreType};

/// How many entries are derived at a time.
const PIECE: usize = 256;

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
    /// Copies every entry of `source` to `target`, which is new.
    pub(super) fn of(
        source: &mut Keystore,
        passwords: &SourcePasswords,
        target: Keystore,
    ) -> Result<Self, KeystoreError> {
        let mut conversion = Self {
            target,
            converted: Vec::new(),
            left_out: Vec::new(),
            notes: Vec::new(),
        };
        let entries = source.entries();
        let mut progress = Progress::new("converted", entries.len());
        // In pieces, so that the progress is seen.
        for (at, entry) in entries.iter().enumerate() {
            if at % PIECE == 0 {
                let piece = &entries[at..entries.len().min(at + PIECE)];
                conversion.derive_ahead(source, piece)?;
            }
            match conversion.carry_over(source, entry, passwords) {
                Ok(()) => conversion.converted.push(entry.clone()),
                Err(reason) => conversion.left_out.push(LeftOut {
                    entry: entry.clone(),
                    reason,
                }),
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
        copied.map_err(|error| reason(&error))?;
        if self.target.store_type() != StoreType::Pkcs12 {
            self.note_lost_attributes(alias, &source.attributes(alias));
        }
        Ok(())
    }

    /// Derives the keys of entries to be read and written, side by side.
    fn derive_ahead(
        &mut self,
        source: &mut Keystore,
        entries: &[Entry],
    ) -> Result<(), KeystoreError> {
        let has_key =
            |entry: &&Entry| matches!(entry.kind, EntryKind::Secret | EntryKind::PrivateKey);
        let keys = entries.iter().filter(has_key);
        let aliases: Vec<Alias> = keys.map(|entry| entry.alias.clone()).collect();
        source.forget_derived_keys();
        source.derive_ahead(&aliases);
        self.target.forget_derived_keys();
        self.target.prepare_additions(aliases.len())
    }

    fn note_lost_attributes(&mut self, alias: &Alias, attributes: &[String]) {
        if attributes.is_empty() {
            return;
        }
        let (store_type, names) = (self.target.store_type(), attributes.join(", "));
        self.notes.push(format!(
            "<{alias}>: {store_type} has no attributes; left out: {names}"
        ));
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
