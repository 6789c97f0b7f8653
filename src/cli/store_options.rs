//! [`StoreOptions`]: which keystore, and under which password.

use std::env;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::terminal::{self, Input};
use crate::keystore::{Keystore, KeystoreFile, StoreType};
use crate::{Secret, SecretSource};

/// keytool's rule for the password of a new keystore, in characters.
const SHORTEST_NEW_PASSWORD: usize = 6;
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

    /// The store password itself; other users can see it in the list of processes
    #[arg(long, value_name = "PASSWORD", allow_hyphen_values = true)]
    #[arg(conflicts_with_all = ["storepass_env", "storepass_file"])]
    storepass: Option<String>,

    /// The environment variable that holds the store password
    #[arg(long = "storepass:env", id = "storepass_env", value_name = "NAME")]
    #[arg(conflicts_with = "storepass_file")]
    storepass_env: Option<String>,

    /// The file whose first line is the store password
    #[arg(long = "storepass:file", id = "storepass_file", value_name = "FILE")]
    storepass_file: Option<PathBuf>,
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
        match self.given_password()? {
            Some(password) => Ok(password),
            None => input.secret("Enter keystore password:  ", "the store password"),
        }
    }

    /// The password for a keystore that does not exist yet, asked for twice.
    pub(super) fn new_password(&self, input: &mut Input) -> Result<Secret, Failure> {
        if let Some(password) = self.given_password()? {
            return long_enough(password);
        }
        input.new_secret(
            ["Enter keystore password:  ", "Re-enter new password: "],
            "the password of the new keystore",
            TRIES,
            is_long_enough,
        )
    }

    /// Opens the keystore, asking for its password where it was not given.
    pub(super) fn open(&self, input: &mut Input) -> Result<Opened, Failure> {
        let path = self.path()?;
        let password = self.password(&path, input)?;
        let store = KeystoreFile::at(&path).open(&password)?;
        self.warn_of_other_type(&path, &store);
        Ok(Opened {
            path,
            store,
            password,
        })
    }

    /// Where the keystore's password comes from, for a service that reads it later.
    pub(super) fn password_source(&self) -> Option<SecretSource> {
        if let Some(password) = &self.storepass {
            return Some(SecretSource::Inline(Secret::copied_from(
                password.as_bytes(),
            )));
        }
        if let Some(name) = &self.storepass_env {
            return Some(SecretSource::Environment(name.clone()));
        }
        self.storepass_file.clone().map(SecretSource::File)
    }

    /// Whether `-keystore` was given.
    pub(super) fn names_keystore(&self) -> bool {
        self.keystore.is_some()
    }

    fn given_password(&self) -> Result<Option<Secret>, Failure> {
        if self.storepass.is_some() && std::io::stderr().is_terminal() {
            eprintln!(
                "keyward: warning: other users can see a password on the command line; \
                 -storepass:env NAME and -storepass:file FILE keep it to yourself"
            );
        }
        Ok(self
            .password_source()
            .map(|source| source.read())
            .transpose()?)
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

fn is_long_enough(password: &Secret) -> Result<(), String> {
    let characters = match password.expose_text() {
        Ok(text) => text.chars().count(),
        Err(_) => password.len(),
    };
    if characters >= SHORTEST_NEW_PASSWORD {
        return Ok(());
    }
    Err(format!(
        "the password of a new keystore must have at least {SHORTEST_NEW_PASSWORD} characters"
    ))
}

fn long_enough(password: Secret) -> Result<Secret, Failure> {
    is_long_enough(&password).map_err(Failure::new)?;
    Ok(password)
}
