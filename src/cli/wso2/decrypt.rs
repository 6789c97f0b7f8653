//! `keyward wso2 decrypt`: a value, or a property of a user store.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use super::form_options::TransformationOptions;
use super::key_options::{KeyOptions, OldKey, Only, symmetric_key};
use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::password_option::PasswordOption;
use crate::cli::terminal::Input;
use crate::userstore::{Ciphertext, KeyRing, PropertyValue, UserStoreError, UserStoreFile};

/// Decrypt a value of a WSO2 user store, and print it and nothing else
#[derive(Args)]
#[command(
    after_help = "The value is the first line of standard input, or a property of a user store. Its layout and transformation are \
                  recognised.\n\
                  Example: keyward wso2 decrypt -keystore wso2carbon.p12 -alias wso2carbon -storepass:env STORE_PASS --userstore AD.xml"
)]
pub(in crate::cli) struct Decrypt {
    /// The user store that the value is in
    #[arg(long, value_name = "FILE")]
    userstore: Option<PathBuf>,

    /// The property, where the user store has several encrypted ones
    #[arg(long, value_name = "NAME", requires = "userstore")]
    property: Option<String>,

    #[command(flatten)]
    transformation: TransformationOptions,

    #[command(flatten)]
    key: KeyOptions<Only>,

    #[command(flatten)]
    old_key: PasswordOption<OldKey>,
}

impl Decrypt {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut input = Input::standard();
        let mut keys = vec![self.key.required_key(&mut input)?];
        keys.extend(symmetric_key(&self.old_key)?);
        let text = match &self.userstore {
            Some(path) => self.value_in(path)?,
            None => self.value_from(&mut input)?,
        };
        let ciphertext = Ciphertext::parse(&text)?;
        let keys = KeyRing::new(keys);
        let opened = keys.open(&ciphertext, self.transformation.provider())?;
        print(&opened.secret)
    }

    fn value_from(&self, input: &mut Input) -> Result<String, Failure> {
        // Named for a server's sake: a misspelling should not go unnoticed.
        self.transformation.transformation()?;
        input.text("Enter the encrypted value:  ", "the encrypted value")
    }

    fn value_in(&self, path: &Path) -> Result<String, Failure> {
        let bytes = fs::read(path).map_err(|reason| UserStoreError::Unreadable {
            path: path.to_owned(),
            reason,
        })?;
        let bytes = Zeroizing::new(bytes);
        let file = UserStoreFile::parse(path, &bytes)?;
        let mut properties = file.encrypted_properties();
        if let Some(name) = &self.property {
            properties.retain(|property| property.name == *name);
        }
        let names: Vec<&str> = properties.iter().map(|found| found.name.as_str()).collect();
        let path = path.display();
        let property = match properties.as_slice() {
            [property] => property,
            [] => {
                return Err(Failure::missing(format!(
                    "{path}: there is no such encrypted property. Look at the properties with encrypted=\"true\" in it"
                )));
            }
            _ => {
                return Err(Failure::usage(format!(
                    "{path}: which property? Add --property with one of {}",
                    names.join(", ")
                )));
            }
        };
        match &property.value {
            PropertyValue::Text(text) => Ok(text.clone()),
            PropertyValue::Unusable(error) => {
                Err(Failure::new(format!("{}: {error}", property.at)))
            }
            PropertyValue::Reference(reference) => Err(Failure::new(format!(
                "{}: {} is {reference}, which the server takes from its Secure Vault: ask for it there",
                property.at, property.name
            ))),
            _ => Err(Failure::missing(format!(
                "{}: {} has no value",
                property.at, property.name
            ))),
        }
    }
}

fn print(secret: &Secret) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    output.write_all(secret.expose_bytes())?;
    // The prompt of a shell should not stand behind the secret; a pipe gets its bytes alone.
    if output.is_terminal() {
        output.write_all(b"\n")?;
    }
    Ok(output.flush()?)
}
