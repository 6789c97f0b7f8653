//! Trees, judged by what reads them: Spring Boot, Tomcat and Keycloak, as `.ci/peers` fetches them. Each reads a tree of
//! `keyward tree` and the `<tree>` of a running service, before and after a rotation. What they taught stands in
//! `docs/consumers`.

#![cfg(all(unix, feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "../service/fixture.rs"]
mod fixture;
#[path = "../service/program.rs"]
mod program;
#[path = "../support/mod.rs"]
mod support;

mod keycloak;
mod reader;
mod spring_boot;
mod tomcat;
mod written_tree;

use fixture::Secrets;

const SECRETS: Secrets<'_> = &[("db1", "sqluser"), ("db1pass", "x34!2axf")];
const ROTATED: Secrets<'_> = &[("db1", "newuser"), ("db1pass", "n3w&secret")];
