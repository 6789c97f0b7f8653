//! `keyward wso2 reencrypt-userstores`: the passwords of all user stores of a home, from one key to another.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use clap::Args;
use tracing_subscriber::EnvFilter;

use super::definitions::Definitions;
use super::form_options::TransformationOptions;
use super::home_keys::HomeKeys;
use super::key_options::{From, KeyOptions, OldKey, To, symmetric_key};
use super::report::{Format, Purpose, Report};
use crate::cli::failure::Failure;
use crate::cli::password_option::PasswordOption;
use crate::cli::terminal::{Input, note};
use crate::userstore::{
    Destination, EncryptionKey, HomeError, KeyRing, Reencryption, Tenant, UserStoreLocations,
};

/// The number of `carbon.super`.
const SUPER_TENANT: &str = "-1234";

/// Re-encrypt the passwords of all secondary user stores of a WSO2 server with another key
#[derive(Args)]
#[command(
    after_help = "Only the bytes of the values change. A value that is under the target key is left alone, so that a second run \
                  changes nothing and one that was ended is run again. What cannot be read is reported, and the rest goes on.\n\
                  A running server loads each user store anew when its file changes, and decrypts it with the key that it was started \
                  with: stop the server first, or restart it at once with the new setting.\n\
                  Without --from-keystore and --from-key the values are decrypted with the key of the primary keystore, as the home's \
                  deployment.toml (or carbon.xml) names it, or with the symmetric keys of [encryption]; without --to-keystore and --to-key \
                  they are encrypted with the key of the internal keystore.\n\
                  Exit code 1 when a file or a value could not be dealt with.\n\
                  Example: keyward wso2 reencrypt-userstores --home /opt/wso2is --dry-run"
)]
pub(in crate::cli) struct ReencryptUserstores {
    /// The home of the server, which holds bin and repository
    #[arg(long, value_name = "DIR")]
    home: PathBuf,

    /// Only the user stores of this tenant; carbon.super or -1234 is the super tenant. May be repeated
    #[arg(long = "tenant", value_name = "N", allow_hyphen_values = true, value_parser = tenant)]
    tenants: Vec<Tenant>,

    /// Say what would be done, and change nothing
    #[arg(long, conflicts_with_all = ["backup", "output"])]
    dry_run: bool,

    /// Keep each user store that changes as it was, in this folder
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    backup: Option<PathBuf>,

    /// Write the new user stores into this folder, and leave the home as it is
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Re-encrypt although the server is not set to the target key, and will not read the user stores until it is
    #[arg(long)]
    without_setting: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    definitions: Definitions,

    #[command(flatten)]
    transformation: TransformationOptions,

    #[command(flatten)]
    from: KeyOptions<From>,

    #[command(flatten)]
    old_key: PasswordOption<OldKey>,

    #[command(flatten)]
    to: KeyOptions<To>,
}

impl ReencryptUserstores {
    pub(super) fn run(self) -> Result<(), Failure> {
        let transformation = self.transformation.transformation()?;
        let locations = UserStoreLocations::find(&self.home, &self.tenants)?;
        self.destination().check(&self.home, &locations)?;
        let (from, to) = self.keys()?;
        if from.keys().iter().all(|key| key.is_same_as(&to)) {
            note("both keys are the same: there is nothing to re-encrypt");
            Report::begin(self.purpose(), self.format()).finish()?;
            return Ok(());
        }
        log_lines();
        let reencryption = Reencryption {
            home: &self.home,
            from: &from,
            to: &to,
            transformation,
            provider: self.transformation.provider(),
            destination: self.destination(),
        };
        let mut report = Report::begin(self.purpose(), self.format());
        reencryption.run(locations, |outcome| report.add(&outcome));
        match report.finish()? {
            0 => Ok(()),
            1 => Err(Failure::new(
                "1 user store needs a look; the report says why",
            )),
            count => Err(Failure::new(format!(
                "{count} user stores need a look; the report says why"
            ))),
        }
    }

    /// The keys of the options; where they name none, those of the home's configuration.
    fn keys(&self) -> Result<(KeyRing, EncryptionKey), Failure> {
        let mut input = Input::standard();
        let home = self.configured_home()?;
        let mut from = match &home {
            Some(home) if !self.from.is_named() => {
                home.tell();
                home.sources(&self.from, &mut input)?
            }
            _ => vec![self.from.required_key(&mut input)?],
        };
        from.extend(symmetric_key(&self.old_key)?);
        let to = match &home {
            Some(home) if !self.to.is_named() => home.target(&self.to, &mut input)?,
            _ => self.to.required_key(&mut input)?,
        };
        if let Some(home) = &home {
            self.check_settings(home, &to)?;
        }
        Ok((KeyRing::new(from), to))
    }

    /// The home's configuration, which options for both keys make up for.
    fn configured_home(&self) -> Result<Option<HomeKeys>, Failure> {
        let is_needed = !(self.from.is_named() && self.to.is_named());
        match HomeKeys::load(&self.home, &self.definitions.start_options()) {
            Ok(home) => Ok(Some(home)),
            Err(error) if is_needed => Err(error.into()),
            Err(HomeError::NoConfiguration { .. }) => Ok(None),
            Err(error) => {
                note(format!(
                    "whether the server is set to the target key is not checked: {error}"
                ));
                Ok(None)
            }
        }
    }

    /// Refuses to lock users out: the server has to be set to the target key before its user stores are under it.
    fn check_settings(&self, home: &HomeKeys, to: &EncryptionKey) -> Result<(), Failure> {
        let Some(obstacle) = home.obstacle(&self.to, to) else {
            return Ok(());
        };
        let is_in_place = matches!(self.destination(), Destination::InPlace { .. });
        if is_in_place && !self.without_setting {
            return Err(Failure::new(format!(
                "{obstacle}. Nothing was changed; --without-setting re-encrypts all the same"
            )));
        }
        note(obstacle);
        Ok(())
    }

    fn destination(&self) -> Destination {
        if self.dry_run {
            return Destination::DryRun;
        }
        match &self.output {
            Some(folder) => Destination::Copies(folder.clone()),
            None => Destination::InPlace {
                backup: self.backup.clone(),
            },
        }
    }

    fn format(&self) -> Format {
        if self.json {
            return Format::Json;
        }
        Format::Text
    }

    fn purpose(&self) -> Purpose {
        if self.dry_run {
            return Purpose::WouldBe;
        }
        Purpose::Done
    }
}

fn tenant(text: &str) -> Result<Tenant, String> {
    if text == SUPER_TENANT || text == "carbon.super" {
        return Ok(Tenant::Super);
    }
    let number = text.parse();
    number
        .map(Tenant::Number)
        .map_err(|_| format!("{text} is no tenant: use its number, or carbon.super"))
}

/// WSO2's own log lines go to standard error; `KEYWARD_LOG` sets another level.
fn log_lines() {
    let filter = EnvFilter::try_from_env("KEYWARD_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .try_init();
}
