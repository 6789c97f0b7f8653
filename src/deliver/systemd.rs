//! systemd: credentials for its units, and what a service tells its manager.
//!
//! ```text
//! LoadCredential=NAME:SOCKET of a unit --connects--> CredentialServer --the secret, then the end--> $CREDENTIALS_DIRECTORY/NAME
//! Type=notify-reload of keyward        <--READY=1, RELOADING=1, STATUS=, WATCHDOG=1-- ServiceManager
//! ```
//!
//! Source: systemd's `src/core/exec-credential.c`, `sd_notify(3)`.

mod credential_request;
mod credential_server;
mod service_manager;

pub use credential_request::CredentialRequest;
pub use credential_server::CredentialServer;
pub use service_manager::ServiceManager;
