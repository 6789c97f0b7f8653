//! Delivery: how secrets reach their consumers.
//!
//! | way | for |
//! |---|---|
//! | [`http`] | programs that can speak HTTP over a Unix socket: curl, scripts, other services |
//!
//! Every way gets its secrets from a [`SecretService`](crate::service::SecretService) and hands them to who
//! may have them; none keeps one.

#[cfg(unix)]
pub mod http;
