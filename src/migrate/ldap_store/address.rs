//! [`LdapAddress`]: the URL of entries in a directory (RFC 4516).
//!
//! ```text
//! ldaps://HOST:PORT/BASE?ATTRIBUTE?SCOPE?FILTER          ldap: and ldapi: as well
//! ldap://HOST/BASE????StartTLS                           or !StartTLS, or its OID
//! ```
//! Parts that are left out: the attribute is `userPassword`, the scope `sub`, the filter every entry that has the attribute.

use std::fmt;

use ldap3::Scope;
use thiserror::Error;

/// The extended operation of RFC 4511, section 4.14.1.
const START_TLS_OID: &str = "1.3.6.1.4.1.1466.20037";

/// Which entries of which directory.
#[derive(Clone)]
pub struct LdapAddress {
    /// Scheme, host and port.
    pub(super) server: String,
    pub(super) base: String,
    pub(super) attribute: String,
    pub(super) scope: Scope,
    pub(super) filter: String,
    pub(super) security: Security,
}

/// How what is sent is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// TLS from the beginning, a Unix socket, or a connection that does not leave the machine.
    Protected,
    /// TLS after StartTLS.
    StartTls,
    /// None.
    Clear,
}

/// Why a URL names no entries.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidLdapUrl {
    /// A part is not as RFC 4516 has it.
    #[error(
        "the URL of the directory is not understood: {0}. Write ldaps://HOST/BASE?ATTRIBUTE?SCOPE?FILTER"
    )]
    Malformed(&'static str),
    /// Passwords would be sent without protection.
    #[error(
        "over {server} passwords and hashes would be sent unprotected. Use ldaps:, or StartTLS: {server}/BASE????StartTLS"
    )]
    Unprotected {
        /// Scheme, host and port.
        server: String,
    },
}

impl LdapAddress {
    /// The address that this URL is; none if its scheme is another.
    ///
    /// # Errors
    /// When a part is malformed, or the connection would leave the machine without TLS.
    #[must_use]
    pub fn parse(url: &str) -> Option<Result<Self, InvalidLdapUrl>> {
        let (scheme, rest) = url.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        matches!(scheme.as_str(), "ldap" | "ldaps" | "ldapi").then(|| Self::of(&scheme, rest))
    }

    fn of(scheme: &str, rest: &str) -> Result<Self, InvalidLdapUrl> {
        let (host, rest) = rest.split_once('/').unwrap_or((rest, ""));
        if host.contains(['?', '@']) {
            let reason = "its host has a ? or an @. The bind DN is an option";
            return Err(InvalidLdapUrl::Malformed(reason));
        }
        let parts: Vec<&str> = rest.split('?').collect();
        if parts.len() > 5 {
            return Err(InvalidLdapUrl::Malformed("it has more than five parts"));
        }
        let part = |index: usize| decoded(parts.get(index).copied().unwrap_or(""));
        let attribute = or_usual(part(1)?, "userPassword");
        if !is_attribute(&attribute) {
            return Err(InvalidLdapUrl::Malformed(
                "it asks for more than one attribute",
            ));
        }
        let scope = match part(2)?.to_ascii_lowercase().as_str() {
            "base" => Scope::Base,
            "one" => Scope::OneLevel,
            "" | "sub" => Scope::Subtree,
            _ => {
                return Err(InvalidLdapUrl::Malformed(
                    "its scope is not base, one or sub",
                ));
            }
        };
        let filter = or_usual(part(3)?, &format!("({attribute}=*)"));
        // A user is looked for by this filter and another, which only works within parentheses.
        let filter = if filter.starts_with('(') {
            filter
        } else {
            format!("({filter})")
        };
        if ldap3::parse_filter(&filter).is_err() {
            return Err(InvalidLdapUrl::Malformed("its filter is none of RFC 4515"));
        }
        let server = format!("{scheme}://{host}");
        let security = match (security(scheme, host), part(4)?.trim_start_matches('!')) {
            (security, "") => security,
            (Security::Clear | Security::Protected, extension)
                if scheme == "ldap" && is_start_tls(extension) =>
            {
                Security::StartTls
            }
            _ => {
                return Err(InvalidLdapUrl::Malformed(
                    "its extension is not StartTLS over ldap:",
                ));
            }
        };
        if security == Security::Clear {
            return Err(InvalidLdapUrl::Unprotected { server });
        }
        Ok(Self {
            server,
            base: part(0)?,
            attribute,
            scope,
            filter,
            security,
        })
    }
}

impl fmt::Display for LdapAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.server, self.base)
    }
}

impl fmt::Debug for LdapAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LdapAddress({self})")
    }
}

fn security(scheme: &str, host: &str) -> Security {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => host.split(':').next().unwrap_or(host),
    };
    match (scheme, name) {
        ("ldap", "localhost" | "127.0.0.1" | "::1") => Security::Protected,
        ("ldap", _) => Security::Clear,
        _ => Security::Protected,
    }
}

fn is_start_tls(extension: &str) -> bool {
    extension.eq_ignore_ascii_case("StartTLS") || extension == START_TLS_OID
}

/// A name of RFC 4512, with options: so it needs no escaping in a filter.
fn is_attribute(name: &str) -> bool {
    let is_of_one = |letter: char| letter.is_ascii_alphanumeric() || "-.;".contains(letter);
    !name.is_empty() && name.chars().all(is_of_one)
}

fn or_usual(part: String, usual: &str) -> String {
    match part.as_str() {
        "" => usual.to_owned(),
        _ => part,
    }
}

/// A part without its percent signs.
fn decoded(part: &str) -> Result<String, InvalidLdapUrl> {
    let malformed =
        InvalidLdapUrl::Malformed("a % in it does not stand before two hexadecimal digits");
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let Some(byte) = byte else {
            return Err(malformed);
        };
        bytes.push(byte);
        rest = &after[2..];
    }
    String::from_utf8(bytes).map_err(|_| InvalidLdapUrl::Malformed("it is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_are_left_out_have_their_usual_values() {
        let address = LdapAddress::parse("ldaps://directory.example.com/dc=example,dc=com");
        let address = address.unwrap().unwrap();
        assert_eq!(address.server, "ldaps://directory.example.com");
        assert_eq!(address.base, "dc=example,dc=com");
        assert_eq!(address.attribute, "userPassword");
        assert_eq!(address.scope, Scope::Subtree);
        assert_eq!(address.filter, "(userPassword=*)");
        assert_eq!(address.security, Security::Protected);
        assert!(LdapAddress::parse("users.ldif").is_none());
        assert!(LdapAddress::parse("https://example.com/").is_none());
    }

    #[test]
    fn all_parts_are_read_and_decoded() {
        let url = "LDAP://h:1389/o=A%20B%3f?authPassword?one?(%26(uid=a*)(ou=x))?!starttls";
        let address = LdapAddress::parse(url).unwrap().unwrap();
        assert_eq!(address.server, "ldap://h:1389");
        assert_eq!(address.base, "o=A B?");
        assert_eq!(address.attribute, "authPassword");
        assert_eq!(address.scope, Scope::OneLevel);
        assert_eq!(address.filter, "(&(uid=a*)(ou=x))");
        assert_eq!(address.security, Security::StartTls);
        let bare = LdapAddress::parse("ldaps://h/???uid=a*").unwrap().unwrap();
        assert_eq!(bare.filter, "(uid=a*)");
    }

    #[test]
    fn a_connection_that_leaves_the_machine_has_tls() {
        for host in [
            "directory.example.com",
            "10.1.1.1:389",
            "[2001:db8::1]",
            "localhost.example.com",
        ] {
            let address = LdapAddress::parse(&format!("ldap://{host}/dc=a")).unwrap();
            assert!(
                matches!(address, Err(InvalidLdapUrl::Unprotected { .. })),
                "{host}"
            );
        }
        for url in [
            "ldap://127.0.0.1:389/",
            "ldap://[::1]/",
            "ldapi://%2frun%2fslapd/",
            "ldap://h/????StartTLS",
        ] {
            assert!(LdapAddress::parse(url).unwrap().is_ok(), "{url}");
        }
    }

    #[test]
    fn malformed_urls_are_told() {
        for url in [
            "ldaps://h/dc=a?userPassword,uid",
            "ldaps://h/dc=a?a*",
            "ldaps://h/dc=a??deep",
            "ldaps://h/dc=a???(uid=",
            "ldaps://h/dc=a????x-other=1",
            "ldaps://h/dc=a????StartTLS",
            "ldaps://h/dc=%zz",
            "ldaps://h/dc=%ff",
            "ldaps://h/dc=%4",
            "ldaps://h/a?b?sub?(c=*)??d",
            "ldaps://cn=root:secret@h/dc=a",
        ] {
            let address = LdapAddress::parse(url).unwrap();
            assert!(
                matches!(address, Err(InvalidLdapUrl::Malformed(_))),
                "{url}"
            );
        }
    }
}
