//! [`TlsError`]: why a listener has nothing to show to clients, or to know them by.

use std::path::PathBuf;

use thiserror::Error;

use crate::service::PrivateKeyError;

/// Why a listener has nothing to show to clients, or to know them by.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The keystores do not give the private key or the trusted certificates.
    #[error(transparent)]
    Keystore(#[from] PrivateKeyError),
    /// The private key has no certificate.
    #[error("{0}: the private key {alias} has no certificate. Import one: keyward importcert -alias {alias} -file FILE -keystore {0}", path.display())]
    NoCertificate {
        /// The keystore file.
        path: PathBuf,
        /// The key's alias.
        alias: String,
    },
    /// The private key is of a kind, or a size, that is not used here.
    #[error("{}: the private key {alias} is of a kind that TLS is not offered with here. Use RSA of 2048 to 4096 bits, EC on secp256r1 or secp384r1, or Ed25519", path.display())]
    UnsupportedKey {
        /// The keystore file.
        path: PathBuf,
        /// The key's alias.
        alias: String,
    },
    /// The certificate is for another key.
    #[error("{0}: the first certificate of {alias} is not for its private key. Import the one that is: keyward importcert -alias {alias} -file FILE -keystore {0}", path.display())]
    OtherKey {
        /// The keystore file.
        path: PathBuf,
        /// The key's alias.
        alias: String,
    },
    /// No certificate is trusted.
    #[error("{0}: holds no trusted certificate that can be used, so that no client can be known. Import that of the clients' authority: keyward importcert -alias ALIAS -file FILE -keystore {0}", path.display())]
    NoTrustedCertificate {
        /// The keystore file.
        path: PathBuf,
    },
    /// rustls does not take what it is given.
    #[error("TLS cannot be set up: {reason}. Report it, which is a defect of keyward")]
    Defect {
        /// What rustls said.
        reason: String,
    },
}
