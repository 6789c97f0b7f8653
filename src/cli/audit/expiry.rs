//! [`ExaminedCertificate`]: a certificate and how long it is still valid.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::grade::Rule;
use crate::keystore::Validity;

/// A certificate of an entry.
pub(super) struct ExaminedCertificate {
    /// SHA-256 of the certificate.
    pub(super) fingerprint: [u8; 32],
    pub(super) validity: Option<Validity>,
    pub(super) state: State,
}

/// Where now stands in a certificate's validity.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    NotYetValid,
    Valid,
    /// Its end is near.
    Expiring,
    Expired,
    /// The certificate does not say it in a way that can be read.
    Unknown,
}

impl ExaminedCertificate {
    /// Looks at a certificate (DER). Its end is near where it comes within `notice`.
    pub(super) fn of(certificate: &[u8], now: SystemTime, notice: Duration) -> Self {
        let validity = Validity::of_certificate(certificate);
        Self {
            fingerprint: Sha256::digest(certificate).into(),
            validity,
            state: validity.map_or(State::Unknown, |validity| state_of(validity, now, notice)),
        }
    }

    /// The rule that it breaks, and the reason.
    pub(super) fn broken_rule(&self) -> Option<(Rule, String)> {
        let not_before = self
            .validity
            .map(|validity| day(validity.not_before))
            .unwrap_or_default();
        let not_after = self
            .validity
            .map(|validity| day(validity.not_after))
            .unwrap_or_default();
        Some(match self.state {
            State::Valid => return None,
            State::Expired => (
                Rule::ExpiredCertificate,
                format!("a certificate expired on {not_after}"),
            ),
            State::Expiring => (
                Rule::ExpiringCertificate,
                format!("a certificate expires on {not_after}"),
            ),
            State::NotYetValid => (
                Rule::CertificateNotYetValid,
                format!("a certificate is valid from {not_before} on"),
            ),
            State::Unknown => (
                Rule::UnknownValidity,
                "the validity of a certificate cannot be read".to_owned(),
            ),
        })
    }
}

impl State {
    /// Its stable name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NotYetValid => "not-yet-valid",
            Self::Valid => "valid",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Unknown => "unknown",
        }
    }
}

/// RFC 3339, UTC.
pub(super) fn rfc_3339(time: SystemTime) -> String {
    // The one time that jiff cannot hold is the one that means never (RFC 5280 section 4.1.2.5).
    Timestamp::try_from(time).map_or_else(
        |_| "9999-12-31T23:59:59Z".to_owned(),
        |time| time.to_string(),
    )
}

fn day(time: SystemTime) -> String {
    rfc_3339(time).chars().take("9999-12-31".len()).collect()
}

fn state_of(validity: Validity, now: SystemTime, notice: Duration) -> State {
    if now > validity.not_after {
        return State::Expired;
    }
    if now < validity.not_before {
        return State::NotYetValid;
    }
    let left = validity.not_after.duration_since(now).unwrap_or_default();
    if left < notice {
        return State::Expiring;
    }
    State::Valid
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    #[test]
    fn the_end_of_a_certificate_comes_near_and_passes() {
        const DAY: Duration = Duration::from_hours(24);
        let at = |days: u32| UNIX_EPOCH + DAY * days;
        let validity = Validity {
            not_before: at(100),
            not_after: at(200),
        };
        let state = |day| state_of(validity, at(day), 30 * DAY).name();
        assert_eq!(state(99), "not-yet-valid");
        assert_eq!(state(100), "valid");
        assert_eq!(state(170), "valid");
        assert_eq!(state(171), "expiring");
        assert_eq!(state(200), "expiring");
        assert_eq!(state(201), "expired");
        assert_eq!(
            state_of(validity, at(200), Duration::ZERO).name(),
            "valid",
            "no notice asked for"
        );
    }

    #[test]
    fn the_time_that_means_never_is_written_as_it_is() {
        let never = UNIX_EPOCH + Duration::from_secs(253_402_300_799);
        assert_eq!(rfc_3339(never), "9999-12-31T23:59:59Z");
        assert_eq!(rfc_3339(UNIX_EPOCH), "1970-01-01T00:00:00Z");
        assert_eq!(day(never), "9999-12-31");
    }
}
