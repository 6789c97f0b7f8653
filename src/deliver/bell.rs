//! [`Bell`]: rings for those who wait for a change of the service.

use std::sync::Arc;

use tokio::sync::watch;

use crate::service::{Change, Listener, SecretService};

/// Rings at every change of a service, as long as it is kept.
pub(super) struct Bell {
    rung: watch::Receiver<()>,
    /// The service holds it weakly.
    _listener: Arc<Listener>,
}

impl Bell {
    pub(super) fn of(service: &SecretService) -> Self {
        let (bell, rung) = watch::channel(());
        let listener: Arc<Listener> = Arc::new(move |_: &Change| {
            bell.send_replace(());
        });
        service.listen(&listener);
        Self {
            rung,
            _listener: listener,
        }
    }

    /// For one who waits; changes of the past do not count.
    pub(super) fn rung(&self) -> watch::Receiver<()> {
        self.rung.clone()
    }
}
