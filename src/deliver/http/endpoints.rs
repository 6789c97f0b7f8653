//! [`Endpoints`]: from a request to its answer, and the audit event of it.

use std::sync::Arc;

use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::HeaderMap;
use hyper::{Method, Request, StatusCode};
use quick_xml::escape::escape;
use serde::Serialize;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::hall::{Answering, Asker, Hall};
use super::metrics;
use super::negotiation::accepts;
use super::places::{Holder, Places};
use super::query;
use super::reply::{self, Reply};
use super::request_path::{PathError, Resource};
use super::tls::TlsStatus;
use crate::service::{
    AccessPolicy, GetError, Peer, ReloadOutcome, ReloadReport, ServedAlias, ServiceStatus,
};

/// A reload needs no body; a small one is ignored.
const LARGEST_BODY: usize = 4 * 1024;

/// Answers requests from a service, as far as the policy of the entrance allows.
pub(super) struct Endpoints {
    pub(super) hall: Hall,
    pub(super) subscribers: Arc<Places>,
}

/// Where peers come in, and what they may read then.
pub(super) struct Entrance {
    pub(super) policy: AccessPolicy,
    /// The element of the configuration that its rules stand in.
    pub(super) element: String,
}

#[derive(Serialize)]
struct Aliases {
    aliases: Vec<ServedAlias>,
}

#[derive(Serialize)]
struct Status {
    #[serde(flatten)]
    service: ServiceStatus,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    https: Vec<TlsStatus>,
}

#[derive(Serialize)]
struct Reloaded {
    keystores: Vec<ReloadReport>,
}

impl Answering for Endpoints {
    fn hall(&self) -> &Hall {
        &self.hall
    }

    async fn answer(self: &Arc<Self>, asker: &Asker, request: Request<Incoming>) -> Reply {
        let reply = self.dispatch(asker, request).await;
        self.hall.counters.note_answer(reply.status());
        reply
    }
}

impl Endpoints {
    async fn dispatch(self: &Arc<Self>, asker: &Asker, request: Request<Incoming>) -> Reply {
        let resource = match Resource::parse(request.uri().path()) {
            Ok(resource) => resource,
            Err(error) => return unknown(&error),
        };
        if !answers_to(&resource, request.method()) {
            return reply::method_not_allowed(resource.methods());
        }
        match resource {
            Resource::Secret(alias) => self.secret(asker, alias, request.headers()).await,
            Resource::Watch => {
                let query = request.uri().query().unwrap_or_default();
                self.watch(asker, query, request.headers()).await
            }
            Resource::Metrics => self.metrics(asker),
            Resource::Aliases => self.aliases(asker),
            Resource::Status => self.status(asker).await,
            Resource::Reload => self.reload(asker, request.into_body()).await,
        }
    }

    async fn secret(&self, asker: &Asker, alias: String, headers: &HeaderMap) -> Reply {
        if !asker.may_read(&alias) {
            return self.denied(asker, "read", &alias);
        }
        // An alias that no document names is decrypted when it is first asked for: not on this thread.
        let (service, wanted) = (self.hall.service.clone(), alias.clone());
        let Ok(result) = spawn_blocking(move || service.get(&wanted)).await else {
            return defect();
        };
        let audit = self.hall.service.audit();
        if audit.read(&asker.peer, &alias, &result).is_err() {
            return not_recorded();
        }
        match result {
            Ok(served) => reply::secret(&alias, &served, self.hall.service.instance(), headers),
            Err(error) => reply::problem(status_of(&error), &error.problem(), &error.next_step()),
        }
    }

    fn aliases(&self, asker: &Asker) -> Reply {
        if !asker.is_known() {
            return self.denied(asker, "aliases", "*");
        }
        if self.is_not_recorded(asker, "aliases") {
            return not_recorded();
        }
        let mut aliases = self.hall.service.view().aliases();
        aliases.retain(|entry| asker.may_read(&entry.alias));
        reply::json(StatusCode::OK, &Aliases { aliases })
    }

    async fn status(&self, asker: &Asker) -> Reply {
        if !asker.is_known() {
            return self.denied(asker, "status", "*");
        }
        let _ = self.hall.service.audit().asked(&asker.peer, "status");
        let tls = self.hall.tls.clone();
        let https = move || tls.iter().map(|identity| identity.status()).collect();
        let Ok(https) = spawn_blocking(https).await else {
            return defect();
        };
        let service = self.hall.service.status();
        reply::json(StatusCode::OK, &Status { service, https })
    }

    async fn reload(&self, asker: &Asker, body: Incoming) -> Reply {
        if !asker.is_known() {
            return self.denied(asker, "reload", "*");
        }
        match timeout(
            self.hall.limits.body_timeout,
            Limited::new(body, LARGEST_BODY).collect(),
        )
        .await
        {
            Ok(Ok(_ignored)) => {}
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                let error = "the body of a reload is too large";
                return reply::problem(StatusCode::PAYLOAD_TOO_LARGE, error, "Send none");
            }
            Ok(Err(_)) => {
                let error = "the body of the request broke off";
                return reply::problem(StatusCode::BAD_REQUEST, error, "Send none");
            }
            Err(_elapsed) => {
                let error = "the body of the request did not arrive in time";
                return reply::problem(StatusCode::REQUEST_TIMEOUT, error, "Send none");
            }
        }
        let _ = self.hall.service.audit().asked(&asker.peer, "reload");
        let service = self.hall.service.clone();
        let Ok(keystores) = spawn_blocking(move || service.reload()).await else {
            return defect();
        };
        let failed = keystores.iter().any(|report| !is_done(&report.outcome));
        let status = if failed {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::OK
        };
        reply::json(status, &Reloaded { keystores })
    }

    async fn watch(self: &Arc<Self>, asker: &Asker, query: &str, headers: &HeaderMap) -> Reply {
        if !asker.is_known() {
            return self.denied(asker, "watch", "*");
        }
        let query = match query::parse(query) {
            Ok(query) => query,
            Err(error) => {
                let next = "Write /v1/watch?after=GENERATION&timeout=SECONDS";
                return reply::problem(StatusCode::BAD_REQUEST, error, next);
            }
        };
        let place = match self.subscribers.take(Holder::of(&asker.peer)) {
            Ok(place) => place,
            Err(crowded) => return reply::too_many_subscribers(crowded),
        };
        if self.is_not_recorded(asker, "watch") {
            return not_recorded();
        }
        if accepts(headers, "text/event-stream") {
            let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
            let position = last.and_then(query::parse_event_id).or(query.after);
            let position = position.unwrap_or_else(|| self.here());
            return reply::events(self.events(asker, position, place));
        }
        let position = query.after.unwrap_or_else(|| self.here());
        let news = self.next_news(asker, position, query.timeout).await;
        reply::json(StatusCode::OK, &news)
    }

    fn metrics(&self, asker: &Asker) -> Reply {
        if !asker.is_known() {
            return self.denied(asker, "metrics", "*");
        }
        let _ = self.hall.service.audit().asked(&asker.peer, "metrics");
        reply::metrics(metrics::text(self))
    }

    fn is_not_recorded(&self, asker: &Asker, action: &str) -> bool {
        let audit = self.hall.service.audit();
        audit.asked(&asker.peer, action).is_err()
    }

    fn denied(&self, asker: &Asker, action: &str, alias: &str) -> Reply {
        let peer = &asker.peer;
        self.hall.counters.note_denial();
        self.hall.service.audit().denied(peer, action, alias);
        reply::problem(
            StatusCode::FORBIDDEN,
            &format!("no rule allows {peer} to do this: {action} {alias}"),
            &self.how_to_allow(asker, alias),
        )
    }

    fn how_to_allow(&self, asker: &Asker, alias: &str) -> String {
        let configuration = self.hall.service.configuration();
        if asker.peer.is_nobody() {
            return "Run the program that asks under a user of its own: this one stands for all that the kernel cannot name"
                .to_owned();
        }
        let is_process = matches!(asker.peer, Peer::Process(_));
        if is_process && configuration.socket.is_none() {
            return "Ask as the user who runs the service, or serve a <secret-service> whose <socket> allows others"
                .to_owned();
        }
        format!(
            "Add <allow {} aliases=\"{}\"/> to the {} of {} and start the service again",
            in_a_rule(&asker.peer),
            escape(alias),
            asker.entrance.element,
            configuration.path.display()
        )
    }
}

impl Asker {
    pub(super) fn may_read(&self, alias: &str) -> bool {
        self.entrance.policy.may_read(&self.peer, alias)
    }

    fn is_known(&self) -> bool {
        self.entrance.policy.knows(&self.peer)
    }
}

/// How a rule names this peer.
fn in_a_rule(peer: &Peer) -> String {
    match peer {
        Peer::Process(process) => format!("user=\"{}\"", process.uid),
        Peer::Certificate(certificate) if certificate.has_subject() => {
            format!("certificate=\"{}\"", escape(certificate.subject()))
        }
        Peer::Certificate(certificate) => format!("fingerprint=\"{}\"", certificate.fingerprint()),
        // A listener of the secret service takes nobody without a certificate.
        Peer::Address(_) => "certificate=\"CN=…\"".to_owned(),
    }
}

fn answers_to(resource: &Resource, method: &Method) -> bool {
    resource
        .methods()
        .split(", ")
        .any(|allowed| allowed == method.as_str())
}

fn is_done(outcome: &ReloadOutcome) -> bool {
    matches!(
        outcome,
        ReloadOutcome::Reloaded { .. } | ReloadOutcome::Unchanged { .. }
    )
}

fn status_of(error: &GetError) -> StatusCode {
    match error {
        GetError::NoSuchAlias { .. } => StatusCode::NOT_FOUND,
        GetError::NotASecret { .. } => StatusCode::CONFLICT,
        GetError::Unreadable { .. } | GetError::NotLoaded { .. } => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn unknown(error: &PathError) -> Reply {
    match error {
        PathError::Unknown => reply::problem(
            StatusCode::NOT_FOUND,
            "there is nothing at this path",
            "Use /v1/secrets/ALIAS (write a / in an alias as %2F), /v1/aliases, /v1/watch, /v1/status, /v1/reload or /metrics",
        ),
        PathError::Encoding => reply::problem(
            StatusCode::BAD_REQUEST,
            "the alias is not percent-encoded UTF-8",
            "Write every % as %25",
        ),
    }
}

fn not_recorded() -> Reply {
    reply::problem(
        StatusCode::SERVICE_UNAVAILABLE,
        "the audit line of this request cannot be written, and audit=\"required\"",
        "See the service's log for the reason; it is served again as soon as lines can be written",
    )
}

fn defect() -> Reply {
    reply::problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the service failed where it should have said what is wrong, which is a defect of keyward",
        "Report it, with the service's log",
    )
}
