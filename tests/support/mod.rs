//! What the integration tests and the benchmarks share: the JDKs that judge keyward, the Java programs in
//! `tests/java`, and keyward itself as a program.
//!
//! Include it with `mod support;`.

// Each test that includes this module uses a part of it; and all of it is test code.
#![allow(dead_code, unused_imports, clippy::unwrap_used, clippy::expect_used)]

#[cfg(unix)]
pub(crate) mod database_server;
#[cfg(unix)]
pub(crate) mod directory;
mod java_classes;
mod java_entry;
mod java_stores;
mod jdk;
#[cfg(feature = "cli")]
mod keyward;
mod left_out;
#[cfg(all(target_os = "linux", feature = "cli"))]
mod mount_namespace;
#[cfg(unix)]
mod openldap;
mod program;
#[cfg(feature = "cli")]
mod test_store;

use std::path::{Path, PathBuf};

#[cfg(unix)]
pub(crate) use database_server::{MariaDb, Postgres};
pub(crate) use java_classes::{java_classes_with, keycloak_provider_classes};
pub(crate) use java_entry::JavaEntry;
pub(crate) use java_stores::{JavaStore, Provider, Record, peer};
pub(crate) use jdk::{Jdk, jdk, jdks};
#[cfg(feature = "cli")]
pub(crate) use keyward::{STORE_PASSWORD_VARIABLE, keyward, keyward_command};
pub(crate) use left_out::leave_out;
#[cfg(all(target_os = "linux", feature = "cli"))]
pub(crate) use mount_namespace::{in_a_mount_namespace, is_root};
#[cfg(unix)]
pub(crate) use openldap::OpenLdap;
pub(crate) use program::{Output, run};
#[cfg(feature = "cli")]
pub(crate) use test_store::TestStore;

/// The store password of everything in `tests/fixtures`, and of what the tests make.
pub(crate) const STORE_PASSWORD: &str = "changeit";

/// A keystore in `tests/fixtures`.
pub(crate) fn fixture(name: &str) -> PathBuf {
    repository().join("tests/fixtures").join(name)
}

/// The directory that holds Cargo.toml.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
