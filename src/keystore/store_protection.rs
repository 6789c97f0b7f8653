//! [`StoreProtection`]: how a store protects what is written into it.

use super::error::KeystoreError;
use super::store_type::StoreType;
use crate::kdf::Iterations;

/// How a store protects what is written into it; where nothing is said, as the JDK does by
/// default. A JCEKS store knows the iterations of its keys alone, a JKS store nothing of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreProtection {
    /// New keys and secrets, such as `PBEWithHmacSHA512AndAES_256`.
    pub keys: ProtectionChoice,
    /// Certificates in a container of their own, as for keys; `NONE` leaves it open.
    pub certificates: ProtectionChoice,
    /// What guards the file as a whole: `HmacPBESHA256` and the like, `PBEWithHmacSHA256` and the
    /// like for PBMAC1 (RFC 9879, which no JDK before 26 reads), or `NONE`.
    pub mac: ProtectionChoice,
}

/// An algorithm by Java's name, and its cost; `None` where the default is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProtectionChoice {
    /// Java's name of the algorithm.
    pub algorithm: Option<String>,
    /// The iteration count.
    pub iterations: Option<Iterations>,
}

/// The name by which a protection is left out.
const NONE: &str = "NONE";

impl StoreProtection {
    /// What a JDK writes with `-J-Dkeystore.pkcs12.legacy`: for readers from before 2018.
    #[must_use]
    pub fn legacy() -> Self {
        let choice = |algorithm: &str, iterations| ProtectionChoice {
            algorithm: Some(algorithm.to_owned()),
            iterations: Some(Iterations::constant(iterations)),
        };
        Self {
            keys: choice("PBEWithSHA1AndDESede", 50_000),
            certificates: choice("PBEWithSHA1AndRC2_40", 50_000),
            mac: choice("HmacPBESHA1", 100_000),
        }
    }
}

impl ProtectionChoice {
    /// Whether there is to be no protection at all.
    pub(super) fn is_none(&self) -> bool {
        let name = self.algorithm.as_deref();
        name.is_some_and(|name| name.eq_ignore_ascii_case(NONE))
    }

    /// There is no such protection in a store of that type.
    pub(super) fn unknown_in(&self, store_type: StoreType) -> KeystoreError {
        let algorithm = self.algorithm.as_deref().unwrap_or("another cost");
        KeystoreError::no_protection(algorithm, store_type)
    }
}
