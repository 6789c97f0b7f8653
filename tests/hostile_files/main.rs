//! Files made to break a reader are refused, or what they hide is left unread: with an error, without a panic,
//! at a cost that their length bounds. Each test is named by the defect that it would find.
//!
//! A file is opened in a process of its own, so that an abort, a stack overflow and every byte of memory show.

// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "../support/ber.rs"]
mod ber;
#[path = "../support/jceks.rs"]
mod jceks;
#[path = "../support/pkcs12.rs"]
mod pkcs12;

#[cfg(target_os = "linux")]
mod java_streams;
#[cfg(target_os = "linux")]
mod jceks_files;
mod mutations;
#[cfg(target_os = "linux")]
mod opening;
#[cfg(target_os = "linux")]
mod pkcs12_files;
mod sequences;

const PASSWORD: &str = "changeit";
