//! `keyward wso2 secrets`: Secure Vault of a WSO2 server, judged by WSO2's own reader and cipher tool.
#![cfg(feature = "cli")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod check;
mod data_loss;
mod edits;
mod home;
mod hostile_toml;
mod move_and_encrypt;
mod references;
mod served;
mod served_after_damage;
mod server;
mod symmetric;
