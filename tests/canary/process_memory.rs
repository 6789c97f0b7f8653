//! The whole memory of a process after the last handle is dropped: heap, stacks of threads that ended, statics.
//!
//! The test program starts itself to be looked at: what is scanned has never seen a canary but through keyward.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use keyward::deliver::http::HttpLimits;
use keyward::keystore::{KeystoreFile, StoreType};
use keyward::{Secret, SecretSource};

use super::alone::run_alone;
use super::canaries::{NEW_SECRET, SECRET, STORE_PASSWORD};
use super::fixture::{Fixture, NEVER};
use super::needles::Needles;
use super::server::Server;
use super::serving::read_secret;
use super::stage::{Stage, alias, start, store};

/// The folder of the stage, where this program was started to be looked at.
const FOLDER: &str = "KEYWARD_CANARY_FOLDER";
const CHUNK: usize = 64 * 1024;
/// Longer than any needle: chunks overlap by it.
const OVERLAP: usize = 64;

#[test]
fn nothing_is_left_of_a_keystore_that_was_opened() {
    look_at("nothing_is_left_of_a_keystore_that_was_opened", |folder| {
        for name in ["store", "jceks"] {
            let opened = KeystoreFile::at(&folder.join(name)).open(&password(folder));
            let store = opened.unwrap();
            assert!(SECRET.is(store.secret(&alias()).unwrap().expose_bytes()));
        }
        assert_eq!(remains(), Vec::<String>::new());
    });
}

#[test]
fn nothing_is_left_of_a_keystore_that_was_edited() {
    look_at("nothing_is_left_of_a_keystore_that_was_edited", |folder| {
        for name in ["store", "jceks"] {
            let path = folder.join(name);
            let file = KeystoreFile::at(&path);
            file.edit(&password(folder), |store| {
                store.set_secret(&alias(), &NEW_SECRET.secret())
            })
            .unwrap();
        }
        assert_eq!(remains(), Vec::<String>::new());
    });
}

#[test]
fn nothing_is_left_of_a_service_that_ended() {
    look_at("nothing_is_left_of_a_service_that_ended", |folder| {
        let configuration = || {
            let path = folder.join("service.xml");
            keyward::document::Configuration::load(&path).unwrap()
        };
        let service = start(configuration());
        assert!(SECRET.is(service.get("db1pass").unwrap().secret.expose_bytes()));
        fs::rename(folder.join("renewed"), folder.join("store")).unwrap();
        let _ = service.reload();
        assert!(NEW_SECRET.is(service.get("db1pass").unwrap().secret.expose_bytes()));
        drop(service);
        assert_eq!(remains(), Vec::<String>::new());
    });
}

#[test]
fn nothing_is_left_of_a_server_that_answered() {
    look_at("nothing_is_left_of_a_server_that_answered", |folder| {
        let fixture = Fixture::new(&[]);
        for name in ["store", "password", "service.xml", "datasource.xml"] {
            fs::copy(folder.join(name), fixture.path(name)).unwrap();
        }
        let path = fixture.path("service.xml");
        let configuration = keyward::document::Configuration::load(&path).unwrap();
        let mut server = Server::with(fixture, configuration, HttpLimits::default());
        let mut client = server.connect();
        for accept in ["*/*", "application/json"] {
            read_secret(&mut client, accept, SECRET);
        }
        drop(client);
        server.end();
        drop(server);
        assert_eq!(remains(), Vec::<String>::new());
    });
}

#[test]
fn a_secret_that_is_still_held_is_found() {
    look_at("a_secret_that_is_still_held_is_found", |folder| {
        let held = password(folder);
        assert_ne!(remains(), Vec::<String>::new());
        drop(held);
        assert_eq!(remains(), Vec::<String>::new());
    });
}

fn password(folder: &Path) -> Secret {
    SecretSource::File(folder.join("password")).read().unwrap()
}

/// Runs `scenario` in a process of its own.
fn look_at(test: &str, scenario: impl FnOnce(&Path)) {
    if let Some(folder) = std::env::var_os(FOLDER) {
        scenario(&PathBuf::from(folder));
        return;
    }
    let stage = Stage::new(StoreType::Pkcs12);
    for (name, store_type, secret) in [
        ("jceks", StoreType::Jceks, SECRET),
        ("renewed", StoreType::Pkcs12, NEW_SECRET),
    ] {
        let bytes = store(store_type, STORE_PASSWORD, secret);
        stage.fixture.write(name, bytes);
    }
    let _written = stage.configuration(r#"<password file="password"/>"#, NEVER);
    run_alone(&format!("process_memory::{test}"), FOLDER, stage.path(""));
}

/// Where in the writable memory of this process a piece of a canary stands.
fn remains() -> Vec<String> {
    let needles = Needles::of_memory();
    let memory = File::open("/proc/self/mem").unwrap();
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut chunk = vec![0; CHUNK];
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut fields = line.split_ascii_whitespace();
        let (range, permissions) = (fields.next().unwrap(), fields.next().unwrap());
        if !permissions.starts_with("rw") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let address = |text| u64::from_str_radix(text, 16).unwrap();
        let (mut at, end) = (address(start), address(end));
        while at < end {
            let length = usize::try_from(end - at).unwrap().min(CHUNK);
            // What was copied before must not be found as the copy's own.
            chunk.fill(0);
            if memory.read_exact_at(&mut chunk[..length], at).is_err() {
                break;
            }
            if let Some((form, offset)) = needles.find_in(&chunk[..length]) {
                let place = at + offset as u64 - address(start);
                found.push(format!("{form}, {place:#x} of {line}"));
            }
            if length < CHUNK {
                break;
            }
            at += (CHUNK - OVERLAP) as u64;
        }
    }
    chunk.fill(0);
    found
}
