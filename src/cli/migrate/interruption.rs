//! [`Interruption`]: Ctrl-C and SIGTERM end a run once what it has begun is stored.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Whether the user, or the system, wants the run to end.
pub(super) struct Interruption {
    flag: Arc<AtomicBool>,
}

impl Interruption {
    /// From now on the signals are heard; a second one ends the process at once.
    pub(super) fn listen() -> io::Result<Self> {
        let flag = Arc::new(AtomicBool::new(false));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()?;
        let mut signals = runtime.block_on(async { Signals::new() })?;
        let heard = Arc::clone(&flag);
        thread::spawn(move || {
            runtime.block_on(async {
                signals.next().await;
                heard.store(true, Ordering::Relaxed);
                eprintln!("keyward: storing what was begun; once more to end at once");
                signals.next().await;
            });
            std::process::exit(130);
        });
        Ok(Self { flag })
    }

    /// Set when a signal has come.
    pub(super) fn flag(&self) -> &AtomicBool {
        &self.flag
    }

    pub(super) fn has_come(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
