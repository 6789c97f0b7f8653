//! [`Endpoints`]: from a request to its answer, and the audit event of it.

use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::{Method, Request, StatusCode};
use serde::Serialize;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::reply::{self, Reply};
use super::request_path::{PathError, Resource};
use crate::service::{
    AccessPolicy, GetError, Peer, ReloadOutcome, ReloadReport, SecretService, ServedAlias, audit,
};

/// A reload needs no body; a small one is ignored.
const LARGEST_BODY: usize = 4 * 1024;
/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Answers requests from a service, as far as a policy allows.
pub(super) struct Endpoints {
    pub(super) service: SecretService,
    pub(super) policy: AccessPolicy,
}

#[derive(Serialize)]
struct Aliases {
    aliases: Vec<ServedAlias>,
}

#[derive(Serialize)]
struct Reloaded {
    keystores: Vec<ReloadReport>,
}

impl Endpoints {
    pub(super) async fn answer(&self, peer: &Peer, request: Request<Incoming>) -> Reply {
        let resource = match Resource::parse(request.uri().path()) {
            Ok(resource) => resource,
            Err(error) => return unknown(&error),
        };
        if !answers_to(&resource, request.method()) {
            return reply::method_not_allowed(resource.methods());
        }
        match resource {
            Resource::Secret(alias) => self.secret(peer, alias).await,
            Resource::Aliases => self.aliases(peer),
            Resource::Status => self.status(peer),
            Resource::Reload => self.reload(peer, request.into_body()).await,
        }
    }

    async fn secret(&self, peer: &Peer, alias: String) -> Reply {
        if !self.policy.may_read(peer, &alias) {
            return self.denied(peer, "read", &alias);
        }
        // An alias that no document names is decrypted when it is first asked for: not on this thread.
        let (service, asked) = (self.service.clone(), alias.clone());
        let Ok(result) = spawn_blocking(move || service.get(&asked)).await else {
            return defect();
        };
        audit::read(peer.uid, peer.gid, &alias, &result);
        match result {
            Ok(served) => reply::secret(served),
            Err(error) => reply::problem(status_of(&error), &error.problem(), &error.next_step()),
        }
    }

    fn aliases(&self, peer: &Peer) -> Reply {
        if !self.policy.knows(peer) {
            return self.denied(peer, "aliases", "*");
        }
        audit::asked(peer.uid, peer.gid, "aliases");
        let mut aliases = self.service.view().aliases();
        aliases.retain(|entry| self.policy.may_read(peer, &entry.alias));
        reply::json(StatusCode::OK, &Aliases { aliases })
    }

    fn status(&self, peer: &Peer) -> Reply {
        if !self.policy.knows(peer) {
            return self.denied(peer, "status", "*");
        }
        audit::asked(peer.uid, peer.gid, "status");
        reply::json(StatusCode::OK, &self.service.status())
    }

    async fn reload(&self, peer: &Peer, body: Incoming) -> Reply {
        if !self.policy.knows(peer) {
            return self.denied(peer, "reload", "*");
        }
        match timeout(BODY_TIMEOUT, Limited::new(body, LARGEST_BODY).collect()).await {
            Ok(Ok(_ignored)) => {}
            Ok(Err(_)) => {
                let error = "the body of a reload is too large, or broke off";
                return reply::problem(StatusCode::PAYLOAD_TOO_LARGE, error, "Send none");
            }
            Err(_elapsed) => {
                let error = "the body of the request did not arrive in time";
                return reply::problem(StatusCode::REQUEST_TIMEOUT, error, "Send none");
            }
        }
        audit::asked(peer.uid, peer.gid, "reload");
        let service = self.service.clone();
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

    fn denied(&self, peer: &Peer, action: &str, alias: &str) -> Reply {
        audit::denied(peer.uid, peer.gid, action, alias);
        reply::problem(
            StatusCode::FORBIDDEN,
            &format!(
                "no rule allows uid {} to do this: {action} {alias}",
                peer.uid
            ),
            &self.how_to_allow(peer, alias),
        )
    }

    fn how_to_allow(&self, peer: &Peer, alias: &str) -> String {
        let configuration = self.service.configuration();
        if peer.is_nobody() {
            return "Run the program that asks under a user of its own: this one stands for all that the kernel cannot name"
                .to_owned();
        }
        if configuration.socket.is_none() {
            return "Ask as the user who runs the service, or serve a <secret-service> whose <socket> allows others"
                .to_owned();
        }
        format!(
            "Add <allow user=\"{}\" aliases=\"{alias}\"/> to the <socket> of {} and start the service again",
            peer.uid,
            configuration.path.display()
        )
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
            "Use /v1/secrets/ALIAS (write a / in an alias as %2F), /v1/aliases, /v1/status or /v1/reload",
        ),
        PathError::Encoding => reply::problem(
            StatusCode::BAD_REQUEST,
            "the alias is not percent-encoded UTF-8",
            "Write every % as %25",
        ),
    }
}

fn defect() -> Reply {
    reply::problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the service failed where it should have said what is wrong, which is a defect of keyward",
        "Report it, with the service's log",
    )
}
