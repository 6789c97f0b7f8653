//! A validation API that shows a certificate, and wants to see one.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::fixture::Fixture;
use super::program::{Program, TARGET, certificate, folder, has};
use super::support::{leave_out, repository};

fn has_openssl() -> bool {
    let is_there = Command::new("openssl").arg("version").output().is_ok();
    if !is_there {
        leave_out("openssl is not here");
    }
    is_there
}

/// An API with TLS that knows its clients by their certificate.
struct TlsApi {
    child: Child,
    port: u16,
}

impl TlsApi {
    fn start(folder: &Fixture) -> Self {
        let pem = folder.path("api.pem");
        let converted = Command::new("openssl")
            .args(["pkcs12", "-nodes", "-passin", "pass:changeit", "-in"])
            .arg(certificate("server.p12"))
            .arg("-out")
            .arg(&pem)
            .status();
        assert!(converted.unwrap().success());
        let mut child = Command::new("python3")
            .arg(repository().join("tests/just_in_time/validation_api.py"))
            .arg(pem)
            .arg(certificate("authority.pem"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap();
        Self { child, port }
    }
}

impl Drop for TlsApi {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn an_api_is_known_by_its_authority_and_knows_keyward_by_a_certificate() {
    if !has("curl") || !has("python3") || !has_openssl() {
        return;
    }
    let with_client = || {
        let fixture = folder();
        let keystore = fs::read(certificate("tomcat.p12")).unwrap();
        fixture.write("tomcat.p12", keystore);
        fixture
    };
    let files = with_client();
    let api = TlsApi::start(&files);
    let url = format!("url='https://localhost:{}/check'", api.port);
    let keystore =
        "<keystore name='client' path='tomcat.p12'><password>changeit</password></keystore>";
    let legacy =
        |attributes: &str| format!("{keystore}{TARGET}<legacy><api {url} {attributes}/></legacy>");
    let known = "truststore='trust' keystore='client' keyAlias='client' rejected='401 403'";
    let program = Program::start(with_client(), &legacy(known));
    let right = program.verify("jane", "password");
    assert_eq!(
        right.body.trim(),
        "{\"accepted\":true,\"migrated\":true}",
        "{:?}",
        program.audit()
    );
    assert!(
        program
            .verify("max", "wrong")
            .body
            .contains("\"accepted\":false")
    );
    drop(program);
    for attributes in [
        "truststore='trust'",
        "keystore='client' keyAlias='client' rejected='401 403'",
    ] {
        let program = Program::start(with_client(), &legacy(attributes));
        let answer = program.verify("jane", "password");
        assert_eq!(answer.status, 503, "{attributes}: {answer:?}");
        assert_eq!(program.stored("jane"), "");
    }
}
