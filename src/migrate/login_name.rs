//! [`login_name`]: the name by which a user logs in, where a file has the DN.

use std::borrow::Cow;

use crate::hexadecimal::of_hexadecimal;

/// Of a DN the value of its first part, without its escapes (RFC 4514); any other name as it is.
pub(super) fn login_name(user: &str) -> Cow<'_, str> {
    let Some((attribute, rest)) = user.split_once('=') else {
        return Cow::Borrowed(user);
    };
    let is_of_type = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
    if attribute.is_empty() || !attribute.chars().all(is_of_type) {
        return Cow::Borrowed(user);
    }
    let mut value = Vec::with_capacity(rest.len());
    let mut bytes = rest.as_bytes().iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b',' | b'+' => break,
            b'\\' => {
                let digits = bytes.as_slice().get(..2);
                match digits.and_then(of_hexadecimal) {
                    Some(byte) => {
                        value.extend(byte);
                        bytes.nth(1);
                    }
                    None => value.extend(bytes.next()),
                }
            }
            byte => value.push(*byte),
        }
    }
    String::from_utf8(value).map_or(Cow::Borrowed(user), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_first_value_of_a_dn_and_every_other_name_itself() {
        for (user, name) in [
            ("jane", "jane"),
            ("jane@example.com", "jane@example.com"),
            ("uid=jane,ou=people,dc=example", "jane"),
            ("uid=jane", "jane"),
            ("cn=Doe\\, John,dc=example", "Doe, John"),
            ("cn=Doe\\2c John,dc=example", "Doe, John"),
            ("cn=J\\C3\\BCrgen+ou=x,dc=example", "Jürgen"),
            ("cn=end\\", "end"),
            ("Doe, John = x", "Doe, John = x"),
            ("=x,y", "=x,y"),
        ] {
            assert_eq!(login_name(user), name, "{user}");
        }
    }
}
