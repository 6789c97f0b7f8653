//! [`cookie_of`]: where the next page of a search begins.
//!
//! ```text
//! realSearchControlValue ::= SEQUENCE { size INTEGER, cookie OCTET STRING }
//! ```
//! Source: RFC 2696, section 2. ldap3 reads it too, and panics where it is malformed.

use ldap3::LdapResult;
use ldap3::controls::{Control, ControlType};

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// Where the next page begins: nothing if this was the last, or the server does not page. None if what it sent is malformed.
pub(super) fn cookie_of(result: &LdapResult) -> Option<Vec<u8>> {
    let is_paged = |control: &&Control| matches!(control.0, Some(ControlType::PagedResults));
    match result.ctrls.iter().find(is_paged) {
        Some(control) => cookie_in(control.1.val.as_deref()?).map(<[u8]>::to_vec),
        None => Some(Vec::new()),
    }
}

fn cookie_in(value: &[u8]) -> Option<&[u8]> {
    let (sequence, _) = element(value, SEQUENCE)?;
    let (_size, rest) = element(sequence, INTEGER)?;
    let (cookie, _) = element(rest, OCTET_STRING)?;
    Some(cookie)
}

/// The content of the first element, which has this tag, and what follows it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [first, length, rest @ ..] = bytes else {
        return None;
    };
    if *first != tag {
        return None;
    }
    // A first byte of 128 and more tells how many bytes the length has.
    let more = usize::from(length.checked_sub(0x80).unwrap_or_default());
    let (length, rest) = match length {
        0..0x80 => (usize::from(*length), rest),
        _ if more > 4 => return None,
        _ => {
            let (bytes, rest) = rest.split_at_checked(more)?;
            let length = bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            (length, rest)
        }
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_and_what_is_malformed_is_not() {
        assert_eq!(
            cookie_in(&[0x30, 7, 2, 1, 0, 4, 2, b'a', b'b']),
            Some(&b"ab"[..])
        );
        assert_eq!(cookie_in(&[0x30, 5, 2, 1, 0, 4, 0]), Some(&b""[..]));
        let long = [0x30, 0x81, 6, 2, 1, 0, 4, 0x84, 0];
        assert_eq!(cookie_in(&long), None);
        let long = [0x30, 0x81, 9, 2, 1, 0, 4, 0x82, 0, 1, b'a', 9];
        assert_eq!(cookie_in(&long), Some(&b"a"[..]));
        for malformed in [
            &[][..],
            &[0x30],
            &[0x30, 1],
            &[0x30, 0],
            &[0x04, 0],
            &[0x30, 3, 2, 1, 0],
            &[0x30, 4, 2, 1, 0, 4],
            &[0x30, 5, 2, 1, 0, 4, 1],
            &[0x30, 0x80, 2, 1, 0, 4, 0, 0, 0],
            &[0x30, 0xff, 2, 1, 0],
        ] {
            assert_eq!(cookie_in(malformed), None, "{malformed:?}");
        }
    }
}
