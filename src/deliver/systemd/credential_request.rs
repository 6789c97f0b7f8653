//! [`CredentialRequest`]: which unit asks for which credential.
//!
//! systemd binds its own end of the connection to a name that says it, in the abstract namespace:
//!
//! ```text
//! NUL RANDOM "/unit/" UNIT "/" CREDENTIAL         RANDOM: hexadecimal digits
//! ```
//!
//! Any process can bind such a name: it means something only if the kernel says that the manager is at the other end.
//! Source: systemd's `src/core/exec-credential.c`.

use std::fmt;

/// A unit that asks for a credential.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CredentialRequest {
    /// The unit's name with its ending.
    pub unit: String,
    /// The credential's name in the unit.
    pub credential: String,
}

impl CredentialRequest {
    /// The request that the abstract name of a peer's socket states; `None` if it states none.
    #[must_use]
    pub fn parse(abstract_name: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(abstract_name).ok()?;
        let (random, rest) = text.split_once("/unit/")?;
        let (unit, credential) = rest.split_once('/')?;
        let is_random = !random.is_empty() && random.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_name = |name: &str| {
            !name.is_empty() && !name.contains('/') && !name.chars().any(char::is_control)
        };
        (is_random && is_name(unit) && is_name(credential)).then(|| Self {
            unit: unit.to_owned(),
            credential: credential.to_owned(),
        })
    }
}

impl fmt::Display for CredentialRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "credential {} of {}", self.credential, self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_systemd_states_the_unit_and_the_credential() {
        let request = CredentialRequest::parse(b"9d0c1f/unit/tomcat@prod.service/db.password");
        let request = request.unwrap();
        assert_eq!(request.unit, "tomcat@prod.service");
        assert_eq!(request.credential, "db.password");
    }

    #[test]
    fn other_names_state_nothing() {
        for name in [
            &b""[..],
            b"9d0c1f",
            b"/unit/tomcat.service/db",
            b"xyz/unit/tomcat.service/db",
            b"9d/unit//db",
            b"9d/unit/tomcat.service/",
            b"9d/unit/tomcat.service",
            b"9d/unit/tomcat.service/db/more",
            b"9d/unit/tom\ncat.service/db",
            b"9d/unit/tomcat.service/\xff",
        ] {
            assert_eq!(CredentialRequest::parse(name), None);
        }
    }
}
