//! The service over TCP with mutual TLS: who gets in, what they may read, and a key that changes meanwhile. curl,
//! `openssl s_client` and Java's HttpClient are the clients.

#![cfg(all(unix, feature = "serve"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "https/clients.rs"]
mod clients;
#[path = "service/fixture.rs"]
mod fixture;
#[path = "service/server.rs"]
mod server;
mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::time::Duration;

use clients::{Connection, bytes, curl, curl_with, file, handshake, has_openssl};
use fixture::{Fixture, eventually, options};
use keyward::deliver::http::{HttpError, HttpLimits, HttpServer};
use keyward::service::SecretService;
use serde_json::Value;
use server::Server;

const SECRETS: fixture::Secrets<'_> = &[("db1", "sqluser"), ("db1pass", "x34!2axf")];
const TOMCAT: &str = r#"<allow certificate='CN=tomcat, O="Muster, GmbH", C=DE' aliases="db1*"/>"#;
const SOON: Duration = Duration::from_millis(300);

/// A folder with the server's keystore `tls.p12`, and `trust.p12`.
fn folder(key: &str) -> Fixture {
    let fixture = Fixture::new(SECRETS);
    fixture.write("tls.p12", bytes(key));
    fixture.write("trust.p12", bytes("trust.p12"));
    fixture
}

fn document(key_alias: &str, rules: &str) -> String {
    format!(
        r#"<secret-service auditFile="audit.jsonl">
             <keystore name="main" path="secure.jks" retryDelay="50"><password file="password"/></keystore>
             <keystore name="tls" path="tls.p12" retryDelay="50" vanishGrace="0"><password>changeit</password></keystore>
             <keystore name="trust" path="trust.p12" retryDelay="50"><password>changeit</password></keystore>
             <https address="127.0.0.1:0" keystore="tls" keyAlias="{key_alias}" truststore="trust">
               {rules}
             </https>
           </secret-service>"#
    )
}

fn start_with(key: &str, rules: &str, limits: HttpLimits) -> (Server, SocketAddr) {
    let fixture = folder(key);
    let configuration = fixture.load(&document("server", rules));
    let server = Server::with(fixture, configuration, limits);
    let address = server.addresses[0];
    (server, address)
}

fn start(rules: &str) -> (Server, SocketAddr) {
    start_with("server.p12", rules, HttpLimits::default())
}

fn audit_lines(server: &Server) -> Vec<Value> {
    let text = fs::read_to_string(server.fixture.path("audit.jsonl")).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// How the TLS listener stands.
fn https_status(server: &Server) -> Value {
    server.get("/v1/status").json()["https"][0].clone()
}

fn replace(server: &Server, name: &str, content: Vec<u8>) {
    server.fixture.write("new", content);
    fs::rename(server.fixture.path("new"), server.fixture.path(name)).unwrap();
    server.ask("POST", "/v1/reload");
}

#[test]
fn a_client_reads_what_a_rule_for_its_certificate_allows_and_no_more() {
    let (_server, address) = start(TOMCAT);
    for version in ["--tlsv1.3", "--tls-max"] {
        let options: &[&str] = match version {
            "--tls-max" => &["--tls-max", "1.2"],
            _ => &[version],
        };
        let path = "/v1/secrets/DB1pass";
        let Some(answer) = curl_with(address, path, Some("tomcat"), options) else {
            return;
        };
        assert_eq!((answer.status, answer.body.as_str()), (200, "x34!2axf"));
    }
    let denied = curl(address, "/v1/secrets/other", Some("tomcat")).unwrap();
    assert_eq!(denied.status, 403);
    assert!(!denied.body.contains("x34!2axf"));
    // A trusted authority signed this one too; no rule names it.
    for path in [
        "/v1/secrets/db1pass",
        "/v1/aliases",
        "/v1/status",
        "/metrics",
    ] {
        let denied = curl(address, path, Some("other")).unwrap();
        assert_eq!(denied.status, 403, "{denied:?}");
        let problem: Value = serde_json::from_str(&denied.body).unwrap();
        let next = problem["next"].as_str().unwrap();
        assert!(next.contains("<allow certificate=\"CN=other\" "), "{next}");
        assert!(next.contains("<https address=\"127.0.0.1:0\">"), "{next}");
    }
}

#[test]
fn a_rule_names_a_certificate_by_any_of_its_names() {
    if !has_openssl() {
        return;
    }
    let mut openssl = Command::new("openssl");
    openssl.args(["x509", "-noout", "-fingerprint", "-sha256", "-in"]);
    let output = openssl.arg(file("tomcat.pem")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let fingerprint = text.trim().split_once('=').unwrap().1;
    let other = fingerprint.replace('A', "B").replace('1', "2");
    let fingerprint = format!("fingerprint='{fingerprint}'");
    let other = format!("fingerprint='{other}'");
    for (rule, expected) in [
        ("dns='tomcat.example.org'", 200),
        ("uri='spiffe://example.org/tomcat'", 200),
        ("email='ops@example.org'", 200),
        (fingerprint.as_str(), 200),
        ("certificate='C=DE, O=\"Muster, GmbH\", CN=tomcat'", 403),
        ("certificate='CN=tomcat'", 403),
        ("dns='example.org'", 403),
        ("dns='*.example.org'", 403),
        ("dns='spiffe://example.org/tomcat'", 403),
        ("uri='spiffe://example.org/Tomcat'", 403),
        ("email='OPS@example.org'", 403),
        (other.as_str(), 403),
    ] {
        let (_server, address) = start(&format!("<allow {rule} aliases='db1'/>"));
        let Some(answer) = curl(address, "/v1/secrets/db1", Some("tomcat")) else {
            return;
        };
        assert_eq!(answer.status, expected, "{rule}");
    }
}

#[test]
fn without_a_trusted_and_valid_certificate_there_is_no_connection() {
    let (server, address) = start("<allow certificate='CN=tomcat' aliases='*'/>");
    for (certificate, reason) in [
        (None, "no certificate was shown"),
        (Some("stranger"), "no trusted certificate has signed"),
        (Some("expired"), "has expired"),
        (Some("server-only"), "is not that of a client"),
    ] {
        let Some(answer) = curl(address, "/v1/secrets/db1", certificate) else {
            return;
        };
        assert_eq!((answer.status, answer.body.as_str()), (0, ""));
        eventually("the denial is recorded", || {
            let lines = audit_lines(&server);
            lines.iter().any(|line| {
                let said = line["reason"].as_str().unwrap_or_default();
                line["action"] == "connect"
                    && line["outcome"] == "denied"
                    && said.contains(reason)
                    && line["address"].as_str().unwrap().starts_with("127.0.0.1:")
            })
        });
    }
    let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
    let count = "keyward_https_failed_handshakes_total 4\n";
    assert!(metrics.contains(count), "{metrics}");
}

#[test]
fn audit_lines_name_the_certificate_and_no_user() {
    let (server, address) = start(TOMCAT);
    if curl(address, "/v1/secrets/db1pass", Some("tomcat")).is_none() {
        return;
    }
    curl(address, "/v1/secrets/nothing", Some("tomcat"));
    let lines = audit_lines(&server);
    for (outcome, alias) in [("served", "db1pass"), ("denied", "nothing")] {
        let is_it = |line: &&Value| line["action"] == "read" && line["outcome"] == outcome;
        let line = lines.iter().find(is_it).unwrap();
        assert_eq!(line["alias"], alias);
        assert_eq!(line["certificate"], r#"CN=tomcat, O="Muster, GmbH", C=DE"#);
        let fingerprint = line["fingerprint"].as_str().unwrap();
        assert_eq!(fingerprint.split(':').count(), 32, "{line}");
        assert!(line["uid"].is_null() && line["gid"].is_null(), "{line}");
    }
    assert!(!format!("{lines:?}").contains("x34!2axf"));
}

#[test]
fn what_is_not_tls_gets_no_answer() {
    let (server, address) = start(TOMCAT);
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(b"GET /v1/secrets/db1 HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer);
    assert!(
        !text.contains("HTTP") && !text.contains("sqluser"),
        "{text}"
    );
    assert_eq!(server.get("/v1/secrets/db1").body, b"sqluser");
}

#[test]
fn a_handshake_that_does_not_end_is_not_waited_for() {
    let limits = HttpLimits {
        handshake_timeout: SOON,
        ..HttpLimits::default()
    };
    let (server, address) = start_with("server.p12", TOMCAT, limits);
    let mut stream = TcpStream::connect(address).unwrap();
    // The head of a ClientHello.
    stream.write_all(&[0x16, 3, 1, 2, 0, 1, 0]).unwrap();
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    assert!(read.is_ok() || !is_timeout(&read), "it is waited for");
    drop(server);
}

fn is_timeout(read: &std::io::Result<usize>) -> bool {
    use std::io::ErrorKind::{TimedOut, WouldBlock};
    let kind = read.as_ref().err().map(std::io::Error::kind);
    matches!(kind, Some(TimedOut | WouldBlock))
}

#[test]
fn who_shakes_hands_slowly_takes_nobody_else_s_place_for_long() {
    let limits = HttpLimits {
        handshakes_of_one_address: 2,
        handshake_timeout: SOON,
        ..HttpLimits::default()
    };
    let (server, address) = start_with("server.p12", TOMCAT, limits);
    let silent: Vec<TcpStream> = (0..20)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    eventually("those beyond the limit are refused", || {
        let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
        metrics.contains("keyward_http_refused_connections_total 18\n")
    });
    if curl(address, "/v1/secrets/db1", Some("tomcat")).is_none() {
        return;
    }
    eventually("a place is free again", || {
        let answer = curl(address, "/v1/secrets/db1", Some("tomcat")).unwrap();
        answer.status == 200
    });
    drop(silent);
}

#[test]
fn one_certificate_has_so_many_connections_and_no_more() {
    let limits = HttpLimits {
        connections_of_one_peer: 1,
        ..HttpLimits::default()
    };
    let (_server, address) = start_with("server.p12", TOMCAT, limits);
    if !has_openssl() {
        return;
    }
    let mut first = Connection::open(address, "tomcat");
    assert_eq!(first.get("/v1/secrets/db1"), "sqluser");
    let Some(second) = curl(address, "/v1/secrets/db1", Some("tomcat")) else {
        return;
    };
    assert_eq!(second.status, 429, "{second:?}");
    let other = curl(address, "/v1/secrets/db1", Some("other")).unwrap();
    assert_eq!(other.status, 403, "{other:?}");
}

#[test]
fn a_renewed_key_is_shown_to_new_connections_and_old_ones_go_on() {
    if !has_openssl() {
        return;
    }
    let (server, address) = start(TOMCAT);
    let mut old = Connection::open(address, "tomcat");
    assert_eq!(old.get("/v1/secrets/db1"), "sqluser");
    assert!(handshake(address, &[]).contains("CN = keyward one"));
    assert_eq!(https_status(&server)["certificate"], "CN=keyward one");
    replace(&server, "tls.p12", bytes("renewed.p12"));
    let shown = handshake(address, &[]);
    assert!(shown.contains("CN = keyward two"), "{shown}");
    assert!(shown.contains("Verify return code: 0 (ok)"), "{shown}");
    assert_eq!(old.get("/v1/secrets/db1pass"), "x34!2axf");
    let status = https_status(&server);
    assert_eq!(
        (&status["certificate"], &status["state"]),
        (&"CN=keyward two".into(), &"fresh".into())
    );
}

#[test]
fn a_key_that_cannot_be_used_leaves_the_last_good_one_in_place() {
    if !has_openssl() {
        return;
    }
    let (server, address) = start(TOMCAT);
    for (file, expected) in [
        ("unusable.p12", "is of a kind that TLS is not offered with"),
        ("trust.p12", "has no alias server"),
    ] {
        replace(&server, "tls.p12", bytes(file));
        assert!(
            handshake(address, &[]).contains("CN = keyward one"),
            "{file}"
        );
        let status = https_status(&server);
        assert_eq!(status["state"], "stale");
        let reason = status["reason"].as_str().unwrap();
        assert!(reason.contains(expected), "{reason}");
    }
    replace(&server, "tls.p12", bytes("server.jceks"));
    assert!(handshake(address, &[]).contains("CN = keyward jceks"));
    assert_eq!(https_status(&server)["state"], "fresh");
}

#[test]
fn an_authority_that_is_trusted_no_more_lets_nobody_in() {
    let (server, address) = start(TOMCAT);
    let Some(answer) = curl(address, "/v1/secrets/db1", Some("tomcat")) else {
        return;
    };
    assert_eq!(answer.status, 200);
    // It holds a private key and certificates, and none of them in an entry of its own.
    replace(&server, "trust.p12", bytes("server.p12"));
    let answer = curl(address, "/v1/secrets/db1", Some("tomcat")).unwrap();
    assert_eq!(answer.status, 0);
    let status = https_status(&server);
    assert_eq!(status["state"], "unavailable");
    let reason = status["reason"].as_str().unwrap();
    assert!(reason.contains("holds no trusted certificate"), "{reason}");
    replace(&server, "trust.p12", bytes("trust.p12"));
    let answer = curl(address, "/v1/secrets/db1", Some("tomcat")).unwrap();
    assert_eq!(answer.status, 200);
}

#[test]
fn no_session_is_resumed() {
    if !has_openssl() {
        return;
    }
    let (_server, address) = start(TOMCAT);
    let said = handshake(address, &["-tls1_2", "-reconnect"]);
    assert_eq!(said.matches("New, TLSv1.2").count(), 6, "{said}");
    assert!(!said.contains("Reused"), "{said}");
    let said = handshake(address, &["-tls1_3"]);
    assert!(!said.contains("Session Ticket"), "{said}");
}

#[test]
fn the_http_client_of_every_jdk_fetches_a_secret() {
    let (_server, address) = start(TOMCAT);
    let uri = format!("https://{address}/v1/secrets/db1pass");
    let (keys, trust) = (file("tomcat.p12"), file("trust.p12"));
    let (keys, trust) = (keys.to_str().unwrap(), trust.to_str().unwrap());
    for jdk in support::jdks() {
        for version in ["TLSv1.2", "TLSv1.3"] {
            let arguments = [&uri, keys, trust, "changeit", version];
            let Some(output) = jdk.run_java("FetchSecret", &arguments) else {
                return;
            };
            assert_eq!(output.of_success().stdout.trim(), "200 x34!2axf");
        }
    }
}

#[test]
fn a_service_does_not_start_with_a_key_that_it_cannot_use() {
    for (key, alias, expected) in [
        (
            "unusable.p12",
            "server",
            "is of a kind that TLS is not offered with",
        ),
        ("server.p12", "none", "has no alias none"),
        (
            "trust.p12",
            "authority",
            "is a trusted certificate, not a private key",
        ),
    ] {
        let fixture = folder(key);
        let configuration = fixture.load(&document(alias, TOMCAT));
        let service = SecretService::start_with(configuration, &options()).unwrap();
        let https = service.configuration().https[0].clone();
        let refused = HttpServer::without_socket(service).with_https(&https);
        let error = refused.err().unwrap();
        assert!(matches!(error, HttpError::Tls { .. }), "{error}");
        let message = error.to_string();
        assert!(
            message.contains("service.xml:5: https://127.0.0.1:"),
            "{message}"
        );
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_service_that_may_wait_lets_clients_in_once_it_has_a_key() {
    let fixture = folder("unusable.p12");
    let text = document("server", TOMCAT);
    let waiting = text.replace("<secret-service ", "<secret-service start='wait' ");
    let configuration = fixture.load(&waiting);
    let server = Server::with(fixture, configuration, HttpLimits::default());
    let address = server.addresses[0];
    assert_eq!(https_status(&server)["state"], "unavailable");
    let Some(answer) = curl(address, "/v1/secrets/db1", Some("tomcat")) else {
        return;
    };
    assert_eq!(answer.status, 0);
    replace(&server, "tls.p12", bytes("server.p12"));
    let answer = curl(address, "/v1/secrets/db1", Some("tomcat")).unwrap();
    assert_eq!(answer.body, "sqluser");
    assert_eq!(https_status(&server)["state"], "fresh");
}

#[test]
fn an_address_that_is_taken_is_named() {
    let (server, address) = start(TOMCAT);
    let mut https = server.service.configuration().https[0].clone();
    https.address = address;
    let refused = HttpServer::without_socket(server.service.clone()).with_https(&https);
    let message = refused.err().unwrap().to_string();
    assert!(message.contains(&format!("https://{address}")), "{message}");
}

#[cfg(feature = "cli")]
#[test]
fn a_service_with_tcp_addresses_alone_says_where_it_listens_and_has_no_socket() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let fixture = folder("server.p12");
    fixture.load(&document("server", TOMCAT));
    let mut program = Command::new(env!("CARGO_BIN_EXE_keyward"));
    program.arg("serve").arg(fixture.path("service.xml"));
    program.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = program.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines.find_map(|line| {
        let line = line.unwrap();
        let (_, rest) = line.split_once("Listening at https://")?;
        rest.split_once(". ")?.0.parse::<SocketAddr>().ok()
    });
    let answer = curl(address.unwrap(), "/v1/secrets/db1", Some("tomcat"));
    let has_socket = fixture.path("keyward.sock").exists();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!has_socket);
    assert!(answer.is_none_or(|answer| answer.body == "sqluser"));
}
