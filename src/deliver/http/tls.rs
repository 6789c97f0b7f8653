//! Mutual TLS: what a listener over TCP shows to clients, and how it knows them.
//!
//! ```text
//! keystore:   private key, certificates --+
//! truststore: trusted certificates -------+--> ServerConfig --> each handshake --> Peer::Certificate
//! ```
//!
//! When the service has loaded one of the keystores anew, the next handshake goes by what it holds now;
//! connections that are open go on. A key that cannot be used leaves the last good one in place. Trusted
//! certificates have no last good ones: where none is left, nobody is known. A session is never resumed, so that
//! each connection has been verified by the certificates that were trusted when it began.

mod error;
mod handshake;
mod identity;
mod server_config;
mod settings;
mod status;

pub use error::TlsError;
pub(super) use handshake::{Refusal, shake_hands};
pub(super) use identity::TlsIdentity;
#[cfg(feature = "migrate")]
pub(super) use server_config::certified_key;
pub(super) use settings::TlsSettings;
pub(super) use status::TlsStatus;
