//! `exec`, `render` and `tree`: secrets for one program, one file, one directory.
#![cfg(all(unix, feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod exec;
mod folder;
mod readers;
mod render;
mod supervision;
mod tree;
mod tree_kills;

#[path = "../support/mod.rs"]
mod support;
