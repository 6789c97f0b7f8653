//! Attempts by user and by client, bodies, and what is no request.

use super::program::{LEGACY, Program, TARGET, folder, has};

fn start(limits: &str) -> Program {
    Program::start(folder(), &format!("{TARGET}{LEGACY}{limits}"))
}

#[test]
fn who_guesses_at_a_user_is_refused_and_other_users_go_on() {
    if !has("curl") {
        return;
    }
    let program = start("<limits userAttempts='3' ban='120'/>");
    for _ in 0..3 {
        assert_eq!(program.verify("jane", "wrong").status, 200);
    }
    let refused = program.verify("jane", "password");
    assert_eq!(refused.status, 429);
    assert!((100..=120).contains(&refused.retry_after()), "{refused:?}");
    assert!(!refused.body.contains("accepted"));
    assert_eq!(program.stored("jane"), "");
    assert!(
        program
            .verify("max", "password")
            .body
            .contains("\"migrated\":true")
    );
    // A right password begins anew.
    for _ in 0..6 {
        assert_eq!(program.verify("max", "password").status, 200);
    }
    assert_eq!(
        program
            .audit()
            .iter()
            .filter(|line| line["outcome"] == "limited")
            .count(),
        1
    );
}

#[test]
fn kratos_is_told_without_an_order_to_wait() {
    if !has("curl") {
        return;
    }
    let program = start("<limits userAttempts='1' ban='120'/>");
    let ask = || program.post("/v1/kratos", r#"{"identifier":"jane","password":"wrong"}"#);
    assert_eq!(ask().status, 403);
    let limited = ask();
    assert_eq!(limited.status, 423, "{limited:?}");
    assert!(!limited.head.contains("retry-after"), "{limited:?}");
}

#[test]
fn a_client_that_asks_too_often_is_refused() {
    if !has("curl") {
        return;
    }
    let program = start("<limits clientAttempts='2' ban='600'/>");
    assert_eq!(program.verify("jane", "wrong").status, 200);
    assert_eq!(program.get("/v1/keycloak/jane").status, 200);
    let limited = program.verify("max", "wrong");
    assert_eq!(limited.status, 429);
    // Until the minute is over, and no longer: one client is a whole platform.
    assert!(limited.retry_after() <= 60, "{limited:?}");
    // Monitoring goes on.
    assert_eq!(program.get("/v1/status").status, 200);
}

#[test]
fn what_is_no_request_is_told_so_without_quoting_it() {
    if !has("curl") {
        return;
    }
    let program = start("");
    let cases = [
        (
            "/v1/verify",
            "{\"username\":\"jane\",\"password\":\"s3cret",
            400,
        ),
        (
            "/v1/verify",
            "{\"username\":\"jane\",\"password\":[\"s3cret\"]}",
            400,
        ),
        (
            "/v1/verify",
            "{\"identifier\":\"jane\",\"password\":\"s3cret\"}",
            400,
        ),
        (
            "/v1/okta",
            "{\"data\":{\"credential\":{\"password\":\"s3cret\"}}}",
            400,
        ),
        ("/v1/keycloak/jane", "\"s3cret\"", 400),
        ("/v1/keycloak/j%ffane", "{\"password\":\"s3cret\"}", 400),
        ("/v1/secrets/s3cret", "{}", 404),
        ("/v1/status", "{}", 405),
    ];
    for (path, body, status) in cases {
        let answer = program.post(path, body);
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert!(answer.body.contains("\"next\":"), "{answer:?}");
        assert!(!answer.body.contains("s3cret"), "{answer:?}");
    }
    assert_eq!(program.get("/v1/verify").status, 405);
    let large = format!(
        "{{\"username\":\"jane\",\"password\":\"{}\"}}",
        "x".repeat(70_000)
    );
    assert_eq!(program.post("/v1/verify", &large).status, 413);
    // Neither too long a name nor a zero byte is looked up.
    for user in ["x".repeat(2000), "ja\0ne".to_owned()] {
        assert_eq!(
            program.verify(&user, "x").body.trim(),
            "{\"accepted\":false}"
        );
    }
    let longest = program
        .logins()
        .into_iter()
        .map(|(user, _)| user.len())
        .max();
    assert_eq!(longest, Some(1024));
    let escaped = r#"{"username":"jane","password":"\u0070assword"}"#;
    assert!(
        program
            .post("/v1/verify", escaped)
            .body
            .contains("\"migrated\":true")
    );
    assert!(!program.log().contains("s3cret"));
}
