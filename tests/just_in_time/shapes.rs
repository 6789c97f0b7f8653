//! The shapes in which platforms ask.

use std::process::Command;

use super::program::{Answer, LEGACY, Program, TOKEN, certificate, folder, has};
use super::support::repository;

/// The platforms store the password themselves.
const NO_STORE: &str = r#"<target to="pbkdf2-sha256" cost="1000"/>"#;

fn start() -> Program {
    Program::start(folder(), &format!("{NO_STORE}{LEGACY}"))
}

fn assert_answer(answer: &Answer, status: u16, body: &str) {
    assert_eq!((answer.status, answer.body.trim()), (status, body));
    assert!(
        answer.head.contains("content-type: application/json"),
        "{answer:?}"
    );
}

#[test]
fn ory_kratos_and_okta_get_the_answers_of_their_hooks() {
    if !has("curl") {
        return;
    }
    let program = start();
    let kratos = |password: &str| {
        let body = format!(r#"{{"identifier":"jane","password":"{password}"}}"#);
        program.post("/v1/kratos", &body)
    };
    assert_answer(&kratos("password"), 200, r#"{"status":"password_match"}"#);
    assert_answer(&kratos("wrong"), 403, r#"{"status":"password_mismatch"}"#);
    let okta = |password: &str| {
        let body = format!(
            r#"{{"eventId":"3o9jBzq1SmOGmmsDsqyyeQ","eventTime":"2026-11-22T09:00:00.000Z","eventType":
                "com.okta.user.credential.password.import","eventTypeVersion":"1.0","contentType":"application/json","cloudEventVersion":"0.1",
                "source":"https://example.okta.com/api/v1/inlineHooks/cal2xd5phv9fsPLcF0g7","data":{{"context":{{"request":{{"id":
                "XdIwHBAyBCqWmRABWiwkRQAADoc","method":"POST"}},"credential":{{"username":"jane","password":"{password}"}}}},
                "action":{{"credential":"UNVERIFIED"}}}}}}"#
        );
        program.post("/v1/okta", &body)
    };
    let command = |credential: &str| {
        format!(
            r#"{{"commands":[{{"type":"com.okta.action.update","value":{{"credential":"{credential}"}}}}]}}"#
        )
    };
    assert_answer(&okta("password"), 200, &command("VERIFIED"));
    assert_answer(&okta("wrong"), 200, &command("UNVERIFIED"));
}

#[test]
fn keycloak_finds_users_and_checks_their_passwords() {
    if !has("curl") {
        return;
    }
    let program = start();
    let found = program.get("/v1/keycloak/jane");
    assert_answer(
        &found,
        200,
        r#"{"username":"jane","enabled":true,"emailVerified":false}"#,
    );
    assert_eq!(program.get("/v1/keycloak/nobody").status, 404);
    let check = |user: &str, password: &str| {
        let body = format!(r#"{{"password":"{password}"}}"#);
        program.post(&format!("/v1/keycloak/{user}"), &body).status
    };
    assert_eq!(check("j%61ne", "password"), 200);
    // Whether there is such a user is not told here.
    assert_eq!(check("jane", "wrong"), 401);
    assert_eq!(check("nobody", "password"), 401);
}

/// What Auth0 runs a script with; the script's text is put in front.
const AUTH0: &str = r#"
const [, operation, user, password] = process.argv;
const done = (error, profile) => console.log(error ? `${error.constructor.name}: ${error.message}` : JSON.stringify(profile ?? null));
operation === "login" ? login(user, password, done) : getUser(user, done);
"#;

fn auth0(program: &Program, arguments: &[&str], token: &str) -> String {
    let script = |name: &str| std::fs::read_to_string(repository().join(name)).unwrap();
    let text = format!(
        "class WrongUsernameOrPasswordError extends Error {{}}\n\
         const configuration = {{ KEYWARD_URL: process.env.KEYWARD_URL, KEYWARD_TOKEN: process.env.KEYWARD_TOKEN }};\n\
         {}\n{}\n{AUTH0}",
        script("integrations/auth0/login.js"),
        script("integrations/auth0/get_user.js"),
    );
    let output = Command::new("node")
        .args(["--eval", &text, "--"])
        .args(arguments)
        .env("KEYWARD_URL", program.url(""))
        .env("KEYWARD_TOKEN", token)
        .env("NODE_EXTRA_CA_CERTS", certificate("authority.pem"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn the_scripts_for_auth0_tell_a_wrong_password_from_a_failure() {
    if !has("node") {
        return;
    }
    let program = start();
    let jane = r#"{"user_id":"jane","username":"jane"}"#;
    assert_eq!(auth0(&program, &["login", "jane", "password"], TOKEN), jane);
    assert_eq!(
        auth0(&program, &["login", "jane", "wrong"], TOKEN),
        "WrongUsernameOrPasswordError: jane"
    );
    assert_eq!(auth0(&program, &["getUser", "jane"], TOKEN), jane);
    assert_eq!(auth0(&program, &["getUser", "nobody"], TOKEN), "null");
    for arguments in [
        ["login", "jane", "password"].as_slice(),
        &["getUser", "jane"],
    ] {
        assert_eq!(
            auth0(&program, arguments, "no-token"),
            "Error: the migration service answers with status 401"
        );
    }
}
