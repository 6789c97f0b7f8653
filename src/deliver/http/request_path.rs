//! [`Resource`]: what the path of a request means.

use percent_encoding::percent_decode_str;

/// What a request asks for.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Resource {
    /// `/v1/secrets/{alias}`, decoded.
    Secret(String),
    /// `/v1/aliases`
    Aliases,
    /// `/v1/watch`
    Watch,
    /// `/v1/status`
    Status,
    /// `/v1/reload`
    Reload,
    /// `/metrics`
    Metrics,
}

/// Why a path means nothing.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum PathError {
    /// There is no such resource.
    Unknown,
    /// A `%` without two hexadecimal digits, or bytes that are not UTF-8.
    Encoding,
}

impl Resource {
    pub(super) fn parse(path: &str) -> Result<Self, PathError> {
        match path {
            "/v1/aliases" => Ok(Self::Aliases),
            "/v1/watch" => Ok(Self::Watch),
            "/metrics" => Ok(Self::Metrics),
            "/v1/status" => Ok(Self::Status),
            "/v1/reload" => Ok(Self::Reload),
            _ => match path.strip_prefix("/v1/secrets/") {
                Some(alias) if !alias.is_empty() && !alias.contains('/') => {
                    decode(alias).map(Self::Secret)
                }
                _ => Err(PathError::Unknown),
            },
        }
    }

    /// The methods that the resource answers to, as in the header `Allow`.
    pub(super) const fn methods(&self) -> &'static str {
        match self {
            Self::Secret(_) | Self::Aliases | Self::Status | Self::Metrics => "GET, HEAD",
            Self::Watch => "GET",
            Self::Reload => "POST",
        }
    }
}

pub(super) fn decode(text: &str) -> Result<String, PathError> {
    let digits =
        |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    if !text.split('%').skip(1).all(digits) {
        return Err(PathError::Encoding);
    }
    let decoded = percent_decode_str(text).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| PathError::Encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_is_decoded() {
        for (path, alias) in [
            ("/v1/secrets/db1pass", "db1pass"),
            ("/v1/secrets/smtp%20pass%2Fmain", "smtp pass/main"),
            ("/v1/secrets/k%C3%B6ln", "köln"),
            ("/v1/secrets/100%25", "100%"),
            ("/v1/secrets/a+b", "a+b"),
        ] {
            assert_eq!(
                Resource::parse(path),
                Ok(Resource::Secret(alias.to_owned())),
                "{path}"
            );
        }
    }

    #[test]
    fn a_broken_encoding_is_not_guessed_at() {
        for path in [
            "/v1/secrets/%",
            "/v1/secrets/%2",
            "/v1/secrets/%zz",
            "/v1/secrets/%ff",
            "/v1/secrets/%+1",
        ] {
            assert_eq!(Resource::parse(path), Err(PathError::Encoding), "{path}");
        }
    }

    #[test]
    fn other_paths_mean_nothing() {
        for path in [
            "/",
            "/v1",
            "/v1/secrets",
            "/v1/secrets/",
            "/v1/secrets/a/b",
            "/v1/status/",
            "/V1/status",
        ] {
            assert_eq!(Resource::parse(path), Err(PathError::Unknown), "{path}");
        }
    }
}
