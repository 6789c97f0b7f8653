//! A keystore becomes one of another type, which the JDK reads.

use std::fs;
use std::path::Path;

use keyward::Secret;
use keyward::keystore::{Alias, Keystore, StoreType};

use crate::diff::diff;
use crate::support::{STORE_PASSWORD, fixture, jdks, keyward};
use crate::{Folder, PASSWORD, json, run, texts};

/// Each source with the store types that can hold all of it.
const CONVERSIONS: [(&str, &[&str]); 9] = [
    ("jdk17.p12", &["JCEKS", "PKCS12"]),
    ("jdk11.jceks", &["PKCS12"]),
    ("jdk17-mixed.p12", &["JCEKS"]),
    ("jdk17-mixed.jceks", &["PKCS12", "JCEKS"]),
    ("jdk25-mixed.p12", &["JCEKS"]),
    ("key-and-certificate.jks", &["PKCS12", "JCEKS"]),
    ("openssl.p12", &["JKS", "JCEKS"]),
    ("legacy.p12", &["JCEKS", "PKCS12"]),
    ("aliases.jceks", &["PKCS12"]),
];

#[test]
fn the_jdk_finds_every_entry_in_the_converted_keystore_with_its_value() {
    let folder = Folder::new();
    for (name, targets) in CONVERSIONS {
        let before = jdks().find_map(|jdk| jdk.entries(&fixture(name), "-"));
        for target_type in targets {
            let target = folder.path(&format!("{name}.{target_type}"));
            let options = ["--to", target_type];
            run("convert", &[&fixture(name), &target], &options).of_success();
            let (status, entries) = diff([&fixture(name), &target], &["--content-only"]);
            assert_eq!(status, 0, "{name} {target_type}: {entries:?}");
            let Some(before) = &before else {
                continue;
            };
            assert!(before.iter().all(|entry| entry.kind != "unreadable"));
            for jdk in jdks() {
                let after = jdk.entries(&target, target_type).unwrap();
                assert_eq!(&after, before, "{name} {target_type} {}", jdk.version);
            }
        }
    }
}

#[test]
fn a_converted_keystore_keeps_its_dates_and_is_for_its_owner_alone() {
    let folder = Folder::new();
    let target = folder.path("target.p12");
    let output = run("convert", &[&fixture("jdk17-mixed.jceks"), &target], &[]).of_success();
    assert!(
        output.stdout.contains("4 of 4 entries converted"),
        "{output:?}"
    );
    assert!(
        output
            .stdout
            .contains("note: the creation dates of 1 trusted certificate are gone"),
        "{output:?}"
    );
    let password = Secret::copied_from(STORE_PASSWORD.as_bytes());
    let open = |path: &Path| Keystore::open(&fs::read(path).unwrap(), &password).unwrap();
    let (source, converted) = (open(&fixture("jdk17-mixed.jceks")), open(&target));
    assert_eq!(converted.store_type(), StoreType::Pkcs12);
    for alias in ["db1pass", "server", "aeskey"] {
        let created = |store: &Keystore| store.entry(&Alias::new(alias)).unwrap().created;
        assert!(created(&source).is_some());
        assert_eq!(created(&converted), created(&source), "{alias}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            fs::metadata(&target).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[test]
fn what_the_target_cannot_hold_is_named_and_nothing_written_unless_loss_is_allowed() {
    let folder = Folder::new();
    let target = folder.path("target.jks");
    let files = [fixture("jdk17-mixed.p12"), target.clone()];
    let files = [files[0].as_path(), files[1].as_path()];
    let refused = run("convert", &files, &["--to", "JKS"]);
    assert_eq!(refused.status, Some(1));
    let reason = "SecretKeyEntry: JKS holds private keys and certificates alone";
    for alias in ["db1pass", "aeskey"] {
        let line = format!("left out <{alias}>, {reason}\n");
        assert!(refused.stdout.contains(&line), "{}", refused.stdout);
    }
    assert!(
        refused
            .stderr
            .contains("nothing was written, since 2 entries would be left out")
    );
    assert!(!target.exists());

    let output = run(
        "convert",
        &files,
        &["--to", "JKS", "--allow-loss", "--json"],
    )
    .of_success();
    let report = json(&output);
    assert_eq!(report["written"], true);
    assert_eq!(report["target_type"], "JKS");
    assert_eq!(texts(&report["converted"]), ["server", "root-ca"]);
    assert_eq!(report["left_out"][0]["alias"], "db1pass");
    for jdk in jdks() {
        let entries = jdk.entries(&target, "JKS").unwrap_or_default();
        let kinds: Vec<&str> = entries.iter().map(|entry| entry.kind.as_str()).collect();
        assert!(kinds.is_empty() || kinds == ["certificate", "private-key"]);
    }

    let empty = folder.path("empty.jceks");
    let refused = run("convert", &[&fixture("empty-secret.p12"), &empty], &[]);
    assert_eq!(refused.status, Some(1));
    assert!(
        refused
            .stdout
            .contains("left out <empty>, SecretKeyEntry: the secret is empty")
    );
    assert!(!empty.exists());
}

#[test]
fn an_entry_under_its_own_password_is_converted_when_that_is_given() {
    let folder = Folder::new();
    let target = folder.path("target.p12");
    let source = fixture("key-password.jceks");
    let refused = run("convert", &[&source, &target], &[]);
    assert_eq!(refused.status, Some(1));
    assert!(refused.stdout.contains("left out <db1pass>"), "{refused:?}");
    assert!(refused.stdout.contains("-keypass:env NAME"), "{refused:?}");
    let file = folder.with("key.pass", b"another\n");
    let options = ["-keypass:file", file.to_str().unwrap()];
    let output = run("convert", &[&source, &target], &options).of_success();
    assert!(
        output
            .stdout
            .contains("note: <db1pass> had a password of its own")
    );
    let path = target.to_str().unwrap();
    let get = ["get", "db1pass", "-keystore", path];
    let secret = keyward(&[&get[..], &PASSWORD].concat(), "").of_success();
    assert_eq!(secret.stdout, "x34!2axf");
}

#[test]
fn a_target_that_exists_stays_and_one_without_a_type_is_asked_about() {
    let folder = Folder::new();
    let target = folder.with("target.p12", b"precious");
    let refused = run("convert", &[&fixture("jdk17.jceks"), &target], &[]);
    assert_eq!(refused.status, Some(1));
    assert!(
        refused.stderr.contains("target.p12: exists already"),
        "{refused:?}"
    );
    assert_eq!(fs::read(&target).unwrap(), b"precious");
    for name in ["secure.jks", "secure"] {
        let path = folder.path(name);
        let refused = run("convert", &[&fixture("jdk17.jceks"), &path], &[]);
        assert_eq!(refused.status, Some(2));
        assert!(refused.stderr.contains("add --to"), "{refused:?}");
        assert!(!path.exists());
    }
}

#[test]
fn a_converted_keystore_may_get_a_new_password() {
    let folder = Folder::new();
    let target = folder.path("target.jceks");
    let file = folder.with("new.pass", b"a new password\n");
    let options = ["-new:file", file.to_str().unwrap()];
    run("convert", &[&fixture("jdk17.p12"), &target], &options).of_success();
    let path = target.to_str().unwrap();
    let arguments = [
        "get",
        "db1",
        "-keystore",
        path,
        "-storepass",
        "a new password",
    ];
    assert_eq!(keyward(&arguments, "").of_success().stdout, "sqluser");
    let short = folder.with("short.pass", b"short\n");
    let options = ["-new:file", short.to_str().unwrap()];
    let refused = run(
        "convert",
        &[&fixture("jdk17.p12"), &folder.path("t.p12")],
        &options,
    );
    assert_eq!(refused.status, Some(1));
    assert!(
        refused.stderr.contains("at least 6 characters"),
        "{refused:?}"
    );
}
