//! [`OriginOptions`]: where the secrets of `exec`, `render` and `tree` come from.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use clap::Args;
use tracing_subscriber::EnvFilter;

use super::failure::Failure;
use super::store_options::StoreOptions;
use super::terminal::Input;
use crate::SecretSource;
use crate::deliver::{FetchError, Origin};
use crate::document::Configuration;

#[derive(Args)]
pub(super) struct OriginOptions {
    /// The configuration that names the keystores, instead of -keystore: a `<secret-service>` document or a PhixFlow
    /// *-secret.xml
    #[arg(long, value_name = "CONFIG")]
    #[arg(conflicts_with_all = ["keystore", "storetype", "storepass", "storepass_env", "storepass_file"])]
    config: Option<PathBuf>,

    #[command(flatten)]
    store: StoreOptions,
}

impl OriginOptions {
    /// The origin; the store password is asked for where nothing gives it.
    pub(super) fn origin(&self) -> Result<Origin, Failure> {
        if let Some(path) = &self.config {
            let configuration = Configuration::load(path)?;
            return Ok(Origin::Configuration(Box::new(configuration)));
        }
        let path = self.store.path()?;
        let password = match self.store.password_source() {
            Some(source) => source,
            None => SecretSource::Inline(self.store.password(&path, &mut Input::standard())?),
        };
        Ok(Origin::Keystore { path, password })
    }
}

/// Logs warnings to standard error, which belongs to the program that is run as well; `KEYWARD_LOG` sets another
/// level.
pub(super) fn log_warnings() {
    let filter = EnvFilter::try_from_env("KEYWARD_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Keystore(error) => error.into(),
            FetchError::Password(error) => error.into(),
            error if error.is_missing() => Self::missing(error),
            error => Self::new(error),
        }
    }
}
