//! `keyward serve`: the secret service.

mod announcement;
mod hardening;
mod reporter;
mod signals;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::warn;
use tracing_subscriber::EnvFilter;

use super::failure::Failure;
use crate::deliver::http::HttpServer;
use crate::deliver::systemd::CredentialServer;
use crate::deliver::tree::Projections;
use crate::deliver::unix_socket::{ActivatedSockets, UnixSocket};
use crate::document::Configuration;
use crate::service::{AccessPolicy, AuditSink, SecretService, ServiceOptions};
use announcement::announce;
use hardening::harden;
pub(in crate::cli) use hardening::{SandboxChoice, harden_with};
pub(in crate::cli) use reporter::Reporter;
pub(in crate::cli) use signals::Signals;

/// The socket beside the configuration, where that names none.
const DEFAULT_SOCKET: &str = "keyward.sock";
/// Its owner may read and write, nobody else.
const DEFAULT_MODE: u32 = 0o600;

/// Serve the secrets of the keystores that a configuration names, and reload them when they change
#[derive(Args)]
#[command(
    after_help = "CONFIG is a <secret-service> document or a PhixFlow *-secret.xml.\n\
                        It listens on a Unix socket; with <https> elements over TCP as well, with mutual TLS (docs/HTTP.md).\n\
                        SIGHUP looks at the keystores at once; SIGTERM and Ctrl-C end the service.\n\
                        Each read, denial and reload is a line of JSON on standard error, or in auditFile.\n\
                        KEYWARD_LOG sets what is logged to standard error: warn, info (default), debug.\n\
                        Example: keyward serve xml-examples/secret-service.xml"
)]
pub(super) struct Serve {
    /// The configuration
    #[arg(value_name = "CONFIG")]
    configuration: PathBuf,

    /// The Unix socket to listen at, instead of the one that the configuration names
    /// [default: keyward.sock beside the configuration]
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,

    /// Do not let the kernel confine the service to the files that it needs (Landlock)
    #[arg(long)]
    no_sandbox: bool,
}

impl Serve {
    pub(super) fn run(self) -> Result<(), Failure> {
        start_log();
        let configuration = Configuration::load(&self.configuration)?;
        for problem in &configuration.unreadable {
            warn!("{problem}; the secrets that it names are served, but not decrypted beforehand");
        }
        let policy =
            AccessPolicy::from_settings(configuration.socket.as_ref(), &configuration.path)
                .map_err(Failure::new)?;
        let mut trees =
            Projections::of(&configuration.trees, &configuration.path).map_err(Failure::new)?;
        // The kernel will let nothing be made where a tree is to be but the tree itself.
        trees.make_directories().map_err(Failure::new)?;
        let socket = self.socket_path(&configuration);
        let mut activated = ActivatedSockets::of_process().map_err(Failure::new)?;
        let hardened = harden(&configuration, &policy, socket.as_deref(), self.sandbox());
        let options = ServiceOptions {
            audit: AuditSink::StandardError,
            hardening: hardened.hardening(),
            ..ServiceOptions::of(&configuration)
        };
        let service = SecretService::start_with(configuration, &options)?;
        hardened.tell();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::new(format!("cannot start the service: {error}")))?;
        runtime.block_on(async {
            let mut signals = Signals::listen()?;
            let credentials = credential_server(&mut activated, &service)?;
            let mut server = HttpServer::without_socket(service.clone());
            if let Some(path) = &socket {
                let socket = http_socket(path, &mut activated, &service)?;
                server = server.with_socket(socket, policy);
            }
            activated.refuse_the_rest().map_err(Failure::new)?;
            for https in &service.configuration().https {
                server = server.with_https(https).map_err(Failure::new)?;
            }
            // Whoever starts after this service finds the files.
            trees.write(&service);
            announce(&service.resolve(), &server)?;
            let (ending, mut ended) = watch::channel(());
            let mut tasks = JoinSet::new();
            tasks.spawn(trees.follow(service.clone()));
            let credentials = credentials.map(|credentials| {
                tokio::spawn(credentials.run_until(async move {
                    let _ = ended.changed().await;
                }))
            });
            let reporter = Reporter::of(service);
            let end = async {
                tokio::select! {
                    () = signals.until_end(&reporter) => {}
                    () = reporter.report() => {}
                }
                reporter.stopping();
            };
            server.run_until(end).await.map_err(Failure::new)?;
            drop(ending);
            let Some(credentials) = credentials else {
                return Ok(());
            };
            // Who asks twice does not want to wait for units.
            tokio::select! {
                done = credentials => match done {
                    Ok(Err(reason)) => Err(Failure::new(reason)),
                    _ => Ok(()),
                },
                () = signals.until_end(&reporter) => Ok(()),
            }
        })
    }

    fn sandbox(&self) -> SandboxChoice {
        if self.no_sandbox {
            return SandboxChoice::Off;
        }
        SandboxChoice::Wanted
    }

    /// None where the configuration has TCP addresses and no socket.
    fn socket_path(&self, configuration: &Configuration) -> Option<PathBuf> {
        if let Some(path) = &self.socket {
            return Some(path.clone());
        }
        match &configuration.socket {
            Some(socket) => Some(socket.path.clone()),
            None if configuration.https.is_empty() => {
                Some(self.configuration.with_file_name(DEFAULT_SOCKET))
            }
            None => None,
        }
    }
}

pub(in crate::cli) fn start_log() {
    let filter = EnvFilter::try_from_env("KEYWARD_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
}

/// The socket for HTTP: the service manager's if it has opened it, else a new one.
fn http_socket(
    path: &Path,
    activated: &mut ActivatedSockets,
    service: &SecretService,
) -> Result<UnixSocket, Failure> {
    let settings = service.configuration().socket.as_ref();
    if let Some(socket) = activated.take(path) {
        return Ok(socket);
    }
    let mode = settings.map_or(DEFAULT_MODE, |socket| socket.mode);
    UnixSocket::bind(path, mode).map_err(Failure::new)
}

/// Answers `LoadCredential=`, if the configuration says so.
fn credential_server(
    activated: &mut ActivatedSockets,
    service: &SecretService,
) -> Result<Option<CredentialServer>, Failure> {
    let Some(settings) = &service.configuration().credential_socket else {
        return Ok(None);
    };
    let socket = match activated.take(&settings.path) {
        Some(socket) => socket,
        None => UnixSocket::bind(&settings.path, settings.mode).map_err(Failure::new)?,
    };
    Ok(Some(CredentialServer::new(
        socket,
        settings,
        service.clone(),
    )))
}
