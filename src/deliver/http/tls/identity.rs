//! [`TlsIdentity`]: what one listener shows to clients and knows them by, in step with its keystores.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig};
use tracing::{info, warn};

use super::error::TlsError;
use super::server_config::{certified_key, roots, server_config};
use super::settings::{KnownBy, TlsSettings};
use super::status::{TlsState, TlsStatus};
use crate::keystore::Validity;
use crate::service::{ClientCertificate, SecretService, View, rfc3339};

/// What one listener shows to clients and knows them by.
pub(crate) struct TlsIdentity {
    service: SecretService,
    settings: TlsSettings,
    /// Where it listens, with the port that the system chose.
    address: SocketAddr,
    current: ArcSwap<Current>,
    renewal: Mutex<()>,
}

/// What the keystores came to, at one generation of each.
#[derive(Default)]
struct Current {
    revision: Revision,
    /// The last key that could be used.
    key: Option<Arc<CertifiedKey>>,
    trusted: usize,
    /// Without it nobody can connect.
    config: Option<Arc<ServerConfig>>,
    problem: Option<TlsError>,
}

/// The generations of the keystore and of the truststore.
type Revision = (u64, u64);

impl TlsIdentity {
    /// Looks at the keystores for the first time; what is wrong with them is in [`Self::problem`].
    pub(crate) fn new(service: SecretService, settings: TlsSettings, address: SocketAddr) -> Self {
        let identity = Self {
            service,
            settings,
            address,
            current: ArcSwap::default(),
            renewal: Mutex::default(),
        };
        let view = identity.service.view();
        let first = identity.prepare(&view, &Current::default());
        identity.current.store(Arc::new(first));
        identity
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn problem(&self) -> Option<TlsError> {
        self.current.load().problem.clone()
    }

    /// Whether handshakes go by what the keystores hold now; otherwise they need [`Self::renew`].
    pub(super) fn is_current(&self) -> bool {
        self.current.load().revision == self.revision(&self.service.view())
    }

    /// What handshakes go by; `None` if nobody is to be accepted.
    pub(super) fn config(&self) -> Option<Arc<ServerConfig>> {
        self.current.load().config.clone()
    }

    /// What handshakes go by from now on; `None` if nobody is to be accepted. May derive a key.
    pub(crate) fn renew(&self) -> Option<Arc<ServerConfig>> {
        let renewal = self.renewal.lock();
        let _renewal = renewal.unwrap_or_else(PoisonError::into_inner);
        let (view, current) = (self.service.view(), self.current.load_full());
        if current.revision == self.revision(&view) {
            return current.config.clone();
        }
        let next = self.prepare(&view, &current);
        self.report(&current, &next);
        let config = next.config.clone();
        self.current.store(Arc::new(next));
        config
    }

    /// How it stands, once it is in step.
    pub(crate) fn status(&self) -> TlsStatus {
        self.renew();
        let current = self.current.load();
        let shown = current.key.as_deref().and_then(shown_certificate);
        let described = shown.and_then(ClientCertificate::from_der);
        let validity = shown.and_then(Validity::of_certificate);
        TlsStatus {
            address: self.address.to_string(),
            state: current.state(),
            reason: current.problem.as_ref().map(TlsError::to_string),
            certificate: described
                .as_ref()
                .map(|certificate| certificate.subject().to_owned()),
            fingerprint: described.map(|certificate| certificate.fingerprint().to_owned()),
            not_after: validity.map(|validity| rfc3339(validity.not_after)),
            trusted_certificates: current.trusted,
        }
    }

    fn revision(&self, view: &View) -> Revision {
        let truststore = self.settings.truststore();
        let trusted = truststore.map_or(0, |truststore| view.generation_of(truststore));
        (view.generation_of(&self.settings.keystore), trusted)
    }

    fn prepare(&self, view: &View, previous: &Current) -> Current {
        let mut next = Current {
            revision: self.revision(view),
            ..Current::default()
        };
        match self.key(view) {
            Ok(key) => next.key = Some(Arc::new(key)),
            Err(error) => {
                next.key.clone_from(&previous.key);
                next.problem = Some(error);
            }
        }
        match self.trusted(view) {
            Ok(trusted) => {
                next.trusted = trusted.as_ref().map_or(0, RootCertStore::len);
                let key = next.key.as_ref();
                let config = key.map(|key| server_config(key, trusted, &self.settings.known_by));
                match config.transpose() {
                    Ok(config) => next.config = config.map(Arc::new),
                    Err(error) => next.problem = Some(error),
                }
            }
            // Worse than a bad key: nobody is accepted.
            Err(error) => next.problem = Some(error),
        }
        next
    }

    /// The certificates that clients are known by; none where they show none.
    fn trusted(&self, view: &View) -> Result<Option<RootCertStore>, TlsError> {
        let Some(truststore) = self.settings.truststore() else {
            return Ok(None);
        };
        let trusted = view.trusted_certificates(truststore)?;
        roots(&trusted, view.path_of(truststore)).map(Some)
    }

    /// Whether somebody without a certificate is let in, to be known by what they send.
    pub(super) fn takes_strangers(&self) -> bool {
        !matches!(self.settings.known_by, KnownBy::Certificate(_))
    }

    fn key(&self, view: &View) -> Result<CertifiedKey, TlsError> {
        let TlsSettings {
            keystore,
            key_alias,
            ..
        } = &self.settings;
        let key = view.private_key(keystore, key_alias)?;
        certified_key(&key, view.path_of(keystore), key_alias)
    }

    fn report(&self, previous: &Current, next: &Current) {
        let address = self.address;
        let shown = |current: &Current| {
            let key = current.key.as_deref()?;
            shown_certificate(key).map(<[u8]>::to_vec)
        };
        let (before, now) = (shown(previous), shown(next));
        if let Some(certificate) = now.filter(|now| before.as_ref() != Some(now)) {
            let described = ClientCertificate::from_der(&certificate);
            let subject = described.as_ref().map_or("", ClientCertificate::subject);
            info!("https://{address}: new connections are shown the certificate {subject}");
        }
        let Some(problem) = &next.problem else {
            if previous.problem.is_some() {
                info!("https://{address}: goes by its keystores again");
            }
            return;
        };
        if next.state() == TlsState::Unavailable {
            warn!("https://{address}: nobody can connect until this is mended: {problem}");
            return;
        }
        warn!("https://{address}: the last good key stays in use: {problem}");
    }
}

impl Current {
    fn state(&self) -> TlsState {
        match (&self.config, &self.problem) {
            (None, _) => TlsState::Unavailable,
            (Some(_), None) => TlsState::Fresh,
            (Some(_), Some(_)) => TlsState::Stale,
        }
    }
}

fn shown_certificate(key: &CertifiedKey) -> Option<&[u8]> {
    key.cert.first().map(AsRef::as_ref)
}
