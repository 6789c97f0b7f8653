//! Java keystores without a JVM: edit them, and serve the secrets in them.
//!
//! | room | what it is for | feature |
//! |---|---|---|
//! | [`keystore`] | Java keystore files (PKCS12, JCEKS, JKS): open, look up, edit, save | – |
//! | [`document`] | the XML files that name keystores and aliases | – |
//! | [`kdf`] | the key derivations behind both | – |
//! | `userstore` | WSO2: user stores and their ciphertexts | `wso2` |
//! | `password` | stored passwords: identify, verify, hash | `password` |
//! | `migrate` | stored passwords of many users moved to a new function | `migrate` |
//! | `directory_keys` | the keys that an OpenDJ directory encrypts passwords with | `password` |
//! | [`safe_file`] | replace a file so that the old or the new one survives | – |
//! | `service` | keystores held open, reloaded when they change, aliases resolved | `serve` |
//! | `deliver` | secrets for consumers: HTTP over a Unix socket, one program, one file, one directory | `serve` |
//!
//! A secret is always a [`Secret`]. The `keyward` program is a command line over these rooms.

#![forbid(unsafe_code)]

pub mod document;
mod hexadecimal;
pub mod kdf;
pub mod keystore;
pub mod safe_file;
mod secret;
#[cfg(any(feature = "migrate", feature = "wso2"))]
mod side_by_side;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "serve")]
pub mod deliver;
#[cfg(feature = "password")]
pub mod directory_keys;
#[cfg(feature = "migrate")]
pub mod migrate;
#[cfg(feature = "password")]
pub mod password;
#[cfg(feature = "serve")]
pub mod service;
#[cfg(feature = "wso2")]
pub mod userstore;

pub use secret::{Secret, SecretSource, SecretSourceError};

/// The README's Rust is compiled and run like the documentation of the crate.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
