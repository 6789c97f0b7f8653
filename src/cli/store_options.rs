//! [`StoreOptions`]: which keystore, and under which password.

use std::env;
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::new_password::has_enough_characters;
use super::passwordless;
use super::store_password::StorePassword;
use super::terminal::{self, Input};
use crate::keystore::{Alias, Keystore, KeystoreError, KeystoreFile, KeystoreFileError, StoreType};
use crate::{Secret, SecretSource};

/// How often a password is asked for, as keytool does.
const TRIES: usize = 3;

#[derive(Args)]
pub(super) struct StoreOptions {
    /// The keystore file [default: .keystore in the home directory]
    #[arg(long, value_name = "FILE")]
    keystore: Option<PathBuf>,

    /// The store type: PKCS12, JCEKS or JKS; an existing file's own type counts
    #[arg(long, value_name = "TYPE", ignore_case = true)]
    storetype: Option<StoreType>,

    #[command(flatten)]
    password: StorePassword,
}

impl StoreOptions {
    /// The keystore file.
    pub(super) fn path(&self) -> Result<PathBuf, Failure> {
        if let Some(path) = &self.keystore {
            return Ok(path.clone());
        }
        let home = env::home_dir().filter(|home| !home.as_os_str().is_empty());
        let home = home.ok_or_else(|| Failure::usage("which keystore? Add -keystore FILE"))?;
        Ok(home.join(".keystore"))
    }

    /// The type of a new store.
    pub(super) fn new_store_type(&self) -> StoreType {
        self.storetype.unwrap_or(StoreType::Pkcs12)
    }

    /// The password of the keystore at `path`, which must exist.
    pub(super) fn password(&self, path: &Path, input: &mut Input) -> Result<Secret, Failure> {
        KeystoreFile::at(path).read()?;
        self.password.read(input)
    }

    /// The password for a keystore that does not exist yet, asked for twice.
    pub(super) fn new_password(&self, input: &mut Input) -> Result<Secret, Failure> {
        if let Some(password) = self.password.given()? {
            has_enough_characters(&password).map_err(Failure::new)?;
            return Ok(password);
        }
        input.new_secret(
            ["Enter keystore password:  ", "Re-enter new password: "],
            "the password of the new keystore",
            TRIES,
            has_enough_characters,
        )
    }

    /// The keystore file and its password, for an entry under a new alias. Where there is a keystore
    /// the alias is free in it.
    pub(super) fn password_for_new_entry(
        &self,
        alias: &Alias,
        input: &mut Input,
    ) -> Result<(PathBuf, Secret), Failure> {
        let path = self.path()?;
        if !path.exists() {
            return Ok((path, self.new_password(input)?));
        }
        let opened = self.open(input)?;
        // Nobody should type a secret that cannot be stored.
        let free = opened.store.check_free(alias);
        free.map_err(|error| opened.failure(error))?;
        Ok((path, opened.password))
    }

    /// Opens the keystore, asking for its password where it was not given.
    pub(super) fn open(&self, input: &mut Input) -> Result<Opened, Failure> {
        self.open_expecting(&[], input)
    }

    /// As [`Self::open`], for a command that reads the `expected` entries.
    pub(super) fn open_expecting(
        &self,
        expected: &[Alias],
        input: &mut Input,
    ) -> Result<Opened, Failure> {
        let path = self.path()?;
        let bytes = KeystoreFile::at(&path).read()?;
        let password = self.password.read(input)?;
        self.opened(path, &bytes, password, expected)
    }

    /// As [`Self::open`], without a question where the keystore needs no password.
    pub(super) fn open_to_read(&self, input: &mut Input) -> Result<Opened, Failure> {
        let path = self.path()?;
        let bytes = KeystoreFile::at(&path).read()?;
        let password = match self.password.given()? {
            Some(password) => password,
            None if passwordless::open(&bytes).is_some() => Secret::copied_from(b""),
            None => self.password.read(input)?,
        };
        self.opened(path, &bytes, password, &[])
    }

    fn opened(
        &self,
        path: PathBuf,
        bytes: &[u8],
        password: Secret,
        expected: &[Alias],
    ) -> Result<Opened, Failure> {
        let store = match Keystore::open_expecting(bytes, &password, expected) {
            Ok(store) => store,
            Err(error) => return Err(KeystoreFileError::Keystore { path, error }.into()),
        };
        self.warn_of_other_type(&path, &store);
        Ok(Opened {
            path,
            store,
            password,
        })
    }

    /// Where the keystore's password comes from, for a service that reads it later.
    pub(super) fn password_source(&self) -> Option<SecretSource> {
        self.password.source()
    }

    /// Whether `-keystore` was given.
    pub(super) fn names_keystore(&self) -> bool {
        self.keystore.is_some()
    }

    fn warn_of_other_type(&self, path: &Path, store: &Keystore) {
        let (Some(asked), found) = (self.storetype, store.store_type()) else {
            return;
        };
        if asked != found {
            let path = path.display();
            terminal::note(format!(
                "{path}: is a {found} keystore, not {asked}; it stays {found}"
            ));
        }
    }
}

/// A keystore that a command works with.
pub(super) struct Opened {
    pub(super) path: PathBuf,
    pub(super) store: Keystore,
    pub(super) password: Secret,
}

impl Opened {
    /// What went wrong with it, with its path in front.
    pub(super) fn failure(&self, error: KeystoreError) -> Failure {
        let path = self.path.clone();
        KeystoreFileError::Keystore { path, error }.into()
    }
}
