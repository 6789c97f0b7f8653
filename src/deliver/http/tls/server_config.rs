//! From a private key and trusted certificates to rustls' configuration.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::{default_provider, sign::any_supported_type};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{Error, InconsistentKeys, RootCertStore, ServerConfig};
use tracing::warn;

use super::error::TlsError;
use super::settings::KnownBy;
use crate::keystore::PrivateKey;
use crate::service::TrustedCertificate;

/// The one protocol that is spoken over TLS (RFC 7301).
const HTTP_1_1: &[u8] = b"http/1.1";

/// A key with its certificates, checked to belong together.
///
/// The key's encoding is only lent to rustls and wiped afterwards; the numbers that ring takes from it are
/// not wiped when they are freed.
pub(crate) fn certified_key(
    key: &PrivateKey,
    path: PathBuf,
    alias: &str,
) -> Result<CertifiedKey, TlsError> {
    let alias = alias.to_owned();
    if key.certificates.is_empty() {
        return Err(TlsError::NoCertificate { path, alias });
    }
    let info = key.key_info_with_public_key();
    let encoded = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(info.expose_bytes()));
    let Ok(signing_key) = any_supported_type(&encoded) else {
        return Err(TlsError::UnsupportedKey { path, alias });
    };
    let certificates = key.certificates.iter();
    let certificates = certificates.map(|der| CertificateDer::from(der.clone()));
    let certified = CertifiedKey::new(certificates.collect(), signing_key);
    match certified.keys_match() {
        Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(certified),
        Err(_) => Err(TlsError::OtherKey { path, alias }),
    }
}

/// The certificates that can be used to know others by; those that cannot are named in the log.
pub(super) fn roots(
    trusted: &[TrustedCertificate],
    path: PathBuf,
) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in trusted {
        if let Err(reason) = roots.add(CertificateDer::from(certificate.der.as_slice())) {
            warn!(
                "{}: the trusted certificate {} cannot be used for TLS: {reason}",
                path.display(),
                certificate.alias
            );
        }
    }
    if roots.is_empty() {
        return Err(TlsError::NoTrustedCertificate { path });
    }
    Ok(roots)
}

/// TLS 1.2 and 1.3 with this key, without resumption. A certificate that is shown has to lead to one of `trusted`.
pub(super) fn server_config(
    key: &Arc<CertifiedKey>,
    trusted: Option<RootCertStore>,
    known_by: &KnownBy,
) -> Result<ServerConfig, TlsError> {
    let provider: Arc<CryptoProvider> = Arc::new(default_provider());
    let verifier = client_verifier(trusted, known_by, &provider)?;
    let builder = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|reason| TlsError::Defect {
            reason: reason.to_string(),
        })?;
    let shown = SingleCertAndKey::from(CertifiedKey::clone(key));
    let mut config = builder
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(Arc::new(shown));
    config.alpn_protocols = vec![HTTP_1_1.to_vec()];
    // A resumed session would pass by certificates that are trusted no more.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}

fn client_verifier(
    trusted: Option<RootCertStore>,
    known_by: &KnownBy,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
    let Some(trusted) = trusted else {
        return Ok(WebPkiClientVerifier::no_client_auth());
    };
    let builder =
        WebPkiClientVerifier::builder_with_provider(Arc::new(trusted), Arc::clone(provider));
    let builder = match known_by {
        KnownBy::Certificate(_) => builder,
        #[cfg(feature = "migrate")]
        KnownBy::CertificateOrRequest(_) | KnownBy::Request => builder.allow_unauthenticated(),
    };
    builder.build().map_err(|reason| TlsError::Defect {
        reason: reason.to_string(),
    })
}
