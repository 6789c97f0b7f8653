//! [`Reencryption`]: from the keys that the passwords of user stores are under to another one.
//!
//! ```text
//! user store → encrypted properties → under the target key? → decrypt → encrypt → one write a file
//! ```
//! **Which key is a value under?** A value that names the target's certificate or key id, and that the target opens, is
//! done. Otherwise the source keys are tried, those that it names first; then the target. RSA with OAEP and AES-GCM tell
//! a wrong key from the right one; PKCS#1 v1.5 and AES-ECB do not quite, so that a value which both sides open is left
//! alone and reported. A second run therefore changes nothing, and one that was ended is simply run again.
//!
//! The log has the lines of WSO2's own tool, `org.wso2.is.password.reencrypt`. Unlike it, a file or value that cannot be
//! read does not end the run, and every encrypted property counts, whatever its name.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use tracing::{info, warn};
use zeroize::Zeroizing;

use super::backup;
use super::ciphertext::Ciphertext;
use super::destination::{Destination, path_in_home};
use super::encryption_key::EncryptionKey;
use super::error::{CiphertextError, UserStoreError};
use super::form::Form;
use super::key_choice::KeyChoice;
use super::key_ring::KeyRing;
use super::location::{UserStoreLocation, UserStoreLocations};
use super::outcome::{FileOutcome, FileState, PropertyOutcome, PropertyState};
use super::transformation::{Provider, Transformation};
use super::user_store_file::{EncryptedProperty, PropertyValue, UserStoreFile};
use crate::Secret;
use crate::safe_file::{FileEdit, remove_leftovers};
use crate::side_by_side::{Threads, side_by_side};

/// The largest user store that is read, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// What to re-encrypt, from what to what.
pub struct Reencryption<'a> {
    /// The home of the server; backups and copies have the paths that the user stores have in it.
    pub home: &'a Path,
    /// The keys that values are under.
    pub from: &'a KeyRing,
    /// The key that they will be under.
    pub to: &'a EncryptionKey,
    /// Instead of the transformation that each value has.
    pub transformation: Option<Transformation>,
    /// Whose reading of transformations counts.
    pub provider: Provider,
    /// Where the new user stores go.
    pub destination: Destination,
}

/// What becomes of one file.
struct Plan {
    bytes: Zeroizing<Vec<u8>>,
    properties: Vec<PropertyOutcome>,
    /// The re-encrypted secrets in the order of the file, with their numbers among the encrypted properties.
    secrets: Vec<(usize, Secret)>,
}

impl Reencryption<'_> {
    /// Re-encrypts the user stores, on all processors, and calls `done` with what became of each, in their order.
    pub fn run(&self, locations: UserStoreLocations, mut done: impl FnMut(FileOutcome)) {
        info!("secondary userstore password re-encryption component activated");
        info!("secondary userstore password re-encryption started");
        let run_file = |location: &UserStoreLocation| {
            info!("Migrating password in: {}", location.path.display());
            self.run_file(location)
        };
        side_by_side(
            &locations.user_stores,
            Threads::Several,
            run_file,
            &mut done,
        );
        for location in &locations.others {
            done(outcome(location, FileState::Skipped, Vec::new()));
        }
        for location in &locations.missing_folders {
            done(outcome(location, FileState::NoFolder, Vec::new()));
        }
        for (location, error) in locations.unlisted_folders {
            warn!("{error}");
            done(outcome(&location, FileState::Failed(error), Vec::new()));
        }
        info!("secondary userstore password re-encryption ended");
    }

    /// Re-encrypts one user store.
    #[must_use]
    pub fn run_file(&self, location: &UserStoreLocation) -> FileOutcome {
        match self.reencrypt(location) {
            Ok(outcome) => outcome,
            Err(error) => {
                warn!(
                    "Error while updating password for: {}: {error}",
                    location.path.display()
                );
                outcome(location, FileState::Failed(error), Vec::new())
            }
        }
    }

    fn reencrypt(&self, location: &UserStoreLocation) -> Result<FileOutcome, UserStoreError> {
        let path = &location.path;
        let before = read(path)?;
        let plan = self.plan(path, &before)?;
        if plan.secrets.is_empty() {
            // A run may have been killed when this file was done and its lock was not gone yet.
            if matches!(self.destination, Destination::InPlace { .. }) {
                remove_leftovers(path)?;
            }
            return Ok(outcome(location, FileState::Unchanged, plan.properties));
        }
        match &self.destination {
            Destination::DryRun => Ok(outcome(
                location,
                FileState::WouldBeWritten,
                plan.properties,
            )),
            Destination::Copies(folder) => {
                let copy = folder.join(path_in_home(self.home, path));
                backup::make_folder_of(&copy)?;
                self.write(FileEdit::begin(&copy)?, &copy, &plan)?;
                Ok(outcome(location, FileState::Written(copy), plan.properties))
            }
            Destination::InPlace { backup } => {
                let edit = FileEdit::begin(path)?;
                let current = edit.current().unwrap_or_default();
                let plan = if current == before.as_slice() {
                    plan
                } else {
                    self.plan(path, current)?
                };
                if let Some(folder) = backup {
                    backup::keep(&folder.join(path_in_home(self.home, path)), current)?;
                }
                self.write(edit, path, &plan)?;
                let written = FileState::Written(path.clone());
                Ok(outcome(location, written, plan.properties))
            }
        }
    }

    fn plan(&self, path: &Path, bytes: &[u8]) -> Result<Plan, UserStoreError> {
        let file = UserStoreFile::parse(path, bytes)?;
        let encrypted = file.encrypted_properties();
        let mut values = Vec::new();
        let mut properties = Vec::new();
        let mut secrets = Vec::new();
        for (number, property) in encrypted.iter().enumerate() {
            let (state, new) = self.reencrypt_property(property);
            properties.push(PropertyOutcome {
                name: property.name.clone(),
                line: property.at.line,
                state,
            });
            if let Some((text, secret)) = new {
                values.push((property, text));
                secrets.push((number, secret));
            }
        }
        Ok(Plan {
            bytes: file.with_values(&values),
            properties,
            secrets,
        })
    }

    fn reencrypt_property(
        &self,
        property: &EncryptedProperty,
    ) -> (PropertyState, Option<(String, Secret)>) {
        let text = match &property.value {
            PropertyValue::Text(text) => text,
            PropertyValue::Empty => return (PropertyState::Empty, None),
            PropertyValue::Reference(name) => {
                return (PropertyState::Reference(name.clone()), None);
            }
            PropertyValue::Unusable(error) => {
                return (PropertyState::Unreadable(error.clone()), None);
            }
        };
        match self.reencrypt_value(text) {
            Ok(Some(new)) => (PropertyState::Reencrypted, Some(new)),
            Ok(None) => (PropertyState::UnderTarget, None),
            Err(error) => {
                warn!("{}: property {}: {error}", property.at, property.name);
                (PropertyState::Unreadable(error), None)
            }
        }
    }

    /// The new text and what it encrypts; `None` when the value is under the target key.
    fn reencrypt_value(&self, text: &str) -> Result<Option<(String, Secret)>, CiphertextError> {
        let ciphertext = Ciphertext::parse(text)?;
        let by_target = |choice| self.to.open_as(&ciphertext, self.provider, choice);
        if self.to.is_named_by(&ciphertext) && by_target(KeyChoice::Known).is_some() {
            return Ok(None);
        }
        let sources = self.from.keys();
        let of_target = if sources.iter().any(|key| key.fits(&ciphertext)) {
            KeyChoice::Tried
        } else {
            KeyChoice::Known
        };
        let from = self.from;
        let opened = match from.open_beside(&ciphertext, self.provider, Some(self.to)) {
            Ok(opened) => opened,
            Err(_) if by_target(of_target).is_some() => return Ok(None),
            Err(error) => return Err(error),
        };
        if opened.key.is_same_as(self.to) {
            return Ok(None);
        }
        if !opened.is_certain && by_target(KeyChoice::Tried).is_some() {
            return Err(CiphertextError::Ambiguous);
        }
        let mut form = Form::of(&ciphertext, &opened, self.to);
        if let Some(transformation) = &self.transformation {
            form = form.with_transformation(transformation.clone(), self.provider);
        }
        let new = self.to.encrypt(&opened.secret, &form)?;
        Ok(Some((new.to_string(), opened.secret)))
    }

    /// Writes the file once what is on the disk decrypts to the same passwords.
    fn write(&self, edit: FileEdit, path: &Path, plan: &Plan) -> Result<(), UserStoreError> {
        edit.commit(&plan.bytes, |written| {
            if self.holds(path, written, plan)? {
                return Ok(());
            }
            Err(UserStoreError::NotWrittenRight {
                path: path.to_owned(),
            })
        })
    }

    fn holds(&self, path: &Path, written: &[u8], plan: &Plan) -> Result<bool, UserStoreError> {
        let file = UserStoreFile::parse(path, written)?;
        let properties = file.encrypted_properties();
        let same = |(number, secret): &(usize, Secret)| {
            let PropertyValue::Text(text) = &properties.get(*number)?.value else {
                return None;
            };
            let ciphertext = Ciphertext::parse(text).ok()?;
            let opened = self
                .to
                .open_as(&ciphertext, self.provider, KeyChoice::Known)?;
            opened.secret.is_same_as(secret).then_some(())
        };
        let as_many = properties.len() == plan.properties.len();
        Ok(as_many && plan.secrets.iter().all(|secret| same(secret).is_some()))
    }
}

fn outcome(
    location: &UserStoreLocation,
    state: FileState,
    properties: Vec<PropertyOutcome>,
) -> FileOutcome {
    FileOutcome {
        tenant: location.tenant,
        path: location.path.clone(),
        state,
        properties,
    }
}

/// The bytes of a user store; what is larger than any is read no further, and refused when it is parsed.
pub(super) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, UserStoreError> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(bytes),
        Err(reason) => Err(UserStoreError::Unreadable {
            path: path.to_owned(),
            reason,
        }),
    }
}
