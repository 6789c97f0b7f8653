//! `keyward importkeystore`: takes entries over from another keystore.

mod passwords;
mod report;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::entry_copy::EntryCopy;
use super::failure::Failure;
use super::new_password::has_enough_characters;
use super::password_option::PasswordOption;
use super::terminal::Input;
use crate::Secret;
use crate::keystore::{
    Alias, Entry, EntryKind, Keystore, KeystoreError, KeystoreFile, KeystoreFileError, StoreType,
};
use passwords::{DestinationKey, DestinationStore, SourceKey, SourceStore};
use report::ImportReport;

/// How often a password is asked for, as keytool does.
const TRIES: usize = 3;

/// Take over one entry or all entries from another keystore
#[derive(Args)]
#[command(
    after_help = "An entry that cannot be taken over is named with the reason; the others go on, all in one write, and the \
                  exit code is 1. An alias that is taken in the destination is left alone, unless -noprompt or --replace is given.\n\
                  Passwords that no option gives are asked for: that of the destination first, as keytool does.\n\
                  Example: keyward importkeystore -srckeystore old.jceks -srcstorepass:env OLD_PASS \
                  -destkeystore secure.p12 -deststorepass:env KEY_PASS"
)]
pub(super) struct Importkeystore {
    /// The keystore that entries come from; it stays as it is
    #[arg(long, value_name = "FILE")]
    srckeystore: PathBuf,

    /// The keystore that they go to; it is made where there is none
    #[arg(long, value_name = "FILE")]
    destkeystore: PathBuf,

    /// The type of a new destination: PKCS12, JCEKS or JKS [default: PKCS12]
    #[arg(long, value_name = "TYPE", ignore_case = true)]
    deststoretype: Option<StoreType>,

    /// Only the entry of this alias
    #[arg(long, value_name = "ALIAS", allow_hyphen_values = true)]
    srcalias: Option<String>,

    /// What that entry is to be called
    #[arg(long, value_name = "ALIAS", allow_hyphen_values = true)]
    #[arg(requires = "srcalias")]
    destalias: Option<String>,

    /// Replace what is under the same alias
    #[arg(long, visible_alias = "noprompt")]
    replace: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    source_password: PasswordOption<SourceStore>,

    #[command(flatten)]
    source_key: PasswordOption<SourceKey>,

    #[command(flatten)]
    destination_password: PasswordOption<DestinationStore>,

    #[command(flatten)]
    destination_key: PasswordOption<DestinationKey>,
}

/// The keystore that entries come from, and the passwords that may open them.
struct Source {
    store: Keystore,
    password: Secret,
    key_password: Option<Secret>,
}

impl Importkeystore {
    pub(super) fn run(self) -> Result<(), Failure> {
        self.refuse_same_file()?;
        let mut input = Input::standard();
        let password = self.read_destination_password(&mut input)?;
        let source = self.open_source(&mut input)?;
        let new_key_password = self.destination_key.given()?;
        let mut report = ImportReport::new(&self.srckeystore, &self.destkeystore);
        let copies = self.copies(&source, &mut report)?;
        let store_type = self.deststoretype.unwrap_or(StoreType::Pkcs12);
        let file = KeystoreFile::at(&self.destkeystore);
        let outcome = file.edit_or_create(store_type, &password, |store| {
            let has_key = |(_, copy): &&(Entry, EntryCopy)| copy.password.is_some();
            store.prepare_additions(copies.iter().filter(has_key).count())?;
            let mut last = None;
            for (entry, copy) in &copies {
                let outcome = self.copy(copy, &source, store, &password, new_key_password.as_ref());
                match outcome {
                    Ok(()) => report.imported.push(copy.to.clone()),
                    Err(error) => {
                        report.fail(entry, &error);
                        last = Some(error);
                    }
                }
            }
            match last {
                // Nothing to be written.
                Some(error) if report.imported.is_empty() => Err(error),
                _ => Ok(()),
            }
        });
        match outcome {
            Err(KeystoreFileError::Keystore { .. })
                if report.imported.is_empty() && !copies.is_empty() => {}
            outcome => outcome?,
        }
        self.print(&report)?;
        report.outcome()
    }

    fn refuse_same_file(&self) -> Result<(), Failure> {
        let same = match (
            fs::canonicalize(&self.srckeystore),
            fs::canonicalize(&self.destkeystore),
        ) {
            (Ok(source), Ok(destination)) => source == destination,
            _ => false,
        };
        if !same {
            return Ok(());
        }
        Err(Failure::usage(format!(
            "{}: source and destination are one keystore. `keyward convert` writes one of another type, and \
             `keyward changealias` renames an entry",
            self.srckeystore.display()
        )))
    }

    fn read_destination_password(&self, input: &mut Input) -> Result<Secret, Failure> {
        let given = self.destination_password.given()?;
        let question = "Enter destination keystore password:  ";
        if self.destkeystore.exists() {
            let ask = |input: &mut Input| input.secret(question, "the destination's password");
            return given.map_or_else(|| ask(input), Ok);
        }
        if let Some(password) = given {
            has_enough_characters(&password).map_err(Failure::new)?;
            return Ok(password);
        }
        input.new_secret(
            [question, "Re-enter new password: "],
            "the password of the new keystore",
            TRIES,
            has_enough_characters,
        )
    }

    fn open_source(&self, input: &mut Input) -> Result<Source, Failure> {
        let bytes = KeystoreFile::at(&self.srckeystore).read()?;
        let password = match self.source_password.given()? {
            Some(password) => password,
            None => input.secret("Enter source keystore password:  ", "the source's password")?,
        };
        let mut store =
            Keystore::open(&bytes, &password).map_err(|error| of_file(&self.srckeystore, error))?;
        if self.srcalias.is_none() {
            store.derive_all_ahead();
        }
        Ok(Source {
            store,
            password,
            key_password: self.source_key.given()?,
        })
    }

    /// What is to be copied. What cannot be goes to the report.
    fn copies(
        &self,
        source: &Source,
        report: &mut ImportReport<'_>,
    ) -> Result<Vec<(Entry, EntryCopy)>, Failure> {
        let entries = match &self.srcalias {
            None => source.store.entries(),
            Some(alias) => {
                let alias = Alias::new(alias);
                let entry = source.store.entry(&alias);
                let missing = || of_file(&self.srckeystore, KeystoreError::NoSuchAlias { alias });
                vec![entry.ok_or_else(missing)?]
            }
        };
        let mut copies = Vec::new();
        for entry in entries {
            if let EntryKind::Opaque(reason) = &entry.kind {
                let reason = reason.clone();
                report.fail_because(&entry, reason);
                continue;
            }
            let name = self.destalias.as_deref().map(Alias::new);
            let copy = EntryCopy {
                from: entry.alias.clone(),
                to: name.unwrap_or_else(|| entry.alias.clone()),
                password: source.password_of(&entry),
            };
            copies.push((entry, copy));
        }
        Ok(copies)
    }

    fn copy(
        &self,
        copy: &EntryCopy,
        source: &Source,
        store: &mut Keystore,
        password: &Secret,
        new_key_password: Option<&Secret>,
    ) -> Result<(), KeystoreError> {
        if !self.replace {
            store.check_free(&copy.to)?;
        }
        copy.run(&source.store, store, password, new_key_password)
    }

    fn print(&self, report: &ImportReport<'_>) -> Result<(), Failure> {
        let mut output = io::stdout().lock();
        if self.json {
            report.write_json(&mut output)?;
        } else {
            report.write_text(&mut output)?;
        }
        Ok(output.flush()?)
    }
}

impl Source {
    /// The password that opens the entry; where none does, that of the store. None for a certificate.
    fn password_of(&self, entry: &Entry) -> Option<Secret> {
        if entry.kind == EntryKind::TrustedCertificate {
            return None;
        }
        let opens = |password: &&Secret| match entry.kind {
            EntryKind::PrivateKey => self.store.private_key(&entry.alias, password).is_ok(),
            _ => self.store.secret_key(&entry.alias, password).is_ok(),
        };
        let own = self.key_password.as_ref().filter(opens);
        Some(Secret::copied_from(
            own.unwrap_or(&self.password).expose_bytes(),
        ))
    }
}

fn of_file(path: &Path, error: KeystoreError) -> Failure {
    let path = path.to_owned();
    KeystoreFileError::Keystore { path, error }.into()
}
