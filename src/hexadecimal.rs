//! Bytes as hexadecimal digits, two a byte.

use zeroize::Zeroizing;

/// Lower-case digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> Zeroizing<String> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = Zeroizing::new(String::with_capacity(2 * bytes.len()));
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// The bytes of digits of either case; none if one is no digit, or one is left over.
#[cfg(any(feature = "password", feature = "wso2"))]
pub(crate) fn of_hexadecimal(digits: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    let (pairs, []) = digits.as_ref().as_chunks::<2>() else {
        return None;
    };
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let mut bytes = Zeroizing::new(Vec::with_capacity(pairs.len()));
    for &[high, low] in pairs {
        bytes.push(u8::try_from(digit(high)? << 4 | digit(low)?).ok()?);
    }
    Some(std::mem::take(&mut *bytes))
}

#[cfg(all(test, feature = "password"))]
mod tests {
    use super::*;

    #[test]
    fn digits_come_back_as_bytes() {
        let bytes = [0, 1, 127, 128, 255];
        let text = hexadecimal(&bytes);
        assert_eq!(*text, "00017f80ff");
        assert_eq!(of_hexadecimal(&*text).unwrap(), bytes);
        assert_eq!(of_hexadecimal("FfA0").unwrap(), [255, 160]);
        assert!(of_hexadecimal("0").is_none());
        assert!(of_hexadecimal("0g").is_none());
    }
}
