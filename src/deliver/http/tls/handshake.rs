//! One TLS handshake: from a TCP connection to who is at the other end.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::{CertificateError, Error, ServerConfig};
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::identity::TlsIdentity;
use crate::service::{ClientCertificate, Peer};

/// Why there is no connection.
pub(crate) enum Refusal {
    /// The peer has no certificate that is trusted and valid.
    Certificate(String),
    /// It does not speak TLS as it is offered here, is too slow, or breaks off.
    Protocol(String),
    /// There is no key to show, or no certificate to know anybody by.
    Unavailable,
}

/// Does the handshake; it may take `longest`.
pub(crate) async fn shake_hands(
    stream: TcpStream,
    identity: Arc<TlsIdentity>,
    longest: Duration,
) -> Result<(TlsStream<TcpStream>, Peer), Refusal> {
    let takes_strangers = identity.takes_strangers();
    let config = config_of(identity).await.ok_or(Refusal::Unavailable)?;
    let address = stream.peer_addr().map_err(|reason| Refusal::of(&reason))?;
    // Answers are small, and are to leave at once.
    let _ = stream.set_nodelay(true);
    let accepted = timeout(longest, TlsAcceptor::from(config).accept(stream));
    let stream = match accepted.await {
        Ok(Ok(stream)) => stream,
        Ok(Err(reason)) => return Err(Refusal::of(&reason)),
        Err(_elapsed) => {
            return Err(Refusal::Protocol("the handshake took too long".to_owned()));
        }
    };
    let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
    let own = certificates.first();
    if own.is_none() && takes_strangers {
        return Ok((stream, Peer::Address(address.ip())));
    }
    let own = own.and_then(|certificate| ClientCertificate::from_der(certificate));
    let Some(certificate) = own else {
        let reason = "the certificate's names cannot be read";
        return Err(Refusal::Certificate(reason.to_owned()));
    };
    Ok((stream, Peer::Certificate(Arc::new(certificate))))
}

async fn config_of(identity: Arc<TlsIdentity>) -> Option<Arc<ServerConfig>> {
    if identity.is_current() {
        return identity.config();
    }
    // A key may have to be derived: not on this thread.
    spawn_blocking(move || identity.renew()).await.ok()?
}

impl Refusal {
    fn of(reason: &io::Error) -> Self {
        let inner = reason.get_ref();
        match inner.and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(Error::NoCertificatesPresented) => {
                Self::Certificate("no certificate was shown".to_owned())
            }
            Some(Error::InvalidCertificate(reason)) => Self::Certificate(in_words(reason)),
            _ => Self::Protocol(reason.to_string()),
        }
    }
}

fn in_words(reason: &CertificateError) -> String {
    use CertificateError as Reason;
    let words = match reason {
        Reason::UnknownIssuer => "no trusted certificate has signed the one that was shown",
        Reason::Expired | Reason::ExpiredContext { .. } => "the certificate has expired",
        Reason::NotValidYet | Reason::NotValidYetContext { .. } => {
            "the certificate is not valid yet"
        }
        Reason::InvalidPurpose | Reason::InvalidPurposeContext { .. } => {
            "the certificate's extended key usage is not that of a client"
        }
        Reason::BadSignature => "a signature is wrong",
        Reason::BadEncoding => "a certificate cannot be read",
        Reason::UnsupportedSignatureAlgorithmContext { .. }
        | Reason::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "a certificate is signed with an algorithm that is not accepted"
        }
        other => return other.to_string(),
    };
    words.to_owned()
}
