//! `POST /v1/kratos`: Ory Kratos' password migration hook.
//!
//! ```text
//! {"identifier":"jane","password":"…"}    200 {"status":"password_match"}
//!                                         403 {"status":"password_mismatch"}
//! ```
//! Kratos takes 403 as invalid credentials, any other status but 200 as a failure of the hook. It is asked for identities
//! with `use_password_migration_hook`, and stores the password itself. Its client (hashicorp/go-retryablehttp) sends again
//! what was answered 429 or 5xx, and waits as long before as `Retry-After` says, a ban of minutes too: so there is no such
//! header here, and too many attempts are 423. Source: `selfservice/hook/password_migration_hook.go` of ory/kratos.

use hyper::StatusCode;
use hyper::header::RETRY_AFTER;
use serde::{Deserialize, Serialize};

use super::login_body::{Login, LoginBody, OrReply};
use crate::deliver::http::reply::{self, Reply};
use crate::password::WipedText;

#[derive(Deserialize)]
struct Asked {
    identifier: String,
    password: WipedText,
}

#[derive(Serialize)]
struct Told {
    status: &'static str,
}

pub(super) fn login(body: &LoginBody) -> OrReply<Login> {
    let asked: Asked = body.json("Send {\"identifier\": \"…\", \"password\": \"…\"}")?;
    Ok(Login {
        user: asked.identifier,
        password: asked.password,
    })
}

pub(super) fn accepted() -> Reply {
    let status = "password_match";
    reply::json(StatusCode::OK, &Told { status })
}

pub(super) fn rejected() -> Reply {
    let status = "password_mismatch";
    reply::json(StatusCode::FORBIDDEN, &Told { status })
}

/// An answer that Kratos' client does not wait for.
pub(super) fn without_waiting(mut reply: Reply) -> Reply {
    reply.headers_mut().remove(RETRY_AFTER);
    if reply.status() == StatusCode::TOO_MANY_REQUESTS {
        *reply.status_mut() = StatusCode::LOCKED;
    }
    reply
}
