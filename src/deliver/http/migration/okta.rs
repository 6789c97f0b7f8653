//! `POST /v1/okta`: Okta's password import inline hook.
//!
//! ```text
//! {"data":{"context":{"credential":{"username":"jane","password":"…"}}}, …}
//! 200 {"commands":[{"type":"com.okta.action.update","value":{"credential":"VERIFIED"}}]}      or UNVERIFIED
//! ```
//! Okta asks at the first sign-in of a user who was created with `"password": {"hook": {"type": "default"}}`, and stores the
//! password itself. Source: Okta's "Password import inline hook reference".

use hyper::StatusCode;
use serde::{Deserialize, Serialize};

use super::login_body::{Login, LoginBody, OrReply};
use crate::deliver::http::reply::{self, Reply};
use crate::password::WipedText;

#[derive(Deserialize)]
struct Asked {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    context: Context,
}

#[derive(Deserialize)]
struct Context {
    credential: Credential,
}

#[derive(Deserialize)]
struct Credential {
    username: String,
    password: WipedText,
}

#[derive(Serialize)]
struct Told {
    commands: [Command; 1],
}

#[derive(Serialize)]
struct Command {
    #[serde(rename = "type")]
    kind: &'static str,
    value: Value,
}

#[derive(Serialize)]
struct Value {
    credential: &'static str,
}

pub(super) fn login(body: &LoginBody) -> OrReply<Login> {
    let asked: Asked =
        body.json("Let Okta send it: data.context.credential has username and password")?;
    let credential = asked.data.context.credential;
    Ok(Login {
        user: credential.username,
        password: credential.password,
    })
}

pub(super) fn accepted() -> Reply {
    told("VERIFIED")
}

pub(super) fn rejected() -> Reply {
    told("UNVERIFIED")
}

fn told(credential: &'static str) -> Reply {
    let command = Command {
        kind: "com.okta.action.update",
        value: Value { credential },
    };
    let commands = [command];
    reply::json(StatusCode::OK, &Told { commands })
}
