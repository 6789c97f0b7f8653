//! [`Validity`]: from when to when a certificate is valid.
//!
//! ```text
//! Certificate    = SEQUENCE { TBSCertificate, … }
//! TBSCertificate = SEQUENCE { [0] version OPTIONAL, INTEGER serial, SEQUENCE algorithm,
//!                             SEQUENCE issuer, SEQUENCE { Time notBefore, Time notAfter }, … }
//! Time           = UTCTime "YYMMDDhhmmssZ" | GeneralizedTime "YYYYMMDDhhmmssZ"
//! ```
//! A UTCTime's year is of 1950 to 2049.
//!
//! Source: RFC 5280, sections 4.1 and 4.1.2.5.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::ber::{BerError, Element, Reader, tag};

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

const SECONDS_A_DAY: i64 = 86_400;

/// The two ends of a certificate's validity, both within it; to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Before this the certificate is not yet valid.
    pub not_before: SystemTime,
    /// After this the certificate has expired.
    pub not_after: SystemTime,
}

impl Validity {
    /// The validity of an X.509 certificate (DER); `None` where it is none, or where its times are
    /// not as RFC 5280 wants them.
    #[must_use]
    pub fn of_certificate(certificate: &[u8]) -> Option<Self> {
        let mut validity = validity_of(certificate).ok()?;
        Some(Self {
            not_before: time(validity.next().ok()??)?,
            not_after: time(validity.next().ok()??)?,
        })
    }
}

fn validity_of(certificate: &[u8]) -> Result<Reader<'_>, BerError> {
    from_validity(certificate)?.sequence("a validity")
}

/// The fields of the TBSCertificate from the validity on.
pub(super) fn from_validity(certificate: &[u8]) -> Result<Reader<'_>, BerError> {
    let mut outer = Reader::new(certificate).sequence("a certificate")?;
    let mut fields = outer.sequence("a TBSCertificate")?;
    fields.optional(tag::CONTEXT_0)?;
    fields.expect(tag::INTEGER, "a serial number")?;
    fields.expect(tag::SEQUENCE, "a signature algorithm")?;
    fields.expect(tag::SEQUENCE, "an issuer")?;
    Ok(fields)
}

fn time(element: Element<'_>) -> Option<SystemTime> {
    let digits = element.content.strip_suffix(b"Z")?;
    let (year, rest) = match element.tag {
        UTC_TIME => {
            let (year, rest) = digits.split_first_chunk::<2>()?;
            let year = number(year)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = digits.split_first_chunk::<4>()?;
            (number(year)?, rest)
        }
        _ => return None,
    };
    let (pairs, surplus) = rest.as_chunks::<2>();
    let [month, day, hour, minute, second] = pairs else {
        return None;
    };
    let within = |digits: &[u8; 2], first, last| {
        number(digits).filter(|number| (first..=last).contains(number))
    };
    let days = days_since_1970(year, within(month, 1, 12)?, within(day, 1, 31)?);
    let of_day = within(hour, 0, 23)? * 3600 + within(minute, 0, 59)? * 60 + within(second, 0, 59)?;
    let seconds = days * SECONDS_A_DAY + of_day;
    let distance = Duration::from_secs(seconds.unsigned_abs());
    match surplus {
        [] if seconds < 0 => UNIX_EPOCH.checked_sub(distance),
        [] => UNIX_EPOCH.checked_add(distance),
        _ => None,
    }
}

fn number(digits: &[u8]) -> Option<i64> {
    let all_digits = digits.iter().all(u8::is_ascii_digit);
    let value = |sum, digit: &u8| sum * 10 + i64::from(digit - b'0');
    all_digits.then(|| digits.iter().fold(0, value))
}

/// Days from 1970-01-01 in the Gregorian calendar. The year is taken to begin in March, so that
/// the leap day is its last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::der;

    fn seconds(tag: u8, text: &str) -> Option<i64> {
        let bytes = der::element(tag, &[text.as_bytes()]);
        let time = time(Element::first_of(&bytes).unwrap().0)?;
        Some(match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap(),
            Err(before) => -i64::try_from(before.duration().as_secs()).unwrap(),
        })
    }

    #[test]
    fn both_kinds_of_time_are_read() {
        assert_eq!(seconds(UTC_TIME, "700101000000Z"), Some(0));
        assert_eq!(seconds(UTC_TIME, "500101000000Z"), Some(-631_152_000));
        assert_eq!(seconds(UTC_TIME, "491231235959Z"), Some(2_524_607_999));
        assert_eq!(
            seconds(GENERALIZED_TIME, "20500101000000Z"),
            Some(2_524_608_000)
        );
        assert_eq!(
            seconds(GENERALIZED_TIME, "20240229120000Z"),
            Some(1_709_208_000)
        );
        assert_eq!(
            seconds(GENERALIZED_TIME, "99991231235959Z"),
            Some(253_402_300_799)
        );
    }

    #[test]
    fn a_time_of_another_form_is_none() {
        for text in [
            "",
            "Z",
            "7001010000Z",
            "700101000000",
            "700101000000+0100",
            "701301000000Z",
            "70010100000xZ",
            "7001010000001Z",
        ] {
            assert_eq!(seconds(UTC_TIME, text), None, "{text}");
        }
        assert_eq!(seconds(tag::INTEGER, "700101000000Z"), None);
        assert_eq!(Validity::of_certificate(b"no certificate"), None);
    }
}
