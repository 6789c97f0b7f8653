//! [`MigrationServer`]: answers, over TLS, whether passwords are right while their users move.
//!
//! | request | for | answer |
//! |---|---|---|
//! | `POST /v1/verify` | any program | [`verify`] |
//! | `POST /v1/kratos` | Ory Kratos' password migration hook | [`kratos`] |
//! | `POST /v1/okta` | Okta's password import inline hook | [`okta`] |
//! | `POST /v1/auth0/login`, `/v1/auth0/user` | scripts of Auth0's custom database | [`auth0`] |
//! | `GET`, `POST /v1/keycloak/{user}` | user storage of Keycloak (keycloak-user-migration) | [`keycloak`] |
//! | `GET /v1/status`, `GET /metrics` | monitoring | JSON, Prometheus' text format |
//!
//! Every request needs a client: its certificate, or its token in `Authorization`. Too many attempts are answered 429, what
//! nobody can say at present 503, both with `Retry-After` (Kratos: 423 and 503, without): never as a wrong password. Each login is an audit line with the
//! client, the user and the outcome.

mod api_credentials;
mod auth0;
mod clients;
mod endpoints;
mod keycloak;
mod kratos;
mod login_body;
mod metrics;
mod okta;
mod outcome;
mod resource;
mod status;
mod verify;

use std::net::SocketAddr;
use std::sync::Arc;

use super::HttpError;
use super::endpoints::Entrance;
use super::hall::{self, Hall};
use super::limits::HttpLimits;
use super::listener::Listener;
use super::tls::TlsSettings;
use crate::document::{ApiSettings, MigrationServiceSettings};
use crate::migrate::{JustInTime, ValidationApi};
use crate::service::{AccessPolicy, SecretService};
use api_credentials::KeystoreCredentials;
use endpoints::MigrationEndpoints;

/// Answers, over TLS, whether passwords are right while their users move.
pub struct MigrationServer {
    listener: Listener,
    endpoints: MigrationEndpoints,
}

impl MigrationServer {
    /// Listens where `settings` say. The keystores are those of `service`; `just_in_time` decides.
    ///
    /// # Errors
    /// When the system does not give the address; or when the key or the trusted certificates cannot be used, unless the
    /// configuration says `start="wait"`.
    pub fn bind(
        settings: &MigrationServiceSettings,
        service: SecretService,
        just_in_time: Arc<JustInTime>,
    ) -> Result<Self, HttpError> {
        let mut hall = Hall::new(service);
        hall.set_limits(limits_for(settings.limits.waiting));
        let listener = &settings.listener;
        let entrance = Entrance {
            policy: AccessPolicy::nobody(),
            element: format!("<https address=\"{}\">", listener.address),
        };
        let bound = hall.listen(
            listener.address,
            TlsSettings::of_clients(listener, &settings.clients),
            listener.line,
            entrance,
        )?;
        Ok(Self {
            listener: bound,
            endpoints: MigrationEndpoints::new(hall, settings, just_in_time),
        })
    }

    /// The API of these settings, asked with what the keystores of `service` hold.
    #[must_use]
    pub fn validation_api(settings: &ApiSettings, service: SecretService) -> ValidationApi {
        let credentials = KeystoreCredentials::new(settings, service);
        ValidationApi::new(settings.clone(), Box::new(credentials))
    }

    /// The TCP address, with the port that the system chose.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.endpoints.hall.addresses()
    }

    /// Answers until `shutdown` completes, then finishes the requests that are being answered. To be called in a tokio
    /// runtime.
    ///
    /// # Errors
    /// When the runtime cannot take over a socket.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> Result<(), HttpError> {
        let Self {
            listener,
            endpoints,
        } = self;
        hall::run_until(vec![listener], &Arc::new(endpoints), shutdown, || {}).await
    }
}

/// One client may have as many logins under way as the service takes, and a connection for each.
fn limits_for(waiting: usize) -> HttpLimits {
    let usual = HttpLimits::default();
    let of_one_peer = usual.connections_of_one_peer.max(waiting + waiting / 4);
    HttpLimits {
        connections: usual.connections.max(2 * of_one_peer),
        connections_of_one_peer: of_one_peer,
        ..usual
    }
}
