//! `keyward serve`: the secret service.

mod announcement;
mod hardening;
mod reporter;
mod signals;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;
use tokio::task::JoinSet;
use tracing::error;
use tracing_subscriber::EnvFilter;

use super::failure::Failure;
use crate::deliver::http::HttpServer;
use crate::deliver::systemd::CredentialServer;
use crate::deliver::tree::Projections;
use crate::deliver::unix_socket::{ActivatedSockets, UnixSocket};
use crate::document::{Configuration, SocketSettings};
use crate::service::{AccessPolicy, AuditSink, SecretService, ServiceOptions};
use announcement::announce;
use hardening::{SandboxChoice, harden};
use reporter::Reporter;
use signals::Signals;

/// The socket beside the configuration, where that names none.
const DEFAULT_SOCKET: &str = "keyward.sock";
/// Its owner may read and write, nobody else.
const DEFAULT_MODE: u32 = 0o600;

/// Serve the secrets of the keystores that a configuration names, and reload them when they change
#[derive(Args)]
#[command(
    after_help = "CONFIG is a <secret-service> document or a PhixFlow *-secret.xml.\n\
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
        let policy =
            AccessPolicy::from_settings(configuration.socket.as_ref(), &configuration.path)
                .map_err(Failure::new)?;
        let mut trees =
            Projections::of(&configuration.trees, &configuration.path).map_err(Failure::new)?;
        // The kernel will let nothing be made where a tree is to be but the tree itself.
        trees.make_directories().map_err(Failure::new)?;
        let socket = self.socket_path(configuration.socket.as_ref());
        let mut activated = ActivatedSockets::of_process().map_err(Failure::new)?;
        let options = ServiceOptions {
            audit: AuditSink::StandardError,
            hardening: harden(&configuration, &policy, &socket, self.sandbox()),
            ..ServiceOptions::of(&configuration)
        };
        let service = SecretService::start_with(configuration, &options).map_err(Failure::new)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::new(format!("cannot start the service: {error}")))?;
        runtime.block_on(async {
            let signals = Signals::listen()?;
            let socket = self.http_socket(&socket, &mut activated, &service)?;
            let credentials = credential_server(&mut activated, &service)?;
            activated.refuse_the_rest().map_err(Failure::new)?;
            // Whoever starts after this service finds the files.
            trees.write(&service.view());
            announce(&service.resolve(), socket.path())?;
            let mut tasks = JoinSet::new();
            tasks.spawn(trees.follow(service.clone()));
            if let Some(credentials) = credentials {
                tasks.spawn(async {
                    if let Err(reason) = credentials.run().await {
                        error!("{reason}");
                    }
                });
            }
            let server = HttpServer::answering_at(socket, policy, service.clone());
            let reporter = Reporter::of(service);
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

    /// The socket for HTTP: the service manager's if it has opened it, else a new one.
    fn http_socket(
        &self,
        path: &Path,
        activated: &mut ActivatedSockets,
        service: &SecretService,
    ) -> Result<UnixSocket, Failure> {
        let settings = service.configuration().socket.as_ref();
        if let Some(socket) = activated.take(path) {
            return Ok(socket);
        }
        if self.socket.is_none()
            && settings.is_none()
            && let Some(socket) = activated.take_only()
        {
            return Ok(socket);
        }
        let mode = settings.map_or(DEFAULT_MODE, |socket| socket.mode);
        UnixSocket::bind(path, mode).map_err(Failure::new)
    }

    fn sandbox(&self) -> SandboxChoice {
        if self.no_sandbox {
            return SandboxChoice::Off;
        }
        SandboxChoice::Wanted
    }

    fn socket_path(&self, settings: Option<&SocketSettings>) -> PathBuf {
        if let Some(path) = &self.socket {
            return path.clone();
        }
        settings.map_or_else(
            || self.configuration.with_file_name(DEFAULT_SOCKET),
            |socket| socket.path.clone(),
        )
    }
}

fn start_log() {
    let filter = EnvFilter::try_from_env("KEYWARD_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
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
