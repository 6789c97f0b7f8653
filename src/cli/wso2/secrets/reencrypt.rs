//! `keyward wso2 secrets reencrypt`: encrypts what is plain, or moves everything to another key.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::home_options::{HomeOptions, OpenedHome};
use super::set::encrypted;
use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::password_option::{Named, PasswordOption};
use crate::cli::terminal::{Input, note};
use crate::keystore::KeystoreFile;
use crate::userstore::{
    KeySource, PasswordCandidate, Stored, VaultCipher, VaultKeystore, VaultSecret,
};

/// Encrypt every [plain] value; or, with -destkeystore, all values for the key of another keystore
#[derive(Args)]
#[command(
    after_help = "All values are written at once, or none: where one cannot be read nothing is changed. Comments, order and line \
                  ends stay. secret-conf.properties is written where Secure Vault is not on yet.\n\
                  Example: keyward wso2 secrets reencrypt --home /opt/wso2is -storepass:env KEY_PASS\n\
                  Example: keyward wso2 secrets reencrypt --home /opt/wso2is -storepass:env OLD \
                  -destkeystore new.p12 -destalias new -deststorepass:env NEW"
)]
pub(super) struct Reencrypt {
    /// Encrypt what is encrypted already as well
    #[arg(long)]
    all: bool,

    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// The keystore with the new key
    #[arg(long, value_name = "FILE", requires = "destalias")]
    destkeystore: Option<PathBuf>,

    /// The entry with the new key
    #[arg(long, value_name = "ALIAS", requires = "destkeystore")]
    destalias: Option<String>,

    #[command(flatten)]
    dest_password: PasswordOption<DestStorePassword>,

    #[command(flatten)]
    home: HomeOptions,
}

/// `-deststorepass`.
pub(super) struct DestStorePassword;

impl Named for DestStorePassword {
    const OPTIONS: [&'static str; 3] = ["deststorepass", "deststorepass:env", "deststorepass:file"];
    const WHAT: &'static str = "The password of the keystore with the new key";
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Report {
    file: String,
    keystore: String,
    dry_run: bool,
    encrypted: Vec<String>,
    unchanged: Vec<String>,
}

/// The key that values are moved to.
struct Destination {
    keystore: VaultKeystore,
    cipher: VaultCipher,
}

impl Reencrypt {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut input = Input::standard();
        let mut opened = self.home.open()?;
        let cipher = opened.cipher(&mut input)?;
        let destination = match (self.destkeystore, self.destalias) {
            (Some(path), Some(alias)) => {
                let password = self.dest_password.given()?;
                Some(Destination::open(
                    &opened, path, alias, password, &mut input,
                )?)
            }
            _ => None,
        };
        let target = destination.as_ref().map_or(&cipher, |it| &it.cipher);
        let (mut values, mut unchanged) = (Vec::new(), Vec::new());
        for secret in opened.vault.secrets() {
            let is_encrypted = matches!(secret.stored, Stored::Encrypted(_));
            if is_encrypted && !self.all && destination.is_none() {
                unchanged.push(secret.alias.clone());
                continue;
            }
            match reencrypted(secret, &cipher, target) {
                Ok(value) => values.push((secret.alias.as_str(), value)),
                // A run before this one did not come to secret-conf.properties.
                Err(_) if is_moved(secret, destination.as_ref()) => {
                    unchanged.push(secret.alias.clone());
                }
                Err(error) => return Err(error),
            }
        }
        if !self.dry_run {
            store(&opened, &values, destination.as_ref())?;
        }
        let keystore = destination.as_ref().map(|it| &it.keystore);
        let keystore = keystore.unwrap_or(&opened.source.keystore);
        let report = Report {
            file: opened.vault.path().display().to_string(),
            keystore: keystore.path.display().to_string(),
            dry_run: self.dry_run,
            encrypted: values
                .iter()
                .map(|(alias, _)| (*alias).to_owned())
                .collect(),
            unchanged,
        };
        write(&report, self.json)
    }
}

impl Destination {
    fn open(
        opened: &OpenedHome,
        path: PathBuf,
        alias: String,
        password: Option<Secret>,
        input: &mut Input,
    ) -> Result<Self, Failure> {
        let transformation = opened.conf.transformation()?;
        if !transformation.cipher().is_rsa() {
            return Err(Failure::usage(
                "-destkeystore is for RSA keys, and secret-conf.properties says that the secrets are under AES",
            ));
        }
        KeystoreFile::at(&path).read()?;
        let store = match password {
            Some(password) => password,
            None => input.secret(
                "Enter destination keystore password:  ",
                "the password of the destination keystore",
            )?,
        };
        let store_type = KeystoreFile::at(&path).open(&store)?.store_type();
        let keystore = VaultKeystore {
            path,
            alias,
            store_type: store_type.name().to_owned(),
            named_by: "-destkeystore".to_owned(),
        };
        let password = PasswordCandidate {
            origin: "-deststorepass".to_owned(),
            store,
            key: None,
        };
        let source = KeySource::of_keystore(keystore, password, transformation);
        let cipher = source.open()?;
        let keystore = source.keystore;
        Ok(Self { keystore, cipher })
    }
}

fn reencrypted(
    secret: &VaultSecret,
    from: &VaultCipher,
    to: &VaultCipher,
) -> Result<String, Failure> {
    let decrypted = secret.decrypted(from)?;
    encrypted(to, &secret.alias, &decrypted.secret)
}

/// Whether the destination's key opens the value already.
fn is_moved(secret: &VaultSecret, destination: Option<&Destination>) -> bool {
    let is_encrypted = matches!(secret.stored, Stored::Encrypted(_));
    is_encrypted && destination.is_some_and(|it| secret.decrypted(&it.cipher).is_ok())
}

fn store(
    opened: &OpenedHome,
    values: &[(&str, String)],
    destination: Option<&Destination>,
) -> Result<(), Failure> {
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(alias, it)| (*alias, it.as_str()))
        .collect();
    let store_values = || match values[..] {
        [] => Ok(()),
        _ => opened.vault.write(&values),
    };
    let path = opened.conf.path().display();
    if let Some(destination) = destination {
        let keystore = &destination.keystore;
        opened.conf.enable_after(keystore, store_values)?;
        note(format!(
            "{path}: names the new keystore now. Name it in {} as well ([keystore.internal], or InternalKeyStore), and \
             put its password into password-persist, or type it when the server starts",
            opened.home.configuration().display()
        ));
        return Ok(());
    }
    store_values()?;
    let is_off = !opened.conf.is_enabled() && !opened.has_typed_key();
    if is_off && !opened.vault.secrets().is_empty() {
        opened.conf.enable(&opened.source.keystore)?;
        note(format!("{path}: Secure Vault is on now"));
    }
    Ok(())
}

fn write(report: &Report, json: bool) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut output, report).map_err(io::Error::from)?;
        return Ok(writeln!(output)?);
    }
    let verb = if report.dry_run {
        "would be encrypted"
    } else {
        "encrypted"
    };
    for alias in &report.encrypted {
        writeln!(output, "{alias}: {verb}")?;
    }
    let (encrypted, unchanged) = (report.encrypted.len(), report.unchanged.len());
    writeln!(
        output,
        "{}: {encrypted} {verb}, {unchanged} left as they are",
        report.file
    )?;
    Ok(output.flush()?)
}
