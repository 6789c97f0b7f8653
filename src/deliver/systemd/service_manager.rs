//! [`ServiceManager`]: tells who started the service how it stands (`sd_notify(3)`).

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::time::interval;
use tracing::warn;

/// The service manager that started this process; nobody hears if there is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServiceManager;

impl ServiceManager {
    /// The service answers, and stands like this.
    pub fn ready(self, status: &str) {
        tell(&[NotifyState::Ready, NotifyState::Status(status)]);
    }

    /// The service looks at its keystores because it was asked to; [`ready`](Self::ready) says when it is done.
    pub fn reloading(self) {
        // Type=notify-reload wants to know since when.
        match NotifyState::monotonic_usec_now() {
            Ok(now) => tell(&[NotifyState::Reloading, now]),
            Err(_) => tell(&[NotifyState::Reloading]),
        }
    }

    /// The service stands like this.
    pub fn status(self, status: &str) {
        tell(&[NotifyState::Status(status)]);
    }

    /// The service ends.
    pub fn stopping(self) {
        tell(&[NotifyState::Stopping]);
    }

    /// Says that the service lives, as often as `WatchdogSec=` asks for. Completes at once if nobody does.
    pub async fn keep_alive(self) {
        let Some(longest) = sd_notify::watchdog_enabled() else {
            return;
        };
        let mut beat = interval((longest / 2).max(Duration::from_millis(1)));
        loop {
            beat.tick().await;
            tell(&[NotifyState::Watchdog]);
        }
    }
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(reason) = sd_notify::notify(state) {
        warn!("the service manager cannot be told how the service stands: {reason}");
    }
}
