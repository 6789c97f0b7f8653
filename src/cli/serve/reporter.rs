//! [`Reporter`]: tells the service manager how the keystores stand.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::deliver::systemd::ServiceManager;
use crate::service::SecretService;

/// How often the states are looked at.
const PERIOD: Duration = Duration::from_secs(2);

/// Tells the service manager how the keystores stand.
pub(in crate::cli) struct Reporter {
    manager: ServiceManager,
    service: SecretService,
    also: Arc<dyn Fn() + Send + Sync>,
}

impl Reporter {
    pub(in crate::cli) fn of(service: SecretService) -> Self {
        Self {
            manager: ServiceManager,
            service,
            also: Arc::new(|| {}),
        }
    }

    /// Does this as well when it is asked to look at the keystores.
    pub(in crate::cli) fn with_reload(mut self, also: impl Fn() + Send + Sync + 'static) -> Self {
        self.also = Arc::new(also);
        self
    }

    /// Looks at every keystore, as SIGHUP asks for.
    pub(in crate::cli) async fn reload(&self) {
        self.manager.reloading();
        let service = self.service.clone();
        // What came of it is in the log and in the audit lines.
        let also = Arc::clone(&self.also);
        let _ = spawn_blocking(move || {
            let _ = service.reload();
            also();
        })
        .await;
        self.manager.ready(&self.states());
    }

    /// Says that the service answers, and from then on how it stands and that it lives.
    pub(in crate::cli) async fn report(&self) {
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

    pub(in crate::cli) fn stopping(&self) {
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
