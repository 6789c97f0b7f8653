//! `keyward serve`: the secret service.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::failure::Failure;
use super::resolution_table::{Values, table, unreadable};
use crate::deliver::http::HttpServer;
use crate::document::{Configuration, SocketSettings};
use crate::service::{AccessPolicy, AuditSink, Outcome, Resolution, SecretService, ServiceOptions};

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
}

impl Serve {
    pub(super) fn run(self) -> Result<(), Failure> {
        start_log();
        let configuration = Configuration::load(&self.configuration)?;
        let settings = configuration.socket.as_ref();
        let policy =
            AccessPolicy::from_settings(settings, &configuration.path).map_err(Failure::new)?;
        let mode = settings.map_or(DEFAULT_MODE, |socket| socket.mode);
        let socket = self.socket_path(settings);
        let options = ServiceOptions {
            audit: AuditSink::StandardError,
            ..ServiceOptions::of(&configuration)
        };
        let service = SecretService::start_with(configuration, &options).map_err(Failure::new)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::new(format!("cannot start the service: {error}")))?;
        runtime.block_on(async {
            let signals = Signals::listen()?;
            let server =
                HttpServer::bind(&socket, mode, policy, service.clone()).map_err(Failure::new)?;
            announce(&service.resolve(), server.path())?;
            server
                .run_until(signals.until_end(service))
                .await
                .map_err(Failure::new)
        })
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

/// What is served, where, and how to fetch it.
fn announce(resolutions: &[Resolution], socket: &Path) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    if !resolutions.is_empty() {
        writeln!(output, "{}\n", table(resolutions, Values::Hidden))?;
    }
    let missing = unreadable(resolutions);
    if missing > 0 {
        writeln!(
            output,
            "{missing} of {} aliases cannot be read yet; they are served as soon as they can be.\n",
            resolutions.len()
        )?;
    }
    let readable = resolutions
        .iter()
        .find(|resolution| resolution.outcome == Outcome::Readable);
    let alias = readable.map_or("ALIAS", |resolution| resolution.alias.as_str());
    let socket = socket.display();
    writeln!(output, "Listening at {socket}. Fetch a secret with:")?;
    writeln!(
        output,
        "  curl --unix-socket {socket} http://localhost/v1/secrets/{alias}"
    )?;
    Ok(output.flush()?)
}

/// The signals that a service hears.
struct Signals {
    hang_up: Signal,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> Result<Self, Failure> {
        let listen = |kind| {
            signal(kind)
                .map_err(|error| Failure::new(format!("cannot listen for signals: {error}")))
        };
        Ok(Self {
            hang_up: listen(SignalKind::hangup())?,
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    /// Completes when the service is to end; until then SIGHUP looks at the keystores.
    async fn until_end(mut self, service: SecretService) {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => return,
                _ = self.terminate.recv() => return,
                _ = self.hang_up.recv() => service.wake(),
            }
        }
    }
}
