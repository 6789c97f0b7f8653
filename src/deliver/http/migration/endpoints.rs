//! [`MigrationEndpoints`]: from a request to its answer, and the audit line of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::body::Incoming;
use hyper::header::{HeaderValue, RETRY_AFTER};
use hyper::{Method, Request, StatusCode};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

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
use crate::service::{LoginRecord, Peer};

/// How soon who found the service busy is to come again.
const BUSY: Duration = Duration::from_secs(1);
/// How soon who met a slow or failing source is to come again.
const UNAVAILABLE: Duration = Duration::from_secs(5);
/// Wrong tokens from one address within a minute.
const STRANGERS: u32 = 30;
/// How long who sends more of them waits for the answer.
const STRANGERS_WAIT: Duration = Duration::from_secs(1);
/// So much of a name is recorded, in bytes. No user has a longer one.
const RECORDED: usize = 1024;

/// Answers requests of clients.
pub(super) struct MigrationEndpoints {
    pub(super) hall: Hall,
    pub(super) just_in_time: Arc<JustInTime>,
    pub(super) counters: LoginCounters,
    pub(super) waiting: usize,
    /// How long a login may take.
    longest: Duration,
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
        let is_kratos = matches!(Resource::parse(request.uri().path()), Ok(Resource::Kratos));
        let answered = self.dispatch(asker, request).await;
        let mut reply = answered.unwrap_or_else(|problem| *problem);
        if is_kratos {
            reply = kratos::without_waiting(reply);
        }
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
        let attempts = Attempts::in_a_minute(limits.client_attempts);
        let strangers = Attempts::new(STRANGERS, limits.ban);
        Self {
            clients: Clients::new(settings.clients.clone(), attempts, strangers),
            places: Arc::new(Semaphore::new(limits.waiting)),
            waiting: limits.waiting,
            longest: limits.answer,
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
        let client = match known {
            Ok(client) => client,
            Err(refused) => {
                if matches!(refused, NoClient::Limited(_)) {
                    sleep(STRANGERS_WAIT).await;
                }
                return Err(Box::new(self.refuse(asker, refused)));
            }
        };
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
            let known = self.knows(user.clone()).await?;
            return Ok(known.map_or_else(keycloak::unknown, |name| keycloak::user(&name)));
        }
        let body = LoginBody::read(request.into_body(), &self.hall.limits).await?;
        let (shape, login) = match resource {
            Resource::Kratos => (Shape::Kratos, kratos::login(&body)?),
            Resource::Okta => (Shape::Okta, okta::login(&body)?),
            Resource::Auth0Login => (Shape::Auth0, auth0::login(&body)?),
            Resource::Auth0User => {
                let known = self.knows(auth0::user(&body)?).await?;
                return Ok(known.map_or_else(auth0::unknown, |name| auth0::profile(&name)));
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
        let (endpoints, peer) = (Arc::clone(self), asker.peer.clone());
        let client = client.to_owned();
        let password = Secret::copied_from(login.password.as_bytes());
        let worked_on = spawn_blocking(move || {
            // Held, and recorded, until the work is done, also where the client has gone: a value may be stored all the same.
            let _place = place;
            let begun = Instant::now();
            let answer = endpoints.just_in_time.verify(&login.user, &password);
            let is_late = begun.elapsed() >= endpoints.longest;
            endpoints.record(&peer, &client, &login.user, &answer, is_late)?;
            Ok(shape.told(&answer))
        });
        match timeout(self.longest, worked_on).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(_)) => Err(Box::new(defect())),
            Err(_elapsed) => Err(Box::new(unavailable(UNAVAILABLE))),
        }
    }

    /// Counts a login, and writes its audit line.
    fn record(
        &self,
        peer: &Peer,
        client: &str,
        user: &str,
        answer: &Answer,
        is_late: bool,
    ) -> OrReply<()> {
        let outcome = Outcome::of(answer.decision);
        self.counters.note(client, outcome);
        self.counters.note_work(answer.work);
        let known_as = (answer.user != user).then(|| format!("known as {}", answer.user));
        let late =
            is_late.then(|| "answered 503 before, as it took longer than allowed".to_owned());
        let notes = [known_as, late, answer.note.clone()];
        let reason = notes
            .into_iter()
            .flatten()
            .collect::<Vec<String>>()
            .join("; ");
        let recorded = self.hall.service.audit().login(
            peer,
            &LoginRecord {
                client,
                user: &user[..user.floor_char_boundary(RECORDED)],
                outcome: outcome.name(),
                source: answer.source.as_deref(),
                reason: Some(reason.as_str()).filter(|reason| !reason.is_empty()),
            },
        );
        recorded.map_err(|_| Box::new(not_recorded()))
    }

    /// The name by which some source knows a user.
    async fn knows(&self, user: String) -> OrReply<Option<String>> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Err(Box::new(busy()));
        };
        let just_in_time = Arc::clone(&self.just_in_time);
        let known = spawn_blocking(move || {
            let _place = place;
            just_in_time.knows(&user)
        });
        match timeout(self.longest, known).await {
            Ok(Ok(known)) => known.map_err(|error: MigrateError| {
                tracing::warn!("{error}");
                Box::new(unavailable(UNAVAILABLE))
            }),
            Ok(Err(_)) => Err(Box::new(defect())),
            Err(_elapsed) => Err(Box::new(unavailable(UNAVAILABLE))),
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
            NoClient::Limited(wait) => {
                self.hall.counters.note_denial();
                audit.no_client(&asker.peer, "too many wrong tokens came from there");
                limited(wait, "too many wrong tokens came from there")
            }
        }
    }
}

impl Shape {
    fn told(self, answer: &Answer) -> Reply {
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
            (Self::Auth0, Some(_)) => auth0::profile(&answer.user),
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
    let next = "Come again later";
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
