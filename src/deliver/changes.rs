//! [`Changes`]: hears when one of a consumer's own secrets has another value.

use std::time::{Duration, Instant};

use super::error::FetchError;
use super::secrets::Secrets;
use crate::document::Configuration;
use crate::service::{SecretService, Subscription};

/// Hears when one of a consumer's own secrets has another value.
///
/// Values decide, not stored bytes: a keystore that was encrypted anew under another password, or that changed
/// under other aliases, is no change.
pub struct Changes {
    service: SecretService,
    subscription: Subscription,
    aliases: Vec<String>,
    current: Secrets,
}

impl Changes {
    pub(super) fn start(
        configuration: Configuration,
        aliases: &[&str],
    ) -> Result<(Secrets, Self), FetchError> {
        let service = SecretService::start(configuration)?;
        // What happens from now on is heard, so that nothing falls between this and the first look.
        let subscription = service.subscribe();
        let aliases: Vec<String> = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        let current = look_up(&service, &aliases)?;
        let changes = Self {
            service,
            subscription,
            aliases,
            current: current.clone(),
        };
        Ok((current, changes))
    }

    /// Waits, at most `longest`, until one of the secrets has another value; then all of them, of one moment.
    ///
    /// # Errors
    /// When one of them cannot be read any more; whoever has the older ones keeps them.
    pub fn next(&mut self, longest: Duration) -> Result<Option<Secrets>, FetchError> {
        let start = Instant::now();
        loop {
            let remaining = longest.saturating_sub(start.elapsed());
            if self.subscription.next(remaining).is_none() {
                return Ok(None);
            }
            let secrets = look_up(&self.service, &self.aliases)?;
            if !secrets.are_same_as(&self.current) {
                self.current = secrets.clone();
                return Ok(Some(secrets));
            }
        }
    }
}

fn look_up(service: &SecretService, aliases: &[String]) -> Result<Secrets, FetchError> {
    let view = service.view();
    let mut secrets = Secrets::default();
    for alias in aliases {
        secrets.insert(alias, view.get(alias)?.secret);
    }
    Ok(secrets)
}
