//! [`Stage`]: a folder with a keystore whose password and secrets are canaries, and what tests ask of it.

use std::path::PathBuf;
use std::time::Duration;

use keyward::document::Configuration;
use keyward::keystore::{Alias, Keystore, StoreType};
use keyward::service::{SecretService, ServiceOptions};

use super::allocator::Turn;
use super::canaries::{Canary, SECRET, STORE_PASSWORD};
use super::fixture::{Fixture, NEVER, options};

pub(crate) struct Stage {
    pub(crate) fixture: Fixture,
    _turn: Turn,
}

impl Stage {
    /// `store` is a keystore of that type with the canary `SECRET` under `db1pass`; `password` holds its password.
    pub(crate) fn new(store_type: StoreType) -> Self {
        let turn = Turn::take();
        let fixture = Fixture::new(&[]);
        fixture.write("password", STORE_PASSWORD.text().as_bytes());
        fixture.write("store", store(store_type, STORE_PASSWORD, SECRET));
        Self {
            fixture,
            _turn: turn,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.fixture.path(name)
    }

    /// A configuration that serves the store, its password as the element says.
    pub(crate) fn configuration(&self, password: &str, retry_delay: Duration) -> Configuration {
        let milliseconds = retry_delay.as_millis();
        self.fixture.load(&format!(
            r#"<secret-service>
                 <keystore name="main" path="store" retryDelay="{milliseconds}" vanishGrace="0">{password}</keystore>
                 <document path="datasource.xml"/>
               </secret-service>"#
        ))
    }

    /// A service whose password comes from a file, and that looks at its keystore only when it is told to.
    pub(crate) fn service(&self) -> SecretService {
        let configuration = self.configuration(r#"<password file="password"/>"#, NEVER);
        start(configuration)
    }

    /// Replaces the keystore by one with another secret, or under another password.
    pub(crate) fn replace(&self, store_type: StoreType, password: Canary, secret: Canary) {
        self.fixture
            .write("new", store(store_type, password, secret));
        std::fs::rename(self.path("new"), self.path("store")).unwrap();
    }
}

pub(crate) fn start(configuration: Configuration) -> SecretService {
    let options = ServiceOptions {
        settle: Duration::ZERO,
        ..options()
    };
    SecretService::start_with(configuration, &options).unwrap()
}

/// The bytes of a keystore with one secret, `db1pass`.
pub(crate) fn store(store_type: StoreType, password: Canary, secret: Canary) -> Vec<u8> {
    let mut store = Keystore::new(store_type, &password.secret()).unwrap();
    store.add_secret(&alias(), &secret.secret()).unwrap();
    store.to_bytes()
}

pub(crate) fn alias() -> Alias {
    Alias::new("db1pass")
}
