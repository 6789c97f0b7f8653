//! `POST /v1/verify`: keyward's own shape.
//!
//! ```text
//! {"username":"jane","password":"…"}    200 {"accepted":true,"migrated":true}
//!                                       200 {"accepted":false}
//! ```

use hyper::StatusCode;
use serde::{Deserialize, Serialize};

use super::login_body::{Login, LoginBody, OrReply};
use crate::deliver::http::reply::{self, Reply};
use crate::password::WipedText;

#[derive(Deserialize)]
struct Asked {
    username: String,
    password: WipedText,
}

#[derive(Serialize)]
struct Accepted {
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    migrated: Option<bool>,
}

pub(super) fn login(body: &LoginBody) -> OrReply<Login> {
    let asked: Asked = body.json("Send {\"username\": \"…\", \"password\": \"…\"}")?;
    Ok(Login {
        user: asked.username,
        password: asked.password,
    })
}

/// `migrated` where the password is right.
pub(super) fn reply(migrated: Option<bool>) -> Reply {
    let accepted = migrated.is_some();
    reply::json(StatusCode::OK, &Accepted { accepted, migrated })
}
