//! `POST /v1/auth0/login` and `POST /v1/auth0/user`: what the scripts of Auth0's custom database ask.
//!
//! ```text
//! login(identifier, password, callback)   {"identifier":"jane@example.com","password":"…"}   200 profile   401 {"wrong_credentials":true}
//! getUser(identifier, callback)           {"identifier":"jane@example.com"}                  200 profile   404
//! profile                                 {"user_id":"jane@example.com","username":…,"email":…}
//! ```
//! Auth0 runs the scripts, which are in `integrations/auth0/`; with "Import Users to Auth0" it stores the password itself.
//! Source: Auth0's "Login script templates", "Get User script templates" and "Troubleshoot custom databases".

use hyper::StatusCode;
use serde::{Deserialize, Serialize};

use super::login_body::{Login, LoginBody, OrReply};
use crate::deliver::http::reply::{self, Reply};
use crate::password::WipedText;

#[derive(Deserialize)]
struct Asked {
    identifier: String,
    password: WipedText,
}

#[derive(Deserialize)]
struct AskedFor {
    identifier: String,
}

/// Auth0's normalized profile, as far as a store of passwords knows it.
#[derive(Serialize)]
struct Profile<'a> {
    user_id: &'a str,
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
}

#[derive(Serialize)]
struct Wrong {
    wrong_credentials: bool,
}

pub(super) fn login(body: &LoginBody) -> OrReply<Login> {
    let asked: Asked = body.json("Send {\"identifier\": \"…\", \"password\": \"…\"}")?;
    Ok(Login {
        user: asked.identifier,
        password: asked.password,
    })
}

pub(super) fn user(body: &LoginBody) -> OrReply<String> {
    let asked: AskedFor = body.json("Send {\"identifier\": \"…\"}")?;
    Ok(asked.identifier)
}

pub(super) fn profile(user: &str) -> Reply {
    let profile = Profile {
        user_id: user,
        username: user,
        email: user.contains('@').then_some(user),
    };
    reply::json(StatusCode::OK, &profile)
}

/// A token that is not known is answered 401, too: the member tells them apart.
pub(super) fn rejected() -> Reply {
    let wrong_credentials = true;
    reply::json(StatusCode::UNAUTHORIZED, &Wrong { wrong_credentials })
}

pub(super) fn unknown() -> Reply {
    let error = "there is no such user";
    reply::problem(StatusCode::NOT_FOUND, error, "Let Auth0 know none")
}
