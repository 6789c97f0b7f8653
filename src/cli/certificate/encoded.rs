//! The certificates in a file, as Java's X.509 factory takes them out of it: DER, PEM with text
//! before, between and behind, several one after the other, and PKCS#7.
//!
//! ```text
//! ContentInfo SEQUENCE { signedData 1.2.840.113549.1.7.2, [0] SignedData SEQUENCE {
//!     version, digestAlgorithms SET, contentInfo SEQUENCE, [0] certificates, … } }
//! ```
//! Source: RFC 2315 section 9.1; `sun.security.provider.X509Factory`.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::der_value::DerValue;
use super::{Certificate, pem};

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const SEQUENCE: u8 = 0x30;
const CONTEXT_0: u8 = 0xa0;
/// The largest file that is read, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;
const DASHES: &[u8] = b"-----";

/// Why there is no certificate in an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum EncodedError {
    /// There is nothing in it.
    Empty,
    /// There is something in it, but neither DER nor PEM.
    NoData,
    /// There is DER or PEM that is no certificate, or that is cut off.
    NoCertificate,
}

impl fmt::Display for EncodedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "it is empty",
            Self::NoData => "there is no certificate in it, neither as DER nor as PEM",
            Self::NoCertificate => "there is something else than X.509 certificates in it",
        })
    }
}

/// The bytes of a file with certificates.
pub(in crate::cli) fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other(
            "it is larger than 16 MiB, too large for certificates",
        ));
    }
    Ok(bytes)
}

/// Every certificate (DER) in `input`. A PKCS#7 file may have none.
pub(in crate::cli) fn all_encoded(input: &[u8]) -> Result<Vec<Vec<u8>>, EncodedError> {
    if input.is_empty() {
        return Err(EncodedError::Empty);
    }
    let (mut block, mut rest) = next_block(input)?.ok_or(EncodedError::NoData)?;
    if let Some(certificates) = in_pkcs7(&block) {
        let all = certificates.into_iter();
        return all.map(checked).collect();
    }
    let mut certificates = Vec::new();
    loop {
        certificates.push(checked(block)?);
        match next_block(rest)? {
            Some(next) => (block, rest) = next,
            None => return Ok(certificates),
        }
    }
}

/// The first certificate (DER) in `input`.
pub(in crate::cli) fn first_encoded(input: &[u8]) -> Result<Vec<u8>, EncodedError> {
    if input.is_empty() {
        return Err(EncodedError::Empty);
    }
    let (block, _) = next_block(input)?.ok_or(EncodedError::NoData)?;
    checked(block)
}

fn checked(der: Vec<u8>) -> Result<Vec<u8>, EncodedError> {
    if Certificate::read(&der).is_none() {
        return Err(EncodedError::NoCertificate);
    }
    Ok(der)
}

/// The bytes of a DER value or PEM block, and what follows it.
type Block<'a> = (Vec<u8>, &'a [u8]);

/// The next DER value or PEM block.
fn next_block(input: &[u8]) -> Result<Option<Block<'_>>, EncodedError> {
    if input.first() == Some(&SEQUENCE) {
        let (value, rest) = DerValue::first(input).ok_or(EncodedError::NoCertificate)?;
        return Ok(Some((value.encoded.to_vec(), rest)));
    }
    let Some(header) = lines(input).find(|(_, line)| line.starts_with(DASHES)) else {
        return Ok(None);
    };
    let body = &input[header.0 + header.1.len()..];
    let end = find(body, DASHES).ok_or(EncodedError::NoCertificate)?;
    let footer = lines(&body[end..]).next().unwrap_or_default().1;
    let label = |line: &[u8], word: &[u8]| {
        let line = line.trim_ascii_end().strip_prefix(DASHES)?;
        let line = line.strip_suffix(DASHES)?.strip_prefix(word)?;
        Some(line.to_vec())
    };
    let (opened, closed) = (label(header.1, b"BEGIN "), label(footer, b"END "));
    if opened.is_none() || opened != closed {
        return Err(EncodedError::NoCertificate);
    }
    let bytes = pem::decode(&body[..end]).ok_or(EncodedError::NoCertificate)?;
    Ok(Some((bytes, &body[end + footer.len()..])))
}

/// The lines with their places; a line ends with LF, CR LF or CR, which belongs to it.
fn lines(input: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut place = 0;
    input
        .split_inclusive(|byte| *byte == b'\n' || *byte == b'\r')
        .map(move |line| {
            let start = place;
            place += line.len();
            (start, line)
        })
}

fn find(input: &[u8], what: &[u8]) -> Option<usize> {
    input.windows(what.len()).position(|window| window == what)
}

/// The certificates of a PKCS#7 file; none where it is no such file.
fn in_pkcs7(block: &[u8]) -> Option<Vec<Vec<u8>>> {
    let [kind, content] = &DerValue::only(block)?.children()?[..] else {
        return None;
    };
    if kind.identifier() != SIGNED_DATA || content.tag != CONTEXT_0 {
        return None;
    }
    let fields = content.child()?.children()?;
    let Some(certificates) = fields.iter().find(|field| field.tag == CONTEXT_0) else {
        return Some(Vec::new());
    };
    let certificates = certificates.children()?;
    let der = |certificate: &DerValue<'_>| certificate.encoded.to_vec();
    Some(certificates.iter().map(der).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_told_apart() {
        let error = |input: &str| all_encoded(input.as_bytes()).unwrap_err();
        assert_eq!(error(""), EncodedError::Empty);
        assert_eq!(error("hello\n"), EncodedError::NoData);
        assert_eq!(error("0hello\n"), EncodedError::NoCertificate);
        assert_eq!(
            error("-----BEGIN CERTIFICATE-----\nZm9v\n"),
            EncodedError::NoCertificate
        );
        assert_eq!(
            error("-----BEGIN CERTIFICATE-----\nZm9v\n-----END KEY-----\n"),
            EncodedError::NoCertificate
        );
    }

    #[test]
    fn a_block_may_have_text_around_it_and_any_line_end() {
        for text in [
            "Subject: x\r\n-----BEGIN X-----\r\nZm9v\r\nYmFy\r\n-----END X-----\r\nmore",
            "-----BEGIN X-----\nZm9vYmFy\n-----END X-----more",
            "text - with -- dashes\r-----BEGIN X-----\rZm9vYmFy\r-----END X-----",
        ] {
            let found = next_block(text.as_bytes());
            if text.contains("-----more") {
                assert_eq!(found, Err(EncodedError::NoCertificate));
                continue;
            }
            assert_eq!(found.unwrap().unwrap().0, b"foobar", "{text}");
        }
    }
}
