//! Many keystores in one JVM: keytool commands as a script, and every entry of many files at once.

use std::fs;
use std::path::{Path, PathBuf};

use super::java_entry::from_hex;
use super::jdk::Jdk;
use super::program::Output;
use super::repository;

/// Cheap to start; what derives hundreds of keys needs the optimising compiler.
const COLLECTOR: &str = "-XX:+UseSerialGC";

/// A keystore for `tests/java/ReadStores.java`.
#[derive(Clone, Debug)]
pub(crate) struct JavaStore {
    pub(crate) path: PathBuf,
    /// As `KeyStore.getInstance` names it.
    pub(crate) store_type: &'static str,
    pub(crate) password: String,
    /// Alias and key password of each entry that is not under the store password.
    pub(crate) key_passwords: Vec<(String, String)>,
}

/// An entry as a JDK or a provider in it got it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) alias: String,
    /// secret, private-key, certificate, unreadable; unopened stands for the whole file.
    pub(crate) kind: String,
    /// The key's algorithm, X.509 for a certificate; the error where there is one.
    pub(crate) algorithm: String,
    /// Milliseconds since 1970.
    pub(crate) created: u64,
    pub(crate) key: Vec<u8>,
    /// The chain of a private key, its own first; a trusted certificate alone.
    pub(crate) certificates: Vec<Vec<u8>>,
}

/// A provider that is not the JDK's: its jar, its class, its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Provider<'a> {
    pub(crate) jar: &'a Path,
    pub(crate) class: &'a str,
    pub(crate) name: &'a str,
}

impl JavaStore {
    fn line(&self) -> String {
        let mut columns = vec![self.path.to_str().unwrap(), self.store_type, &self.password];
        for (alias, password) in &self.key_passwords {
            columns.extend([alias.as_str(), password]);
        }
        columns.join("\t") + "\n"
    }
}

impl Record {
    fn from_line(line: &str) -> Self {
        let columns: Vec<&str> = line.split('\t').collect();
        let [alias, kind, algorithm, created, key, certificates] = columns[..] else {
            panic!("ReadStores printed {line:?}");
        };
        let certificates = certificates.split(',').filter(|hex| !hex.is_empty());
        Self {
            alias: alias.to_owned(),
            kind: kind.to_owned(),
            algorithm: algorithm.to_owned(),
            created: created.parse().unwrap(),
            key: from_hex(key),
            certificates: certificates.map(from_hex).collect(),
        }
    }
}

impl std::fmt::Debug for Record {
    /// Short: lengths and first bytes tell keys and certificates apart.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let short = |bytes: &[u8]| format!("{}:{:02x?}", bytes.len(), &bytes[..bytes.len().min(6)]);
        let chain: Vec<usize> = self.certificates.iter().map(Vec::len).collect();
        write!(
            formatter,
            "<{}> {} {} {} {} {chain:?}",
            self.alias,
            self.kind,
            self.algorithm,
            self.created,
            short(&self.key),
        )
    }
}

impl Jdk {
    /// Runs the lines of `tests/java/RunKeytool.java` in one JVM, in English. None, and a report, if there is no
    /// javac.
    pub(crate) fn run_keytool_script(&self, script: &str) -> Option<Output> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("script");
        fs::write(&file, script).unwrap();
        let options = [
            COLLECTOR,
            "-Duser.language=en",
            "--add-exports",
            "java.base/sun.security.tools.keytool=ALL-UNNAMED",
        ];
        self.run_java_with(&options, None, "RunKeytool", &[file.to_str().unwrap()])
    }

    /// Every entry of each store, sorted by alias. None, and a report, if there is no javac.
    #[track_caller]
    pub(crate) fn read_stores(&self, stores: &[JavaStore]) -> Option<Vec<Vec<Record>>> {
        self.read_stores_with(stores, None)
    }

    /// As [`Jdk::read_stores`], the store types those of a provider.
    #[track_caller]
    pub(crate) fn read_stores_with(
        &self,
        stores: &[JavaStore],
        provider: Option<Provider<'_>>,
    ) -> Option<Vec<Vec<Record>>> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("stores");
        let lines: String = stores.iter().map(JavaStore::line).collect();
        fs::write(&file, lines).unwrap();
        let mut arguments = vec![file.to_str().unwrap()];
        arguments.extend(provider.iter().flat_map(|with| [with.class, with.name]));
        let jar = provider.map(|with| with.jar);
        let output = self
            .run_java_with(&[COLLECTOR], jar, "ReadStores", &arguments)?
            .of_success();
        let mut read: Vec<Vec<Record>> = Vec::new();
        for line in output.stdout.lines() {
            match (line.strip_prefix("= "), read.last_mut()) {
                (Some(_), _) => read.push(Vec::new()),
                (None, Some(records)) => records.push(Record::from_line(line)),
                (None, None) => panic!("ReadStores printed {line:?}"),
            }
        }
        assert_eq!(read.len(), stores.len(), "{output:#?}");
        Some(read)
    }
}

/// Where `.ci/peers` puts what it fetches.
pub(crate) fn peer(name: &str) -> PathBuf {
    repository().join("target/peers").join(name)
}
