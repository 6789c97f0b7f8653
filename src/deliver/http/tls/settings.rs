//! [`TlsSettings`]: which key a listener shows, and how it knows who connects.

use crate::document::HttpsSettings;
#[cfg(feature = "migrate")]
use crate::document::{ClientProof, ClientSettings, ListenerSettings};

/// Which key a listener shows, and how it knows who connects.
pub(crate) struct TlsSettings {
    /// Name of the keystore with the private key and its certificates.
    pub(super) keystore: String,
    /// The key's alias in it.
    pub(super) key_alias: String,
    pub(super) known_by: KnownBy,
}

/// How who connects is known.
pub(super) enum KnownBy {
    /// By a certificate that leads to one of this keystore, and nobody else connects.
    Certificate(String),
    /// By such a certificate, or by what they send.
    #[cfg(feature = "migrate")]
    CertificateOrRequest(String),
    /// By what they send.
    #[cfg(feature = "migrate")]
    Request,
}

impl TlsSettings {
    pub(crate) fn of_https(https: &HttpsSettings) -> Self {
        Self {
            keystore: https.keystore.clone(),
            key_alias: https.key_alias.clone(),
            known_by: KnownBy::Certificate(https.truststore.clone()),
        }
    }

    /// Those of a migration service, of which some clients have tokens and others certificates.
    #[cfg(feature = "migrate")]
    pub(crate) fn of_clients(listener: &ListenerSettings, clients: &[ClientSettings]) -> Self {
        let has_token = |client: &ClientSettings| match client.proof {
            ClientProof::Token { .. } => true,
            ClientProof::Certificate(_) => false,
        };
        let known_by = match &listener.truststore {
            None => KnownBy::Request,
            Some(truststore) if clients.iter().any(has_token) => {
                KnownBy::CertificateOrRequest(truststore.clone())
            }
            Some(truststore) => KnownBy::Certificate(truststore.clone()),
        };
        Self {
            keystore: listener.keystore.clone(),
            key_alias: listener.key_alias.clone(),
            known_by,
        }
    }

    /// The keystore of the trusted certificates, if any are trusted.
    pub(super) fn truststore(&self) -> Option<&str> {
        match &self.known_by {
            KnownBy::Certificate(truststore) => Some(truststore),
            #[cfg(feature = "migrate")]
            KnownBy::CertificateOrRequest(truststore) => Some(truststore),
            #[cfg(feature = "migrate")]
            KnownBy::Request => None,
        }
    }
}
