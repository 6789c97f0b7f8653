//! `GET` and `POST /v1/keycloak/{user}`: what the Keycloak extension daniel-frak/keycloak-user-migration asks.
//!
//! ```text
//! GET  {uri}/{user}                        200 {"username":"jane","enabled":true,…}     404
//! POST {uri}/{user}  {"password":"…"}      200                                          401
//! ```
//! The `Rest client URI` of the extension is `https://…/v1/keycloak`. It asks for a user whom the realm does not have, lets
//! Keycloak make the user, and after the first right password the realm's own database has the password. A wrong password and
//! an unknown user have the same answer to `POST`. Source: the README of daniel-frak/keycloak-user-migration.

use hyper::StatusCode;
use serde::{Deserialize, Serialize};

use super::login_body::{LoginBody, OrReply};
use crate::deliver::http::reply::{self, Reply};
use crate::password::WipedText;

#[derive(Deserialize)]
struct Asked {
    password: WipedText,
}

/// Members that are left out are optional for the extension.
#[derive(Serialize)]
struct LegacyUser<'a> {
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    enabled: bool,
    #[serde(rename = "emailVerified")]
    is_email_verified: bool,
}

#[derive(Serialize)]
struct Told {
    accepted: bool,
}

pub(super) fn password(body: &LoginBody) -> OrReply<WipedText> {
    let asked: Asked = body.json("Send {\"password\": \"…\"}")?;
    Ok(asked.password)
}

pub(super) fn user(name: &str) -> Reply {
    let user = LegacyUser {
        username: name,
        email: name.contains('@').then_some(name),
        enabled: true,
        is_email_verified: false,
    };
    reply::json(StatusCode::OK, &user)
}

pub(super) fn unknown() -> Reply {
    let error = "there is no such user";
    reply::problem(StatusCode::NOT_FOUND, error, "Let Keycloak know none")
}

pub(super) fn accepted() -> Reply {
    reply::json(StatusCode::OK, &Told { accepted: true })
}

pub(super) fn rejected() -> Reply {
    reply::json(StatusCode::UNAUTHORIZED, &Told { accepted: false })
}
