//! PEM: certificates as text (RFC 7468).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LINE: usize = 64;

/// What ends a line of base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum LineEnd {
    /// As RFC 7468 has it on this system.
    Lf,
    /// As keytool's `-rfc` has it: within the base64 CR LF, around it LF alone.
    CrLf,
}

/// A certificate (DER) as text.
pub(in crate::cli) fn certificate(der: &[u8], line_end: LineEnd) -> String {
    let line_end = match line_end {
        LineEnd::Lf => "\n",
        LineEnd::CrLf => "\r\n",
    };
    let encoded = base64(der);
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for start in (0..encoded.len()).step_by(LINE) {
        if start > 0 {
            text.push_str(line_end);
        }
        let end = encoded.len().min(start + LINE);
        text.push_str(&encoded[start..end]);
    }
    text.push_str("\n-----END CERTIFICATE-----\n");
    text
}

/// The bytes that `text` is the base64 of, white space left out; none where it is none.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .iter()
        .copied()
        .filter(|digit| !digit.is_ascii_whitespace())
        .collect();
    if !digits.len().is_multiple_of(4) {
        return None;
    }
    let significant = digits
        .strip_suffix(b"==")
        .or_else(|| digits.strip_suffix(b"="))
        .unwrap_or(&digits);
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    for chunk in significant.chunks(4) {
        let mut group: u32 = 0;
        for digit in chunk {
            let value = ALPHABET.iter().position(|known| known == digit)?;
            group = (group << 6) | u32::try_from(value).ok()?;
        }
        group <<= 6 * (4 - chunk.len());
        bytes.extend_from_slice(&group.to_be_bytes()[1..chunk.len()]);
    }
    Some(bytes)
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0u32, |group, byte| (group << 8) | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for position in 0..4 {
            if position > chunk.len() {
                text.push('=');
                continue;
            }
            let index = (group >> (18 - 6 * position)) & 0x3f;
            text.push(char::from(ALPHABET[index as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_rfc_4648() {
        let encoded =
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(
            encoded,
            [
                "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"
            ]
        );
    }
    #[test]
    fn what_was_encoded_is_decoded() {
        for length in 0..70 {
            let bytes: Vec<u8> = (0..length).map(|byte: u8| byte.wrapping_mul(37)).collect();
            let text = base64(&bytes);
            assert_eq!(decode(text.as_bytes()), Some(bytes));
        }
        assert_eq!(decode(b" Zm9v\r\nYg==\n"), Some(b"foob".to_vec()));
        for wrong in ["Zm9", "Zm9*", "Z", "=Zm9"] {
            assert_eq!(decode(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
