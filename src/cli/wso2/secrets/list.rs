//! `keyward wso2 secrets list`: every secret and where it is used, never a value.

use std::io::{self, Write};

use clap::Args;
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use super::home_options::HomeOptions;
use crate::cli::failure::Failure;
use crate::document::{AliasReference, Wso2References};
use crate::userstore::{VaultCipher, VaultSecret};

/// List the secrets: encrypted or plain, readable or not, and where each is used
#[derive(Args)]
#[command(
    after_help = "Nothing is asked for: where the keystore's password is not known, nothing is decrypted.\n\
                  Example: keyward wso2 secrets list --home /opt/wso2is -storepass:env KEY_PASS"
)]
pub(super) struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    home: HomeOptions,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Listing {
    file: String,
    keystore: String,
    /// Why nothing was decrypted.
    key_problem: Option<String>,
    /// Settings that are not there, and what is taken instead.
    defaults: Vec<String>,
    secrets: Vec<ListedSecret>,
}

#[derive(Serialize)]
struct ListedSecret {
    alias: String,
    line: usize,
    /// `encrypted`, `plain` or `empty`.
    stored: &'static str,
    /// Null where it was not tried.
    readable: Option<bool>,
    reason: Option<String>,
    uses: Vec<Use>,
}

#[derive(Serialize)]
struct Use {
    document: String,
    line: usize,
    setting: String,
}

impl List {
    pub(super) fn run(self) -> Result<(), Failure> {
        let opened = self.home.open()?;
        let references = Wso2References::of_home(opened.home.root()).references;
        let cipher = opened.cipher_without_asking();
        let secrets = opened.vault.secrets().iter();
        let secrets = secrets.map(|it| listed(it, cipher.as_ref().ok(), &references));
        let defaults = opened.home.defaults.iter();
        let listing = Listing {
            file: opened.vault.path().display().to_string(),
            keystore: opened.source.keystore.path.display().to_string(),
            key_problem: cipher.as_ref().err().cloned(),
            defaults: defaults.map(ToString::to_string).collect(),
            secrets: secrets.collect(),
        };
        let mut output = io::stdout().lock();
        if self.json {
            serde_json::to_writer_pretty(&mut output, &listing).map_err(io::Error::from)?;
            return Ok(writeln!(output)?);
        }
        writeln!(output, "{}", table(&listing.secrets))?;
        if let Some(problem) = &listing.key_problem {
            writeln!(output, "\nNothing was decrypted: {problem}")?;
        }
        Ok(output.flush()?)
    }
}

fn listed(
    secret: &VaultSecret,
    cipher: Option<&VaultCipher>,
    references: &[AliasReference],
) -> ListedSecret {
    let outcome = cipher.map(|cipher| secret.decrypted(cipher));
    let uses = references.iter().filter(|it| it.alias == secret.alias);
    ListedSecret {
        alias: secret.alias.clone(),
        line: secret.at.line,
        stored: secret.stored.kind(),
        readable: outcome.as_ref().map(Result::is_ok),
        reason: outcome.and_then(Result::err).map(|error| error.to_string()),
        uses: uses
            .map(|reference| Use {
                document: reference.document.display().to_string(),
                line: reference.line,
                setting: reference.setting.clone(),
            })
            .collect(),
    }
}

fn table(secrets: &[ListedSecret]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(vec!["ALIAS", "STORED", "READABLE", "USED BY"]);
    for secret in secrets {
        let readable = match (secret.readable, &secret.reason) {
            (Some(true), _) => "yes".to_owned(),
            (Some(false), Some(reason)) => format!("no: {reason}"),
            _ => "not tried".to_owned(),
        };
        let uses: Vec<&str> = secret.uses.iter().map(|it| it.setting.as_str()).collect();
        let uses = match uses.as_slice() {
            [] => "-".to_owned(),
            uses => uses.join(", "),
        };
        let (alias, stored) = (secret.alias.clone(), secret.stored.to_owned());
        table.add_row(vec![alias, stored, readable, uses]);
    }
    table.trim_fmt()
}
