//! [`LoginBody`]: the body of a request that holds a password. It is wiped when dropped.

use http_body_util::BodyExt as _;
use hyper::StatusCode;
use hyper::body::Incoming;
use serde::Deserialize;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::deliver::http::limits::HttpLimits;
use crate::deliver::http::reply::{self, Reply};
use crate::password::WipedText;

/// No request has more bytes; Okta's have some 2,000.
const LARGEST: usize = 64 * 1024;

/// What a step comes to, or the answer that saves the others.
pub(super) type OrReply<T> = Result<T, Box<Reply>>;

/// The body of a request that holds a password.
pub(super) struct LoginBody(Zeroizing<Vec<u8>>);

/// Who wants to log in.
#[derive(Deserialize)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: WipedText,
}

impl LoginBody {
    /// Reads all of it, or gives the answer that says why not.
    pub(super) async fn read(body: Incoming, limits: &HttpLimits) -> OrReply<Self> {
        let read = timeout(limits.body_timeout, collect(body)).await;
        read.unwrap_or_else(|_elapsed| {
            let error = "the body of the request did not arrive in time";
            Err(refused(StatusCode::REQUEST_TIMEOUT, error))
        })
    }

    /// The JSON of this shape; `next` says how it should be written.
    pub(super) fn json<'b, T: Deserialize<'b>>(&'b self, next: &str) -> OrReply<T> {
        // The reader's own error may quote the password.
        serde_json::from_slice(&self.0).map_err(|_| {
            let error = "the body is not the JSON that is read here";
            Box::new(reply::problem(StatusCode::BAD_REQUEST, error, next))
        })
    }
}

async fn collect(mut body: Incoming) -> OrReply<LoginBody> {
    // As large as it may be: what grows would leave copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LARGEST));
    while let Some(frame) = body.frame().await {
        let broken = |_| refused(StatusCode::BAD_REQUEST, "the body of the request broke off");
        let Ok(data) = frame.map_err(broken)?.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > LARGEST {
            let error = "the body of the request is too large";
            return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, error));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(LoginBody(bytes))
}

fn refused(status: StatusCode, error: &str) -> Box<Reply> {
    let next = "Send a user and a password, and nothing else";
    Box::new(reply::problem(status, error, next))
}
