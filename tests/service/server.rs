//! A server on a Unix socket, and what it answers.

// Each test program uses its own part of this.
#![allow(dead_code)]

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use keyward::deliver::http::{HttpLimits, HttpServer};
use keyward::document::Configuration;
use keyward::service::{AccessPolicy, SecretService};
use serde_json::Value;
use tokio::sync::oneshot;

use super::fixture::{Fixture, OFTEN, Secrets, options};

/// A server on a thread of its own; it ends when dropped.
pub(crate) struct Server {
    pub(crate) fixture: Fixture,
    pub(crate) service: SecretService,
    /// Of the https elements, in their order.
    pub(crate) addresses: Vec<SocketAddr>,
    shutdown: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Server {
    /// `socket` is the socket element of the configuration, or nothing.
    pub(crate) fn start(secrets: Secrets<'_>, socket: &str) -> Self {
        Self::of(Fixture::new(secrets), socket)
    }

    pub(crate) fn of(fixture: Fixture, socket: &str) -> Self {
        let configuration = fixture.configuration(OFTEN, socket);
        Self::with(fixture, configuration, HttpLimits::default())
    }

    pub(crate) fn limited(secrets: Secrets<'_>, limits: HttpLimits) -> Self {
        let fixture = Fixture::new(secrets);
        let configuration = fixture.configuration(OFTEN, "");
        Self::with(fixture, configuration, limits)
    }

    pub(crate) fn with(fixture: Fixture, configuration: Configuration, limits: HttpLimits) -> Self {
        let settings = configuration.socket.as_ref();
        let policy = AccessPolicy::from_settings(settings, &configuration.path).unwrap();
        let mode = settings.map_or(0o600, |settings| settings.mode);
        let service = SecretService::start_with(configuration, &options()).unwrap();
        let path = fixture.path("keyward.sock");
        let mut server = HttpServer::bind(&path, mode, policy, service.clone()).unwrap();
        for https in &service.configuration().https {
            server = server.with_https(https).unwrap();
        }
        let server = server.with_limits(limits);
        let addresses = server.addresses().collect();
        let (shutdown, ended) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap();
            let ended = async {
                let _ = ended.await;
            };
            runtime.block_on(server.run_until(ended)).unwrap();
        });
        Self {
            fixture,
            service,
            addresses,
            shutdown: Some(shutdown),
            thread: Some(thread),
        }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.fixture.path("keyward.sock")
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path)
    }

    pub(crate) fn ask(&self, method: &str, path: &str) -> Answer {
        self.ask_with(method, path, "")
    }

    /// `headers` are whole lines.
    pub(crate) fn ask_with(&self, method: &str, path: &str, headers: &str) -> Answer {
        self.send(&format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n"
        ))
    }

    pub(crate) fn connect(&self) -> UnixStream {
        let stream = UnixStream::connect(self.socket()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream
    }

    pub(crate) fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        // A server may answer, and close, before it has read all of a request that is too large.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Answer::parse(&answer)
    }

    pub(crate) fn end(&mut self) {
        let _ = self.shutdown.take().map(|shutdown| shutdown.send(()));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

impl Answer {
    pub(crate) fn parse(answer: &[u8]) -> Self {
        let end = answer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self {
            status,
            head: head.to_ascii_lowercase(),
            body: answer[end + 4..].to_vec(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1);
        let mut pairs = lines.filter_map(|line| line.split_once(": "));
        pairs
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The error's two texts; both must be there.
    pub(crate) fn problem(&self) -> String {
        let problem = self.json();
        let text = |name: &str| {
            problem[name]
                .as_str()
                .filter(|text| !text.is_empty())
                .unwrap()
                .to_owned()
        };
        format!("{} | {}", text("error"), text("next"))
    }
}
