//! Stored passwords in tables of real databases: SQLite always, PostgreSQL and MariaDB where they are here.
#![cfg(all(unix, feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod any_table;
mod command_line;
mod database;
mod ids;
mod jobs;
mod kubernetes;
mod locks;
mod many_machines;
mod presets;
mod refusals;
