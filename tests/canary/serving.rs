//! A secret service that starts, reloads, answers over its socket and ends.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;

use keyward::deliver::http::HttpLimits;
use keyward::keystore::StoreType;
use keyward::service::ReloadOutcome;
use zeroize::Zeroize as _;

use super::allocator::{assert_wiped, leaks_of};
use super::alone::{is_alone, run_alone};
use super::canaries::{Canary, NEW_SECRET, OTHER_PASSWORD, SECRET, STORE_PASSWORD};
use super::fixture::NEVER;
use super::server::Server;
use super::stage::{Stage, start};

/// The variable that holds the canary where [`a_password_comes_from_the_environment`] runs itself.
const VARIABLE: &str = "KEYWARD_CANARY_PASSWORD";

#[test]
fn a_service_starts_reloads_and_ends() {
    for store_type in [StoreType::Pkcs12, StoreType::Jceks] {
        let stage = Stage::new(store_type);
        assert_wiped(|| {
            let service = stage.service();
            let served = service.get("db1pass").unwrap();
            assert!(SECRET.is(served.secret.expose_bytes()));
            stage.replace(store_type, STORE_PASSWORD, NEW_SECRET);
            let reports = service.reload();
            assert!(matches!(reports[0].outcome, ReloadOutcome::Reloaded { .. }));
            drop(served);
            let served = service.get("db1pass").unwrap();
            assert!(NEW_SECRET.is(served.secret.expose_bytes()));
            let _ = (service.resolve(), service.status());
        });
    }
}

#[test]
fn a_reload_under_another_password_fails() {
    let stage = Stage::new(StoreType::Pkcs12);
    assert_wiped(|| {
        let service = stage.service();
        stage.replace(StoreType::Pkcs12, OTHER_PASSWORD, NEW_SECRET);
        let reports = service.reload();
        assert!(matches!(reports[0].outcome, ReloadOutcome::Failed { .. }));
        assert!(SECRET.is(service.get("db1pass").unwrap().secret.expose_bytes()));
    });
}

#[test]
fn a_password_stands_in_the_configuration() {
    let stage = Stage::new(StoreType::Pkcs12);
    let password = STORE_PASSWORD.text();
    let _written = stage.configuration(&format!("<password>{}</password>", *password), NEVER);
    assert_wiped(|| {
        let path = stage.path("service.xml");
        let configuration = keyward::document::Configuration::load(&path).unwrap();
        assert!(start(configuration).get("db1pass").is_ok());
    });
}

#[test]
fn a_password_comes_from_the_environment() {
    let stage = Stage::new(StoreType::Pkcs12);
    let variable = format!(r#"<password env="{VARIABLE}"/>"#);
    if is_alone() {
        let configuration = stage.configuration(&variable, NEVER);
        assert_wiped(|| assert!(start(configuration).get("db1pass").is_ok()));
        return;
    }
    // The environment of this process cannot be changed safely.
    let test = "serving::a_password_comes_from_the_environment";
    run_alone(test, VARIABLE, STORE_PASSWORD.text().as_str());
}

#[test]
fn answers_over_the_socket_leave_nothing_behind() {
    let stage = Stage::new(StoreType::Pkcs12);
    assert_wiped(|| {
        let mut server = server(stage);
        // Two requests on one connection, so that the server's buffers are used again.
        let mut client = server.connect();
        for accept in ["*/*", "application/json", "*/*"] {
            read_secret(&mut client, accept, SECRET);
        }
        drop(client);
        for path in ["/v1/status", "/metrics", "/v1/aliases", "/v1/secrets/none"] {
            assert_ne!(server.get(path).status, 0);
        }
        server.end();
    });
}

#[test]
fn a_client_that_breaks_off_leaves_nothing_behind() {
    let stage = Stage::new(StoreType::Pkcs12);
    assert_wiped(|| {
        let mut server = server(stage);
        for _ in 0..20 {
            let mut client = server.connect();
            let request = b"GET /v1/secrets/db1pass HTTP/1.1\r\nHost: localhost\r\n\r\n";
            client.write_all(request).unwrap();
        }
        server.end();
    });
}

/// What the client of these tests would leave behind itself is not keyward's: the scan would find it.
#[test]
fn a_careless_client_would_be_found() {
    let stage = Stage::new(StoreType::Pkcs12);
    let leaks = leaks_of(|| {
        let mut server = server(stage);
        assert!(SECRET.is(&server.get("/v1/secrets/db1pass").body));
        server.end();
    });
    assert!(leaks > 0);
}

fn server(stage: Stage) -> Server {
    let configuration = stage.configuration(r#"<password file="password"/>"#, NEVER);
    Server::with(stage.fixture, configuration, HttpLimits::default())
}

/// Asks for the secret and looks at the answer, without leaving it on the heap or on the stack.
pub(crate) fn read_secret(client: &mut UnixStream, accept: &str, expected: Canary) {
    let request =
        format!("GET /v1/secrets/db1pass HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n");
    client.write_all(request.as_bytes()).unwrap();
    let mut buffer = [0; 4096];
    let mut length = 0;
    // JSON goes on behind the secret, up to a line end; the bare secret ends with itself.
    let is_whole =
        |answer: &[u8]| expected.stands_in(answer) && (accept == "*/*" || answer.ends_with(b"}\n"));
    while !is_whole(&buffer[..length]) {
        let read = client.read(&mut buffer[length..]).unwrap();
        assert_ne!(read, 0, "closed");
        length += read;
    }
    assert!(buffer.starts_with(b"HTTP/1.1 200"));
    buffer.zeroize();
}
