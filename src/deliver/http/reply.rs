//! The shapes of an answer: a secret, JSON, an error with its next step.

use std::sync::Arc;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;

use crate::secret::Secret;
use crate::service::{Freshness, Served};

pub(super) type Reply = Response<Full<Bytes>>;

const GENERATION: HeaderName = HeaderName::from_static("keyward-generation");
const STATE: HeaderName = HeaderName::from_static("keyward-state");

#[derive(Serialize)]
struct Problem<'text> {
    error: &'text str,
    next: &'text str,
}

/// Lends a secret's bytes to the body of an answer: they are not copied, and are wiped with the secret.
struct Lent(Arc<Secret>);

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        self.0.expose_bytes()
    }
}

/// The secret's bytes and nothing else.
pub(super) fn secret(served: Served) -> Reply {
    let generation = HeaderValue::from(served.generation);
    let state = state_value(served.freshness);
    let etag = HeaderValue::from_str(&format!("\"{}\"", served.generation));
    let body = Bytes::from_owner(Lent(served.secret));
    let mut reply = reply(StatusCode::OK, "application/octet-stream", body);
    let headers = reply.headers_mut();
    headers.insert(GENERATION, generation);
    headers.insert(STATE, state);
    if let Ok(etag) = etag {
        headers.insert(ETAG, etag);
    }
    reply
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

fn reply(status: StatusCode, content_type: &'static str, body: Bytes) -> Reply {
    let mut reply = Response::new(Full::new(body));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

fn state_value(freshness: Freshness) -> HeaderValue {
    HeaderValue::from_static(freshness.as_str())
}
