//! Distinguished names as Java prints them.

use super::der_value::DerValue;
use crate::keystore::DistinguishedName;

/// A Name in words: the last part first, `CN=host, O="Muster, GmbH", C=DE`.
pub(super) fn in_words(name: &DerValue<'_>) -> Option<String> {
    Some(DistinguishedName::from_der(name.encoded)?.to_string())
}

/// Whether both are one name. Case and runs of blanks do not count, as in RFC 5280 section 7.1.
pub(super) fn is_same(one: &DerValue<'_>, other: &DerValue<'_>) -> bool {
    if one.encoded == other.encoded {
        return true;
    }
    let folded = |name: &DerValue<'_>| {
        let words = in_words(name)?.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        Some(words.join(" "))
    };
    folded(one).is_some_and(|name| Some(name) == folded(other))
}
