//! [`Resource`]: what the path of a request means.

use crate::deliver::http::request_path::{PathError, decode};

/// What a request asks for.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Resource {
    /// `/v1/verify`
    Verify,
    /// `/v1/kratos`
    Kratos,
    /// `/v1/okta`
    Okta,
    /// `/v1/auth0/login`
    Auth0Login,
    /// `/v1/auth0/user`
    Auth0User,
    /// `/v1/keycloak/{user}`, decoded.
    Keycloak(String),
    /// `/v1/status`
    Status,
    /// `/metrics`
    Metrics,
}

impl Resource {
    pub(super) fn parse(path: &str) -> Result<Self, PathError> {
        match path {
            "/v1/verify" => Ok(Self::Verify),
            "/v1/kratos" => Ok(Self::Kratos),
            "/v1/okta" => Ok(Self::Okta),
            "/v1/auth0/login" => Ok(Self::Auth0Login),
            "/v1/auth0/user" => Ok(Self::Auth0User),
            "/v1/status" => Ok(Self::Status),
            "/metrics" => Ok(Self::Metrics),
            _ => match path.strip_prefix("/v1/keycloak/") {
                Some(user) if !user.is_empty() && !user.contains('/') => {
                    decode(user).map(Self::Keycloak)
                }
                _ => Err(PathError::Unknown),
            },
        }
    }

    /// The methods that it answers to, as in the header `Allow`.
    pub(super) const fn methods(&self) -> &'static str {
        match self {
            Self::Verify | Self::Kratos | Self::Okta | Self::Auth0Login | Self::Auth0User => "POST",
            Self::Keycloak(_) => "GET, POST",
            Self::Status | Self::Metrics => "GET, HEAD",
        }
    }
}
