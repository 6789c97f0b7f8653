//! What a peer can use: the header `Accept`, and what it has already: `If-None-Match` (RFC 9110, 12.5.1 and 13.1.2).

use hyper::HeaderMap;
use hyper::header::{ACCEPT, IF_NONE_MATCH};

/// How a secret is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    /// Its bytes and nothing else.
    Raw,
    /// JSON with its alias, generation, keystore and state.
    Json,
}

impl Form {
    /// JSON for who names it; bytes for everybody else.
    pub(super) fn wanted(headers: &HeaderMap) -> Self {
        if accepts(headers, "application/json") {
            Self::Json
        } else {
            Self::Raw
        }
    }
}

/// Whether the peer names this media type among those that it accepts.
pub(super) fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let values = headers.get_all(ACCEPT).iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    let mut ranges = texts.flat_map(|text| text.split(','));
    ranges.any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(media_type));
        let is_refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        is_named && !is_refused
    })
}

/// Whether the peer has what is under this tag.
pub(super) fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    let mut tags = texts.flat_map(|text| text.split(',')).map(str::trim);
    let opaque = |tag: &str| tag.trim_start_matches("W/").to_owned();
    tags.any(|known| known == "*" || opaque(known) == opaque(tag))
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    #[test]
    fn json_is_for_who_names_it() {
        for (accept, expected) in [
            ("*/*", Form::Raw),
            ("text/plain", Form::Raw),
            ("application/json", Form::Json),
            ("text/html, Application/JSON;q=0.5", Form::Json),
            ("application/json;q=0", Form::Raw),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(Form::wanted(&headers), expected, "{accept}");
        }
        assert_eq!(Form::wanted(&HeaderMap::new()), Form::Raw);
    }

    #[test]
    fn tags_are_compared_weakly() {
        let mut headers = HeaderMap::new();
        assert!(!has_already(&headers, "\"a-1\""));
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"b\", W/\"a-1\""));
        assert!(has_already(&headers, "\"a-1\""));
        assert!(!has_already(&headers, "\"a-2\""));
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
        assert!(has_already(&headers, "\"a-2\""));
    }
}
