//! [`Reporter`]: tells the service manager how the keystores stand.

use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::deliver::systemd::ServiceManager;
use crate::service::SecretService;

/// How often the states are looked at.
const PERIOD: Duration = Duration::from_secs(2);

/// Tells the service manager how the keystores stand.
pub(super) struct Reporter {
    manager: ServiceManager,
    service: SecretService,
}

impl Reporter {
    pub(super) fn of(service: SecretService) -> Self {
        Self {
            manager: ServiceManager,
            service,
        }
    }

    /// Looks at every keystore, as SIGHUP asks for.
    pub(super) async fn reload(&self) {
        self.manager.reloading();
        let service = self.service.clone();
        // What came of it is in the log and in the audit lines.
        let _ = spawn_blocking(move || service.reload()).await;
        self.manager.ready(&self.states());
    }

    /// Says that the service answers, and from then on how it stands and that it lives.
    pub(super) async fn report(&self) {
        let mut said = self.states();
        self.manager.ready(&said);
        let follow = async {
            loop {
                sleep(PERIOD).await;
                let states = self.states();
                if states != said {
                    self.manager.status(&states);
                    said = states;
                }
            }
        };
        tokio::join!(self.manager.keep_alive(), follow);
    }

    pub(super) fn stopping(&self) {
        self.manager.stopping();
    }

    /// `main: fresh, mail: stale`.
    fn states(&self) -> String {
        let keystores = self.service.status().keystores;
        let of_each = keystores
            .iter()
            .map(|keystore| format!("{}: {}", keystore.name, keystore.state.as_str()));
        of_each.collect::<Vec<_>>().join(", ")
    }
}
