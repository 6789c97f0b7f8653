//! Bytes as text: the alphabets of 64 characters.
//!
//! | alphabet | characters | first bits | used by |
//! |---|---|---|---|
//! | [`STANDARD`] | `A-Z a-z 0-9 + /` | high | RFC 4648: LDAP, Keycloak, Django, PHC |
//! | [`ADAPTED`] | `A-Z a-z 0-9 . /` | high | OpenLDAP's pw-pbkdf2, passlib ("ab64") |
//! | [`BCRYPT`] | `. / A-Z a-z 0-9` | high | bcrypt |
//! | [`CRYPT`] | `. / 0-9 A-Z a-z` | low | crypt(3) |
//! | [`DES`] | `. / 0-9 A-Z a-z` | high | the digest of DES-crypt |
//!
//! Reading takes padding or leaves it, and does not look at the bits that are over; nothing else is forgiven.

use zeroize::Zeroizing;

/// 64 characters, and which bits come first.
pub(super) struct Radix64 {
    characters: &'static [u8; 64],
    order: Order,
}

#[derive(PartialEq)]
enum Order {
    HighFirst,
    LowFirst,
}

pub(super) const STANDARD: Radix64 = Radix64 {
    characters: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    order: Order::HighFirst,
};
pub(super) const ADAPTED: Radix64 = Radix64 {
    characters: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./",
    order: Order::HighFirst,
};
pub(super) const BCRYPT: Radix64 = Radix64 {
    characters: b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    order: Order::HighFirst,
};
pub(super) const CRYPT: Radix64 = Radix64 {
    characters: b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    order: Order::LowFirst,
};
pub(super) const DES: Radix64 = Radix64 {
    characters: CRYPT.characters,
    order: Order::HighFirst,
};

impl Radix64 {
    /// The number whose digits these are, lowest first: at most five.
    pub(super) fn number(&self, digits: &[u8]) -> Option<u32> {
        digits.iter().rev().try_fold(0_u32, |number, &digit| {
            number.checked_mul(64)?.checked_add(self.value(digit)?)
        })
    }

    /// So many digits of `number`, lowest first.
    pub(super) fn digits(&self, number: u32, count: u32) -> String {
        let digit = |place: u32| char::from(self.characters[(number >> (6 * place) & 63) as usize]);
        (0..count).map(digit).collect()
    }

    /// The text of `bytes`, without padding.
    pub(super) fn encode(&self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
        for group in bytes.chunks(3) {
            let octet = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
            let bits = match self.order {
                Order::HighFirst => octet(0) << 16 | octet(1) << 8 | octet(2),
                Order::LowFirst => octet(2) << 16 | octet(1) << 8 | octet(0),
            };
            for index in 0..=group.len() {
                let digit = bits >> self.shift(index) & 63;
                text.push(char::from(self.characters[digit as usize]));
            }
        }
        text
    }

    /// The text of `bytes`, padded with `=`.
    pub(super) fn encode_padded(&self, bytes: &[u8]) -> String {
        let mut text = self.encode(bytes);
        while !text.len().is_multiple_of(4) {
            text.push('=');
        }
        text
    }

    /// The bytes of `text`; none if a character is not of the alphabet or the length cannot be.
    pub(super) fn decode(&self, text: &str) -> Option<Zeroizing<Vec<u8>>> {
        let digits = match text.len() % 4 {
            0 => text.strip_suffix("==").or(text.strip_suffix('=')),
            _ => None,
        };
        let digits = digits.unwrap_or(text).as_bytes();
        if digits.len() % 4 == 1 {
            return None;
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(digits.len() / 4 * 3 + 2));
        for group in digits.chunks(4) {
            let mut bits = 0;
            for (index, digit) in group.iter().enumerate() {
                bits |= self.value(*digit)? << self.shift(index);
            }
            let [_, high, middle, low] = bits.to_be_bytes();
            let octets = match self.order {
                Order::HighFirst => [high, middle, low],
                Order::LowFirst => [low, middle, high],
            };
            bytes.extend_from_slice(&octets[..group.len() - 1]);
        }
        Some(bytes)
    }

    fn shift(&self, index: usize) -> usize {
        match self.order {
            Order::HighFirst => 18 - 6 * index,
            Order::LowFirst => 6 * index,
        }
    }

    /// The value of one digit.
    pub(super) fn value(&self, digit: u8) -> Option<u32> {
        let place = self.characters.iter().position(|&one| one == digit)?;
        u32::try_from(place).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_go_both_ways() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(STANDARD.encode_padded(bytes.as_bytes()), text);
            assert_eq!(**STANDARD.decode(text).unwrap(), *bytes.as_bytes());
            let unpadded = text.trim_end_matches('=');
            assert_eq!(**STANDARD.decode(unpadded).unwrap(), *bytes.as_bytes());
        }
        assert!(STANDARD.decode("Zm9vY").is_none());
        assert!(STANDARD.decode("Zm 9").is_none());
        assert!(STANDARD.decode("Zg===").is_none());
    }

    #[test]
    fn every_alphabet_reads_what_it_writes() {
        let bytes: Vec<u8> = (0..=255).collect();
        for alphabet in [STANDARD, ADAPTED, BCRYPT, CRYPT, DES] {
            for length in 0..bytes.len() {
                let text = alphabet.encode(&bytes[..length]);
                assert_eq!(**alphabet.decode(&text).unwrap(), bytes[..length]);
            }
        }
        for number in [0, 1, 63, 64, 4095, (1 << 30) - 1] {
            let digits = CRYPT.digits(number, 5);
            assert_eq!(CRYPT.number(digits.as_bytes()), Some(number));
        }
        assert!(CRYPT.number(b"zzzzzz").is_none());
    }
}
