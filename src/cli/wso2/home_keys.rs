//! [`HomeKeys`]: the keys that a server's own configuration names.

use std::cell::OnceCell;
use std::path::Path;

use super::asked_cipher::{Question, asked_cipher};
use super::key_options::{KeyOptionNames, KeyOptions};
use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::password_option::Named as _;
use crate::cli::terminal::{Input, note};
use crate::userstore::{
    EncryptionKey, HomeError, HomeKeystore, HomeText, KeySource, SecretConf, SecureVault,
    StartOptions, SymmetricKey, VaultCipher, Wso2Home,
};

/// The keys that a server's own configuration names.
pub(super) struct HomeKeys {
    home: Wso2Home,
    vault: OnceCell<(SecureVault, VaultCipher)>,
}

impl HomeKeys {
    pub(super) fn load(home: &Path, options: &StartOptions) -> Result<Self, HomeError> {
        Ok(Self {
            home: Wso2Home::load(home, options)?,
            vault: OnceCell::new(),
        })
    }

    /// Says which of the product's defaults were taken.
    pub(super) fn tell(&self) {
        let of_user_stores = ["keystore.primary.", "keystore.internal."];
        for default in &self.home.defaults {
            if of_user_stores
                .iter()
                .any(|name| default.setting.starts_with(name))
            {
                note(default);
            }
        }
    }

    /// Why the server, as it is set, will not read values under `to` at its next start.
    pub(super) fn obstacle<Names: KeyOptionNames>(
        &self,
        options: &KeyOptions<Names>,
        to: &EncryptionKey,
    ) -> Option<String> {
        let home = &self.home;
        if home.has_internal_keystore() {
            return home.advice().filter(|_| self.is_internal(to));
        }
        let is_meant = options.is_named() || !home.uses_symmetric_key();
        (!is_meant).then(|| {
            format!(
                "{}: the server is set to encrypt user stores with [encryption] key, and there is no [keystore.internal]: the target \
                 would be the key of the primary keystore. Name the target: -{} NAME for a symmetric key, or -{} FILE",
                home.configuration().display(),
                Names::Symmetric::OPTIONS[1],
                Names::KEYSTORE
            )
        })
    }

    fn is_internal(&self, key: &EncryptionKey) -> bool {
        let EncryptionKey::KeyPair(pair) = key else {
            return false;
        };
        let internal = &self.home.internal;
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let (one, other) = (pair.alias().as_str(), internal.alias.as_str());
        real(pair.keystore()) == real(&internal.path) && one.eq_ignore_ascii_case(other)
    }

    /// What values may be under: the key of the primary keystore, and the symmetric ones of `[encryption]`.
    pub(super) fn sources<Names: KeyOptionNames>(
        &self,
        options: &KeyOptions<Names>,
        input: &mut Input,
    ) -> Result<Vec<EncryptionKey>, Failure> {
        let mut keys = vec![self.key_of(&self.home.primary, options, input)?];
        let encryption = &self.home.encryption;
        for text in [&encryption.key, &encryption.old_key].into_iter().flatten() {
            let key = SymmetricKey::from_text(&self.text(text, input)?)?;
            keys.push(EncryptionKey::Symmetric(key));
        }
        Ok(keys)
    }

    /// What values are to be under: the key of the internal keystore.
    pub(super) fn target<Names: KeyOptionNames>(
        &self,
        options: &KeyOptions<Names>,
        input: &mut Input,
    ) -> Result<EncryptionKey, Failure> {
        self.key_of(&self.home.internal, options, input)
    }

    fn key_of<Names: KeyOptionNames>(
        &self,
        keystore: &HomeKeystore,
        options: &KeyOptions<Names>,
        input: &mut Input,
    ) -> Result<EncryptionKey, Failure> {
        options.key_of_home(keystore, input, |text, input| self.text(text, input))
    }

    /// A text of the configuration, wherever it is kept.
    fn text(&self, text: &HomeText, input: &mut Input) -> Result<Secret, Failure> {
        let alias = match text {
            HomeText::Known(secret) => return Ok(Secret::copied_from(secret.expose_bytes())),
            HomeText::Unavailable(error) => return Err(Failure::new(error)),
            HomeText::InSecureVault { alias } => alias,
        };
        if self.vault.get().is_none() {
            let opened = self.open_vault(input)?;
            let _ = self.vault.set(opened);
        }
        let Some((vault, cipher)) = self.vault.get() else {
            return Err(Failure::new(
                "Secure Vault is not open, which is a defect of keyward",
            ));
        };
        Ok(vault.secret(alias)?.decrypted(cipher)?.secret)
    }

    fn open_vault(&self, input: &mut Input) -> Result<(SecureVault, VaultCipher), Failure> {
        let conf = SecretConf::read(&self.home)?;
        let vault = SecureVault::read(&self.home, &conf)?;
        let mut source = KeySource::of(&self.home, &conf)?;
        let prompt = format!(
            "Enter the password of {}:  ",
            source.keystore.path.display()
        );
        let question = Question {
            prompt: &prompt,
            what: "the password of Secure Vault's keystore",
        };
        let cipher = asked_cipher(&mut source, None, &question, input)?;
        Ok((vault, cipher))
    }
}
