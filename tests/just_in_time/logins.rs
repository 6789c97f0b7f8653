//! Logins over `POST /v1/verify`, and what becomes of the stored values.

use std::fs;
use std::thread;

use super::program::{LEGACY, Program, TARGET, folder, has};
use super::support::keyward;

fn start() -> Program {
    Program::start(folder(), &format!("{TARGET}{LEGACY}"))
}

#[test]
fn a_user_moves_at_the_first_login_and_no_value_is_recorded() {
    if !has("curl") {
        return;
    }
    let mut program = start();
    let wrong = program.verify("jane", "wr0ng-guess");
    assert_eq!(
        (wrong.status, wrong.body.trim()),
        (200, "{\"accepted\":false}")
    );
    assert_eq!(program.stored("jane"), "");
    let first = program.verify("jane", "password");
    assert_eq!(first.body.trim(), "{\"accepted\":true,\"migrated\":true}");
    let stored = program.stored("jane");
    assert!(stored.starts_with("$pbkdf2-sha256$"), "{stored}");
    let second = program.verify("jane", "password");
    assert_eq!(second.body.trim(), "{\"accepted\":true,\"migrated\":false}");
    assert_eq!(program.stored("jane"), stored);
    // eve is in the target, and nobody knows an old password; nobody is a stranger.
    for user in ["eve", "nobody"] {
        assert_eq!(
            program.verify(user, "password").body.trim(),
            "{\"accepted\":false}"
        );
    }
    let expected = [
        ("jane", "rejected"),
        ("jane", "moved"),
        ("jane", "accepted"),
        ("eve", "rejected"),
        ("nobody", "rejected"),
    ];
    let expected = expected.map(|(user, outcome)| (user.to_owned(), outcome.to_owned()));
    assert_eq!(program.logins(), expected);
    let status = program.get("/v1/status").json();
    assert_eq!(status["migration"]["logins"]["moved"], 1);
    assert_eq!(status["migration"]["has_ended"], false);
    let metrics = program.get("/metrics").body;
    let line = "keyward_migration_logins_total{client=\"kratos\",outcome=\"rejected\"} 3";
    assert!(metrics.contains(line), "{metrics}");
    // Who is asked to end ends, and what was written is whole.
    program.signal("-TERM");
    assert!(program.child.wait().unwrap().success());
    let audit = fs::read_to_string(program.fixture.path("audit.jsonl")).unwrap();
    for written in [audit, program.log()] {
        for secret in ["wr0ng-guess", "\"password\"", super::program::TOKEN] {
            assert!(!written.contains(secret), "{secret}: {written}");
        }
    }
    let path = program.fixture.path("users.csv");
    let arguments = [
        "password",
        "verify",
        "--file",
        path.to_str().unwrap(),
        "--json",
    ];
    let verified = keyward(&arguments, "password\n");
    assert!(
        verified.stdout.contains("\"name\":\"jane\""),
        "{verified:?}"
    );
    assert!(verified.stdout.contains("\"ok\":true"), "{verified:?}");
}

#[test]
fn of_logins_at_the_same_time_one_stores() {
    if !has("curl") {
        return;
    }
    let program = start();
    thread::scope(|scope| {
        for user in ["jane", "max"].repeat(4) {
            let program = &program;
            scope.spawn(move || {
                let answer = program.verify(user, "password");
                assert!(answer.body.starts_with("{\"accepted\":true"), "{answer:?}");
            });
        }
    });
    for user in ["jane", "max"] {
        let moved = (user.to_owned(), "moved".to_owned());
        let logins = program.logins();
        assert_eq!(
            logins.iter().filter(|login| **login == moved).count(),
            1,
            "{logins:?}"
        );
        assert!(program.stored(user).starts_with("$pbkdf2-sha256$"));
    }
}

#[test]
fn a_wrapped_value_in_the_target_is_unwrapped_at_login() {
    if !has("curl") {
        return;
    }
    let fixture = folder();
    let users = format!("username,password\njane,{}\n", super::program::SHA);
    fixture.write("users.csv", users);
    let path = fixture.path("users.csv");
    let path = path.to_str().unwrap();
    let arguments = [
        "migrate",
        "wrap",
        path,
        "--to",
        "pbkdf2-sha256",
        "--cost",
        "1000",
    ];
    keyward(&arguments, "").of_success();
    let program = Program::start(fixture, TARGET);
    assert!(program.stored("jane").starts_with("$keyward$"));
    assert_eq!(
        program.verify("jane", "wrong").body.trim(),
        "{\"accepted\":false}"
    );
    let answer = program.verify("jane", "password");
    assert_eq!(answer.body.trim(), "{\"accepted\":true,\"migrated\":true}");
    assert!(program.stored("jane").starts_with("$pbkdf2-sha256$"));
}

#[test]
fn a_store_that_cannot_be_read_is_a_temporary_error_and_no_wrong_password() {
    if !has("curl") {
        return;
    }
    let program = start();
    let path = program.fixture.path("old.ldif");
    let moved = program.fixture.path("away.ldif");
    fs::rename(&path, &moved).unwrap();
    let answer = program.verify("jane", "password");
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.retry_after() >= 1);
    assert!(!answer.body.contains("accepted"));
    let last = program.audit().pop().unwrap();
    assert_eq!(last["outcome"], "unavailable");
    assert!(
        last["reason"].as_str().unwrap().contains("old.ldif"),
        "{last}"
    );
    fs::rename(&moved, &path).unwrap();
    let answer = program.verify("jane", "password");
    assert_eq!(answer.body.trim(), "{\"accepted\":true,\"migrated\":true}");
}
