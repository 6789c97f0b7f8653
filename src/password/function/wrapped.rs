//! [`Wrapped`]: a function over the digest of another one.
//!
//! ```text
//! digest = outer( text( inner( password ) ) )
//! text   = unpadded base64 of the inner digest; of its SHA-384 where it has more than 54 bytes
//! ```
//! A keyed layer may stand between: see [`super::keyed_layer`]. The password itself can be the inner digest there, so that
//! new values have the layer, too.
//!
//! A stored digest is wrapped without knowing the password. A text goes into the outer function, never the raw digest: a
//! zero byte would end it for bcrypt, which looks at 72 bytes, and so has the text at most. The idea is that of a proposal
//! to Keycloak's developers (2017) and of Django's "upgrading without requiring a login".

use std::fmt;

use zeroize::Zeroizing;

use super::{HashFunction, KeyedLayer};
use crate::Secret;
use crate::password::radix64::STANDARD;
use crate::password::{MessageDigest, Refusal};

/// 72 characters of base64.
const LONGEST_AS_IT_IS: usize = 54;

/// Two functions, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    inner: Box<HashFunction>,
    layer: Option<KeyedLayer>,
    outer: Box<HashFunction>,
}

impl Wrapped {
    pub(in crate::password) fn new(
        inner: HashFunction,
        layer: Option<KeyedLayer>,
        outer: HashFunction,
    ) -> Self {
        Self {
            inner: Box::new(inner),
            layer,
            outer: Box::new(outer),
        }
    }

    /// The function that the password was first stored with.
    #[must_use]
    pub fn inner(&self) -> &HashFunction {
        &self.inner
    }

    /// The keyed layer between the two.
    #[must_use]
    pub fn layer(&self) -> Option<&KeyedLayer> {
        self.layer.as_ref()
    }

    /// The function over the stored digest.
    #[must_use]
    pub fn outer(&self) -> &HashFunction {
        &self.outer
    }

    pub(super) fn apply(&self, password: &Secret) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let digest = self.inner.apply(password)?;
        self.outer.apply(&keyed_text(&digest, self.layer.as_ref())?)
    }
}

/// What the outer function gets for a digest, through the keyed layer if there is one.
pub(in crate::password) fn keyed_text(
    digest: &[u8],
    layer: Option<&KeyedLayer>,
) -> Result<Secret, Refusal> {
    let text = text_of(digest);
    match layer {
        Some(layer) => layer.apply(&text),
        None => Ok(text),
    }
}

fn text_of(digest: &[u8]) -> Secret {
    if digest.len() > LONGEST_AS_IT_IS {
        let shorter = MessageDigest::Sha384.of(&[digest]);
        return Secret::new(STANDARD.encode(&shorter).into_bytes());
    }
    Secret::new(STANDARD.encode(digest).into_bytes())
}

impl fmt::Display for Wrapped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outer = &self.outer;
        match (&self.layer, self.inner.as_ref()) {
            (Some(layer), HashFunction::Clear) => {
                write!(formatter, "{outer}, under the pepper {}", layer.alias())
            }
            (Some(layer), inner) => {
                write!(
                    formatter,
                    "{outer}, under the pepper {}, over {inner}",
                    layer.alias()
                )
            }
            (None, inner) => write!(formatter, "{outer}, over {inner}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_any_digest_fits_into_bcrypt() {
        for length in [0, 1, 16, 20, 32, 48, 54, 55, 64, 128, 512] {
            let text = text_of(&vec![0; length]);
            assert!(text.len() <= 72, "{length}");
            assert!(!text.expose_bytes().contains(&0));
        }
    }
}
