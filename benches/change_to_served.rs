//! How long a changed keystore takes to be served: from the moment that the file has its new content to the first
//! answer with the new secret, asked for over the Unix socket of `keyward serve`.
//!
//! ```text
//! cargo bench --bench change_to_served          # 20 changes each
//! cargo bench --bench change_to_served -- 50
//! ```
//!
//! The file changes in the two ways that keystores change: another file is renamed over it, as keyward does; it is
//! truncated and written in place, as keytool does. The store of 1000 entries needs a JDK to be made; without one
//! it is left out.

// A benchmark that cannot go on may say so by a panic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../tests/support/mod.rs"]
mod support;

#[cfg(unix)]
fn main() {
    unix::main();
}

#[cfg(not(unix))]
fn main() {
    println!("keyward serve needs Unix sockets: nothing to measure here");
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;
    use std::path::{Path, PathBuf};
    use std::process::{Child, Stdio};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use super::support::{self, STORE_PASSWORD, STORE_PASSWORD_VARIABLE, keyward, keyward_command};

    const DEFAULT_CHANGES: usize = 20;
    /// A change that is not served by then never will be.
    const GIVE_UP_AFTER: Duration = Duration::from_secs(30);
    /// Between two requests: far below what is measured, and leaves the processor to the service.
    const BETWEEN_REQUESTS: Duration = Duration::from_millis(1);

    /// Two contents of one keystore, which differ in the secret of `db1pass`.
    struct Contents {
        entries: usize,
        versions: [Vec<u8>; 2],
    }

    const SECRETS: [&str; 2] = ["x34!2axf", "n3w-Secret"];

    pub(super) fn main() {
        let changes = std::env::args().find_map(|argument| argument.parse().ok());
        let changes = changes.unwrap_or(DEFAULT_CHANGES);
        let folder = tempfile::tempdir().unwrap();
        println!("From the changed file to the new secret, {changes} changes each, milliseconds\n");
        println!("| entries | the file is | median | 95 % | slowest |\n|--:|---|--:|--:|--:|");
        for contents in [Some(contents_of_few()), contents_of_many(folder.path())]
            .into_iter()
            .flatten()
        {
            let service = Service::start(folder.path(), &contents);
            for (name, change) in [
                ("replaced by rename", by_rename as fn(&Path, &[u8])),
                ("written in place", in_place),
            ] {
                let times = measure(&service, &contents, change, changes);
                print_line(contents.entries, name, times);
            }
        }
    }

    fn measure(
        service: &Service,
        contents: &Contents,
        change: fn(&Path, &[u8]),
        changes: usize,
    ) -> Vec<Duration> {
        let mut times = Vec::with_capacity(changes);
        for number in 1..=changes {
            let version = number % 2;
            // Spread over the period of any timer inside the service.
            sleep(Duration::from_millis(500 + (number as u64 * 137) % 500));
            change(&service.keystore, &contents.versions[version]);
            times.push(service.wait_for(SECRETS[version]));
        }
        // The next series begins with the first content again.
        change(&service.keystore, &contents.versions[0]);
        service.wait_for(SECRETS[0]);
        times
    }

    fn by_rename(path: &Path, content: &[u8]) {
        let temporary = path.with_extension("new");
        fs::write(&temporary, content).unwrap();
        fs::rename(temporary, path).unwrap();
    }

    fn in_place(path: &Path, content: &[u8]) {
        fs::write(path, content).unwrap();
    }

    fn print_line(entries: usize, name: &str, mut times: Vec<Duration>) {
        times.sort();
        let at =
            |percent: usize| times[(times.len() * percent).div_ceil(100) - 1].as_secs_f64() * 1e3;
        println!(
            "| {entries} | {name} | {:.0} | {:.0} | {:.0} |",
            at(50),
            at(95),
            at(100)
        );
    }

    /// The sample keystore of the README, before and after a rotation.
    fn contents_of_few() -> Contents {
        let sample = support::repository().join("keystores/secure.jks");
        let before = fs::read(sample).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        fs::write(&path, &before).unwrap();
        let common = [
            "-alias",
            "db1pass",
            "-keystore",
            path.to_str().unwrap(),
            "-storepass",
            "keypass",
        ];
        keyward(&[&["delete"], &common[..]].concat(), "").of_success();
        keyward(
            &[&["importpass"], &common[..]].concat(),
            &format!("{}\n", SECRETS[1]),
        )
        .of_success();
        Contents {
            entries: 5,
            versions: [before, fs::read(path).unwrap()],
        }
    }

    /// 999 secrets of a Java program, and `db1pass`.
    fn contents_of_many(folder: &Path) -> Option<Contents> {
        let path = folder.join("many");
        let arguments = [path.to_str()?, "PKCS12", STORE_PASSWORD, "999"];
        support::jdk(17)?
            .run_java("MakeStore", &arguments)?
            .of_success();
        let others = fs::read(&path).unwrap();
        let versions = SECRETS.map(|secret| {
            fs::write(&path, &others).unwrap();
            let arguments = [
                "importpass",
                "-alias",
                "db1pass",
                "-keystore",
                path.to_str().unwrap(),
                "-storepass:env",
                STORE_PASSWORD_VARIABLE,
            ];
            keyward(&arguments, &format!("{secret}\n")).of_success();
            fs::read(&path).unwrap()
        });
        Some(Contents {
            entries: 1000,
            versions,
        })
    }

    /// A running `keyward serve`, ended when dropped.
    struct Service {
        process: Child,
        keystore: PathBuf,
        socket: PathBuf,
    }

    impl Service {
        fn start(folder: &Path, contents: &Contents) -> Self {
            let folder = folder.join(contents.entries.to_string());
            fs::create_dir(&folder).unwrap();
            let keystore = folder.join("store.p12");
            fs::write(&keystore, &contents.versions[0]).unwrap();
            let password = if contents.entries == 5 {
                "keypass"
            } else {
                STORE_PASSWORD
            };
            let configuration = folder.join("secret-service.xml");
            fs::write(&configuration, configuration_text(password)).unwrap();
            let socket = folder.join("keyward.sock");
            let process = keyward_command()
                .arg("serve")
                .arg(configuration)
                .arg("--socket")
                .arg(&socket)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let service = Self {
                process,
                keystore,
                socket,
            };
            service.wait_for(SECRETS[0]);
            service
        }

        /// Asks until `secret` is the answer; how long that took.
        fn wait_for(&self, secret: &str) -> Duration {
            let started = Instant::now();
            loop {
                let answer = self.ask();
                let time = started.elapsed();
                if answer.as_deref() == Some(secret) {
                    return time;
                }
                assert!(time < GIVE_UP_AFTER, "the last answer was {answer:?}");
                sleep(BETWEEN_REQUESTS);
            }
        }

        /// None while nothing listens.
        fn ask(&self) -> Option<String> {
            let mut connection = UnixStream::connect(&self.socket).ok()?;
            let request =
                b"GET /v1/secrets/db1pass HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            connection.write_all(request).ok()?;
            let mut response = String::new();
            connection.read_to_string(&mut response).ok()?;
            let (head, body) = response.split_once("\r\n\r\n")?;
            assert!(head.starts_with("HTTP/1.1 200"), "{response}");
            Some(body.to_owned())
        }
    }

    impl Drop for Service {
        fn drop(&mut self) {
            drop(self.process.kill());
            drop(self.process.wait());
        }
    }

    fn configuration_text(password: &str) -> String {
        format!(
            "<secret-service>\n\
             <keystore name=\"main\" path=\"store.p12\" retryDelay=\"10000\"><password>{password}</password></keystore>\n\
             <socket path=\"keyward.sock\"><allow aliases=\"*\"/></socket>\n\
             </secret-service>\n"
        )
    }
}
