//! [`JvmProperties`]: what `-J-D…` says about keystores.
//!
//! `-J` hands an option to the JVM that runs keytool. keyward has no JVM and leaves them all out,
//! except for the properties that decide how a keystore is written: whoever gives one of those
//! would get another file than the one asked for.

use std::collections::BTreeMap;

use super::command::Command;
use super::failure::Failure;
use crate::kdf::Iterations;
use crate::keystore::StoreType;

/// The properties that decide how a keystore is written, by name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct JvmProperties(BTreeMap<String, String>);

/// What keyward writes, which is also what the JDK writes by default.
const WRITTEN: [(&str, &str); 7] = [
    (KEY_ALGORITHM, "PBEWithHmacSHA256AndAES_256"),
    (KEY_ITERATIONS, "10000"),
    (
        "keystore.pkcs12.certProtectionAlgorithm",
        "PBEWithHmacSHA256AndAES_256",
    ),
    ("keystore.pkcs12.certPbeIterationCount", "10000"),
    ("keystore.pkcs12.macAlgorithm", "HmacPBESHA256"),
    ("keystore.pkcs12.macIterationCount", "10000"),
    (JCEKS_ITERATIONS, "200000"),
];
const KEY_ALGORITHM: &str = "keystore.pkcs12.keyProtectionAlgorithm";
const KEY_ITERATIONS: &str = "keystore.pkcs12.keyPbeIterationCount";
const JCEKS_ITERATIONS: &str = "jdk.jceks.iterationCount";
const LEGACY: &str = "keystore.pkcs12.legacy";
/// Below this the JDK takes its default for JCEKS.
const FEWEST_IN_JCEKS: u64 = 10_000;

/// How a new secret is to be protected, where a property says so.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct AskedProtection<'a> {
    pub(super) algorithm: Option<&'a str>,
    pub(super) iterations: Option<Iterations>,
}

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
            let counts = name == LEGACY || WRITTEN.iter().any(|(written, _)| *written == name);
            if counts && (name == LEGACY || !value.is_empty()) {
                properties.insert(name.to_owned(), value.to_owned());
            }
        }
        (Self(properties), others)
    }

    /// What is said of new secrets in a keystore of `store_type`.
    pub(super) fn of_new_secrets(
        &self,
        store_type: StoreType,
    ) -> Result<AskedProtection<'_>, Failure> {
        if store_type == StoreType::Pkcs12 {
            return Ok(AskedProtection {
                algorithm: self.0.get(KEY_ALGORITHM).map(String::as_str),
                iterations: self.pkcs12_iterations()?,
            });
        }
        let count = self.0.get(JCEKS_ITERATIONS);
        let count: Option<u64> = count.and_then(|count| count.parse().ok());
        let taken = count.filter(|count| *count >= FEWEST_IN_JCEKS);
        Ok(AskedProtection {
            algorithm: None,
            iterations: taken.and_then(|count| Iterations::new(count).ok()),
        })
    }

    fn pkcs12_iterations(&self) -> Result<Option<Iterations>, Failure> {
        let Some(count) = self.0.get(KEY_ITERATIONS) else {
            return Ok(None);
        };
        let reason = match count.parse().map(Iterations::new) {
            Ok(Ok(iterations)) => return Ok(Some(iterations)),
            Ok(Err(_)) => format!("Invalid {KEY_ITERATIONS}: {count}"),
            Err(_) => format!("{KEY_ITERATIONS} is not a number: {count}"),
        };
        Err(Failure::of_protection(&reason))
    }

    /// Refuses what would make a JVM write another keystore than keyward does.
    pub(super) fn check_for_writing(
        &self,
        command: Command,
        store_type: StoreType,
        is_new: bool,
    ) -> Result<(), Failure> {
        for (name, value) in &self.0 {
            if !matters(name, command, store_type, is_new) {
                continue;
            }
            let written = WRITTEN.iter().find(|(known, _)| known == name);
            if written.is_some_and(|(_, written)| value.eq_ignore_ascii_case(written)) {
                continue;
            }
            let writes = written.map_or("the JDK's present defaults", |(_, written)| written);
            return Err(Failure::unsupported(format!(
                "-J-D{name}={value}: keyward writes {writes}. Leave it out, or use a JDK's keytool"
            )));
        }
        Ok(())
    }
}

/// Whether the property concerns something that this command writes and [`AskedProtection`] does
/// not say.
fn matters(name: &str, command: Command, store_type: StoreType, is_new: bool) -> bool {
    let is_pkcs12 = store_type == StoreType::Pkcs12;
    if name.starts_with("keystore.pkcs12.") != is_pkcs12 {
        return false;
    }
    let adds_secrets = matches!(command, Command::Importpass | Command::Genseckey);
    let encrypts_keys = matches!(
        command,
        Command::Importkeystore | Command::Keypasswd | Command::Storepasswd
    );
    match name {
        KEY_ALGORITHM | KEY_ITERATIONS | JCEKS_ITERATIONS => encrypts_keys,
        LEGACY => adds_secrets || encrypts_keys || is_new,
        _ if name.starts_with("keystore.pkcs12.mac") => is_new,
        _ => encrypts_keys || command == Command::Importcert,
    }
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
    fn a_property_counts_for_its_own_store_type_and_only_where_it_differs() {
        let is_taken = |argument: &str, store_type, is_new| {
            let (properties, _) = given(&[argument]);
            properties
                .check_for_writing(Command::Importpass, store_type, is_new)
                .is_ok()
        };
        let legacy = "-J-Dkeystore.pkcs12.legacy";
        assert!(!is_taken(legacy, StoreType::Pkcs12, false));
        assert!(is_taken(legacy, StoreType::Jceks, true));
        let mac = "-J-Dkeystore.pkcs12.macIterationCount=1";
        assert!(!is_taken(mac, StoreType::Pkcs12, true));
        assert!(is_taken(mac, StoreType::Pkcs12, false));
    }

    #[test]
    fn new_secrets_take_the_cost_that_is_asked_for() {
        let (properties, _) = given(&[
            "-J-Dkeystore.pkcs12.keyPbeIterationCount=600000",
            "-J-Djdk.jceks.iterationCount=100",
        ]);
        let asked = properties.of_new_secrets(StoreType::Pkcs12).unwrap();
        assert_eq!(asked.iterations.map(Iterations::get), Some(600_000));
        let asked = properties.of_new_secrets(StoreType::Jceks).unwrap();
        assert_eq!(asked, AskedProtection::default());
        let (too_many, _) = given(&["-J-Dkeystore.pkcs12.keyPbeIterationCount=5000001"]);
        assert!(too_many.of_new_secrets(StoreType::Pkcs12).is_err());
    }
}
