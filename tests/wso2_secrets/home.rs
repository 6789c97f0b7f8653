//! A server's home, made for one test.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use super::support::{Output, STORE_PASSWORD_VARIABLE, fixture, keyward};

pub(crate) const TOML: &str = "repository/conf/deployment.toml";
pub(crate) const CIPHER_TEXT: &str = "repository/conf/security/cipher-text.properties";
pub(crate) const SECRET_CONF: &str = "repository/conf/security/secret-conf.properties";
pub(crate) const CIPHER_TOOL: &str = "repository/conf/security/cipher-tool.properties";
pub(crate) const CARBON: &str = "repository/conf/carbon.xml";

/// Names the keystore of every home; its password stands in no file.
pub(crate) const KEYSTORE: &str = "[keystore.primary]\nfile_name = \"server.p12\"\nalias = \"server\"\npassword = \"$env{NOT_SET_ANYWHERE}\"\n";

pub(crate) struct Home(TempDir);

impl Home {
    /// With an RSA key and no configuration yet.
    pub(crate) fn empty() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        let store = fs::read(fixture("jdk17-mixed.p12")).unwrap();
        home.write_bytes("repository/resources/security/server.p12", &store);
        home
    }

    /// With this `deployment.toml` behind the keystore's table.
    pub(crate) fn with_toml(toml: &str) -> Self {
        let home = Self::empty();
        home.write(TOML, &format!("{KEYSTORE}{toml}"));
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn root(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        self.write_bytes(name, text.as_bytes());
    }

    pub(crate) fn write_bytes(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs `keyward wso2 secrets` with the keystore's password.
    pub(crate) fn run(&self, arguments: &[&str], stdin: &str) -> Output {
        let password = ["-storepass:env", STORE_PASSWORD_VARIABLE];
        self.run_with(&[arguments, &password].concat(), stdin)
    }

    /// Runs `keyward wso2 secrets` with these options alone.
    pub(crate) fn run_with(&self, arguments: &[&str], stdin: &str) -> Output {
        let (command, rest) = arguments.split_first().unwrap();
        let fixed = ["wso2", "secrets", command, "--home", self.root()];
        keyward(&[&fixed, rest].concat(), stdin)
    }

    #[track_caller]
    pub(crate) fn get(&self, alias: &str) -> String {
        self.run(&["get", alias], "").of_success().stdout
    }

    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments, "");
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    /// `security/cipher-text.properties` as a server makes it of `[secrets]` at its start: one line each, not escaped.
    pub(crate) fn start(&self) {
        let text = self.read(TOML);
        let toml = toml_secrets(&text);
        let lines: Vec<String> = toml.iter().map(|(k, v)| format!("{k}={v}\n")).collect();
        self.write(CIPHER_TEXT, &lines.concat());
    }
}

/// The pairs of `[secrets]`, by a reading of its own.
fn toml_secrets(text: &str) -> Vec<(String, String)> {
    let mut lines = text.lines().skip_while(|line| line.trim() != "[secrets]");
    lines.next();
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| {
            let plain = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
            (plain(key), plain(value))
        })
        .collect()
}
