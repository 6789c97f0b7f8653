//! [`DerValue`]: one value of a certificate, which is always DER.

/// A tag with what it holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct DerValue<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    /// All of it, with its tag and its length.
    pub(super) encoded: &'a [u8],
}

impl<'a> DerValue<'a> {
    /// The one value that `bytes` are.
    pub(super) fn only(bytes: &'a [u8]) -> Option<Self> {
        let (value, rest) = Self::first(bytes)?;
        rest.is_empty().then_some(value)
    }

    /// The first value, and what follows it.
    pub(super) fn first(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&[tag, length], mut rest) = bytes.split_first_chunk()?;
        let mut count = usize::from(length);
        if length & 0x80 != 0 {
            let (octets, behind) = rest.split_at_checked(usize::from(length & 0x7f))?;
            if octets.is_empty() || octets.len() > 4 {
                return None;
            }
            let add = |sum: usize, octet: &u8| (sum << 8) | usize::from(*octet);
            count = octets.iter().fold(0, add);
            rest = behind;
        }
        let (content, rest) = rest.split_at_checked(count)?;
        let encoded = &bytes[..bytes.len() - rest.len()];
        let value = Self {
            tag,
            content,
            encoded,
        };
        Some((value, rest))
    }

    /// The values in it.
    pub(super) fn children(self) -> Option<Vec<Self>> {
        let mut children = Vec::new();
        let mut rest = self.content;
        while !rest.is_empty() {
            let (child, behind) = Self::first(rest)?;
            children.push(child);
            rest = behind;
        }
        Some(children)
    }

    /// The first value in it.
    pub(super) fn child(self) -> Option<Self> {
        Some(Self::first(self.content)?.0)
    }

    /// An object identifier in digits and dots.
    pub(super) fn identifier(self) -> String {
        let mut arcs: Vec<u128> = Vec::new();
        let mut arc: u128 = 0;
        for octet in self.content {
            arc = (arc << 7) | u128::from(octet & 0x7f);
            if octet & 0x80 == 0 {
                arcs.push(arc);
                arc = 0;
            }
        }
        if let Some(first) = arcs.first().copied() {
            let root = (first / 40).min(2);
            arcs[0] = first - 40 * root;
            arcs.insert(0, root);
        }
        let digits: Vec<String> = arcs.iter().map(u128::to_string).collect();
        digits.join(".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_in_digits() {
        let identifier = |content: &[u8]| {
            let value = DerValue {
                tag: 6,
                content,
                encoded: &[],
            };
            value.identifier()
        };
        assert_eq!(identifier(&[0x55, 0x04, 0x03]), "2.5.4.3");
        assert_eq!(identifier(&[0x88, 0x37, 0x03]), "2.999.3");
        assert_eq!(
            identifier(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]),
            "1.2.840.113549.1.1.1"
        );
    }

    #[test]
    fn a_length_beyond_the_end_is_no_value() {
        assert!(DerValue::only(&[0x30, 0x05, 0x02]).is_none());
        assert!(DerValue::only(&[0x30, 0x85, 1, 1, 1, 1, 1]).is_none());
        assert!(DerValue::only(&[0x30]).is_none());
    }
}
