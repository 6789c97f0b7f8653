//! The shapes of an answer: a secret, JSON, events, an error with its next step.

use std::sync::Arc;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, RETRY_AFTER, VARY,
};
use hyper::{HeaderMap, Response, StatusCode};
use serde::Serialize;
use tokio::sync::mpsc;

use super::body::Body;
use super::negotiation::{Form, has_already};
use super::places::Crowded;
use crate::secret::Secret;
use crate::service::Served;

pub(super) type Reply = Response<Body>;

const GENERATION: HeaderName = HeaderName::from_static("keyward-generation");
const STATE: HeaderName = HeaderName::from_static("keyward-state");
/// A value of one byte may become six: `\u0000`.
const LONGEST_ESCAPE: usize = 6;

#[derive(Serialize)]
struct Problem<'text> {
    error: &'text str,
    next: &'text str,
}

#[derive(Serialize)]
struct SecretAsJson<'a> {
    alias: &'a str,
    value: &'a str,
    generation: u64,
    keystore: &'a str,
    state: &'static str,
}

/// Lends a secret's bytes to the body of an answer: they are not copied, and are wiped with the secret.
struct Lent(Arc<Secret>);

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        self.0.expose_bytes()
    }
}

/// The secret as the peer wants it, or 304 if it has it already.
pub(super) fn secret(alias: &str, served: &Served, instance: &str, headers: &HeaderMap) -> Reply {
    let form = Form::wanted(headers);
    let tag = tag(served, instance, form);
    let mut reply = if has_already(headers, &tag) {
        let mut reply = Response::new(Body::Whole(Full::default()));
        *reply.status_mut() = StatusCode::NOT_MODIFIED;
        let no_store = HeaderValue::from_static("no-store");
        reply.headers_mut().insert(CACHE_CONTROL, no_store);
        reply
    } else {
        match form {
            Form::Raw => {
                let body = Bytes::from_owner(Lent(Arc::clone(&served.secret)));
                reply(StatusCode::OK, "application/octet-stream", body)
            }
            Form::Json => match as_json(alias, served) {
                Some(body) => reply(StatusCode::OK, "application/json", body),
                None => return not_text(),
            },
        }
    };
    let headers = reply.headers_mut();
    headers.insert(GENERATION, HeaderValue::from(served.generation));
    headers.insert(STATE, HeaderValue::from_static(served.freshness.as_str()));
    headers.insert(VARY, HeaderValue::from_static("Accept"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    reply
}

/// Tells one value from another without saying anything about either: the run of the service, and the
/// generation that first had the value. JSON also holds what may change while the value does not.
fn tag(served: &Served, instance: &str, form: Form) -> String {
    let since = served.since;
    match form {
        Form::Raw => format!("\"{instance}-{since}\""),
        Form::Json => format!("W/\"{instance}-{since}-json\""),
    }
}

/// The text is wiped with the answer. `None` if the secret is not text.
fn as_json(alias: &str, served: &Served) -> Option<Bytes> {
    let json = SecretAsJson {
        alias,
        value: served.secret.expose_text().ok()?,
        generation: served.generation,
        keystore: &served.keystore,
        state: served.freshness.as_str(),
    };
    let names = alias.len() + served.keystore.len() + served.secret.len();
    // Large enough, so that no part of the value stays behind in a smaller buffer.
    let mut text = Vec::with_capacity(LONGEST_ESCAPE * names + 256);
    serde_json::to_writer(&mut text, &json).ok()?;
    text.push(b'\n');
    Some(Bytes::from_owner(Lent(Arc::new(Secret::new(text)))))
}

fn not_text() -> Reply {
    problem(
        StatusCode::NOT_ACCEPTABLE,
        "this secret is not UTF-8 text, so that JSON cannot hold it",
        "Ask for it without application/json in Accept",
    )
}

/// `value` as JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Reply {
    match serde_json::to_vec(value) {
        Ok(mut text) => {
            text.push(b'\n');
            reply(status, "application/json", Bytes::from(text))
        }
        Err(_) => reply(
            StatusCode::INTERNAL_SERVER_ERROR,
            "application/json",
            Bytes::new(),
        ),
    }
}

/// Metrics as Prometheus reads them.
pub(super) fn metrics(text: String) -> Reply {
    reply(
        StatusCode::OK,
        "text/plain; version=0.0.4; charset=utf-8",
        Bytes::from(text),
    )
}

/// Events as they come.
pub(super) fn events(events: mpsc::Receiver<Bytes>) -> Reply {
    let mut reply = reply(StatusCode::OK, "text/event-stream", Bytes::new());
    *reply.body_mut() = Body::Events(events);
    reply
}

/// What is wrong and what to do about it.
pub(super) fn problem(status: StatusCode, error: &str, next: &str) -> Reply {
    json(status, &Problem { error, next })
}

/// The resource is there and does not answer to this method.
pub(super) fn method_not_allowed(allowed: &'static str) -> Reply {
    let error = "this resource does not answer to this method";
    let next = format!("Use {allowed}");
    let mut reply = problem(StatusCode::METHOD_NOT_ALLOWED, error, &next);
    reply
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static(allowed));
    reply
}

/// There is no place for another one who waits.
pub(super) fn too_many_subscribers(crowded: Crowded) -> Reply {
    let (status, error) = match crowded {
        Crowded::Peer => (
            StatusCode::TOO_MANY_REQUESTS,
            "this user or certificate has as many requests that wait for changes as one may have",
        ),
        Crowded::All => (
            StatusCode::SERVICE_UNAVAILABLE,
            "as many requests wait for changes as the service can bear",
        ),
    };
    let mut reply = problem(status, error, "Share one, or come again later");
    reply
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("10"));
    reply
}

/// Why there is no place for another connection.
pub(super) fn crowded(crowded: Crowded) -> (StatusCode, &'static str) {
    match crowded {
        Crowded::Peer => (
            StatusCode::TOO_MANY_REQUESTS,
            "this user or certificate has as many connections as one may have",
        ),
        Crowded::All => (
            StatusCode::SERVICE_UNAVAILABLE,
            "as many are connected as the service can bear",
        ),
    }
}

/// An answer to a connection on which no request is read any more.
pub(super) fn raw(status: StatusCode, error: &str, next: &str) -> Vec<u8> {
    // Texts always have a JSON text.
    let body = serde_json::to_string(&Problem { error, next }).unwrap_or_default();
    let length = body.len() + 1;
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncache-control: no-store\r\nretry-after: 1\r\n\
         connection: close\r\ncontent-length: {length}\r\n\r\n{body}\n"
    )
    .into_bytes()
}

fn reply(status: StatusCode, content_type: &'static str, body: Bytes) -> Reply {
    let mut reply = Response::new(Body::Whole(Full::new(body)));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}
