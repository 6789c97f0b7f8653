//! `keyward genseckey`: makes a random secret key.

use clap::Args;

use super::alias_argument::AliasArgument;
use super::failure::Failure;
use super::key_algorithm::KeyAlgorithm;
use super::keypasswd::KeyPassword;
use super::store_options::StoreOptions;
use super::terminal::Input;
use crate::keystore::{KeystoreFile, NewProtection};

/// Store a random secret key under a new alias
#[derive(Args)]
#[command(
    after_help = "Example: keyward genseckey pepper -keyalg HmacSHA256 -keystore secure.jks -storepass:env KEY_PASS"
)]
pub(super) struct Genseckey {
    #[command(flatten)]
    alias: AliasArgument,

    /// The algorithm that the key is for: AES, ARCFOUR, Blowfish, DES, DESede, HmacSHA1 to HmacSHA512, RC2
    #[arg(long, value_name = "NAME", default_value = "AES")]
    keyalg: String,

    /// Its size in bits [default: 256; for an HMAC the size of its hash]
    #[arg(long, value_name = "BITS")]
    keysize: Option<usize>,

    #[command(flatten)]
    key: KeyPassword,

    #[command(flatten)]
    store: StoreOptions,
}

impl Genseckey {
    pub(super) fn run(self) -> Result<(), Failure> {
        let algorithm = KeyAlgorithm::named(&self.keyalg).ok_or_else(|| {
            Failure::usage(format!(
                "-keyalg {}: there is no such algorithm. Try one of {}",
                self.keyalg,
                KeyAlgorithm::names().join(", ")
            ))
        })?;
        let bits = self.keysize.unwrap_or_else(|| algorithm.safe_bits());
        if !algorithm.has_size(bits) {
            return Err(Failure::usage(format!(
                "-keysize {bits}: {}",
                algorithm.wrong_size
            )));
        }
        let mut input = Input::standard();
        let alias = self.alias.alias();
        let (path, password) = self.store.password_for_new_entry(&alias, &mut input)?;
        let key_password = self.key.read()?;
        let key = algorithm.random_key(bits).map_err(Failure::new)?;
        let protection = NewProtection {
            key_password: key_password.as_ref(),
            ..NewProtection::default()
        };
        let store_type = self.store.new_store_type();
        KeystoreFile::at(&path).edit_or_create(store_type, &password, |store| {
            store.add_secret_key(&alias, &key, &protection)
        })?;
        Ok(())
    }
}
