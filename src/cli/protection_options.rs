//! [`ProtectionOptions`]: how a command protects what it writes.

use clap::Args;

use crate::kdf::{Iterations, IterationsOutOfRange};
use crate::keystore::{Keystore, KeystoreError, ProtectionChoice, StoreProtection};

/// Algorithms and costs; where nothing is said, the present defaults of the JDK.
#[derive(Args)]
pub(super) struct ProtectionOptions {
    /// Protect new entries with this algorithm, by its Java name; PKCS12 only [default:
    /// PBEWithHmacSHA256AndAES_256]
    #[arg(long, value_name = "ALGORITHM")]
    protection: Option<String>,

    /// Iterations of the key derivation of new entries [default: 10000, JCEKS 200000]
    #[arg(long, value_name = "COUNT", value_parser = iterations)]
    iterations: Option<Iterations>,

    /// Give the keystore this MAC: HmacPBESHA256 and the like, PBEWithHmacSHA256 and the like for
    /// PBMAC1 (RFC 9879, which no JDK before 26 reads), or NONE; PKCS12 only
    #[arg(long, value_name = "ALGORITHM")]
    mac: Option<String>,

    /// Iterations of the MAC's key derivation [default: 10000]
    #[arg(long, value_name = "COUNT", value_parser = iterations)]
    mac_iterations: Option<Iterations>,
}

impl ProtectionOptions {
    /// Lets what is added to `store` be protected like that, and replaces its MAC where one was
    /// asked for.
    pub(super) fn apply_to(&self, store: &mut Keystore) -> Result<(), KeystoreError> {
        let entries = ProtectionChoice {
            algorithm: self.protection.clone(),
            iterations: self.iterations,
        };
        let mac = ProtectionChoice {
            algorithm: self.mac.clone(),
            iterations: self.mac_iterations,
        };
        store.protect_additions(&StoreProtection {
            certificates: entries.clone(),
            keys: entries,
            mac: mac.clone(),
        })?;
        if mac == ProtectionChoice::default() {
            return Ok(());
        }
        store.replace_mac(&mac)
    }
}

fn iterations(text: &str) -> Result<Iterations, String> {
    let count: u64 = text.parse().map_err(|_| "it is not a number".to_owned())?;
    Iterations::new(count).map_err(|error: IterationsOutOfRange| error.to_string())
}
