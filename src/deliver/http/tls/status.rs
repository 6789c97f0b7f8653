//! [`TlsStatus`]: how a listener over TLS stands. The field names are stable.

use serde::Serialize;

/// How a listener over TLS stands.
#[derive(Serialize)]
pub(crate) struct TlsStatus {
    /// Where it listens.
    pub(super) address: String,
    pub(super) state: TlsState,
    /// Why it is not fresh, and what to do.
    pub(super) reason: Option<String>,
    /// The subject of the certificate that it shows.
    pub(super) certificate: Option<String>,
    /// SHA-256 of that certificate: `AB:CD:…`.
    pub(super) fingerprint: Option<String>,
    /// Until when that certificate is valid; RFC 3339 in UTC.
    pub(super) not_after: Option<String>,
    /// How many certificates of authorities it knows clients by.
    pub(super) trusted_certificates: usize,
}

/// How well a listener agrees with its keystores.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TlsState {
    /// It goes by what they hold.
    Fresh,
    /// It shows the last good key; the keystore's cannot be used.
    Stale,
    /// It accepts nobody.
    Unavailable,
}
