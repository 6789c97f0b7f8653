//! What keyward says to systemd and hears from it: `LoadCredential=`, `sd_notify(3)`, sockets that it opens.

#![cfg(all(target_os = "linux", feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "../service/fixture.rs"]
mod fixture;
#[path = "../support/left_out.rs"]
mod left_out;
#[path = "../service/program.rs"]
mod program;

mod activation;
mod credentials;
mod judge;
mod notification;
