//! PEM: certificates as text (RFC 7468), with the line ends that keytool writes.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LINE: usize = 64;

/// A certificate (DER) as keytool's `-rfc` shows it: within it lines end with CR LF, around it with
/// LF alone.
pub(super) fn certificate(der: &[u8]) -> String {
    let encoded = base64(der);
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for start in (0..encoded.len()).step_by(LINE) {
        if start > 0 {
            text.push_str("\r\n");
        }
        let end = encoded.len().min(start + LINE);
        text.push_str(&encoded[start..end]);
    }
    text.push_str("\n-----END CERTIFICATE-----\n");
    text
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
}
