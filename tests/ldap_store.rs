//! The entries of a directory that is running: a real OpenLDAP server.
#![cfg(all(feature = "cli", unix))]
// All of this is test code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use keyward::Secret;
use keyward::migrate::{
    Change, Credential, CredentialStore, LdapAddress, LdapBind, LdapStore, MigrateError, Replaced,
};
use keyward::password::{Dialect, Wrapping, recognise};
use support::directory::{ADMINISTRATOR, ADMINISTRATOR_PASSWORD, BASE, Directory, entry};
use support::{Output, keyward, keyward_command, run};

/// Of `password`.
const SHA: &str = "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=";
const SSHA: &str = "{SSHA}yrht1iYXEIkejLVu42JWkadd80RzYWx0c2FsdA==";
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

impl Directory {
    fn store(&self) -> LdapStore {
        open(&self.url(), ADMINISTRATOR, ADMINISTRATOR_PASSWORD).unwrap()
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
        assert!(
            !output.stderr.contains(ADMINISTRATOR_PASSWORD),
            "{output:#?}"
        );
    };
    let url = directory.url();
    let wrong = directory.folder.path().join("wrong");
    fs::write(&wrong, "password\n").unwrap();
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
fn a_connection_that_was_closed_meanwhile_is_made_anew_without_a_word() {
    let Some(mut directory) = Directory::start(&entry("ann", &[SHA])) else {
        return;
    };
    let store = directory.store();
    let ann = store.of_user("ann").unwrap();
    directory.stop();
    assert!(matches!(
        store.of_user("ann"),
        Err(MigrateError::Unavailable { .. })
    ));
    directory.serve();
    assert_eq!(store.of_user("ann").unwrap().len(), 1);
    directory.stop();
    directory.serve();
    let change = Change {
        credential: &ann[0],
        new: secret("{KEYWARD}x"),
    };
    assert_eq!(store.replace(&[change]).unwrap(), [Replaced::Done]);
}

/// A server on this machine that answers everything with these bytes.
fn answering(bytes: &'static [u8]) -> LdapStore {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ldap://{}/{BASE}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || {
                let mut request = [0; 4096];
                while matches!(stream.read(&mut request), Ok(1..)) {
                    let _ = stream.write_all(bytes);
                }
            });
        }
    });
    let address = LdapAddress::parse(&url).unwrap().unwrap();
    LdapStore::open(address, None, "uid").unwrap()
}

#[test]
fn answers_that_are_not_ldap_and_none_at_all_are_temporary_errors() {
    const DONE: &[u8] = b"\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00";
    // A DN that is no text, and a page's end that is no control.
    const NO_DN: &[u8] = b"\x30\x0a\x02\x01\x01\x64\x05\x04\x01\xff\x30\x00\
        \x30\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00";
    const NO_COOKIE: &[u8] = b"\x30\x2b\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00\
        \xa0\x1d\x30\x1b\x04\x161.2.840.113556.1.4.319\x04\x01\x00";
    const NO_RESULT: &[u8] = b"\x30\x05\x02\x01\x01\x65\x00";
    let unavailable = |found: Result<_, MigrateError>| match found {
        Err(MigrateError::Unavailable { reason, .. }) => reason,
        Err(other) => panic!("{other}"),
        Ok(()) => panic!("it is taken"),
    };
    assert!(answering(DONE).of_user("ann").unwrap().is_empty());
    for bytes in [NO_DN, NO_RESULT, b"GET / HTTP/1.1\r\n\r\n", b""] {
        let store = answering(bytes).with_patience(Duration::from_millis(500));
        unavailable(store.of_user("ann").map(|_| ()));
        // And again: the next login is another connection.
        unavailable(store.of_user("ann").map(|_| ()));
    }
    let reason = unavailable(answering(NO_COOKIE).page(None).map(|_| ()));
    assert!(reason.contains("not LDAP"), "{reason}");
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
