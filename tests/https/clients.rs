//! The clients that judge the TLS port: curl and `openssl s_client`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::support::{leave_out, repository};

/// A file of `tests/https/certificates`.
pub(crate) fn file(name: &str) -> PathBuf {
    repository().join("tests/https/certificates").join(name)
}

/// What a file of `tests/https/certificates` holds.
pub(crate) fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(file(name)).unwrap()
}

/// What curl came back with.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// 0 if there was no answer.
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Asks with the certificate of this name, or with none. `None`, and a report, without curl.
pub(crate) fn curl(address: SocketAddr, path: &str, certificate: Option<&str>) -> Option<Fetched> {
    curl_with(address, path, certificate, &[])
}

pub(crate) fn curl_with(
    address: SocketAddr,
    path: &str,
    certificate: Option<&str>,
    options: &[&str],
) -> Option<Fetched> {
    let mut command = Command::new("curl");
    command.args([
        "--silent",
        "--max-time",
        "20",
        "--write-out",
        "\n%{http_code}",
    ]);
    command.arg("--cacert").arg(file("authority.pem"));
    if let Some(name) = certificate {
        command.arg("--cert").arg(file(&format!("{name}.pem")));
        command.arg("--key").arg(file(&format!("{name}.key")));
    }
    command.args(options);
    let Ok(output) = command.arg(format!("https://{address}{path}")).output() else {
        leave_out("curl is not here");
        return None;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    let (body, status) = text.rsplit_once('\n').unwrap();
    Some(Fetched {
        status: status.parse().unwrap(),
        body: body.to_owned(),
    })
}

/// Whether `openssl` is on the path; a report if it is not.
pub(crate) fn has_openssl() -> bool {
    let is_there = Command::new("openssl").arg("version").output().is_ok();
    if !is_there {
        leave_out("openssl is not here");
    }
    is_there
}

/// `openssl s_client` with the certificate of this name.
fn s_client(address: SocketAddr, certificate: &str) -> Command {
    let mut command = Command::new("openssl");
    command.args(["s_client", "-connect", &address.to_string()]);
    command.arg("-CAfile").arg(file("authority.pem"));
    command
        .arg("-cert")
        .arg(file(&format!("{certificate}.pem")));
    command.arg("-key").arg(file(&format!("{certificate}.key")));
    command
}

/// What `openssl s_client` says of a connection on which nothing is asked.
pub(crate) fn handshake(address: SocketAddr, options: &[&str]) -> String {
    let mut command = s_client(address, "tomcat");
    let output = command.args(options).stdin(Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A connection of `openssl s_client` that stays open.
pub(crate) struct Connection {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr, certificate: &str) -> Self {
        let mut command = s_client(address, certificate);
        command.args(["-quiet", "-verify_quiet"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            stdin,
            stdout,
        }
    }

    /// The answer's body; the connection stays open.
    pub(crate) fn get(&mut self, path: &str) -> String {
        write!(self.stdin, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        self.stdin.flush().unwrap();
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.stdout.read_line(&mut line).unwrap(), 0, "closed");
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stdout.read_exact(&mut body).unwrap();
        String::from_utf8(body).unwrap()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
