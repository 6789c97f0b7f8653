//! The original as judge: the same command lines, with the same input, through the real keytool and through
//! keyward; what is printed, the exit code and the keystore that comes out are compared.
//!
//! JDK 17 is the reference. Scenarios whose output is the same in the other JDKs run with all that are there.
#![cfg(feature = "cli")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "keytool_dialect/certificates.rs"]
mod certificates;
#[path = "keytool_dialect/command_line.rs"]
mod command_line;
#[path = "keytool_dialect/comparison.rs"]
mod comparison;
#[path = "keytool_dialect/copying.rs"]
mod copying;
#[path = "keytool_dialect/editing.rs"]
mod editing;
#[path = "keytool_dialect/importing.rs"]
mod importing;
#[path = "keytool_dialect/listing.rs"]
mod listing;
#[path = "keytool_dialect/protecting.rs"]
mod protecting;
mod support;
