//! [`StoreFile`]: the keystore file that a command works with, found, checked and opened in
//! keytool's order, so that the same mistake is reported first.

use std::env;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use zeroize::Zeroizing;

use super::command_line::CommandLine;
use super::failure::Failure;
use super::opening::open;
use super::option::KeytoolOption;
use super::prompts::{self, SHORTEST, StoreIs};
use super::readable_store::ReadableStore;
use super::{provider, warning};
use crate::Secret;
use crate::cli::passwordless;
use crate::cli::terminal::Input;
use crate::keystore::{
    Alias, Keystore, KeystoreError, KeystoreFile, KeystoreFileError, StoreProtection, StoreType,
};

/// A keystore file, not opened yet.
pub(super) struct StoreFile {
    /// The path as the user wrote it.
    name: String,
    path: PathBuf,
    bytes: Option<Zeroizing<Vec<u8>>>,
    store_type: StoreType,
    /// The type and the provider that a listing names.
    shown_as: (String, String),
}

/// A keystore that is to be changed, or made.
pub(super) struct WritableStore {
    name: String,
    path: PathBuf,
    pub(super) store_type: StoreType,
    pub(super) password: Secret,
    /// What the file holds now; none where there is no file yet.
    pub(super) current: Option<Keystore>,
    /// How what is added is to be protected.
    protection: StoreProtection,
    is_verbose: bool,
}

impl StoreFile {
    /// Finds the file and looks at its first bytes.
    pub(super) fn find(line: &CommandLine) -> Result<Self, Failure> {
        check_protected(line)?;
        let asked_type = asked_type(line)?;
        check_new_passwords(line)?;
        let name = name_of(line)?;
        let path = PathBuf::from(&name);
        let bytes = read(&path, &name, line.command.may_create())?;
        let provider = provider::named(line, asked_type.unwrap_or(StoreType::Pkcs12))?;
        let store_type = match &bytes {
            Some(bytes) => type_of(bytes, asked_type)?,
            None => asked_type.unwrap_or(StoreType::Pkcs12),
        };
        let shown_type = asked_type.unwrap_or(store_type).to_string();
        let shown_provider = provider.unwrap_or(store_type.provider()).to_owned();
        Ok(Self {
            name,
            path,
            bytes,
            store_type,
            shown_as: (shown_type, shown_provider),
        })
    }

    /// Opens it to be changed, asking for the password where none was given.
    pub(super) fn open_for_writing(
        self,
        line: &CommandLine,
        input: &mut Input,
    ) -> Result<WritableStore, Failure> {
        self.open_as_destination(line, input, "Enter keystore password:  ")
    }

    /// As [`Self::open_for_writing`], with another question for the password.
    pub(super) fn open_as_destination(
        self,
        line: &CommandLine,
        input: &mut Input,
        question: &str,
    ) -> Result<WritableStore, Failure> {
        if line.has(KeytoolOption::Protected) {
            return Err(Failure::unsupported(
                "-protected: keytool would write the keystore without any protection. \
                 Give the password: -storepass:env NAME",
            ));
        }
        let protection = line.properties.protection(line.command, self.store_type)?;
        let given = line.password(KeytoolOption::Storepass);
        let store_is = match (&self.bytes, given) {
            (Some(_), _) => StoreIs::Existing,
            (None, Some(password)) if prompts::characters(password) < SHORTEST => {
                return Err(Failure::new(
                    "Keystore password must be at least 6 characters",
                ));
            }
            (None, _) => StoreIs::New,
        };
        let password = match given {
            Some(password) => Secret::copied_from(password.expose_bytes()),
            None => prompts::store_password(input, question, store_is)?,
        };
        let current = match &self.bytes {
            Some(bytes) => Some(open(bytes, &password)?),
            None => None,
        };
        Ok(WritableStore {
            name: self.name,
            path: self.path,
            store_type: self.store_type,
            password,
            current,
            protection,
            is_verbose: line.is_verbose(),
        })
    }

    /// Opens it to be read.
    pub(super) fn open_for_reading(
        self,
        line: &CommandLine,
        input: &mut Input,
    ) -> Result<ReadableStore, Failure> {
        let bytes = self.bytes.unwrap_or_default();
        let asked_for;
        let password = match line.password(KeytoolOption::Storepass) {
            Some(password) => Some(password),
            None if line.has(KeytoolOption::Protected) => None,
            None => {
                if let Some(store) = passwordless::open(&bytes) {
                    let (name, shown_as) = (self.name, self.shown_as);
                    return Ok(ReadableStore::of(name, self.store_type, shown_as, store));
                }
                asked_for = input.prompted_secret("Enter keystore password:  ")?;
                asked_for.as_ref()
            }
        };
        ReadableStore::open(self.name, self.store_type, self.shown_as, &bytes, password)
    }

    pub(super) fn store_type(&self) -> StoreType {
        self.store_type
    }

    /// Reports a given password that is wrong before anything else is.
    pub(super) fn check_password(&self, line: &CommandLine) -> Result<(), Failure> {
        if let (Some(bytes), Some(password)) =
            (&self.bytes, line.password(KeytoolOption::Storepass))
        {
            open(bytes, password)?;
        }
        Ok(())
    }
}

impl WritableStore {
    /// Whether Java finds an entry under `alias` now.
    pub(super) fn has(&self, alias: &str) -> bool {
        let alias = Alias::new(alias);
        let is_taken = |current: &Keystore| current.check_free(&alias).is_err();
        self.current.as_ref().is_some_and(is_taken)
    }

    /// keytool's warnings about the file as it is.
    pub(super) fn warnings(&self) -> Vec<String> {
        let current = self.current.as_ref();
        let warning = current.and_then(|current| {
            warning::of_proprietary_format(&self.name, current.store_type(), &current.entries())
        });
        warning.into_iter().collect()
    }

    /// Lets `change` edit the store and replaces the file. Gives back keytool's warnings.
    pub(super) fn edit<T>(
        &self,
        change: impl FnOnce(&mut Keystore) -> Result<T, KeystoreError>,
    ) -> Result<(T, Vec<String>), Failure> {
        let changed = |store: &mut Keystore| {
            store.protect_additions(&self.protection)?;
            if self.current.is_none() {
                store.replace_mac(&self.protection.mac)?;
            }
            let outcome = change(store)?;
            if self.is_verbose {
                eprintln!("[Storing {}]", self.name);
            }
            let warning =
                warning::of_proprietary_format(&self.name, store.store_type(), &store.entries());
            Ok((outcome, warning.into_iter().collect()))
        };
        let file = KeystoreFile::at(&self.path);
        let outcome = match self.current {
            Some(_) => file.edit(&self.password, changed),
            None => file.edit_or_create(self.store_type, &self.password, changed),
        };
        outcome.map_err(|error| Failure::of_keystore_file(&self.name, error))
    }
}

fn check_protected(line: &CommandLine) -> Result<(), Failure> {
    let passwords = [
        KeytoolOption::Storepass,
        KeytoolOption::Keypass,
        KeytoolOption::New,
        KeytoolOption::Destkeypass,
    ];
    let has_password = passwords
        .iter()
        .any(|&option| line.password(option).is_some());
    if line.has(KeytoolOption::Protected) && has_password {
        return Err(Failure::of(
            "java.lang.IllegalArgumentException",
            "if -protected is specified, then -storepass, -keypass, and -new must not be specified",
        ));
    }
    Ok(())
}

fn check_new_passwords(line: &CommandLine) -> Result<(), Failure> {
    for option in [KeytoolOption::New, KeytoolOption::Destkeypass] {
        let is_short = |password: &Secret| prompts::characters(password) < SHORTEST;
        if line.password(option).is_some_and(is_short) {
            return Err(Failure::new("New password must be at least 6 characters"));
        }
    }
    Ok(())
}

/// Keystores that are no files.
fn refuse_token(asked: Option<&str>) -> Result<(), Failure> {
    let Some(asked) = asked else {
        return Ok(());
    };
    if asked == "PKCS11" || asked == "KEYCHAINSTORE" || asked.starts_with("WINDOWS-") {
        return Err(Failure::unsupported(format!(
            "keyward reads keystore files, and {asked} is none: use a JDK's keytool"
        )));
    }
    Ok(())
}

/// The file that the command line names, or keytool's default.
pub(super) fn name_of(line: &CommandLine) -> Result<String, Failure> {
    let name = line.text(KeytoolOption::Keystore);
    if line.has(KeytoolOption::Cacerts) {
        if name.is_some() || line.text(KeytoolOption::Storetype).is_some() {
            return Err(Failure::of(
                "java.lang.IllegalArgumentException",
                "The -keystore or -storetype option cannot be used with the -cacerts option",
            ));
        }
        let home = env::var("JAVA_HOME").map_err(|_| {
            Failure::new("-cacerts is the keystore of a JDK: say which by JAVA_HOME")
        })?;
        let cacerts = Path::new(&home).join("lib/security/cacerts");
        return Ok(cacerts.display().to_string());
    }
    match name {
        Some("NONE") => Err(Failure::unsupported(
            "keyward reads keystore files, and -keystore NONE is none: use a JDK's keytool",
        )),
        Some(name) => Ok(name.to_owned()),
        None => {
            let home = env::home_dir().unwrap_or_default();
            Ok(home.join(".keystore").display().to_string())
        }
    }
}

fn read(path: &Path, name: &str, may_create: bool) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    let error = match KeystoreFile::at(path).read() {
        Ok(bytes) if bytes.is_empty() => {
            return Err(Failure::new(format!(
                "Keystore file exists, but is empty: {name}"
            )));
        }
        Ok(bytes) => return Ok(Some(bytes)),
        Err(error) => error,
    };
    match error {
        KeystoreFileError::Missing { .. } if may_create => Ok(None),
        // keytool takes a file that it may not read for one that is not there.
        KeystoreFileError::Missing { .. } | KeystoreFileError::Unreadable { .. } if !may_create => {
            Err(Failure::new(format!(
                "Keystore file does not exist: {name}"
            )))
        }
        KeystoreFileError::Unreadable { reason, .. } => Err(Failure::of_file(name, &reason)),
        other => Err(Failure::of_keystore_file(name, other)),
    }
}

/// What `-storetype` asks for.
pub(super) fn asked_type(line: &CommandLine) -> Result<Option<StoreType>, Failure> {
    let asked = line.text(KeytoolOption::Storetype).map(str::to_uppercase);
    refuse_token(asked.as_deref())?;
    asked.as_deref().map(type_named).transpose()
}

/// The type of a file that is to be read, which must go with the one that was asked for.
pub(super) fn check_type(bytes: &[u8], asked: Option<&str>) -> Result<StoreType, Failure> {
    let asked = asked.map(str::to_uppercase);
    refuse_token(asked.as_deref())?;
    type_of(bytes, asked.as_deref().map(type_named).transpose()?)
}

fn type_named(name: &str) -> Result<StoreType, Failure> {
    StoreType::from_str(name).map_err(|_| {
        Failure::of(
            "java.security.KeyStoreException",
            format!("{name} not found"),
        )
    })
}

/// The file's own type; what `-storetype` asks for must go with it. Java opens PKCS12 as JKS and
/// the other way round.
fn type_of(bytes: &[u8], asked: Option<StoreType>) -> Result<StoreType, Failure> {
    let is_jceks = |store_type: StoreType| store_type == StoreType::Jceks;
    match (StoreType::sniff(bytes), asked) {
        (Some(found), None) => Ok(found),
        (Some(found), Some(asked)) if is_jceks(found) == is_jceks(asked) => Ok(found),
        (None, None) => Err(Failure::of(
            "java.security.KeyStoreException",
            "Unrecognized keystore format. Please load it with a specified type",
        )),
        _ => Err(Failure::of(
            "java.io.IOException",
            "Invalid keystore format",
        )),
    }
}
