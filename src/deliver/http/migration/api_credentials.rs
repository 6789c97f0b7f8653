//! [`KeystoreCredentials`]: what a validation API is shown and known by, from the keystores of a service.

use crate::Secret;
use crate::deliver::http::tls::certified_key;
use crate::document::ApiSettings;
use crate::migrate::{ApiCredentials, ApiIdentity};
use crate::service::SecretService;

/// What a validation API is shown and known by.
pub(super) struct KeystoreCredentials {
    service: SecretService,
    token_alias: Option<String>,
    key: Option<(String, String)>,
    truststore: Option<String>,
}

impl KeystoreCredentials {
    pub(super) fn new(settings: &ApiSettings, service: SecretService) -> Self {
        Self {
            service,
            token_alias: settings.token_alias.clone(),
            key: settings.key.clone(),
            truststore: settings.truststore.clone(),
        }
    }
}

impl ApiCredentials for KeystoreCredentials {
    fn revision(&self) -> u64 {
        self.service.view().generation()
    }

    fn token(&self) -> Result<Option<Secret>, String> {
        let Some(alias) = &self.token_alias else {
            return Ok(None);
        };
        let served = self.service.get(alias).map_err(|error| error.to_string())?;
        Ok(Some(Secret::copied_from(served.secret.expose_bytes())))
    }

    fn identity(&self) -> Result<Option<ApiIdentity>, String> {
        let Some((keystore, alias)) = &self.key else {
            return Ok(None);
        };
        let view = self.service.view();
        let key = view.private_key(keystore, alias);
        let key = key.map_err(|error| error.to_string())?;
        // ureq would panic at a certificate of another key.
        certified_key(&key, view.path_of(keystore), alias).map_err(|error| error.to_string())?;
        Ok(Some(ApiIdentity {
            key: key.key_info_with_public_key(),
            certificates: key.certificates,
        }))
    }

    fn authorities(&self) -> Result<Option<Vec<Vec<u8>>>, String> {
        let Some(truststore) = &self.truststore else {
            return Ok(None);
        };
        let trusted = self.service.view().trusted_certificates(truststore);
        let trusted = trusted.map_err(|error| error.to_string())?;
        let certificates = trusted.into_iter().map(|certificate| certificate.der);
        Ok(Some(certificates.collect()))
    }
}
