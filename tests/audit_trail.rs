//! Every read, denial and reload is one line of JSON without a value; where that is required, nothing is handed out
//! that cannot be recorded.

#![cfg(all(unix, feature = "serve"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;
#[path = "service/server.rs"]
mod server;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use fixture::{Fixture, eventually, options};
use keyward::deliver::http::HttpLimits;
use keyward::service::{SecretService, ServiceError};
use serde_json::Value;
use server::Server;

const SECRETS: fixture::Secrets<'_> = &[("db1", "sqluser"), ("db1pass", "x34!2axf")];

fn document(attributes: &str) -> String {
    format!(
        r#"<secret-service {attributes}>
             <keystore name="main" path="secure.jks" retryDelay="50" vanishGrace="60000"><password file="password"/></keystore>
             <socket path="s"><allow aliases="db*"/></socket>
           </secret-service>"#
    )
}

fn start(attributes: &str) -> Server {
    let fixture = Fixture::new(SECRETS);
    let configuration = fixture.load(&document(attributes));
    Server::with(fixture, configuration, HttpLimits::default())
}

fn lines(server: &Server, file: &str) -> Vec<Value> {
    let text = fs::read_to_string(server.fixture.path(file)).unwrap();
    assert!(text.ends_with('\n'));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn find<'a>(lines: &'a [Value], action: &str, outcome: &str) -> &'a Value {
    lines
        .iter()
        .find(|line| line["action"] == action && line["outcome"] == outcome)
        .unwrap_or_else(|| panic!("no {action} {outcome}: {lines:?}"))
}

#[test]
fn every_read_denial_and_reload_is_a_line_of_json_without_a_value() {
    let server = start("auditFile='audit.jsonl'");
    assert_eq!(server.get("/v1/secrets/DB1pass").status, 200);
    assert_eq!(server.get("/v1/secrets/db-none").status, 404);
    assert_eq!(server.get("/v1/secrets/other").status, 403);
    server.get("/v1/aliases");
    server.get("/v1/watch?timeout=0");
    server.fixture.replace(&[("db1", "sqluser")]);
    server.ask("POST", "/v1/reload");
    server.fixture.write("secure.jks", "garbage");
    server.ask("POST", "/v1/reload");
    let lines = lines(&server, "audit.jsonl");
    let uid = nix::unistd::geteuid().as_raw();
    let read = find(&lines, "read", "served");
    assert_eq!(
        (&read["uid"], &read["alias"]),
        (&uid.into(), &"DB1pass".into())
    );
    assert_eq!(
        (&read["generation"], &read["state"]),
        (&1.into(), &"fresh".into())
    );
    assert_eq!(find(&lines, "read", "failed")["alias"], "db-none");
    assert_eq!(find(&lines, "read", "denied")["alias"], "other");
    assert_eq!(find(&lines, "reload", "loaded")["keystore"], "main");
    assert_eq!(find(&lines, "reload", "failed")["state"], "stale");
    let hold = find(&lines, "hold", "begun");
    assert_eq!(
        (&hold["alias"], &hold["state"]),
        (&"db1pass".into(), &"vanished".into())
    );
    find(&lines, "aliases", "served");
    find(&lines, "watch", "served");
    let text = format!("{lines:?}");
    for value in ["sqluser", "x34!2axf", "keypass"] {
        assert!(!text.contains(value), "{text}");
    }
    let mode = fs::metadata(server.fixture.path("audit.jsonl"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_rotated_file_is_left_and_a_new_one_begun() {
    let server = start("auditFile='audit.jsonl'");
    server.get("/v1/secrets/db1");
    let (file, old) = (
        server.fixture.path("audit.jsonl"),
        server.fixture.path("old"),
    );
    fs::rename(&file, &old).unwrap();
    let before = fs::read(&old).unwrap();
    server.get("/v1/secrets/db1pass");
    assert_eq!(fs::read(&old).unwrap(), before);
    assert_eq!(
        lines(&server, "audit.jsonl").last().unwrap()["alias"],
        "db1pass"
    );
}

#[test]
fn what_must_be_recorded_and_cannot_be_is_not_handed_out() {
    for (duty, expected) in [("required", 503), ("log", 200)] {
        let server = start(&format!("audit='{duty}' auditFile='audit.jsonl'"));
        assert_eq!(server.get("/v1/secrets/db1").status, 200);
        // Nobody can write there, root included.
        fs::remove_file(server.fixture.path("audit.jsonl")).unwrap();
        fs::create_dir(server.fixture.path("audit.jsonl")).unwrap();
        for path in ["/v1/secrets/db1", "/v1/aliases"] {
            let refused = server.get(path);
            assert_eq!(refused.status, expected, "{duty} {path}");
            if expected == 503 {
                assert!(!String::from_utf8_lossy(&refused.body).contains("sqluser"));
                refused.problem();
            }
        }
        let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
        assert!(!metrics.contains("keyward_audit_lost_total 0"), "{metrics}");
        fs::remove_dir(server.fixture.path("audit.jsonl")).unwrap();
        eventually("it is served again", || {
            server.get("/v1/secrets/db1").status == 200
        });
    }
}

#[test]
fn a_file_that_cannot_be_opened_is_named_at_the_start() {
    let fixture = Fixture::new(SECRETS);
    let configuration = fixture.load(&document("auditFile='none/audit.jsonl'"));
    let error = SecretService::start_with(configuration, &options())
        .err()
        .unwrap();
    assert!(matches!(error, ServiceError::Audit { .. }));
    assert!(error.to_string().contains("none/audit.jsonl"), "{error}");
}
