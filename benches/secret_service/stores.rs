//! A folder with a keystore of many secrets, and a service for it.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use keyward::Secret;
use keyward::document::Configuration;
use keyward::keystore::{Alias, Keystore, StoreType};
use keyward::service::{SecretService, ServiceOptions, WatchMode};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "changeit";
/// What `db1pass` is, by turns.
pub(crate) const SECRETS: [&str; 2] = ["x34!2axf", "n3w-Secret"];

pub(crate) struct Store {
    folder: TempDir,
    /// The file with each of [`SECRETS`].
    pub(crate) versions: [Vec<u8>; 2],
}

impl Store {
    /// A PKCS12 store of so many entries, one of them `db1pass`.
    pub(crate) fn of(entries: usize) -> Self {
        let mut store = Keystore::new(StoreType::Pkcs12, &secret(PASSWORD)).unwrap();
        store.prepare_additions(entries).unwrap();
        for number in 1..entries {
            let value = secret(&format!("secret-{number}"));
            let alias = Alias::new(&format!("alias{number}"));
            store.add_secret(&alias, &value).unwrap();
        }
        let versions = SECRETS.map(|value| {
            store
                .set_secret(&Alias::new("db1pass"), &secret(value))
                .unwrap();
            store.to_bytes()
        });
        let store = Self {
            folder: tempfile::tempdir().unwrap(),
            versions,
        };
        let documents = [
            (
                "service.xml",
                "<secret-service><keystore name=\"main\" path=\"store\" retryDelay=\"3600000\"><password file=\"password\"/>\
                 </keystore><document path=\"datasource.xml\"/></secret-service>",
            ),
            (
                "datasource.xml",
                "<beans><bean id=\"dataSource\"><property name=\"password\" value=\"db1pass\"/></bean></beans>",
            ),
            ("password", PASSWORD),
        ];
        for (name, text) in documents {
            fs::write(store.path(name), text).unwrap();
        }
        store.put(0);
        store
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Renames a version into its place.
    pub(crate) fn put(&self, version: usize) {
        fs::write(self.path("new"), &self.versions[version]).unwrap();
        fs::rename(self.path("new"), self.path("store")).unwrap();
    }

    /// A service that acts on a change as soon as it is asked to.
    pub(crate) fn serve(&self) -> SecretService {
        let configuration = Configuration::load(&self.path("service.xml")).unwrap();
        let options = ServiceOptions {
            settle: Duration::ZERO,
            // What the kernel's events would load before the clock starts is loaded when it is asked for.
            watch_mode: WatchMode::PollOnly,
            ..ServiceOptions::default()
        };
        SecretService::start_with(configuration, &options).unwrap()
    }
}

pub(crate) fn secret(text: &str) -> Secret {
    Secret::copied_from(text.as_bytes())
}
