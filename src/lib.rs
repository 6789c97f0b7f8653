//! Java keystores without a JVM.
//!
//! (The map of the rooms is completed as they are built.)

pub mod document;
pub mod kdf;
pub mod keystore;
pub mod safe_file;
mod secret;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "serve")]
pub mod deliver;
#[cfg(feature = "serve")]
pub mod service;

pub use secret::{Secret, SecretSource, SecretSourceError};
