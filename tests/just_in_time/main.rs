//! Users who move when they log in: `keyward migrate serve`, `report` and `end` as a user runs them, over TLS, with curl, node
//! and Python as the programs that ask and are asked.
#![cfg(all(unix, feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod backends;
mod clients;
mod ending;
#[path = "../service/fixture.rs"]
mod fixture;
mod limits;
mod logins;
mod program;
mod servers;
mod shapes;
#[path = "../support/mod.rs"]
mod support;
mod tls_backend;
