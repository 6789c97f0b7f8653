//! A folder with a keystore, a configuration that names it, and what the tests of a running service need.

// Each test program uses its own part of this.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use keyward::Secret;
use keyward::document::Configuration;
use keyward::keystore::{Alias, Keystore, StoreType};
use keyward::service::{Freshness, KeystoreStatus, SecretService, ServiceOptions};
use tempfile::TempDir;

/// A store password, and the one that the configuration of [`Fixture::new`] names.
pub(crate) const PASSWORD: &str = "keypass";
/// So long that only the kernel's events, or a reload, can be why a change is noticed in time.
pub(crate) const NEVER: Duration = Duration::from_hours(1);
pub(crate) const OFTEN: Duration = Duration::from_millis(50);

/// Secrets of one keystore: alias and value.
pub(crate) type Secrets<'a> = &'a [(&'a str, &'a str)];

pub(crate) struct Fixture {
    folder: TempDir,
}

impl Fixture {
    /// A folder with a keystore `secure.jks`, and `password` with its password.
    pub(crate) fn new(secrets: Secrets<'_>) -> Self {
        let fixture = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fixture.write("password", PASSWORD);
        fixture.write("secure.jks", keystore(secrets));
        fixture
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// Writes beside `secure.jks`, and renames over it.
    pub(crate) fn replace(&self, secrets: Secrets<'_>) {
        self.write("new", keystore(secrets));
        fs::rename(self.path("new"), self.path("secure.jks")).unwrap();
    }

    /// A configuration with the keystore `secure.jks`, the aliases `db1` and `db1pass`, and `more`.
    pub(crate) fn configuration(&self, retry_delay: Duration, more: &str) -> Configuration {
        let milliseconds = retry_delay.as_millis();
        self.load(&format!(
            r#"<secret-service>
                 <keystore name="main" path="secure.jks" retryDelay="{milliseconds}">
                   <password file="password"/>
                 </keystore>
                 <document path="datasource.xml"/>
                 {more}
               </secret-service>"#
        ))
    }

    /// The configuration with this text; `datasource.xml` beside it names `db1` and `db1pass`.
    pub(crate) fn load(&self, text: &str) -> Configuration {
        self.write(
            "datasource.xml",
            r#"<beans>
                 <bean id="dataSource">
                   <property name="username" value="db1"/>
                   <property name="password" value="DB1pass"/>
                 </bean>
               </beans>"#,
        );
        self.write("service.xml", text);
        Configuration::load(&self.path("service.xml")).unwrap()
    }

    pub(crate) fn start(&self, retry_delay: Duration) -> SecretService {
        let configuration = self.configuration(retry_delay, "");
        SecretService::start_with(configuration, &options()).unwrap()
    }

    /// A service that looks at its file when the kernel tells it to, and not otherwise.
    pub(crate) fn start_with_events(&self) -> Option<SecretService> {
        let service = self.start(NEVER);
        if status(&service).watcher == "events" {
            return Some(service);
        }
        println!("left out: the kernel gives no events here");
        None
    }
}

/// A settle time that does not make the tests wait.
pub(crate) fn options() -> ServiceOptions {
    ServiceOptions {
        settle: Duration::from_millis(40),
        ..ServiceOptions::default()
    }
}

/// The bytes of a PKCS12 keystore under [`PASSWORD`].
pub(crate) fn keystore(secrets: Secrets<'_>) -> Vec<u8> {
    keystore_under(PASSWORD, secrets)
}

pub(crate) fn keystore_under(password: &str, secrets: Secrets<'_>) -> Vec<u8> {
    let password = Secret::copied_from(password.as_bytes());
    let mut keystore = Keystore::new(StoreType::Pkcs12, &password).unwrap();
    for (alias, value) in secrets {
        let secret = Secret::copied_from(value.as_bytes());
        keystore.add_secret(&Alias::new(alias), &secret).unwrap();
    }
    keystore.to_bytes()
}

/// The keystore with one entry replaced and the others as they are.
pub(crate) fn with_replaced(bytes: &[u8], alias: &str, value: &str) -> Vec<u8> {
    let mut keystore = Keystore::open(bytes, &Secret::copied_from(PASSWORD.as_bytes())).unwrap();
    let alias = Alias::new(alias);
    keystore.delete(&alias).unwrap();
    keystore
        .add_secret(&alias, &Secret::copied_from(value.as_bytes()))
        .unwrap();
    keystore.to_bytes()
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn value(service: &SecretService, alias: &str) -> String {
    let served = service.get(alias).unwrap();
    served.secret.expose_text().unwrap().to_owned()
}

pub(crate) fn status(service: &SecretService) -> KeystoreStatus {
    service.status().keystores.remove(0)
}

pub(crate) fn state(service: &SecretService) -> Freshness {
    status(service).state
}

/// Waits until `condition` holds. What does not happen within ten seconds never will.
pub(crate) fn eventually(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "never happened: {what}"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn eventually_serves(service: &SecretService, alias: &str, expected: &str) {
    eventually(&format!("{alias} is served with its new value"), || {
        value(service, alias) == expected
    });
    eventually("the keystore is fresh", || {
        state(service) == Freshness::Fresh
    });
}
