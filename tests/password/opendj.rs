//! OpenDJ: an export of a real server, and a real server that is started here where it is installed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use keyward::password::{CipherKeys, Conventions, Dialect, schemes};
use keyward::{Secret, directory_keys};
use serde_json::Value;

use crate::support::{Jdk, Output, fixture, jdk, keyward, leave_out, peer, repository, run};
use crate::{least_cost, secret};

const PASSWORD: &str = "Größe 34!2axf";
const OTHER_END: &str = "Größe 34!2axF";
const OTHER_START: &str = "größe 34!2axf";
const ROOT_PASSWORD: &str = "changeit";

/// Every storage scheme of OpenDJ but CRYPT, as its configuration calls it; those with a salt have an authPassword too.
const SCHEMES: [(&str, &[&str]); 18] = [
    ("3DES", &["userPassword"]),
    ("AES", &["userPassword"]),
    ("Base64", &["userPassword"]),
    ("Bcrypt", &["userPassword"]),
    ("Blowfish", &["userPassword"]),
    ("Clear", &["userPassword"]),
    ("MD5", &["userPassword"]),
    ("PBKDF2", BOTH),
    ("PBKDF2-HMAC-SHA256", BOTH),
    ("PBKDF2-HMAC-SHA512", BOTH),
    ("PKCS5S2", BOTH),
    ("RC4", &["userPassword"]),
    ("Salted MD5", BOTH),
    ("Salted SHA-1", BOTH),
    ("Salted SHA-256", BOTH),
    ("Salted SHA-384", BOTH),
    ("Salted SHA-512", BOTH),
    ("SHA-1", &["userPassword"]),
];
const BOTH: &[&str] = &["userPassword", "authPassword"];
const CRYPT: [&str; 4] = ["unix", "md5", "sha256", "sha512"];

/// The files of one server.
struct Export {
    users: PathBuf,
    admin_data: PathBuf,
    truststore: PathBuf,
    pin: PathBuf,
}

impl Export {
    fn stored_here() -> Self {
        let file = |name| repository().join("tests/password/opendj").join(name);
        Self {
            users: file("users.ldif"),
            admin_data: file("admin-backend.ldif"),
            truststore: file("ads-truststore"),
            pin: file("ads-truststore.pin"),
        }
    }

    fn verify(&self, password: &str) -> Output {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let arguments = [
            "password".to_owned(),
            "verify".to_owned(),
            "--json".to_owned(),
            "--dialect=opendj".to_owned(),
            format!("--file={}", text(&self.users)),
            format!("--opendj-keys={}", text(&self.admin_data)),
            format!("--ads-truststore={}", text(&self.truststore)),
            format!("--ads-truststore-pin:file={}", text(&self.pin)),
        ];
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        keyward(&arguments, &format!("{password}\n"))
    }

    /// Every value is right with its password, wrong with another, and in a scheme that says that OpenDJ judges it.
    fn check(&self, count: usize) {
        let lines = parsed(&self.verify(PASSWORD).of_success());
        assert_eq!(lines.len(), count);
        for line in &lines {
            let name = line["scheme"].as_str().unwrap();
            let scheme = keyward::password::scheme(name, Some(Dialect::OpenDj)).unwrap();
            let judge = scheme.judge.unwrap();
            assert!(["OpenDJ", "passlib"].contains(&judge), "{name}: {judge}");
        }
        let judged = schemes().filter(|scheme| scheme.judge == Some("OpenDJ"));
        for scheme in judged {
            let is_here = |line: &Value| line["scheme"] == scheme.name;
            assert!(lines.iter().any(is_here), "{scheme:?}");
        }
        for other in [OTHER_END, OTHER_START] {
            let wrong = self.verify(other);
            assert_eq!(wrong.status, Some(1));
            for line in parsed(&wrong) {
                // DES looks at eight bytes.
                let is_of_des = line["name"].as_str().unwrap().contains("crypt-unix");
                let is_right = is_of_des && other == OTHER_END;
                assert_eq!(line["ok"], is_right, "{line}");
                assert_eq!(line["error"], Value::Null, "{line}");
            }
        }
    }

    fn keys(&self) -> CipherKeys {
        let pin = fs::read_to_string(&self.pin).unwrap();
        directory_keys::read(&self.admin_data, &self.truststore, &secret(pin.trim())).unwrap()
    }
}

fn parsed(output: &Output) -> Vec<Value> {
    let value = |line| serde_json::from_str(line).unwrap();
    output.stdout.lines().map(value).collect()
}

#[test]
fn an_export_of_opendj_is_verified_to_the_last_value() {
    Export::stored_here().check(30);
}

#[test]
fn reversible_values_are_decrypted() {
    let export = Export::stored_here();
    let conventions = Conventions {
        cipher_keys: export.keys(),
        ..Conventions::default()
    };
    let users = fs::read_to_string(&export.users).unwrap();
    let mut decrypted = 0;
    for stored in users
        .lines()
        .filter_map(|line| line.strip_prefix("userPassword: "))
    {
        let hash = conventions.recognise(stored).unwrap();
        if let Some(password) = hash.decrypt().unwrap() {
            assert_eq!(password.expose_text(), Ok(PASSWORD), "{stored}");
            decrypted += 1;
        }
    }
    // BASE64 and four under a key; the clear one is written in base64.
    assert_eq!(decrypted, 5);
}

#[test]
fn without_its_key_a_value_is_identified_and_the_refusal_names_the_key() {
    let stored = "{AES}AbaFsNO+fky/iCFKWKPUb6hWJRpRWjvOx2GsYbadQp8b42vjU3kGDzhoorq+xEas";
    let identified = keyward(&["password", "identify", stored], "").of_success();
    assert_eq!(
        identified.stdout,
        "AES (opendj): encrypted with AES/CFB/NoPadding under the key b685b0d3-be7e-4cbf-8821-4a58a3d46fa8, which is not here; obsolete\n"
    );
    let refused = keyward(&["password", "verify", stored], "x\n");
    assert_eq!(refused.status, Some(1));
    let entry = "ds-cfg-key-id=b685b0d3-be7e-4cbf-8821-4a58a3d46fa8,cn=secret keys,cn=admin data";
    assert!(refused.stderr.contains(entry), "{}", refused.stderr);
    for damaged in [
        "{AES}Ag==",
        "{AES}",
        "{RC4}AQ==",
        "{3DES}AYtUbMTjOkjHtonm2OWgXjp6ZJJ6",
    ] {
        let refused = keyward(&["password", "identify", damaged], "");
        assert!(refused.stderr.contains("damaged"), "{}", refused.stderr);
    }
}

/// Keys of one server do not open with the truststore of another, and the message says whose they are.
#[test]
fn the_truststore_of_another_server_is_named_with_those_that_would_do() {
    let export = Export::stored_here();
    let other = fixture("key-and-certificate.jks");
    let refused = directory_keys::read(&export.admin_data, &other, &secret("changeit"));
    let message = refused.err().unwrap().to_string();
    assert!(
        message.contains("AF6A99C5058D8C846668637A997A42E3"),
        "{message}"
    );
    assert!(
        message.contains("b685b0d3-be7e-4cbf-8821-4a58a3d46fa8"),
        "{message}"
    );
    assert!(message.contains("key-and-certificate.jks"), "{message}");
    let empty = directory_keys::read(&export.users, &export.truststore, &pin(&export));
    let message = empty.err().unwrap().to_string();
    assert!(message.contains("there is no key in it"), "{message}");
}

fn pin(export: &Export) -> Secret {
    secret(fs::read_to_string(&export.pin).unwrap().trim())
}

#[test]
fn a_real_server_and_keyward_take_each_others_values() {
    let Some(mut server) = OpenDj::start() else {
        return;
    };
    let mut jobs = Vec::new();
    for (scheme, attributes) in SCHEMES {
        for attribute in attributes {
            let name = format!("{attribute}-{}", scheme.replace(' ', "-"));
            jobs.push(format!("policy\t{name}\t{scheme}\t{attribute}"));
            jobs.push(format!("user\t{name}\t{attribute}\t{name}\t{PASSWORD}"));
        }
    }
    jobs.push("policy\tcrypt\tCRYPT\tuserPassword".to_owned());
    for algorithm in CRYPT {
        jobs.push(format!(
            "set\tcn=CRYPT,cn=Password Storage Schemes,cn=config\tds-cfg-crypt-password-storage-encryption-algorithm\t{algorithm}"
        ));
        jobs.push(format!(
            "user\tcrypt-{algorithm}\tuserPassword\tcrypt\t{PASSWORD}"
        ));
    }
    for answer in server.answers(&jobs) {
        assert_eq!(answer, "ok");
    }
    let users = jobs.iter().filter(|job| job.starts_with("user")).count();
    assert_eq!(users, 31);
    let accepted = server.made_by_keyward_is_accepted();
    server.stop();
    server.export().check(users + accepted);
}

/// A running server with files of its own.
struct OpenDj {
    child: Child,
    jdk: Jdk,
    home: PathBuf,
    folder: tempfile::TempDir,
    port: String,
}

impl OpenDj {
    /// None, and a report, where it is not installed.
    fn start() -> Option<Self> {
        let jdk = jdk(17)?;
        let home = peer("opendj");
        if !home.is_dir() {
            leave_out("OpenDJ is not here (bash .ci/peers fetches it)");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        for name in ["config", "db"] {
            copy(&home.join(name), &folder.path().join(name));
        }
        for name in ["locks", "logs"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let port = with_free_ports(&folder.path().join("config/config.ldif"));
        let mut command = jdk.java();
        command
            .args(roots(folder.path()))
            .current_dir(folder.path())
            .args(["-Xmx512m", "-Dorg.opends.server.scriptName=start-ds", "-cp"])
            .arg(home.join("lib/bootstrap.jar"))
            .arg("org.opends.server.core.DirectoryServer")
            .arg("--configFile")
            .arg(folder.path().join("config/config.ldif"))
            .arg("--nodetach")
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut server = Self {
            child,
            jdk,
            home,
            folder,
            port,
        };
        let mut log = String::new();
        for line in lines {
            let line = line.unwrap();
            log.push_str(&line);
            if line.contains("Started listening for new connections on LDAP Connection Handler") {
                return Some(server);
            }
        }
        let _ = server.child.kill();
        panic!("OpenDJ did not start: {log}");
    }

    /// Its answer to each job.
    fn answers(&self, jobs: &[String]) -> Vec<String> {
        let arguments = [self.port.as_str(), ROOT_PASSWORD];
        let command = self.jdk.java_command("DriveOpenDj", &arguments).unwrap();
        let output = run(command, &jobs.join("\n")).of_success();
        let answers: Vec<String> = output.stdout.lines().map(ToOwned::to_owned).collect();
        assert_eq!(answers.len(), jobs.len(), "{output:#?}");
        answers
    }

    /// Gives it what keyward makes; tells for how many users.
    fn made_by_keyward_is_accepted(&self) -> usize {
        let mut jobs = vec![
            "set\tcn=Default Password Policy,cn=Password Policies,cn=config\tds-cfg-allow-pre-encoded-passwords\ttrue".to_owned(),
        ];
        let of_opendj = schemes().filter(|scheme| scheme.dialects.contains(&Dialect::OpenDj));
        for scheme in of_opendj.filter(|scheme| scheme.produces()) {
            let stored = scheme.hash(&secret(PASSWORD), least_cost(scheme)).unwrap();
            for (name, password) in [("right", PASSWORD), ("wrong", OTHER_END)] {
                let name = format!("{name}-{}", scheme.name);
                jobs.push(format!("stored\t{name}\t{stored}\t{password}"));
            }
        }
        assert_eq!(jobs.len(), 1 + 2 * 5);
        for (job, answer) in jobs.iter().zip(self.answers(&jobs)).skip(1) {
            let is_right = job.starts_with("stored\tright");
            assert_eq!(answer, is_right.to_string(), "{job}");
        }
        jobs.len() - 1
    }

    /// What is stored survives that: each answer came after it was written.
    fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// What an administrator takes from it, once it is stopped.
    fn export(&self) -> Export {
        let config = self.folder.path().join("config");
        let users = self.folder.path().join("users.ldif");
        let mut command = self.jdk.java();
        command
            .args(roots(self.folder.path()))
            .current_dir(self.folder.path())
            .args(["-Dorg.opends.server.scriptName=export-ldif", "-cp"])
            .arg(self.home.join("lib/bootstrap.jar"))
            .arg("org.opends.server.tools.ExportLDIF")
            .arg("--configFile")
            .arg(config.join("config.ldif"))
            .args(["--offline", "--backendID", "userRoot", "--ldifFile"])
            .arg(&users);
        for attribute in BOTH {
            command.args(["--includeAttribute", attribute]);
        }
        run(command, "").of_success();
        Export {
            users,
            admin_data: config.join("admin-backend.ldif"),
            truststore: config.join("ads-truststore"),
            pin: config.join("ads-truststore.pin"),
        }
    }
}

impl Drop for OpenDj {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where all its files are, so that the installation stays as it is.
fn roots(folder: &Path) -> [String; 2] {
    ["ServerRoot", "InstanceRoot"]
        .map(|root| format!("-Dorg.opends.server.{root}={}", folder.display()))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Has the server listen at free ports of this machine alone, and tells that for LDAP.
fn with_free_ports(config: &Path) -> String {
    let mut text = fs::read_to_string(config).unwrap();
    text = text.replace("listen-address: 0.0.0.0", "listen-address: 127.0.0.1");
    let sockets = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let ports = sockets.map(|socket| socket.local_addr().unwrap().port().to_string());
    for (usual, port) in ["1389", "1636", "4444"].iter().zip(&ports) {
        let setting = format!("ds-cfg-listen-port: {usual}\n");
        assert_eq!(text.matches(&setting).count(), 1, "{usual}");
        text = text.replace(&setting, &format!("ds-cfg-listen-port: {port}\n"));
    }
    fs::write(config, text).unwrap();
    let [ldap, _, _] = ports;
    ldap
}
