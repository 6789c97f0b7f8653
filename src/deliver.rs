//! Delivery: how secrets reach their consumers.
//!
//! | way | for |
//! |---|---|
//! | [`http`] | programs that can speak HTTP over a Unix socket, or with mutual TLS: curl, scripts, other services |
//! | [`exec`] | one program: in its environment, or in files whose paths stand there |
//! | [`tree`] | programs that read a directory of small files: Spring Boot, Tomcat, Keycloak, containers |
//! | [`render`] | programs that read one configuration file: properties, dotenv, JSON, YAML, XML |
//! | [`systemd`] | units that name credentials with `LoadCredential=` |
//!
//! [`http`] and [`systemd`] get their secrets from a [`SecretService`](crate::service::SecretService); the others from an
//! [`Origin`], which starts one where changes are to be followed. Each hands them to who may have them; none
//! keeps one.

mod assignment;
mod bell;
mod changes;
mod error;
#[cfg(unix)]
pub mod exec;
#[cfg(unix)]
pub mod http;
mod origin;
pub mod render;
mod secrets;
#[cfg(unix)]
pub mod systemd;
#[cfg(unix)]
pub mod tree;
#[cfg(unix)]
pub mod unix_socket;

pub use assignment::{Assignment, AssignmentError};
pub use changes::Changes;
pub use error::FetchError;
pub use origin::Origin;
pub use secrets::Secrets;
