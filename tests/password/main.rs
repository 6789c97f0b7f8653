//! Stored passwords: what others store is verified here, what is made here is verified by others, and nothing that is
//! stored makes keyward panic or work without bound.
#![cfg(feature = "cli")]
// All of this is test code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod ambiguity;
mod bouncy_castle;
mod command_line;
mod encoders;
mod jakarta;
mod java_judge;
mod keycloak;
mod keycloak_envelopes;
mod libxcrypt;
mod opendj;
#[cfg(unix)]
mod openldap;
mod passlib;
mod pepper;
mod platforms;
mod published_values;
mod round_trips;
mod spring;
mod user_files;
mod werkzeug;
mod wrapped;

use keyward::Secret;
use keyward::password::Scheme;

fn secret(text: &str) -> Secret {
    Secret::copied_from(text.as_bytes())
}

/// The least work that a scheme can be made with.
fn least_cost(scheme: &Scheme) -> Option<u32> {
    let name = scheme.name.to_lowercase();
    if scheme.cost.ends_with("fixed") {
        None
    } else if name.contains("bcrypt") || name.contains("scrypt") {
        Some(4)
    } else if name.contains("argon2") {
        Some(1)
    } else {
        Some(1000)
    }
}
