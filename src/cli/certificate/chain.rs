//! Chains of certificates: from a certificate up to one that is signed with its own key.

use std::fmt;

use super::Certificate;
use super::pool::Pool;

/// How many certificates a chain may have.
const LONGEST: usize = 32;

/// A certificate of a chain and who has it: none where it comes from outside of the pool.
pub(in crate::cli) struct Link {
    pub(in crate::cli) der: Vec<u8>,
    /// Keytool's name for where it was found; none for the certificate that the chain begins with.
    pub(in crate::cli) label: Option<String>,
}

/// The chain from `certificate` to a self-signed one, all of the others from `pool`; none where
/// there is no such chain, or a signature in it is wrong or cannot be verified.
pub(in crate::cli) fn establish_chain(
    certificate: &Certificate<'_>,
    pool: &Pool,
) -> Option<Vec<Link>> {
    let own = Link {
        der: certificate.der().to_vec(),
        label: None,
    };
    let mut chain = vec![own];
    climb(certificate, pool, &mut chain).then_some(chain)
}

/// Continues a chain upwards; where one issuer leads nowhere the next is tried.
fn climb(certificate: &Certificate<'_>, pool: &Pool, chain: &mut Vec<Link>) -> bool {
    if certificate.is_self_signed() {
        return true;
    }
    if chain.len() >= LONGEST {
        return false;
    }
    for (issuer, next) in pool.issuers_of(certificate) {
        // Two authorities that have signed each other would lead round in a circle.
        if chain.iter().any(|link| link.der == next.der()) {
            continue;
        }
        chain.push(Link {
            der: next.der().to_vec(),
            label: Some(issuer.label()),
        });
        if climb(&next, pool, chain) {
            return true;
        }
        chain.pop();
    }
    false
}

/// Why a reply of several certificates is no chain for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum ReplyError {
    /// None of them is for the key.
    OtherKey,
    /// The chain has a gap.
    Incomplete,
}

impl fmt::Display for ReplyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OtherKey => "none of its certificates is for the key of the entry",
            Self::Incomplete => "its certificates are no chain: an issuer is missing",
        })
    }
}

/// The certificates of a reply from the one that is for `own`'s key upwards. As with keytool the
/// last is taken as it is, whether it signed the one before it or not.
pub(in crate::cli) fn order_reply<'a>(
    own: &Certificate<'_>,
    reply: &[Certificate<'a>],
) -> Result<Vec<Certificate<'a>>, ReplyError> {
    let mut rest: Vec<Certificate<'a>> = Vec::new();
    for certificate in reply {
        if !rest.iter().any(|known| known.der() == certificate.der()) {
            rest.push(*certificate);
        }
    }
    let first = rest
        .iter()
        .position(|certificate| certificate.has_key_of(own))
        .ok_or(ReplyError::OtherKey)?;
    let mut chain = vec![rest.remove(first)];
    while rest.len() > 1 {
        let last = chain[chain.len() - 1];
        let issuer = rest
            .iter()
            .position(|candidate| last.is_signed_by(candidate))
            .ok_or(ReplyError::Incomplete)?;
        chain.push(rest.remove(issuer));
    }
    chain.extend(rest);
    Ok(chain)
}
