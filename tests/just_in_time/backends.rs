//! A customer's validation API: what it is asked, what its answers mean, and when it is slow or fails.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::program::{Program, TARGET, folder, has};

/// An API over plain HTTP that answers by what `answer` makes of user and password: a status and a body; status 0 is no answer.
struct Api {
    address: SocketAddr,
    /// The heads and bodies of its requests.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Api {
    fn start(answer: impl Fn(&str) -> (u16, &'static str) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (Arc::clone(&requests), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                thread::spawn(move || converse(stream, &seen, &*answer));
            }
        });
        Self { address, requests }
    }

    fn legacy(&self, path: &str, attributes: &str) -> String {
        format!(
            "{TARGET}<legacy><api url='http://{}{path}' {attributes}/></legacy>",
            self.address
        )
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn converse(
    mut stream: TcpStream,
    seen: &Mutex<Vec<String>>,
    answer: &dyn Fn(&str) -> (u16, &'static str),
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut request = String::new();
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or_default() == 0 {
                return;
            }
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            }
            request.push_str(&lower);
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let body = String::from_utf8(body).unwrap();
        write!(request, "{body}").unwrap();
        seen.lock().unwrap().push(request);
        let (status, text) = answer(&body);
        if status == 0 {
            // Says nothing until the other end gives up.
            let _ = reader.read(&mut [0]);
            return;
        }
        let length = text.len();
        let location = "Location: http://127.0.0.1:9/";
        let _ = write!(
            stream,
            "HTTP/1.1 {status} X\r\n{location}\r\nContent-Length: {length}\r\n\r\n{text}"
        );
    }
}

fn is_right(body: &str) -> bool {
    body.contains("\"password\":\"pass\\\"word\"")
}

#[test]
fn an_api_accepts_rejects_and_does_not_know() {
    if !has("curl") {
        return;
    }
    let api = Api::start(|body| match body {
        body if body.contains("nobody") => (404, ""),
        body if is_right(body) => (200, "{}"),
        _ => (401, ""),
    });
    let program = Program::start(
        folder(),
        &api.legacy(
            "/check",
            "tokenAlias='api-token' rejected='401' unknown='404'",
        ),
    );
    assert_eq!(
        program.verify("jane", "wrong").body.trim(),
        "{\"accepted\":false}"
    );
    assert_eq!(
        program.verify("nobody", "pass\"word").body.trim(),
        "{\"accepted\":false}"
    );
    let answer = program.verify("jane", "pass\"word");
    assert_eq!(answer.body.trim(), "{\"accepted\":true,\"migrated\":true}");
    let asked = api.requests().len();
    assert_eq!(asked, 3);
    // Who has moved is no longer the API's affair.
    assert!(
        program
            .verify("jane", "pass\"word")
            .body
            .contains("\"accepted\":true")
    );
    assert!(
        program
            .verify("jane", "wrong")
            .body
            .contains("\"accepted\":false")
    );
    assert_eq!(api.requests().len(), asked);
    let first = &api.requests()[0];
    assert!(first.starts_with("post /check http/1.1\r\n"), "{first}");
    assert!(
        first.contains("authorization: bearer api-t0ken\r\n"),
        "{first}"
    );
    assert!(
        first.ends_with("\r\n\r\n{\"username\":\"jane\",\"password\":\"wrong\"}"),
        "{first}"
    );
}

#[test]
fn what_means_accepted_is_said_by_status_and_member() {
    if !has("curl") {
        return;
    }
    let api = Api::start(|body| match body {
        body if body.contains("no-json") => (202, "ok"),
        body if body.contains("right") => (202, r#"{"data":{"state":"ok"}}"#),
        _ => (202, r#"{"data":{"state":"denied"}}"#),
    });
    let attributes = "method='PUT' passwordMember='secret' accepted='202' answerMember='data.state' answerValue='ok'";
    let program = Program::start(folder(), &api.legacy("/u/{user}/check", attributes));
    assert!(
        program
            .verify("jane", "wrong")
            .body
            .contains("\"accepted\":false")
    );
    assert!(
        program
            .verify("m x/ü", "right")
            .body
            .contains("\"accepted\":true")
    );
    assert_eq!(program.verify("jane", "no-json").status, 503);
    let requests = api.requests();
    let expected = "put /u/m%20x%2f%c3%bc/check http/1.1\r\n";
    assert!(requests[1].starts_with(expected), "{requests:?}");
    assert!(
        requests[1].ends_with("\r\n\r\n{\"secret\":\"right\"}"),
        "{requests:?}"
    );
}

#[test]
fn an_api_that_is_slow_fails_or_leads_elsewhere_is_a_temporary_error() {
    if !has("curl") {
        return;
    }
    let api = Api::start(|body| match body {
        body if body.contains("slow") => (0, ""),
        body if body.contains("fails") => (500, ""),
        body if body.contains("limits") => (429, ""),
        body if body.contains("elsewhere") => (302, ""),
        _ => (200, ""),
    });
    let program = Program::start(folder(), &api.legacy("/", "timeout='400'"));
    for (user, reason) in [
        ("slow", "it does not answer in time"),
        ("fails", "status 500"),
        ("limits", "status 429"),
        ("elsewhere", "status 302"),
    ] {
        let answer = program.verify(user, "password");
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.retry_after() >= 1);
        let last = program.audit().pop().unwrap();
        assert_eq!(last["outcome"], "unavailable");
        assert!(last["reason"].as_str().unwrap().contains(reason), "{last}");
    }
    // Such attempts do not count, however many.
    for _ in 0..12 {
        assert_eq!(program.verify("fails", "password").status, 503);
    }
    assert!(
        program
            .verify("jane", "password")
            .body
            .contains("\"accepted\":true")
    );
}

#[test]
fn who_comes_while_all_places_wait_for_a_slow_api_is_told_to_come_again() {
    if !has("curl") {
        return;
    }
    let api = Api::start(|body| match body {
        body if body.contains("slow") => (0, ""),
        _ => (200, ""),
    });
    let legacy = api.legacy("/", "timeout='20000'");
    let program = Program::start(folder(), &format!("{legacy}<limits waiting='2'/>"));
    thread::scope(|scope| {
        let slow = |user: &'static str| {
            let program = &program;
            scope.spawn(move || {
                program.curl(
                    "/v1/verify",
                    Some(user),
                    &["--oauth2-bearer", super::program::TOKEN, "--max-time", "3"],
                )
            });
        };
        slow(r#"{"username":"slow1","password":"x"}"#);
        slow(r#"{"username":"slow2","password":"x"}"#);
        super::fixture::eventually("both wait", || {
            program.get("/v1/status").json()["migration"]["under_way"] == 2
        });
        let busy = program.verify("jane", "password");
        assert_eq!((busy.status, busy.retry_after()), (503, 1), "{busy:?}");
    });
}

#[test]
fn a_login_that_takes_too_long_is_a_temporary_error_and_others_go_on() {
    if !has("curl") {
        return;
    }
    let api = Api::start(|body| match body {
        body if body.contains("slow") => (0, ""),
        _ => (200, ""),
    });
    let legacy = api.legacy("/", "timeout='20000'");
    let program = Program::start(folder(), &format!("{legacy}<limits answer='300'/>"));
    let slow = program.verify("slow", "password");
    assert_eq!((slow.status, slow.retry_after()), (503, 5), "{slow:?}");
    let right = program.verify("jane", "password");
    assert!(right.body.contains("\"accepted\":true"), "{right:?}");
}

#[test]
fn a_login_whose_client_has_gone_is_recorded_all_the_same() {
    if !has("curl") {
        return;
    }
    let api = Api::start(|_| {
        thread::sleep(Duration::from_millis(1500));
        (200, "")
    });
    let program = Program::start(folder(), &api.legacy("/", ""));
    let body = r#"{"username":"jane","password":"password"}"#;
    let gone = program.curl(
        "/v1/verify",
        Some(body),
        &[
            "--oauth2-bearer",
            super::program::TOKEN,
            "--max-time",
            "0.5",
        ],
    );
    assert_eq!(gone.status, 0, "{gone:?}");
    super::fixture::eventually("it is recorded", || {
        program.logins() == [("jane".to_owned(), "moved".to_owned())]
    });
    assert_ne!(program.stored("jane"), "");
    let metrics = program.get("/metrics").body;
    assert!(metrics.contains("outcome=\"moved\"} 1"), "{metrics}");
}

#[test]
fn an_api_says_who_exists_and_what_it_calls_them() {
    if !has("curl") {
        return;
    }
    let name = r#"{"name":"jane"}"#;
    let api = Api::start(move |_| (200, name));
    let no_question = Program::start(folder(), &api.legacy("/check", ""));
    assert_eq!(no_question.get("/v1/keycloak/x").status, 404);
    drop(no_question);
    let exists = format!("http://{}/users/{{user}}", api.address);
    let attributes = format!("nameMember='name' existsUrl='{exists}'");
    let program = Program::start(folder(), &api.legacy("/check", &attributes));
    let known = program.get("/v1/keycloak/JANE");
    assert_eq!(known.json()["username"], "jane", "{known:?}");
    let requests = api.requests();
    assert!(
        requests[0].starts_with("get /users/jane http/1.1"),
        "{requests:?}"
    );
    let right = program.verify("JANE", "password");
    assert!(right.body.contains("\"migrated\":true"), "{right:?}");
    assert_ne!(program.stored("jane"), "");
    // The target has her, whom the API takes for JANE still.
    program
        .fixture
        .write("users.csv", "username,password\njane,!\n");
    let locked = program.verify("JANE", "password");
    assert!(locked.body.contains("\"accepted\":false"), "{locked:?}");
}
