//! A keystore behind links is served anew whichever of them is replaced.

#![cfg(all(unix, feature = "serve"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;

use std::fs;
use std::os::unix::fs::symlink;

use fixture::{Fixture, eventually, eventually_serves, keystore, state};
use keyward::service::Freshness;

const OLD: fixture::Secrets<'_> = &[("db1", "olduser"), ("db1pass", "old-pass")];

/// Points `..data` at `version` in one step, as Kubernetes does.
fn point_at(fixture: &Fixture, version: &str) {
    symlink(version, fixture.path("..data_tmp")).unwrap();
    fs::rename(fixture.path("..data_tmp"), fixture.path("..data")).unwrap();
}

#[test]
fn a_swapped_link_above_the_keystore_is_served_each_time() {
    let fixture = Fixture::new(&[]);
    let pass_of = |round| format!("pass-{round}");
    for round in 0..4 {
        let version = format!("..v{round}");
        fs::create_dir(fixture.path(&version)).unwrap();
        let secrets = [("db1", "user"), ("db1pass", &*pass_of(round))];
        fixture.write(&format!("{version}/secure.jks"), keystore(&secrets));
    }
    point_at(&fixture, "..v0");
    fs::remove_file(fixture.path("secure.jks")).unwrap();
    symlink("..data/secure.jks", fixture.path("secure.jks")).unwrap();
    let Some(service) = fixture.start_with_events() else {
        return;
    };
    for round in 1..4 {
        point_at(&fixture, &format!("..v{round}"));
        fs::remove_dir_all(fixture.path(&format!("..v{}", round - 1))).unwrap();
        eventually_serves(&service, "db1pass", &pass_of(round));
    }
}

#[test]
fn a_replaced_directory_is_followed_each_time() {
    let fixture = Fixture::new(&[]);
    fs::create_dir(fixture.path("stores")).unwrap();
    fixture.write("stores/secure.jks", keystore(OLD));
    fs::remove_file(fixture.path("secure.jks")).unwrap();
    symlink("stores/secure.jks", fixture.path("secure.jks")).unwrap();
    let Some(service) = fixture.start_with_events() else {
        return;
    };
    for round in 0..3 {
        fs::remove_dir_all(fixture.path("stores")).unwrap();
        eventually("the keystore is absent", || {
            state(&service) == Freshness::Absent
        });
        let pass = format!("pass-{round}");
        fs::create_dir(fixture.path("stores")).unwrap();
        fixture.write(
            "stores/secure.jks",
            keystore(&[("db1", "user"), ("db1pass", &pass)]),
        );
        eventually_serves(&service, "db1pass", &pass);
    }
}
