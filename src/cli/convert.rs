//! `keyward convert`: a keystore of another type with the same entries.

mod conversion;
mod report;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::keypasswd::KeyPassword;
use super::new_password::NewPassword;
use super::protection_options::ProtectionOptions;
use super::store_password::StorePassword;
use super::terminal::Input;
use crate::Secret;
use crate::keystore::{Keystore, KeystoreFile, KeystoreFileError, StoreType};
use conversion::{Conversion, SourcePasswords};
use report::{ConversionReport, Outcome, Route, write_text};

/// Write a keystore of another type with the same entries
#[derive(Args)]
#[command(
    after_help = "Every entry keeps its alias, its value and its creation date, and is protected as the new store type does it. \
                  What the new store type cannot hold is named with its reason: secrets in JKS, key algorithms without an \
                  identifier in PKCS12, whatever Java does not show. The new keystore is then not written, unless --allow-loss \
                  is given.\n\
                  The source stays as it is, and a target that exists is refused. `keyward diff --content-only` compares the two.\n\
                  Example: keyward convert secure.jceks secure.p12 -storepass:env KEY_PASS"
)]
pub(super) struct Convert {
    /// The keystore to be read
    #[arg(value_name = "SOURCE")]
    source: PathBuf,

    /// The keystore to be written; it must not exist
    #[arg(value_name = "TARGET")]
    target: PathBuf,

    /// The new store type: PKCS12, JCEKS or JKS [default: what the ending .p12, .pfx or .jceks says]
    #[arg(long, value_name = "TYPE", ignore_case = true)]
    to: Option<StoreType>,

    /// Write what the target can hold, and leave out the rest
    #[arg(long)]
    allow_loss: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    password: StorePassword,

    #[command(flatten)]
    key: KeyPassword,

    #[command(flatten)]
    new: NewPassword,

    #[command(flatten)]
    protection: ProtectionOptions,
}

impl Convert {
    pub(super) fn run(self) -> Result<(), Failure> {
        let target_type = match self.to {
            Some(store_type) => store_type,
            None => type_of_ending(&self.target)?,
        };
        refuse_existing(&self.target)?;
        let passwords = SourcePasswords {
            store: self.password.read(&mut Input::standard())?,
            key: self.key.read()?,
        };
        let new_password = match self.new.given()? {
            Some(password) => password,
            None => Secret::copied_from(passwords.store.expose_bytes()),
        };
        let mut source = KeystoreFile::at(&self.source).open(&passwords.store)?;
        let route = Route {
            source: &self.source,
            source_type: source.store_type(),
            target: &self.target,
            target_type,
        };
        let conversion = Keystore::new(target_type, &new_password).and_then(|mut target| {
            self.protection.apply_to(&mut target)?;
            Conversion::of(&mut source, &passwords, target)
        });
        let conversion = conversion.map_err(|error| KeystoreFileError::Keystore {
            path: self.target.clone(),
            error,
        })?;
        let left_out = conversion.left_out.len();
        if left_out > 0 && !self.allow_loss {
            print(&route, &conversion, Outcome::Refused, self.json)?;
            let (target, noun) = (
                self.target.display(),
                if left_out == 1 { "entry" } else { "entries" },
            );
            return Err(Failure::new(format!(
                "{target}: nothing was written, since {left_out} {noun} would be left out; --allow-loss writes the rest"
            )));
        }
        KeystoreFile::at(&self.target).create(&conversion.target)?;
        print(&route, &conversion, Outcome::Written, self.json)
    }
}

fn print(
    route: &Route<'_>,
    conversion: &Conversion,
    outcome: Outcome,
    json: bool,
) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    if json {
        let report = ConversionReport::of(route, conversion, outcome);
        serde_json::to_writer_pretty(&mut output, &report).map_err(io::Error::from)?;
        writeln!(output)?;
    } else {
        write_text(&mut output, route, conversion, outcome)?;
    }
    Ok(output.flush()?)
}

/// A `.jks` says nothing: many PKCS12 keystores have that name.
fn type_of_ending(target: &Path) -> Result<StoreType, Failure> {
    let ending = target.extension().unwrap_or_default().to_string_lossy();
    match ending.to_lowercase().as_str() {
        "p12" | "pfx" | "pkcs12" => Ok(StoreType::Pkcs12),
        "jceks" => Ok(StoreType::Jceks),
        _ => Err(Failure::usage(format!(
            "{}: its name does not say which store type it is to have: add --to PKCS12, JCEKS or JKS",
            target.display()
        ))),
    }
}

/// Before anything is decrypted; a link that points nowhere is something, too.
fn refuse_existing(target: &Path) -> Result<(), KeystoreFileError> {
    if fs::symlink_metadata(target).is_err() {
        return Ok(());
    }
    let path = target.to_owned();
    Err(KeystoreFileError::Exists { path })
}
