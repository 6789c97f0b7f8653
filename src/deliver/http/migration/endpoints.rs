//! [`MigrationEndpoints`]: from a request to its answer, and the audit line of it.

use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{HeaderValue, RETRY_AFTER};
use hyper::{Method, Request, StatusCode};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::clients::{Clients, NoClient};
use super::login_body::{Login, LoginBody, OrReply};
use super::metrics::{self, LoginCounters};
use super::outcome::Outcome;
use super::resource::Resource;
use super::{auth0, keycloak, kratos, okta, status, verify};
use crate::Secret;
use crate::deliver::http::hall::{Answering, Asker, Hall};
use crate::deliver::http::reply::{self, Reply};
use crate::deliver::http::request_path::PathError;
use crate::document::MigrationServiceSettings;
use crate::migrate::{Answer, Attempts, Decision, JustInTime, MigrateError};
use crate::service::LoginRecord;

/// How soon who found the service busy is to come again.
const BUSY: Duration = Duration::from_secs(1);
/// Wrong tokens from one address within a minute.
const STRANGERS: u32 = 30;

/// Answers requests of clients.
pub(super) struct MigrationEndpoints {
    pub(super) hall: Hall,
    pub(super) just_in_time: Arc<JustInTime>,
    pub(super) counters: LoginCounters,
    pub(super) waiting: usize,
    clients: Clients,
    places: Arc<Semaphore>,
}

/// Whose shape a login has.
#[derive(Clone, Copy)]
enum Shape {
    Verify,
    Kratos,
    Okta,
    Auth0,
    Keycloak,
}

impl Answering for MigrationEndpoints {
    fn hall(&self) -> &Hall {
        &self.hall
    }

    async fn answer(self: &Arc<Self>, asker: &Asker, request: Request<Incoming>) -> Reply {
        let answered = self.dispatch(asker, request).await;
        let reply = answered.unwrap_or_else(|problem| *problem);
        self.hall.counters.note_answer(reply.status());
        reply
    }
}

impl MigrationEndpoints {
    pub(super) fn new(
        hall: Hall,
        settings: &MigrationServiceSettings,
        just_in_time: Arc<JustInTime>,
    ) -> Self {
        let limits = &settings.limits;
        let attempts = Attempts::new(limits.client_attempts, limits.ban);
        let strangers = Attempts::new(STRANGERS, limits.ban);
        Self {
            clients: Clients::new(settings.clients.clone(), attempts, strangers),
            places: Arc::new(Semaphore::new(limits.waiting)),
            waiting: limits.waiting,
            counters: LoginCounters::default(),
            hall,
            just_in_time,
        }
    }

    /// How many requests are worked on, or wait.
    pub(super) fn under_way(&self) -> usize {
        self.waiting - self.places.available_permits()
    }

    /// The answer; an error is one too, and saves what would come after it.
    async fn dispatch(
        self: &Arc<Self>,
        asker: &Asker,
        request: Request<Incoming>,
    ) -> OrReply<Reply> {
        let resource =
            Resource::parse(request.uri().path()).map_err(|error| Box::new(unknown(&error)))?;
        let known = self
            .clients
            .known(&asker.peer, request.headers(), &self.hall.service);
        let client = known.map_err(|refused| Box::new(self.refuse(asker, refused)))?;
        let methods = resource.methods();
        let mut answered_to = methods.split(", ");
        if !answered_to.any(|method| method == request.method().as_str()) {
            return Err(Box::new(reply::method_not_allowed(methods)));
        }
        match &resource {
            Resource::Status => return self.status().await,
            Resource::Metrics => return Ok(reply::metrics(metrics::text(self))),
            _ => {}
        }
        let counted = self.clients.count(client);
        counted.map_err(|wait| Box::new(limited(wait, "this client has asked too often")))?;
        let is_get = request.method() == Method::GET;
        if let Resource::Keycloak(user) = &resource
            && is_get
        {
            return Ok(if self.knows(user.clone()).await? {
                keycloak::user(user)
            } else {
                keycloak::unknown()
            });
        }
        let body = LoginBody::read(request.into_body(), &self.hall.limits).await?;
        let (shape, login) = match resource {
            Resource::Kratos => (Shape::Kratos, kratos::login(&body)?),
            Resource::Okta => (Shape::Okta, okta::login(&body)?),
            Resource::Auth0Login => (Shape::Auth0, auth0::login(&body)?),
            Resource::Auth0User => {
                let user = auth0::user(&body)?;
                return Ok(if self.knows(user.clone()).await? {
                    auth0::profile(&user)
                } else {
                    auth0::unknown()
                });
            }
            Resource::Keycloak(user) => {
                let password = keycloak::password(&body)?;
                (Shape::Keycloak, Login { user, password })
            }
            Resource::Verify | Resource::Status | Resource::Metrics => {
                (Shape::Verify, verify::login(&body)?)
            }
        };
        drop(body);
        self.login(asker, client, shape, login).await
    }

    async fn login(
        self: &Arc<Self>,
        asker: &Asker,
        client: &str,
        shape: Shape,
        login: Login,
    ) -> OrReply<Reply> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            self.counters.note(client, Outcome::Busy);
            return Err(Box::new(busy()));
        };
        let just_in_time = Arc::clone(&self.just_in_time);
        let Login { user, password } = login;
        let (name, password) = (user.clone(), Secret::copied_from(password.as_bytes()));
        let verified = spawn_blocking(move || {
            // Held until the work is done, also where the client has gone.
            let _place = place;
            just_in_time.verify(&name, &password)
        });
        let Ok(answer) = verified.await else {
            return Err(Box::new(defect()));
        };
        let outcome = Outcome::of(answer.decision);
        self.counters.note(client, outcome);
        self.counters.note_work(answer.work);
        let recorded = self.hall.service.audit().login(
            &asker.peer,
            &LoginRecord {
                client,
                user: &user,
                outcome: outcome.name(),
                source: answer.source.as_deref(),
                reason: answer.note.as_deref(),
            },
        );
        if recorded.is_err() {
            return Err(Box::new(not_recorded()));
        }
        Ok(shape.told(&answer, &user))
    }

    async fn knows(&self, user: String) -> OrReply<bool> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Err(Box::new(busy()));
        };
        let just_in_time = Arc::clone(&self.just_in_time);
        let known = spawn_blocking(move || {
            let _place = place;
            just_in_time.knows(&user)
        });
        match known.await {
            Ok(known) => known.map_err(|error: MigrateError| {
                tracing::warn!("{error}");
                Box::new(unavailable(Duration::from_secs(5)))
            }),
            Err(_) => Err(Box::new(defect())),
        }
    }

    async fn status(self: &Arc<Self>) -> OrReply<Reply> {
        let endpoints = Arc::clone(self);
        // A key may have to be derived: not on this thread.
        let status = spawn_blocking(move || status::reply(&endpoints)).await;
        status.map_err(|_| Box::new(defect()))
    }

    fn refuse(&self, asker: &Asker, refused: NoClient) -> Reply {
        let audit = self.hall.service.audit();
        match refused {
            NoClient::Unknown => {
                self.hall.counters.note_denial();
                audit.no_client(&asker.peer, "neither a certificate nor a token of a client");
                let next = format!(
                    "Send a client's token in Authorization: Bearer, or add a <client> for it to the {} of {}",
                    asker.entrance.element,
                    self.hall.document().display()
                );
                reply::problem(
                    StatusCode::UNAUTHORIZED,
                    "no client is known by this certificate or token",
                    &next,
                )
            }
            NoClient::Unreadable(reason) => {
                tracing::warn!("a client's token cannot be read: {reason}");
                let mut reply = reply::problem(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "a client's token cannot be read at present",
                    "See the service's log for the reason",
                );
                retry(&mut reply, BUSY);
                reply
            }
            NoClient::Limited(wait) => limited(wait, "too many wrong tokens came from there"),
        }
    }
}

impl Shape {
    fn told(self, answer: &Answer, user: &str) -> Reply {
        let migrated = match answer.decision {
            Decision::Accepted { migrated } => Some(migrated),
            Decision::Rejected => None,
            Decision::Limited { retry_after } => {
                return limited(retry_after, "there were too many attempts for this user");
            }
            Decision::Unavailable { retry_after } => return unavailable(retry_after),
        };
        match (self, migrated) {
            (Self::Verify, migrated) => verify::reply(migrated),
            (Self::Kratos, Some(_)) => kratos::accepted(),
            (Self::Kratos, None) => kratos::rejected(),
            (Self::Okta, Some(_)) => okta::accepted(),
            (Self::Okta, None) => okta::rejected(),
            (Self::Auth0, Some(_)) => auth0::profile(user),
            (Self::Auth0, None) => auth0::rejected(),
            (Self::Keycloak, Some(_)) => keycloak::accepted(),
            (Self::Keycloak, None) => keycloak::rejected(),
        }
    }
}

fn unknown(error: &PathError) -> Reply {
    match error {
        PathError::Unknown => reply::problem(
            StatusCode::NOT_FOUND,
            "there is nothing at this path",
            "Use /v1/verify, /v1/kratos, /v1/okta, /v1/auth0/login, /v1/auth0/user, /v1/keycloak/USER, /v1/status or /metrics",
        ),
        PathError::Encoding => reply::problem(
            StatusCode::BAD_REQUEST,
            "the user is not percent-encoded UTF-8",
            "Write every % as %25",
        ),
    }
}

fn limited(wait: Duration, error: &str) -> Reply {
    let next = "Come again when Retry-After is over";
    let mut reply = reply::problem(StatusCode::TOO_MANY_REQUESTS, error, next);
    retry(&mut reply, wait);
    reply
}

fn unavailable(wait: Duration) -> Reply {
    let mut reply = reply::problem(
        StatusCode::SERVICE_UNAVAILABLE,
        "nobody can say at present whether the password is right",
        "Come again when Retry-After is over; the service's audit lines have the reason",
    );
    retry(&mut reply, wait);
    reply
}

fn busy() -> Reply {
    let mut reply = reply::problem(
        StatusCode::SERVICE_UNAVAILABLE,
        "as many logins are worked on as the service can bear",
        "Come again when Retry-After is over",
    );
    retry(&mut reply, BUSY);
    reply
}

/// In whole seconds, at least one.
fn retry(reply: &mut Reply, wait: Duration) {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let value = HeaderValue::from(seconds.max(1));
    reply.headers_mut().insert(RETRY_AFTER, value);
}

fn not_recorded() -> Reply {
    reply::problem(
        StatusCode::SERVICE_UNAVAILABLE,
        "the audit line of this login cannot be written, and audit=\"required\"",
        "See the service's log for the reason",
    )
}

fn defect() -> Reply {
    reply::problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the service failed where it should have said what is wrong, which is a defect of keyward",
        "Report it, with the service's log",
    )
}
