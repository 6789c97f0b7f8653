//! `keyward migrate serve`: answers logins while the users move.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use tracing::{info, warn};

use super::stores;
use crate::cli::failure::Failure;
use crate::cli::serve::{Reporter, SandboxChoice, Signals, harden_with, start_log};
use crate::deliver::http::MigrationServer;
use crate::document::{Configuration, LegacySettings, MigrationServiceSettings, StoreSettings};
use crate::migrate::{Attempts, HashSlots, JustInTime};
use crate::safe_file::directory_of;
use crate::service::{AuditSink, Confinement, SecretService, ServiceOptions};

/// Answer logins against legacy stores and APIs, and store the new hash at the first one that is right
#[derive(Args)]
#[command(
    after_help = "CONFIG is a <migration-service> document: xml-examples/migration-service.xml, docs/consumers/just-in-time.md.\n\
                  SIGHUP looks at the keystores and at ended=\"…\" at once; SIGTERM and Ctrl-C end the service.\n\
                  Each login is a line of JSON on standard error, or in auditFile: client, user and outcome, never a password.\n\
                  KEYWARD_LOG sets what is logged to standard error: warn, info (default), debug."
)]
pub(in crate::cli::migrate) struct Serve {
    /// The configuration
    #[arg(value_name = "CONFIG")]
    configuration: PathBuf,

    /// Do not let the kernel confine the service to the files that it needs (Landlock)
    #[arg(long)]
    no_sandbox: bool,
}

impl Serve {
    pub(in crate::cli::migrate) fn run(self) -> Result<(), Failure> {
        start_log();
        let (configuration, settings) = MigrationServiceSettings::load(&self.configuration)?;
        let sandbox = if self.no_sandbox {
            SandboxChoice::Off
        } else {
            SandboxChoice::Wanted
        };
        let hardened = harden_with(sandbox, || confinement(&configuration, &settings));
        let options = ServiceOptions {
            audit: AuditSink::StandardError,
            hardening: hardened.hardening(),
            ..ServiceOptions::of(&configuration)
        };
        let service = SecretService::start_with(configuration, &options)?;
        hardened.tell();
        let just_in_time = Arc::new(just_in_time(&settings, &service)?);
        if settings.ended.is_some() {
            just_in_time.set_ended(true);
            info!("the migration has ended: no legacy source is asked");
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::new(format!("cannot start the service: {error}")))?;
        runtime.block_on(async {
            let mut signals = Signals::listen()?;
            let server =
                MigrationServer::bind(&settings, service.clone(), Arc::clone(&just_in_time));
            let server = server.map_err(Failure::new)?;
            announce(&server)?;
            let path = self.configuration.clone();
            let reporter =
                Reporter::of(service).with_reload(move || look_at_end(&path, &just_in_time));
            let end = async {
                tokio::select! {
                    () = signals.until_end(&reporter) => {}
                    () = reporter.report() => {}
                }
                reporter.stopping();
            };
            server.run_until(end).await.map_err(Failure::new)
        })
    }
}

fn just_in_time(
    settings: &MigrationServiceSettings,
    service: &SecretService,
) -> Result<JustInTime, Failure> {
    let password = |alias: &str| stores::secret_of(service, alias);
    let limits = &settings.limits;
    let patience = Some(limits.answer);
    let legacy = stores::legacy(settings, patience, &password, |api| {
        MigrationServer::validation_api(api, service.clone())
    })?;
    let just_in_time = JustInTime::new(
        stores::target(settings, patience, &password)?,
        legacy,
        Attempts::new(limits.user_attempts, limits.ban),
        HashSlots::new(limits.hashing),
    )?;
    Ok(just_in_time.within(limits.answer))
}

/// Takes up what `keyward migrate end` wrote, and that it was deleted again.
fn look_at_end(path: &Path, just_in_time: &JustInTime) {
    match MigrationServiceSettings::load(path) {
        Ok((_, settings)) => {
            let has_ended = settings.ended.is_some();
            if has_ended == just_in_time.has_ended() {
                return;
            }
            just_in_time.set_ended(has_ended);
            if has_ended {
                info!("the migration has ended: no legacy source is asked any more");
            } else {
                info!("the migration goes on: the legacy sources are asked again");
            }
        }
        Err(reason) => warn!("{reason}; what was read at the start stays in force"),
    }
}

/// The files of the stores may be changed, their directories too; everything else is as for the secret service.
fn confinement(configuration: &Configuration, settings: &MigrationServiceSettings) -> Confinement {
    let mut confinement = Confinement::of(configuration)
        .with_read(&configuration.path)
        .with_port(settings.listener.address.port());
    let apis = settings.legacy.iter();
    let has_api = apis
        .clone()
        .any(|source| matches!(source, LegacySettings::Api(_)));
    let stores = apis.filter_map(|source| match source {
        LegacySettings::Store(store) => Some(store),
        LegacySettings::Api(_) => None,
    });
    let stores: Vec<&StoreSettings> = stores.chain(&settings.target.store).collect();
    let is_database_of_a_server = |store: &&StoreSettings| store.file().is_none();
    if has_api || stores.iter().any(is_database_of_a_server) {
        confinement = confinement.with_network();
    }
    for path in stores.iter().filter_map(|store| store.file()) {
        confinement = confinement.with_written(directory_of(path));
    }
    confinement
}

fn announce(server: &MigrationServer) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    for address in server.addresses() {
        writeln!(
            output,
            "Listening at https://{address}. Check a password with:"
        )?;
        writeln!(
            output,
            "  curl --cacert CA.pem --oauth2-bearer TOKEN --json '{{\"username\": \"…\", \"password\": \"…\"}}' https://{address}/v1/verify"
        )?;
    }
    Ok(output.flush()?)
}
