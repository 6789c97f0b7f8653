//! `keyward wso2 secrets check`: what would keep the server from its secrets.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use super::home_options::{HomeOptions, OpenedHome};
use crate::cli::failure::Failure;
use crate::document::Wso2References;
use crate::userstore::{CipherToolEntry, Stored, VaultCipher, VaultSecret};

/// Check that every reference leads to a secret that the server can read; exit code 1 where one does not
#[derive(Args)]
#[command(
    after_help = "Example: keyward wso2 secrets check --home /opt/wso2is -storepass:env KEY_PASS"
)]
pub(super) struct Check {
    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    home: HomeOptions,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Report {
    secrets: usize,
    references: usize,
    problems: Vec<Problem>,
}

#[derive(Serialize)]
struct Problem {
    /// `missing`, `plain`, `unreadable`, `algorithm`, `document`, `disabled`, `key` or `place`.
    kind: &'static str,
    alias: Option<String>,
    /// File, line, what is wrong and what to do.
    message: String,
}

impl Problem {
    fn of(alias: &str, kind: &'static str, message: String) -> Self {
        Self {
            kind,
            alias: Some(alias.to_owned()),
            message,
        }
    }

    fn of_home(kind: &'static str, message: String) -> Self {
        Self {
            kind,
            alias: None,
            message,
        }
    }
}

impl Check {
    pub(super) fn run(self) -> Result<(), Failure> {
        let opened = self.home.open()?;
        let used = Wso2References::of_home(opened.home.root());
        let mut problems = problems_of_secrets(&opened);
        for reference in &used.references {
            if opened.vault.secret(&reference.alias).is_err() {
                let (document, line) = (reference.document.display(), reference.line);
                let (setting, alias) = (&reference.setting, &reference.alias);
                let message = format!(
                    "{document}:{line}: {setting} names the secret {alias}, which {} does not have. \
                     Store it: keyward wso2 secrets set {alias}",
                    opened.vault.path().display()
                );
                problems.push(Problem::of(alias, "missing", message));
            }
        }
        for error in &used.unreadable {
            problems.push(Problem::of_home("document", error.to_string()));
        }
        if !opened.home.has_deployment_toml() {
            problems.extend(wrong_places(&opened)?);
        }
        let report = Report {
            secrets: opened.vault.secrets().len(),
            references: used.references.len(),
            problems,
        };
        write(&report, self.json)?;
        if report.problems.is_empty() {
            return Ok(());
        }
        Err(Failure::silent())
    }
}

fn problems_of_secrets(opened: &OpenedHome) -> Vec<Problem> {
    let mut problems = Vec::new();
    let secrets = opened.vault.secrets();
    let is_encrypted = |secret: &VaultSecret| matches!(secret.stored, Stored::Encrypted(_));
    if secrets.iter().any(is_encrypted) && !opened.conf.is_enabled() {
        let message = format!(
            "{}: secVault.enabled is not true, so a server does not decrypt anything. \
             `keyward wso2 secrets reencrypt` turns it on",
            opened.conf.path().display()
        );
        problems.push(Problem::of_home("disabled", message));
    }
    let cipher = opened.cipher_without_asking();
    if let Err(reason) = &cipher {
        problems.push(Problem::of_home("key", reason.clone()));
    }
    let cipher = cipher.as_ref().ok();
    problems.extend(secrets.iter().filter_map(|it| problem_of(it, cipher)));
    problems
}

fn problem_of(secret: &VaultSecret, cipher: Option<&VaultCipher>) -> Option<Problem> {
    let (at, alias) = (&secret.at, &secret.alias);
    if let Stored::Plain(_) = secret.stored {
        let message = format!(
            "{at}: the value of {alias} is not encrypted yet, and the server refuses it. \
             Encrypt it: keyward wso2 secrets reencrypt"
        );
        return Some(Problem::of(alias, "plain", message));
    }
    match secret.decrypted(cipher?) {
        Err(error) => Some(Problem::of(alias, "unreadable", error.to_string())),
        Ok(decrypted) if decrypted.is_as_configured => None,
        Ok(_) => {
            let message = format!(
                "{at}: the secret {alias} is under another algorithm than the server expects. \
                 Encrypt it again: keyward wso2 secrets reencrypt --all"
            );
            Some(Problem::of(alias, "algorithm", message))
        }
    }
}

/// Of the secrets that there are: `cipher-tool.properties` lists many more.
fn wrong_places(opened: &OpenedHome) -> Result<Vec<Problem>, Failure> {
    let mut problems = Vec::new();
    for entry in CipherToolEntry::read(&opened.home)? {
        if opened.vault.secret(&entry.alias).is_err() {
            continue;
        }
        let problem = match entry.problem() {
            Ok(problem) => problem,
            Err(error) => Some(format!("{}: {}: {error}", entry.at, entry.alias)),
        };
        problems.extend(problem.map(|message| Problem::of(&entry.alias, "place", message)));
    }
    Ok(problems)
}

fn write(report: &Report, json: bool) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut output, report).map_err(io::Error::from)?;
        return Ok(writeln!(output)?);
    }
    for problem in &report.problems {
        writeln!(output, "{}", problem.message)?;
    }
    let outcome = match report.problems.len() {
        0 => "all in order".to_owned(),
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    };
    let (secrets, references) = (report.secrets, report.references);
    writeln!(
        output,
        "secrets: {secrets}, references: {references}: {outcome}"
    )?;
    Ok(output.flush()?)
}
