//! `keyward get`: prints secrets, and nothing else.

use std::io::{self, IsTerminal, Write};

use clap::Args;
use zeroize::Zeroizing;

use super::failure::Failure;
use super::hexadecimal;
use super::keypasswd::KeyPassword;
use super::store_options::{Opened, StoreOptions};
use super::terminal::Input;
use crate::Secret;
use crate::keystore::{Alias, EntryKind};

/// Quotes, blanks, commas, and the word `hexadecimal`.
const MOST_AROUND_A_SECRET: usize = 40;

/// Print one secret, and nothing else, to standard output; or several as JSON
#[derive(Args)]
#[command(
    after_help = "Several secrets are one JSON object, {\"alias\": \"secret\", …}; a secret that is not text is \
                  {\"hexadecimal\": \"…\"} there. Their keys are derived side by side on all processors.\n\
                  Example: keyward get db1pass -keystore keystores/secure.jks -storepass:env KEY_PASS"
)]
pub(super) struct Get {
    /// The alias; case does not matter
    #[arg(value_name = "ALIAS", required_unless_present_any = ["alias_option", "all"])]
    aliases: Vec<String>,

    /// The same, in keytool's spelling
    #[arg(
        long = "alias",
        id = "alias_option",
        value_name = "ALIAS",
        allow_hyphen_values = true,
        conflicts_with = "aliases"
    )]
    alias_option: Option<String>,

    /// Every secret of the keystore
    #[arg(long, requires = "json", conflicts_with_all = ["aliases", "alias_option"])]
    all: bool,

    /// Print a JSON object
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    key: KeyPassword,

    #[command(flatten)]
    store: StoreOptions,
}

impl Get {
    pub(super) fn run(self) -> Result<(), Failure> {
        let named: Vec<Alias> = self
            .aliases
            .iter()
            .chain(&self.alias_option)
            .map(|alias| Alias::new(alias))
            .collect();
        if named.len() > 1 && !self.json {
            return Err(Failure::usage(
                "several secrets are printed as JSON alone: add --json",
            ));
        }
        let mut opened = self.store.open_expecting(&named, &mut Input::standard())?;
        let own_password = self.key.read()?;
        let aliases = if self.all {
            secrets_of(&mut opened)
        } else {
            named
        };
        let secrets = aliases
            .iter()
            .map(|alias| {
                let key_password = own_password.as_ref().unwrap_or(&opened.password);
                let found = opened.store.secret_key(alias, key_password);
                let key = found.map_err(|error| opened.failure(error))?;
                Ok((alias, key.secret))
            })
            .collect::<Result<Vec<_>, Failure>>()?;
        let mut output = io::stdout().lock();
        match secrets.as_slice() {
            [(_, secret)] if !self.json => {
                output.write_all(secret.expose_bytes())?;
                // The prompt of a shell should not stand behind the secret; a pipe gets its bytes
                // alone.
                if output.is_terminal() {
                    output.write_all(b"\n")?;
                }
            }
            several => output.write_all(&json(several)?)?,
        }
        Ok(output.flush()?)
    }
}

/// Every secret that Java shows, its key derived.
fn secrets_of(opened: &mut Opened) -> Vec<Alias> {
    let entries = opened.store.entries();
    let secrets = entries
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::Secret);
    let aliases: Vec<Alias> = secrets.map(|entry| entry.alias).collect();
    opened.store.derive_ahead(&aliases);
    aliases
}

/// One member a line, in memory that is wiped and never moved: no character takes more than the
/// six bytes of `\u0000`.
fn json(secrets: &[(&Alias, Secret)]) -> io::Result<Zeroizing<Vec<u8>>> {
    let most = |(alias, secret): &(&Alias, Secret)| {
        MOST_AROUND_A_SECRET + 6 * (alias.as_str().len() + secret.len())
    };
    let length = MOST_AROUND_A_SECRET + secrets.iter().map(most).sum::<usize>();
    let mut output = Zeroizing::new(Vec::with_capacity(length));
    output.write_all(b"{")?;
    for (index, (alias, secret)) in secrets.iter().enumerate() {
        output.write_all(if index == 0 { b"\n  " } else { b",\n  " })?;
        serde_json::to_writer(&mut *output, alias.as_str())?;
        output.write_all(b": ")?;
        if let Ok(text) = secret.expose_text() {
            serde_json::to_writer(&mut *output, text)?;
        } else {
            let digits = Zeroizing::new(hexadecimal::text(secret.expose_bytes()));
            write!(output, "{{\"hexadecimal\": \"{}\"}}", *digits)?;
        }
    }
    output.write_all(if secrets.is_empty() { b"}\n" } else { b"\n}\n" })?;
    Ok(output)
}
