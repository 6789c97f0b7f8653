//! [`TestStore`]: a keystore in a directory of its own, worked on by keyward and by keytool.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::java_entry::JavaEntry;
use super::jdk::Jdk;
use super::keyward::{STORE_PASSWORD_VARIABLE, keyward};
use super::{STORE_PASSWORD, fixture};

/// A keystore that lives as long as the test; its store password is [`STORE_PASSWORD`].
pub(crate) struct TestStore {
    _folder: TempDir,
    path: PathBuf,
    store_type: &'static str,
}

impl TestStore {
    /// No file yet.
    pub(crate) fn absent(store_type: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        Self {
            _folder: folder,
            path,
            store_type,
        }
    }

    /// A copy of a keystore in `tests/fixtures`.
    pub(crate) fn copy_of(file: &str) -> Self {
        let is_jceks = Path::new(file)
            .extension()
            .is_some_and(|ending| ending == "jceks");
        let store = Self::absent(if is_jceks { "JCEKS" } else { "PKCS12" });
        fs::copy(fixture(file), &store.path).unwrap();
        store
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What `keyward get` prints into a pipe: the secret, without so much as a line end.
    #[track_caller]
    pub(crate) fn get(&self, alias: &str) -> String {
        self.keyward(&["get", alias], "")
    }

    #[track_caller]
    pub(crate) fn keyward_importpass(&self, alias: &str, secret: &str) {
        let command = ["importpass", "-alias", alias, "-storetype", self.store_type];
        self.keyward(&command, &format!("{secret}\n"));
    }

    #[track_caller]
    pub(crate) fn keyward_delete(&self, alias: &str) {
        self.keyward(&["delete", "-alias", alias], "");
    }

    /// Alias and kind of each entry that keyward lists.
    #[track_caller]
    pub(crate) fn keyward_list(&self) -> Vec<String> {
        listed_entries(&self.keyward(&["list"], ""))
    }

    #[track_caller]
    pub(crate) fn keytool_importpass(&self, jdk: &Jdk, alias: &str, secret: &str) {
        let command = [
            "-importpass",
            "-alias",
            alias,
            "-storetype",
            self.store_type,
        ];
        self.keytool(jdk, &command, &format!("{secret}\n"));
    }

    #[track_caller]
    pub(crate) fn keytool_delete(&self, jdk: &Jdk, alias: &str) {
        self.keytool(jdk, &["-delete", "-alias", alias], "");
    }

    /// Alias and kind of each entry that keytool lists: sorted by alias.
    #[track_caller]
    pub(crate) fn keytool_list(&self, jdk: &Jdk) -> Vec<String> {
        listed_entries(&self.keytool(jdk, &["-list"], ""))
    }

    /// Every entry as a Java program reads it; none, and a report, if there is no javac.
    #[track_caller]
    pub(crate) fn java_entries(&self, jdk: &Jdk) -> Option<Vec<JavaEntry>> {
        jdk.entries(&self.path, self.store_type)
    }

    #[track_caller]
    fn keyward(&self, command: &[&str], stdin: &str) -> String {
        let path = self.path.to_str().unwrap();
        let store = ["-keystore", path, "-storepass:env", STORE_PASSWORD_VARIABLE];
        keyward(&[command, &store].concat(), stdin)
            .of_success()
            .stdout
    }

    #[track_caller]
    fn keytool(&self, jdk: &Jdk, command: &[&str], stdin: &str) -> String {
        let path = self.path.to_str().unwrap();
        let store = ["-keystore", path, "-storepass", STORE_PASSWORD];
        jdk.keytool(&[command, &store].concat(), stdin)
            .of_success()
            .stdout
    }
}

/// From lines such as `db1, Nov 21, 2026, SecretKeyEntry, `.
fn listed_entries(listing: &str) -> Vec<String> {
    let entries = listing.lines().filter_map(|line| {
        let (alias, rest) = line.split_once(", ")?;
        let kind = rest.trim_end_matches(", ").rsplit(", ").next()?;
        kind.ends_with("Entry").then(|| format!("{alias} {kind}"))
    });
    entries.collect()
}
