//! `keyward wso2 secrets get`: prints one secret, and nothing else.

use std::io::{self, IsTerminal, Write};

use clap::Args;

use super::home_options::HomeOptions;
use crate::cli::failure::Failure;
use crate::cli::terminal::{Input, note};

/// Print one secret, and nothing else, to standard output
#[derive(Args)]
#[command(
    after_help = "Example: keyward wso2 secrets get db_password --home /opt/wso2is -storepass:env KEY_PASS"
)]
pub(super) struct Get {
    /// The alias; case matters
    #[arg(value_name = "ALIAS")]
    alias: String,

    #[command(flatten)]
    home: HomeOptions,
}

impl Get {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut opened = self.home.open()?;
        // Nobody should type a password for a secret that is not there, or needs none.
        let secret = opened.vault.secret(&self.alias)?;
        if let Some(plain) = secret.without_key()? {
            return print(plain.expose_bytes());
        }
        let cipher = opened.cipher(&mut Input::standard())?;
        let secret = opened.vault.secret(&self.alias)?;
        let decrypted = secret.decrypted(&cipher)?;
        if !decrypted.is_as_configured {
            let (at, alias) = (&secret.at, &secret.alias);
            note(format!(
                "{at}: the secret {alias} is under another algorithm than the server expects; \
                 `keyward wso2 secrets reencrypt --all` mends that"
            ));
        }
        print(decrypted.secret.expose_bytes())
    }
}

fn print(secret: &[u8]) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    output.write_all(secret)?;
    if output.is_terminal() {
        output.write_all(b"\n")?;
    }
    Ok(output.flush()?)
}
