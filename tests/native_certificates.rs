//! keyward's own commands around certificates and copies between keystores: `printcert`, `importcert`, `exportcert`,
//! `genseckey`, `importkeystore`, and what `list` shows of certificates.
#![cfg(feature = "cli")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::PathBuf;

use support::{Output, STORE_PASSWORD_VARIABLE, fixture, jdk, keyward, repository};
use tempfile::TempDir;

/// A folder with the certificates and keystores of the keytool dialect's tests.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let from = repository().join("tests/keytool_dialect/certificates");
        for file in fs::read_dir(from).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What is in a file, with LF alone.
    fn text(&self, name: &str) -> String {
        let text = fs::read_to_string(self.path(name)).unwrap();
        text.replace('\r', "")
    }

    /// Runs a command line, where `DIR` stands for the folder.
    fn run(&self, command: &str, stdin: &str) -> Output {
        let folder = self.0.path().to_str().unwrap();
        let words: Vec<String> = command
            .split_whitespace()
            .map(|word| word.replace("DIR", folder))
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        keyward(&words, stdin)
    }

    /// As [`Self::run`], on a keystore of the folder under the password of all.
    fn on(&self, keystore: &str, command: &str, stdin: &str) -> Output {
        let password = format!("-storepass:env {STORE_PASSWORD_VARIABLE}");
        self.run(
            &format!("{command} -keystore DIR/{keystore} {password}"),
            stdin,
        )
    }
}

#[test]
fn printcert_shows_every_certificate_of_a_file() {
    let folder = Folder::new();
    let text = folder.run("printcert -file DIR/chain.p7b", "").of_success();
    for owner in ["CN=server.example", "CN=Test Intermediate", "CN=Test Root"] {
        assert!(
            text.stdout.contains(&format!("Owner: {owner}")),
            "{text:#?}"
        );
    }
    let json = folder.run("printcert -file DIR/weak-chain.pem --json", "");
    let json: serde_json::Value = serde_json::from_str(&json.of_success().stdout).unwrap();
    let root = &json["certificates"][1];
    assert_eq!(root["subject"], "CN=Weak Root");
    assert_eq!(root["signature_strength"], "weak");
    assert_eq!(root["key"], "1024-bit RSA key");
    assert_eq!(root["self_issued"], true);
    let pem = folder.run("printcert -rfc -file DIR/server.der", "");
    assert_eq!(pem.of_success().stdout, folder.text("server.pem"));
    let weak = folder.run("printcert -file DIR/weak-root.pem", "");
    assert!(weak.stdout.contains("SHA1withRSA (weak)"), "{weak:#?}");
    assert!(
        weak.stderr
            .contains("<CN=Weak Root> uses a 1024-bit RSA key"),
        "{weak:#?}"
    );
}

#[test]
fn printcert_tells_a_missing_file_from_one_without_certificates() {
    let folder = Folder::new();
    assert_eq!(
        folder.run("printcert -file DIR/none.pem", "").status,
        Some(3)
    );
    for stdin in ["", "hello\n"] {
        let output = folder.run("printcert", stdin);
        assert_eq!(output.status, Some(1));
        assert!(
            output.stderr.starts_with("keyward: standard input: "),
            "{output:#?}"
        );
    }
}

#[test]
fn importcert_trusts_what_somebody_vouches_for() {
    let folder = Folder::new();
    let import = |command: &str| folder.on("new.p12", &format!("importcert {command}"), "");
    let refused = import("ca -file DIR/root.pem");
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains("add -noprompt: "), "{refused:#?}");
    assert!(!folder.path("new.p12").exists());
    import("ca -file DIR/root.pem -noprompt").of_success();
    // The keystore trusts the authority of this one.
    import("between -file DIR/intermediate.pem").of_success();
    let taken = import("ca -file DIR/weak-root.pem -noprompt");
    assert_eq!(taken.status, Some(1));
    assert!(taken.stderr.contains("add --replace"), "{taken:#?}");
    import("ca -file DIR/weak-root.pem -noprompt --replace").of_success();
    let several = import("all -file DIR/chain.pem -noprompt");
    assert_eq!(several.status, Some(1));
    let exported = folder.on("new.p12", "exportcert ca -rfc", "").of_success();
    assert_eq!(exported.stdout, folder.text("weak-root.pem"));
}

#[test]
fn importcert_installs_a_reply_only_where_every_signature_is_right() {
    let folder = Folder::new();
    let import = |command: &str| folder.on("keys.p12", &format!("importcert {command}"), "");
    let alone = import("server -file DIR/server.pem");
    assert_eq!(alone.status, Some(1));
    assert!(
        alone.stderr.contains("<CN=Test Intermediate>"),
        "{alone:#?}"
    );
    // keytool takes a chain whose last link is missing.
    fs::write(
        folder.path("gap.pem"),
        ["server.pem", "root.pem"]
            .map(|name| folder.text(name))
            .concat(),
    )
    .unwrap();
    let gap = import("server -noprompt -file DIR/gap.pem");
    assert!(
        gap.stderr.contains("was not signed by the next"),
        "{gap:#?}"
    );
    let other = import("server -noprompt -file DIR/without-server.pem");
    assert!(
        other.stderr.contains("is for the key of the entry"),
        "{other:#?}"
    );
    assert_eq!(
        import("secret -noprompt -file DIR/root.pem").status,
        Some(1)
    );
    let unknown = import("server -file DIR/chain.p7b");
    assert!(
        unknown.stderr.contains("does not know the authority"),
        "{unknown:#?}"
    );
    import("server -noprompt -file DIR/chain.p7b").of_success();
    let chain = folder
        .on("keys.p12", "exportcert server --chain", "")
        .of_success();
    assert_eq!(chain.stdout, folder.text("chain.pem"));
    let Some(jdk) = jdk(17) else { return };
    let list = jdk.keytool(
        &[
            "-list",
            "-v",
            "-alias",
            "server",
            "-storepass",
            "changeit",
            "-keystore",
            folder.path("keys.p12").to_str().unwrap(),
        ],
        "",
    );
    assert!(
        list.stdout.contains("Certificate chain length: 3"),
        "{list:#?}"
    );
}

#[test]
fn exportcert_writes_a_file_and_names_what_is_not_there() {
    let folder = Folder::new();
    folder
        .on("keys.p12", "exportcert server -file DIR/own.der", "")
        .of_success();
    let pem = folder
        .run("printcert -rfc -file DIR/own.der", "")
        .of_success();
    assert_eq!(pem.stdout, folder.text("self-signed.pem"));
    assert_eq!(
        folder.on("keys.p12", "exportcert nobody -rfc", "").status,
        Some(3)
    );
    let secret = folder.on("keys.p12", "exportcert secret -rfc", "");
    assert_eq!(secret.status, Some(1));
    assert!(secret.stderr.contains("it is a secret"), "{secret:#?}");
}

#[test]
fn a_keystore_without_a_password_is_read_without_a_question() {
    let folder = Folder::new();
    let list = folder
        .run("list -keystore DIR/passwordless.p12", "")
        .of_success();
    assert!(
        list.stdout.contains(
            "weak-root, no date, trustedCertEntry, \nCertificate fingerprint (SHA-256): "
        ),
        "{list:#?}"
    );
    let root = folder.run("exportcert root -rfc -keystore DIR/passwordless.p12", "");
    assert_eq!(root.of_success().stdout, folder.text("root.pem"));
    let other = folder.run("list -keystore DIR/weak.p12", "");
    assert_eq!(other.status, Some(1));
}

#[test]
fn genseckey_makes_a_key_of_the_size_that_is_asked_for() {
    let folder = Folder::new();
    let make = |command: &str| folder.on("new.p12", &format!("genseckey {command}"), "");
    make("pepper -keyalg HMACsha512").of_success();
    make("short -keysize 128").of_success();
    for (alias, length) in [("pepper", 64), ("short", 16)] {
        let password = format!("-storepass:env {STORE_PASSWORD_VARIABLE}");
        let mut command = support::keyward_command();
        command
            .args(["get", alias, "-keystore"])
            .arg(folder.path("new.p12"));
        command.args(password.split(' '));
        assert_eq!(command.output().unwrap().stdout.len(), length, "{alias}");
    }
    assert_eq!(make("pepper").status, Some(1));
    assert_eq!(make("other -keyalg ROT13").status, Some(2));
    assert_eq!(make("other -keysize 100").status, Some(2));
    if let Some(jdk) = jdk(17) {
        let entries = jdk.entries(&folder.path("new.p12"), "-").unwrap();
        assert_eq!(entries.len(), 2);
    }
}

#[test]
fn importkeystore_goes_on_past_an_entry_that_cannot_be_read() {
    let folder = Folder::new();
    let password = format!(
        "-srcstorepass:env {STORE_PASSWORD_VARIABLE} -deststorepass:env {STORE_PASSWORD_VARIABLE}"
    );
    let import = |options: &str| {
        let command = format!("importkeystore -srckeystore DIR/keys.jceks {password} {options}");
        folder.run(&command, "")
    };
    let output = import("-destkeystore DIR/new.p12 --json");
    assert_eq!(output.status, Some(1));
    let json: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(json["failed"][0]["alias"], "server");
    assert_eq!(json["imported"].as_array().unwrap().len(), 2);

    let again = import("-destkeystore DIR/new.p12 -srckeypass its-own-password");
    assert_eq!(again.status, Some(1));
    assert!(
        again.stdout.contains("1 of 3 entries imported"),
        "{again:#?}"
    );
    assert!(
        again
            .stdout
            .contains("<secret> is in the destination already"),
        "{again:#?}"
    );
    import("-destkeystore DIR/new.p12 -srckeypass its-own-password --replace").of_success();
    import("-destkeystore DIR/new.p12 -srcalias SECRET -destalias renamed").of_success();
    let secret = folder.on("new.p12", "get renamed", "").of_success();
    assert_eq!(secret.stdout, "a secret");
    if let Some(jdk) = jdk(17) {
        let entries = jdk.entries(&folder.path("new.p12"), "-").unwrap();
        assert_eq!(entries.len(), 4);
    }

    assert_eq!(
        import("-destkeystore DIR/new.p12 -srcalias nobody").status,
        Some(3)
    );
    assert_eq!(import("-destkeystore DIR/keys.jceks").status, Some(2));
    let nothing = import("-destkeystore DIR/new.jks -deststoretype JKS -srcalias secret");
    assert_eq!(nothing.status, Some(1));
    assert!(!folder.path("new.jks").exists());
}

#[test]
fn importkeystore_asks_for_the_passwords_in_keytools_order() {
    let folder = Folder::new();
    let command = format!(
        "importkeystore -srckeystore {} -destkeystore DIR/new.p12",
        fixture("jdk17.p12").display()
    );
    folder
        .run(&command, "another1\nanother1\nchangeit\n")
        .of_success();
    let read = folder.run("get db1 -keystore DIR/new.p12 -storepass another1", "");
    assert_eq!(read.of_success().stdout, "sqluser");
}
