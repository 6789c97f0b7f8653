//! `keyward wso2 encrypt`: a value, or a user store in clear.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::form_options::FormOptions;
use super::key_options::{KeyOptions, Only};
use crate::cli::failure::Failure;
use crate::cli::terminal::{Input, note};
use crate::userstore::{DropInFile, EncryptionKey, Form};

/// Encrypt a password as a WSO2 server would, for a user store
#[derive(Args)]
#[command(
    after_help = "The password is asked for, or is the first line of standard input; where the store password is taken from there \
                  too, that line comes first.\n\
                  Example: keyward wso2 encrypt -keystore wso2carbon.p12 -alias wso2carbon -storepass:env STORE_PASS"
)]
pub(in crate::cli) struct Encrypt {
    /// A user store in clear (DOMAIN.enc); its passwords are encrypted, and DOMAIN.xml is written
    #[arg(long, value_name = "FILE")]
    userstore: Option<PathBuf>,

    /// Where the encrypted user store goes [default: DOMAIN.xml beside it]
    #[arg(long, value_name = "FILE", requires = "userstore")]
    output: Option<PathBuf>,

    #[command(flatten)]
    form: FormOptions,

    #[command(flatten)]
    key: KeyOptions<Only>,
}

impl Encrypt {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut input = Input::standard();
        let key = self.key.required_key(&mut input)?;
        let form = self.form.form(&key)?;
        if self.userstore.is_some() {
            return self.encrypt_user_store(&key, &form);
        }
        let secret = input.secret(
            "Enter the password to encrypt:  ",
            "the password to encrypt",
        )?;
        let ciphertext = key.encrypt(&secret, &form)?;
        let mut output = io::stdout().lock();
        writeln!(output, "{ciphertext}")?;
        Ok(output.flush()?)
    }

    fn encrypt_user_store(&self, key: &EncryptionKey, form: &Form) -> Result<(), Failure> {
        let path = self.userstore.clone().unwrap_or_default();
        let target = self.output.clone();
        let target = target.unwrap_or_else(|| path.with_extension("xml"));
        let drop_in = DropInFile::read(&path)?;
        let (bytes, names) = drop_in.encrypted(key, form)?;
        DropInFile::write_new(&target, &bytes)?;
        note(format!(
            "{}: written; encrypted: {}. {} still holds the passwords in clear: delete it",
            target.display(),
            names.join(", "),
            path.display()
        ));
        Ok(())
    }
}
