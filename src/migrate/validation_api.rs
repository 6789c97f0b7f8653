//! [`ValidationApi`]: a customer's service that says whether a password is right.
//!
//! ```text
//! POST https://old.example/check            {"username":"jane","password":"…"}    Authorization: Bearer …
//!   an accepted status, and the member     right
//!   a rejected status, another member      wrong
//!   an unknown status                      no such user
//!   no answer in time, any other status    a failure of the API: nobody can say at present
//! GET https://old.example/users/jane        2xx: there is such a user, 404: there is none; asked for `knows`, if configured
//! ```
//! Neither redirects nor proxies of the environment are followed: a password goes nowhere but where the configuration says. What TLS and ureq hold of a request
//! while it is sent is not wiped.

use std::sync::{Arc, Mutex, PoisonError};

use base64ct::{Base64, Encoding as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rustls::crypto::ring;
use serde_json::Value;
use ureq::http::Response;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};
use ureq::{Agent, Body, RequestBuilder};
use zeroize::Zeroizing;

use super::{Account, Found, Judgement, LegacySource, MigrateError, Work};
use crate::Secret;
use crate::document::{AnswerMember, ApiMethod, ApiSettings};
use crate::password::{JsonMember, json_object};

/// What stands for the user's name in the URL.
const USER: &str = "{user}";
/// The longest answer that is looked into, in bytes.
const LONGEST_ANSWER: u64 = 64 << 10;

/// What an API is shown and known by.
pub trait ApiCredentials: Send + Sync {
    /// Another number when what follows may have changed.
    fn revision(&self) -> u64;

    /// The token of `Authorization: Bearer`, if there is to be one.
    ///
    /// # Errors
    /// Why it cannot be had, with the next step.
    fn token(&self) -> Result<Option<Secret>, String>;

    /// The client certificate and its key, if there is to be one. They belong together.
    ///
    /// # Errors
    /// Why they cannot be had, with the next step.
    fn identity(&self) -> Result<Option<ApiIdentity>, String>;

    /// The certificates (DER) of the authorities that the API is known by; those of the system, if none.
    ///
    /// # Errors
    /// Why they cannot be had, with the next step.
    fn authorities(&self) -> Result<Option<Vec<Vec<u8>>>, String>;
}

/// A client certificate and its private key.
pub struct ApiIdentity {
    /// The certificate and those that lead to its authority (DER).
    pub certificates: Vec<Vec<u8>>,
    /// The key (PKCS#8, DER).
    pub key: Secret,
}

/// A customer's service that says whether a password is right.
pub struct ValidationApi {
    settings: ApiSettings,
    credentials: Box<dyn ApiCredentials>,
    agent: Mutex<Option<(u64, Agent)>>,
}

impl ValidationApi {
    /// The API of these settings.
    #[must_use]
    pub fn new(settings: ApiSettings, credentials: Box<dyn ApiCredentials>) -> Self {
        Self {
            settings,
            credentials,
            agent: Mutex::default(),
        }
    }

    /// The agent of the present keys.
    fn agent(&self) -> Result<Agent, MigrateError> {
        let revision = self.credentials.revision();
        let mut kept = self.agent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, agent)) = &*kept
            && *of == revision
        {
            return Ok(agent.clone());
        }
        let agent = self.new_agent().map_err(|reason| self.failed(reason))?;
        *kept = Some((revision, agent.clone()));
        Ok(agent)
    }

    fn new_agent(&self) -> Result<Agent, String> {
        let mut tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .root_certs(RootCerts::PlatformVerifier);
        if let Some(authorities) = self.credentials.authorities()? {
            let authorities = authorities.iter().map(|der| Certificate::from_der(der));
            let authorities = authorities.map(|certificate| certificate.to_owned());
            tls = tls.root_certs(RootCerts::from(authorities));
        }
        if let Some(ApiIdentity { certificates, key }) = self.credentials.identity()? {
            let chain = certificates.iter();
            let chain = chain.map(|der| Certificate::from_der(der).to_owned());
            let chain: Vec<_> = chain.collect();
            let key = PrivateKey::from_pem(pem(&key).as_bytes());
            let key = key.map_err(
                |_| "its client's private key is of a kind that TLS is not offered with here",
            )?;
            tls = tls.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
        }
        let agent = Agent::config_builder()
            .tls_config(tls.build())
            .timeout_global(Some(self.settings.timeout))
            .http_status_as_error(false)
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("keyward/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(agent.into())
    }

    fn ask(&self, user: &str, password: &Secret) -> Result<Response<Body>, MigrateError> {
        let Ok(password) = password.expose_text() else {
            return Err(self.failed("the password is no text, and a JSON string cannot hold it"));
        };
        let settings = &self.settings;
        let mut members = Vec::new();
        if !settings.url.contains(USER) {
            members.push((settings.user_member.as_str(), JsonMember::Text(user)));
        }
        let password = JsonMember::Text(password);
        members.push((settings.password_member.as_str(), password));
        let body = json_object(&members);
        let (agent, url) = (self.agent()?, with_user(&settings.url, user));
        let request = match settings.method {
            ApiMethod::Post => agent.post(&url),
            ApiMethod::Put => agent.put(&url),
        };
        let request = request.header("Content-Type", "application/json");
        let answer = self.with_token(request)?.send(body.as_bytes());
        answer.map_err(|error| self.failed(in_words(&error)))
    }

    fn with_token<B>(&self, request: RequestBuilder<B>) -> Result<RequestBuilder<B>, MigrateError> {
        let request = request.header("Accept", "application/json");
        let token = self.credentials.token();
        let Some(token) = token.map_err(|reason| self.failed(reason))? else {
            return Ok(request);
        };
        let token = token.expose_text();
        let token = token.map_err(|_| self.failed("the token is no text"))?;
        let bearer = Zeroizing::new(format!("Bearer {token}"));
        Ok(request.header("Authorization", bearer.as_str()))
    }

    /// The JSON of an answer; none where nothing in it is looked for, so that it may be anything.
    fn json(&self, mut answer: Response<Body>) -> Result<Option<Value>, MigrateError> {
        let body = answer.body_mut().with_config().limit(LONGEST_ANSWER);
        // It is read all the same: then the connection can be used again.
        let body = body.read_to_vec();
        if self.settings.answer.is_none() && self.settings.name_member.is_none() {
            return Ok(None);
        }
        let body = body.map_err(|error| self.failed(in_words(&error)))?;
        let json = serde_json::from_slice(&body);
        json.map(Some).map_err(|_| {
            self.failed("its answer is no JSON, and answerMember or nameMember is to be looked for")
        })
    }

    /// What it calls the user itself, if it is to say that.
    fn name_in(&self, answer: Option<&Value>) -> Result<Option<String>, MigrateError> {
        let Some(name) = &self.settings.name_member else {
            return Ok(None);
        };
        match answer.and_then(|answer| member(answer, name)) {
            Some(Value::String(user)) if !user.is_empty() => Ok(Some(user.clone())),
            _ => Err(self.failed(format!(
                "its answer has no text {name}, which nameMember names"
            ))),
        }
    }

    fn failed(&self, reason: impl Into<String>) -> MigrateError {
        MigrateError::Unavailable {
            store: self.name(),
            reason: reason.into(),
        }
    }
}

impl LegacySource for ValidationApi {
    fn name(&self) -> String {
        let url = self.settings.url.as_str();
        url.split(['?', '#']).next().unwrap_or(url).to_owned()
    }

    fn judge(
        &self,
        user: &str,
        _account: Option<&Account>,
        password: &Secret,
        _work: &mut Work<'_>,
    ) -> Result<Judgement, MigrateError> {
        let settings = &self.settings;
        let answer = self.ask(user, password)?;
        let status = answer.status().as_u16();
        if settings.unknown.contains(&status) {
            return Ok(Judgement::Unknown);
        }
        if settings.rejected.contains(&status) {
            return Ok(Judgement::Wrong);
        }
        if !settings.accepted.contains(&status) {
            return Err(self.failed(format!(
                "it answers with status {status}, which says neither right nor wrong. See its log, or name the status in accepted, \
                 rejected or unknown"
            )));
        }
        let answer = self.json(answer)?;
        let says =
            |expected: &AnswerMember| answer.as_ref().is_some_and(|answer| says(answer, expected));
        if settings
            .answer
            .as_ref()
            .is_some_and(|expected| !says(expected))
        {
            return Ok(Judgement::Wrong);
        }
        Ok(Judgement::Right(self.name_in(answer.as_ref())?))
    }

    fn find(&self, _user: &str) -> Result<Found, MigrateError> {
        Ok(Found::Untold)
    }

    fn knows(&self, user: &str) -> Result<Option<String>, MigrateError> {
        let Some(url) = &self.settings.exists_url else {
            return Ok(None);
        };
        let request = self.agent()?.get(with_user(url, user));
        let answer = self.with_token(request)?.call();
        let answer = answer.map_err(|error| self.failed(in_words(&error)))?;
        match answer.status().as_u16() {
            200..300 => {
                let answer = self.json(answer)?;
                let name = self.name_in(answer.as_ref())?;
                Ok(Some(name.unwrap_or_else(|| user.to_owned())))
            }
            404 => Ok(None),
            status => Err(self.failed(format!(
                "it answers with status {status} whether there is a user. Let existsUrl answer 200 or 404"
            ))),
        }
    }
}

fn with_user(url: &str, user: &str) -> String {
    let name = utf8_percent_encode(user, NON_ALPHANUMERIC).to_string();
    url.replace(USER, &name)
}

/// The value of a member, or of one within another.
fn member<'a>(answer: &'a Value, name: &str) -> Option<&'a Value> {
    let mut names = name.split('.');
    names.try_fold(answer, |within, name| within.get(name))
}

fn says(answer: &Value, AnswerMember { name, value }: &AnswerMember) -> bool {
    match member(answer, name) {
        Some(Value::String(text)) => text == value,
        Some(other) => {
            let text = other.to_string();
            text == *value
        }
        None => false,
    }
}

/// ureq takes a key in this form alone.
fn pem(key: &Secret) -> Zeroizing<String> {
    let encoded = Zeroizing::new(Base64::encode_string(key.expose_bytes()));
    let (head, foot) = (
        "-----BEGIN PRIVATE KEY-----\n",
        "\n-----END PRIVATE KEY-----\n",
    );
    let mut text = Zeroizing::new(String::with_capacity(
        head.len() + encoded.len() + foot.len(),
    ));
    text.push_str(head);
    text.push_str(&encoded);
    text.push_str(foot);
    text
}

/// Never a part of the request.
fn in_words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => {
            "it does not answer in time. See whether it is overloaded, or raise timeout".to_owned()
        }
        ureq::Error::HostNotFound => {
            "its host is not known. Check the URL and the name service".to_owned()
        }
        ureq::Error::ConnectionFailed => {
            "it cannot be connected to. See whether it runs".to_owned()
        }
        ureq::Error::Io(reason) => format!("it cannot be asked: {reason}"),
        ureq::Error::Rustls(reason) => format!("TLS with it fails: {reason}"),
        ureq::Error::BodyExceedsLimit(most) => format!("its answer has more than {most} bytes"),
        _ => "it cannot be asked, or does not answer in HTTP".to_owned(),
    }
}
