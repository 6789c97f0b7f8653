//! [`Clients`]: who may ask, known by a certificate or a token.

use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;
use zeroize::Zeroizing;

use crate::Secret;
use crate::deliver::http::places::Holder;
use crate::document::{ClientProof, ClientSettings};
use crate::migrate::Attempts;
use crate::service::{Peer, SecretService};

/// Who may ask.
pub(super) struct Clients {
    settings: Vec<ClientSettings>,
    attempts: Attempts,
    /// Of addresses whose token is wrong.
    strangers: Attempts,
}

/// Why somebody may not ask.
pub(super) enum NoClient {
    /// No client has this certificate or token.
    Unknown,
    /// A token cannot be read, so that nobody can say.
    Unreadable(String),
    /// It was tried too often.
    Limited(Duration),
}

impl Clients {
    pub(super) fn new(
        settings: Vec<ClientSettings>,
        attempts: Attempts,
        strangers: Attempts,
    ) -> Self {
        Self {
            settings,
            attempts,
            strangers,
        }
    }

    /// The name of the client that `peer` is, by its certificate or by what it sends.
    pub(super) fn known(
        &self,
        peer: &Peer,
        headers: &HeaderMap,
        service: &SecretService,
    ) -> Result<&str, NoClient> {
        if let Peer::Certificate(certificate) = peer {
            let mut clients = self.settings.iter();
            let named = clients.find(|client| match &client.proof {
                ClientProof::Certificate(subject) => certificate.is(subject),
                ClientProof::Token { .. } => false,
            });
            if let Some(client) = named {
                return Ok(&client.name);
            }
        }
        let sent = token_of(headers);
        let found = match &sent {
            Some(sent) => self.by_token(sent, service)?,
            None => None,
        };
        if let Some(name) = found {
            return Ok(name);
        }
        // A right token is never refused for what others sent from there, so that this does not keep a guess from being right:
        // tokens are too long to be guessed. It slows down who tries.
        match self.strangers.take(&format!("{:?}", Holder::of(peer))) {
            Ok(()) => Err(NoClient::Unknown),
            Err(wait) => Err(NoClient::Limited(wait)),
        }
    }

    /// Counts a request of a client.
    pub(super) fn count(&self, client: &str) -> Result<(), Duration> {
        self.attempts.take(client)
    }

    fn by_token(&self, sent: &Secret, service: &SecretService) -> Result<Option<&str>, NoClient> {
        let mut found = None;
        let mut unreadable = None;
        for client in &self.settings {
            let ClientProof::Token { alias } = &client.proof else {
                continue;
            };
            // All are compared: the time does not tell which.
            match service.get(alias) {
                Ok(served) if !served.secret.is_empty() && served.secret.is_same_as(sent) => {
                    found = Some(client.name.as_str());
                }
                Ok(_) => {}
                Err(error) => unreadable = Some(error.to_string()),
            }
        }
        match (found, unreadable) {
            (None, Some(reason)) => Err(NoClient::Unreadable(reason)),
            (found, _) => Ok(found),
        }
    }
}

/// The token of `Authorization: Bearer`, or the password of `Authorization: Basic`.
fn token_of(headers: &HeaderMap) -> Option<Secret> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Secret::copied_from(rest.as_bytes()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = Zeroizing::new(Base64::decode_vec(rest).ok()?);
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    Some(Secret::copied_from(&decoded[colon + 1..]))
}
