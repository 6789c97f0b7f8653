//! The entries of a directory that is running: a real OpenLDAP server.
#![cfg(all(feature = "cli", unix))]
// All of this is test code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{fs, thread};

use keyward::Secret;
use keyward::migrate::{
    Change, Credential, CredentialStore, LdapAddress, LdapBind, LdapStore, MigrateError, Replaced,
};
use keyward::password::{Dialect, Wrapping, recognise};
use support::{OpenLdap, Output, keyward, keyward_command, leave_out, run};
use tempfile::TempDir;

/// Of `password`.
const SHA: &str = "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=";
const SSHA: &str = "{SSHA}yrht1iYXEIkejLVu42JWkadd80RzYWx0c2FsdA==";
const BASE: &str = "dc=example,dc=com";
const ADMINISTRATOR: &str = "cn=admin,dc=example,dc=com";
/// More than two pages.
const USERS: usize = 1100;
/// Quick, and a function all the same.
const QUICK: [&str; 6] = [
    "--to",
    "pbkdf2-sha256",
    "--cost",
    "1000",
    "--dialect",
    "openldap",
];

struct Directory {
    server: Option<Child>,
    folder: TempDir,
    openldap: OpenLdap,
    port: u16,
    tls_port: u16,
}

impl Directory {
    /// A server of its own with one entry for each user; none, and a report, without OpenLDAP.
    fn start(users: &str) -> Option<Self> {
        let openldap = OpenLdap::here()?;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("secret"), "adminpass\n").unwrap();
        fs::write(folder.path().join("wrong"), "password\n").unwrap();
        if !make_certificate(folder.path()) {
            leave_out("openssl is not here, which makes the server's certificate");
            return None;
        }
        fs::create_dir(folder.path().join("data")).unwrap();
        let mut settings = String::new();
        for schema in ["core", "cosine", "inetorgperson"] {
            let file = openldap.file(&format!("etc/ldap/schema/{schema}.schema"));
            writeln!(settings, "include {}", file.display()).unwrap();
        }
        let at = folder.path().display();
        writeln!(
            settings,
            "modulepath {}\nmoduleload back_mdb\nmoduleload pw-pbkdf2\n\
             TLSCertificateFile {at}/certificate.pem\nTLSCertificateKeyFile {at}/key.pem\n\
             database mdb\nsuffix {BASE}\nrootdn {ADMINISTRATOR}\nrootpw adminpass\ndirectory {at}/data\n\
             access to attrs=userPassword by anonymous auth by * none\naccess to * by * read",
            openldap.modules().display()
        )
        .unwrap();
        fs::write(folder.path().join("slapd.conf"), settings).unwrap();
        let ldif = format!(
            "dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: example\n\n{users}"
        );
        fs::write(folder.path().join("users.ldif"), ldif).unwrap();
        let mut slapadd = openldap.command("slapd");
        slapadd.args(["-T", "add", "-f"]);
        slapadd.arg(folder.path().join("slapd.conf")).arg("-l");
        slapadd.arg(folder.path().join("users.ldif"));
        run(slapadd, "").of_success();
        let mut directory = Self {
            server: None,
            folder,
            openldap,
            port: free_port(),
            tls_port: free_port(),
        };
        directory.serve();
        Some(directory)
    }

    fn serve(&mut self) {
        let (port, tls_port) = (self.port, self.tls_port);
        let urls = format!("ldap://127.0.0.1:{port}/ ldaps://127.0.0.1:{tls_port}/");
        let mut slapd = self.openldap.command("slapd");
        slapd.args(["-d", "0", "-h", &urls, "-f"]);
        slapd.arg(self.folder.path().join("slapd.conf"));
        self.server = Some(slapd.stdin(Stdio::null()).spawn().unwrap());
        for _ in 0..600 {
            if [port, tls_port]
                .iter()
                .all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok())
            {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("slapd does not listen");
    }

    fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    fn url(&self) -> String {
        format!("ldap://127.0.0.1:{}/{BASE}", self.port)
    }

    fn store(&self) -> LdapStore {
        open(&self.url(), ADMINISTRATOR, "adminpass").unwrap()
    }

    /// `keyward migrate` as the administrator.
    fn migrate(&self, command: &str, url: &str, more: &[&str]) -> Output {
        let file = self.folder.path().join("secret");
        let bind = [
            "--bind-dn",
            ADMINISTRATOR,
            "--bind-password:file",
            file.to_str().unwrap(),
        ];
        let arguments = [&["migrate", command, url], &QUICK[..], &bind, more].concat();
        keyward(&arguments, "")
    }

    /// Whether the server lets a user in.
    fn accepts(&self, uid: &str, password: &str) -> bool {
        let bound = open(&self.url(), &format!("uid={uid},{BASE}"), password);
        match bound {
            Ok(_) => true,
            Err(MigrateError::Store { reason, .. }) if reason.contains("is wrong") => false,
            Err(error) => panic!("{error}"),
        }
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        self.stop();
    }
}

fn open(url: &str, dn: &str, password: &str) -> Result<LdapStore, MigrateError> {
    let address = LdapAddress::parse(url).unwrap().unwrap();
    let bind = LdapBind {
        dn: dn.to_owned(),
        password: secret(password),
    };
    LdapStore::open(address, Some(bind), "uid")
}

fn secret(text: &str) -> Secret {
    Secret::copied_from(text.as_bytes())
}

fn free_port() -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port()
}

/// A certificate for 127.0.0.1 that signs itself.
fn make_certificate(folder: &Path) -> bool {
    let mut openssl = Command::new("openssl");
    openssl
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args([
            "-days",
            "2",
            "-subj",
            "/CN=127.0.0.1",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("certificate.pem"))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    openssl.status().is_ok_and(|status| status.success())
}

fn entry(uid: &str, stored: &[&str]) -> String {
    let mut entry = format!(
        "dn: uid={uid},{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {uid}\nsn: {uid}\n"
    );
    for value in stored {
        writeln!(entry, "userPassword: {value}").unwrap();
    }
    entry + "\n"
}

fn verifies(credential: &Credential, password: &str) -> bool {
    let text = credential.stored.expose_text().unwrap();
    let stored = recognise(text, Some(Dialect::OpenLdap)).unwrap();
    stored.verify(&secret(password)).unwrap()
}

fn scheme(credential: &Credential) -> &'static str {
    let text = credential.stored.expose_text().unwrap();
    let stored = recognise(text, Some(Dialect::OpenLdap)).unwrap();
    stored.scheme().name
}

#[test]
fn every_value_of_every_page_is_wrapped_and_a_login_moves_it() {
    let mut users: String = (0..USERS)
        .map(|number| entry(&format!("u{number}"), &[SHA]))
        .collect();
    users += &entry("two", &[SHA, SSHA]);
    users += &entry("odd", &["{UNKNOWN}x"]);
    users += &entry("none", &[]);
    let Some(directory) = Directory::start(&users) else {
        return;
    };
    let count = USERS + 3;
    let first = directory.migrate("wrap", &directory.url(), &["--limit", "700"]);
    assert_eq!(first.status, Some(0), "{first:#?}");
    assert!(first.stdout.starts_with("700 wrapped\n"), "{first:#?}");
    let second = directory.migrate("wrap", &directory.url(), &[]);
    // One has no scheme.
    assert_eq!(second.status, Some(1), "{second:#?}");
    let wrapped = format!("{} wrapped\n{count} stored passwords\n", count - 1 - 700);
    assert!(second.stdout.starts_with(&wrapped), "{second:#?}");
    let said = format!("{}{}", second.stdout, second.stderr);
    assert!(said.contains(&format!("uid=odd,{BASE}")), "{second:#?}");
    assert!(!said.contains("W6ph5Mm5"), "{second:#?}");
    let third = directory.migrate("wrap", &directory.url(), &[]);
    assert!(third.stdout.starts_with("0 wrapped\n"), "{third:#?}");

    let store = directory.store();
    let two = store.of_user("two").unwrap();
    assert_eq!(two.len(), 2);
    for credential in two.iter().chain(&store.of_user("u1099").unwrap()) {
        assert_eq!(scheme(credential), "wrapped");
        assert!(verifies(credential, "password"));
        assert!(!verifies(credential, "Password"));
    }
    assert!(
        !directory.accepts("u7", "password"),
        "slapd does not know it"
    );
    let user = store.of_user("u7").unwrap();
    let envelope = user[0].stored.expose_text().unwrap();
    assert!(!directory.accepts("u7", envelope), "it is no password");

    // What a login does.
    let wrapping = Wrapping::in_dialect("pbkdf2-sha256", Some(1000), Some(Dialect::OpenLdap));
    let new = wrapping.unwrap().hash(&secret("password")).unwrap();
    let login = || Change {
        credential: &user[0],
        new: secret(&new),
    };
    assert_eq!(store.replace(&[login()]).unwrap(), [Replaced::Done]);
    assert!(directory.accepts("u7", "password"));
    assert!(!directory.accepts("u7", "Password"));
    let again = store.replace(&[login()]).unwrap();
    assert_eq!(again, [Replaced::ChangedMeanwhile]);
}

#[test]
fn a_value_that_was_changed_meanwhile_stays() {
    let users = entry("ann", &[SHA, SSHA]) + &entry("bob", &[SHA]) + &entry("gone", &[SHA]);
    let Some(directory) = Directory::start(&users) else {
        return;
    };
    let (store, other) = (directory.store(), directory.store());
    let page = store.page(None).unwrap().unwrap();
    assert_eq!(page.credentials.len(), 4);
    assert!(store.page(Some(&page.end)).unwrap().is_none());
    let mut credentials = page.credentials.iter();
    let bob = credentials.find(|one| one.user == "bob").unwrap();
    let theirs = [Change {
        credential: bob,
        new: secret("{SSHA}2fNl0iGqMO4fZ4PY2ybMAiNJjGVuZXdz"),
    }];
    assert_eq!(other.replace(&theirs).unwrap(), [Replaced::Done]);
    let changes: Vec<Change<'_>> = page
        .credentials
        .iter()
        .enumerate()
        .map(|(index, credential)| Change {
            credential,
            new: secret(&format!("{{KEYWARD}}new-{index}")),
        })
        .collect();
    let replaced = store.replace(&changes).unwrap();
    for (change, replaced) in changes.iter().zip(&replaced) {
        let expected = match change.credential.user.as_str() {
            "bob" => Replaced::ChangedMeanwhile,
            _ => Replaced::Done,
        };
        assert_eq!(*replaced, expected, "{}", change.credential.user);
    }
    let bob = store.of_user("bob").unwrap();
    assert!(
        bob[0].stored.is_same_as(&theirs[0].new),
        "the user's change wins"
    );
    assert_eq!(store.of_user("ann").unwrap().len(), 2);
}

#[test]
fn a_user_is_found_by_the_name_itself() {
    let odd = "a*(b)\\\\c";
    let users = entry("ann", &[SHA]) + &entry("ann2", &[SHA]);
    let users = users
        + &format!(
            "dn: cn=odd,{BASE}\nobjectClass: inetOrgPerson\ncn: odd\nsn: x\nuid: {}\nuserPassword: {SHA}\n\n",
            odd.replace("\\\\", "\\")
        )
        + &entry("twin", &[SHA])
        + &format!(
            "dn: cn=twin,{BASE}\nobjectClass: inetOrgPerson\ncn: twin\nsn: x\nuid: twin\nuserPassword: {SHA}\n\n"
        );
    let Some(directory) = Directory::start(&users) else {
        return;
    };
    let store = directory.store();
    assert_eq!(store.of_user("ann").unwrap().len(), 1);
    assert_eq!(store.of_user("a*(b)\\c").unwrap().len(), 1);
    for nobody in ["*", "an*", "nobody", "ann)(uid=*", ""] {
        assert!(store.of_user(nobody).unwrap().is_empty(), "{nobody}");
    }
    let several = store.of_user("twin").err().unwrap().to_string();
    assert!(several.contains("several entries"), "{several}");
}

#[test]
fn what_goes_wrong_is_told_with_the_next_step() {
    let Some(mut directory) = Directory::start(&entry("ann", &[SHA])) else {
        return;
    };
    let told = |output: &Output, status: i32, part: &str| {
        assert_eq!(output.status, Some(status), "{output:#?}");
        assert!(output.stderr.contains(part), "{part}: {output:#?}");
        assert!(!output.stderr.contains("adminpass"), "{output:#?}");
    };
    let url = directory.url();
    let wrong = directory.folder.path().join("wrong");
    let wrong = [
        "--bind-dn",
        ADMINISTRATOR,
        "--bind-password:file",
        wrong.to_str().unwrap(),
    ];
    let arguments = [&["migrate", "status", &url], &QUICK[..], &wrong].concat();
    told(
        &keyward(&arguments, ""),
        1,
        "the bind DN or its password is wrong",
    );
    let anonymous = [&["migrate", "status", &url], &QUICK[..]].concat();
    told(&keyward(&anonymous, ""), 1, "that the bind DN may read");
    let elsewhere = url.replace("dc=example", "dc=nowhere");
    told(
        &directory.migrate("status", &elsewhere, &[]),
        1,
        "Check the base DN",
    );
    let filter = format!("{url}???(uid=nobody)");
    told(&directory.migrate("status", &filter, &[]), 1, "the filter");
    told(
        &keyward(&["migrate", "wrap", &url], ""),
        2,
        "--dialect openldap, opendj or 389ds",
    );
    let remote = "ldap://directory.example.com/dc=a";
    told(&directory.migrate("wrap", remote, &[]), 2, "StartTLS");
    directory.stop();
    told(&directory.migrate("wrap", &url, &[]), 1, "does not answer");
}

#[test]
fn a_server_that_goes_away_ends_a_run_that_another_goes_on_with() {
    let users: String = (0..20)
        .map(|number| entry(&format!("u{number}"), &[SHA]))
        .collect();
    let Some(mut directory) = Directory::start(&users) else {
        return;
    };
    let store = directory.store();
    let page = store.page(None).unwrap().unwrap();
    directory.stop();
    let change = Change {
        credential: &page.credentials[0],
        new: secret("{KEYWARD}x"),
    };
    let lost = store.replace(std::slice::from_ref(&change));
    assert!(matches!(lost, Err(MigrateError::Unavailable { .. })));
    directory.serve();
    assert_eq!(store.replace(&[change]).unwrap(), [Replaced::Done]);
    let output = directory.migrate("wrap", &directory.url(), &[]);
    assert!(output.stdout.starts_with("19 wrapped\n"), "{output:#?}");
}

#[test]
fn a_connection_with_tls_is_one_with_the_right_certificate() {
    let Some(directory) = Directory::start(&entry("ann", &[SHA])) else {
        return;
    };
    let start_tls = format!("{}????StartTLS", directory.url());
    let tls = format!("ldaps://127.0.0.1:{}/{BASE}", directory.tls_port);
    let file = directory.folder.path().join("secret");
    let certificate = directory.folder.path().join("certificate.pem");
    for url in [start_tls, tls] {
        let refused = directory.migrate("status", &url, &[]);
        assert_eq!(refused.status, Some(1), "{refused:#?}");
        assert!(refused.stderr.contains("certificate"), "{refused:#?}");
        let mut command = keyward_command();
        command
            .args(["migrate", "status", &url, "--bind-dn", ADMINISTRATOR])
            .args(["--dialect", "openldap", "--bind-password:file"])
            .arg(&file)
            .env("SSL_CERT_FILE", &certificate);
        let output = run(command, "").of_success();
        assert!(output.stdout.contains("SHA"), "{output:#?}");
    }
}
