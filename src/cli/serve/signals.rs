//! [`Signals`]: the signals that a service hears.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::super::failure::Failure;
use super::reporter::Reporter;

/// The signals that a service hears.
pub(in crate::cli) struct Signals {
    hang_up: Signal,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(in crate::cli) fn listen() -> Result<Self, Failure> {
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
    pub(in crate::cli) async fn until_end(&mut self, reporter: &Reporter) {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => return,
                _ = self.terminate.recv() => return,
                _ = self.hang_up.recv() => {}
            }
            // A file system that hangs does not make the service deaf.
            tokio::select! {
                _ = self.interrupt.recv() => return,
                _ = self.terminate.recv() => return,
                () = reporter.reload() => {}
            }
        }
    }
}
