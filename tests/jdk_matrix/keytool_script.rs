//! [`KeytoolScript`]: commands for one run of `tests/java/RunKeytool.java`, and the stores that they make.

use std::path::{Path, PathBuf};

use crate::support::{JavaStore, Jdk, STORE_PASSWORD};

#[derive(Default)]
pub(crate) struct KeytoolScript {
    folder: PathBuf,
    lines: String,
    stores: Vec<JavaStore>,
}

impl KeytoolScript {
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            ..Self::default()
        }
    }

    /// The commands up to the next call work on a store of this name.
    pub(crate) fn store(&mut self, name: &str, store_type: &'static str) {
        self.stores.push(JavaStore {
            path: self.folder.join(format!("{name}.{store_type}")),
            store_type,
            password: STORE_PASSWORD.to_owned(),
            key_passwords: Vec::new(),
        });
    }

    /// The last store's entry `alias` (folded) is under a password of its own.
    pub(crate) fn key_password(&mut self, alias: &str, password: &str) {
        let store = self.stores.last_mut().unwrap();
        store
            .key_passwords
            .push((alias.to_owned(), password.to_owned()));
    }

    pub(crate) fn property(&mut self, name: &str, value: &str) {
        self.line(&["-D", name, value]);
    }

    pub(crate) fn clear_property(&mut self, name: &str) {
        self.line(&["-D", name]);
    }

    /// A command on the last store: `words` separated by blanks.
    pub(crate) fn run_on_store(&mut self, words: &str) {
        self.pipe_to_store("", words, &[]);
    }

    /// As [`Self::run_on_store`], with more arguments that may have blanks in them, and a line on standard input.
    pub(crate) fn pipe_to_store(&mut self, piped: &str, words: &str, more: &[&str]) {
        let store = self.stores.last().unwrap().clone();
        self.pipe_to(&store, piped, words, more);
    }

    pub(crate) fn pipe_to(&mut self, store: &JavaStore, piped: &str, words: &str, more: &[&str]) {
        let mut columns = vec![piped];
        columns.extend(words.split(' '));
        columns.extend(more);
        columns.extend(["-keystore", store.path.to_str().unwrap()]);
        columns.extend(["-storetype", store.store_type]);
        columns.extend(["-storepass", &store.password]);
        self.line(&columns);
    }

    pub(crate) fn list(&mut self, store: &JavaStore) {
        self.pipe_to(store, "", "-list", &[]);
    }

    /// Copies all entries of an earlier store into the last one.
    pub(crate) fn import_store(&mut self, name: &str, from_type: &str) {
        let source = self.folder.join(format!("{name}.{from_type}"));
        let target = self.stores.last().unwrap();
        let columns = [
            "",
            "-importkeystore",
            "-noprompt",
            "-srckeystore",
            source.to_str().unwrap(),
            "-srcstoretype",
            from_type,
            "-srcstorepass",
            STORE_PASSWORD,
            "-destkeystore",
            target.path.to_str().unwrap(),
            "-deststoretype",
            target.store_type,
            "-deststorepass",
            STORE_PASSWORD,
        ];
        let line = columns.join("\t");
        self.line(&[&line]);
    }

    /// A file beside the stores.
    pub(crate) fn file(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    fn line(&mut self, columns: &[&str]) {
        self.lines += &columns.join("\t");
        self.lines.push('\n');
    }

    /// Runs all of it; the stores that it made. None, and a report, if there is no javac.
    #[track_caller]
    pub(crate) fn run(self, jdk: &Jdk) -> Option<Vec<JavaStore>> {
        let output = jdk.run_keytool_script(&self.lines)?;
        assert_eq!(
            output.status,
            Some(0),
            "JDK {}: {}{}",
            jdk.version,
            output.stdout,
            output.stderr
        );
        Some(self.stores)
    }
}
