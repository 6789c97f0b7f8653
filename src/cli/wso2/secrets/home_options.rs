//! [`HomeOptions`]: which server, and what opens its Secure Vault.

use std::path::PathBuf;

use clap::Args;

use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::keypasswd::KeyPassword;
use crate::cli::password_option::{Named, PasswordOption};
use crate::cli::store_password::StorePassword;
use crate::cli::terminal::{Input, note};
use crate::cli::wso2::asked_cipher::{Question, asked_cipher};
use crate::cli::wso2::definitions::Definitions;
use crate::userstore::{
    EncryptionMode, KeySource, PasswordCandidate, SecretConf, SecureVault, VaultCipher, Wso2Home,
};

#[derive(Args)]
pub(super) struct HomeOptions {
    /// The server's directory
    #[arg(long, value_name = "DIR")]
    home: PathBuf,

    #[command(flatten)]
    definitions: Definitions,

    #[command(flatten)]
    store: StorePassword,

    #[command(flatten)]
    key: KeyPassword,

    #[command(flatten)]
    symmetric_key: PasswordOption<SymmetricKeyOption>,
}

/// `--symmetric-key`, for `key.based.symmetric.encryption`.
pub(super) struct SymmetricKeyOption;

impl Named for SymmetricKeyOption {
    const OPTIONS: [&'static str; 3] = ["symmetric-key", "symmetric-key:env", "symmetric-key:file"];
    const WHAT: &'static str = "The key of key.based.symmetric.encryption";
}

/// A server's secrets, and where their key is.
pub(super) struct OpenedHome {
    pub(super) home: Wso2Home,
    pub(super) conf: SecretConf,
    pub(super) vault: SecureVault,
    pub(super) source: KeySource,
    symmetric_key: Option<Secret>,
}

impl HomeOptions {
    pub(super) fn open(self) -> Result<OpenedHome, Failure> {
        let home = Wso2Home::load(&self.home, &self.definitions.start_options())?;
        let conf = SecretConf::read(&home)?;
        let vault = SecureVault::read(&home, &conf)?;
        let mut source = KeySource::of(&home, &conf)?;
        let key = self.key.read()?;
        if let Some(store) = self.store.given()? {
            let origin = "the password of the options".to_owned();
            source.only(PasswordCandidate { origin, store, key });
        }
        if let Some(text) = &source.note {
            note(text);
        }
        Ok(OpenedHome {
            home,
            conf,
            vault,
            source,
            symmetric_key: self.symmetric_key.given()?,
        })
    }
}

impl OpenedHome {
    /// The cipher; what it needs and nobody has given is asked for.
    pub(super) fn cipher(&mut self, input: &mut Input) -> Result<VaultCipher, Failure> {
        let question = Question {
            prompt: "Enter keystore password:  ",
            what: "the store password",
        };
        let typed = self.symmetric_key.take();
        asked_cipher(&mut self.source, typed, &question, input)
    }

    /// The cipher, without a question; otherwise why there is none.
    pub(super) fn cipher_without_asking(&self) -> Result<VaultCipher, String> {
        if !self.has_typed_key() {
            return self.source.open().map_err(|error| error.to_string());
        }
        match &self.symmetric_key {
            Some(key) => self.source.typed(key).map_err(|error| error.to_string()),
            None => Err("the key is not known. Give it with --symmetric-key:env NAME".to_owned()),
        }
    }

    /// Whether the key is typed in instead of read from a keystore.
    pub(super) fn has_typed_key(&self) -> bool {
        self.source.mode() == EncryptionMode::TypedKey
    }
}
