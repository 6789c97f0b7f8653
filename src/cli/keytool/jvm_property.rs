//! [`JvmProperties`]: what `-J-D…` says about keystores.
//!
//! `-J` hands an option to the JVM that runs keytool. keyward has no JVM and leaves them all out,
//! except for the properties that decide how a keystore is written.
//!
//! Source: `sun.security.pkcs12.PKCS12KeyStore` (JDK 17), `com.sun.crypto.provider.KeyProtector`.

use std::collections::BTreeMap;

use super::command::Command;
use super::failure::Failure;
use crate::kdf::Iterations;
use crate::keystore::{ProtectionChoice, StoreProtection, StoreType};

/// The properties that decide how a keystore is written, by name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct JvmProperties(BTreeMap<String, String>);

/// Algorithm and iteration count of new keys and secrets.
const KEYS: [&str; 2] = [
    "keystore.pkcs12.keyProtectionAlgorithm",
    "keystore.pkcs12.keyPbeIterationCount",
];
/// … of certificates.
const CERTIFICATES: [&str; 2] = [
    "keystore.pkcs12.certProtectionAlgorithm",
    "keystore.pkcs12.certPbeIterationCount",
];
/// … of the MAC.
const MAC: [&str; 2] = [
    "keystore.pkcs12.macAlgorithm",
    "keystore.pkcs12.macIterationCount",
];
/// In its presence the others of PKCS12 mean nothing, whatever its value is.
const LEGACY: &str = "keystore.pkcs12.legacy";
const JCEKS_ITERATIONS: &str = "jdk.jceks.iterationCount";
/// Below this the JDK takes its default for JCEKS.
const FEWEST_IN_JCEKS: u64 = 10_000;

impl JvmProperties {
    /// Takes the arguments for the JVM away from keytool's.
    pub(super) fn split(arguments: Vec<String>) -> (Self, Vec<String>) {
        let mut properties = BTreeMap::new();
        let mut others = Vec::new();
        for argument in arguments {
            let Some(for_jvm) = argument.strip_prefix("-J") else {
                others.push(argument);
                continue;
            };
            let Some(property) = for_jvm.strip_prefix("-D") else {
                continue;
            };
            let (name, value) = property.split_once('=').unwrap_or((property, ""));
            if name == LEGACY || (counts(name) && !value.is_empty()) {
                properties.insert(name.to_owned(), value.to_owned());
            }
        }
        (Self(properties), others)
    }

    /// How a keystore of `store_type` is to be written; where nothing is said, as the JDK does by
    /// default.
    pub(super) fn protection(
        &self,
        command: Command,
        store_type: StoreType,
    ) -> Result<StoreProtection, Failure> {
        if store_type != StoreType::Pkcs12 {
            let mut protection = StoreProtection::default();
            protection.keys.iterations = self.jceks_iterations();
            return Ok(protection);
        }
        self.refuse_another_protection(command)?;
        if self.0.contains_key(LEGACY) {
            return Ok(StoreProtection::legacy());
        }
        Ok(StoreProtection {
            keys: self.choice(KEYS)?,
            certificates: self.choice(CERTIFICATES)?,
            mac: self.choice(MAC)?,
        })
    }

    fn jceks_iterations(&self) -> Option<Iterations> {
        let count = self.0.get(JCEKS_ITERATIONS)?.parse().ok()?;
        let taken = (count >= FEWEST_IN_JCEKS).then_some(count)?;
        Iterations::new(taken).ok()
    }

    fn choice(&self, [algorithm, iterations]: [&str; 2]) -> Result<ProtectionChoice, Failure> {
        Ok(ProtectionChoice {
            algorithm: self.0.get(algorithm).cloned(),
            iterations: self.iterations(iterations)?,
        })
    }

    fn iterations(&self, name: &str) -> Result<Option<Iterations>, Failure> {
        let Some(count) = self.0.get(name) else {
            return Ok(None);
        };
        let reason = match count.parse().map(Iterations::new) {
            Ok(Ok(iterations)) => return Ok(Some(iterations)),
            Ok(Err(_)) => format!("Invalid {name}: {count}"),
            Err(_) => format!("{name} is not a number: {count}"),
        };
        Err(Failure::of_protection(&reason))
    }

    /// keytool puts every entry under its present algorithm when a password changes; keyward
    /// leaves each entry its own, so whoever asks for another would not get it.
    fn refuse_another_protection(&self, command: Command) -> Result<(), Failure> {
        if !matches!(command, Command::Keypasswd | Command::Storepasswd) {
            return Ok(());
        }
        let Some((name, value)) = self.0.first_key_value() else {
            return Ok(());
        };
        let given = if value.is_empty() {
            format!("-J-D{name}")
        } else {
            format!("-J-D{name}={value}")
        };
        Err(Failure::unsupported(format!(
            "{given}: a new password leaves each entry its own algorithm and cost. \
             Leave it out, or use -importkeystore into a new keystore"
        )))
    }
}

fn counts(name: &str) -> bool {
    let mut known = KEYS.into_iter().chain(CERTIFICATES).chain(MAC);
    name == JCEKS_ITERATIONS || known.any(|known| known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(arguments: &[&str]) -> (JvmProperties, Vec<String>) {
        JvmProperties::split(arguments.iter().map(|&text| text.to_owned()).collect())
    }

    #[test]
    fn what_is_for_the_jvm_is_left_out() {
        let (properties, others) = given(&["-J-Xmx64m", "-list", "-J-Duser.language=en", "-v"]);
        assert_eq!(others, ["-list", "-v"]);
        assert_eq!(properties, JvmProperties::default());
    }

    #[test]
    fn a_property_counts_for_its_own_store_type() {
        let (properties, _) = given(&[
            "-J-Dkeystore.pkcs12.keyPbeIterationCount=600000",
            "-J-Dkeystore.pkcs12.macAlgorithm=NONE",
            "-J-Djdk.jceks.iterationCount=300000",
        ]);
        let of = |store_type| properties.protection(Command::Importpass, store_type);
        let pkcs12 = of(StoreType::Pkcs12).unwrap();
        assert_eq!(pkcs12.keys.iterations.map(Iterations::get), Some(600_000));
        assert_eq!(pkcs12.mac.algorithm.as_deref(), Some("NONE"));
        let jceks = of(StoreType::Jceks).unwrap();
        assert_eq!(jceks.keys.iterations.map(Iterations::get), Some(300_000));
        assert_eq!(jceks.mac, ProtectionChoice::default());
    }

    #[test]
    fn too_few_iterations_of_jceks_are_the_default_and_too_many_of_pkcs12_are_refused() {
        let (few, _) = given(&["-J-Djdk.jceks.iterationCount=100"]);
        let few = few.protection(Command::Importpass, StoreType::Jceks);
        assert_eq!(few.unwrap(), StoreProtection::default());
        let (many, _) = given(&["-J-Dkeystore.pkcs12.certPbeIterationCount=5000001"]);
        assert!(
            many.protection(Command::Importcert, StoreType::Pkcs12)
                .is_err()
        );
    }

    #[test]
    fn legacy_counts_alone_and_not_for_a_new_password() {
        let legacy = "-J-Dkeystore.pkcs12.legacy";
        let (properties, _) = given(&[legacy, "-J-Dkeystore.pkcs12.macIterationCount=1"]);
        let of = |command| properties.protection(command, StoreType::Pkcs12);
        assert_eq!(of(Command::Importpass).unwrap(), StoreProtection::legacy());
        assert!(of(Command::Storepasswd).is_err());
    }
}
