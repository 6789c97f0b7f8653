//! Security providers: a JVM loads them, keyward has what the JDK's own ones do.

use super::command_line::CommandLine;
use super::failure::Failure;
use super::option::KeytoolOption;
use crate::keystore::StoreType;

/// The JDK's providers that have keystores or what keystores need.
const OF_THE_JDK: [&str; 8] = [
    "SUN",
    "SunRsaSign",
    "SunEC",
    "SunJSSE",
    "SunJCE",
    "SunJGSS",
    "SunSASL",
    "XMLDSig",
];

/// Refuses options that name a provider which keyward does not have.
pub(super) fn check(line: &CommandLine) -> Result<(), Failure> {
    for (option, name) in line.providers() {
        let is_class = *option == KeytoolOption::Providerclass;
        if is_class {
            return Err(Failure::new(format!("Provider \"{name}\" not found")));
        }
        if !OF_THE_JDK.contains(&name.as_str()) {
            return Err(Failure::new(format!("Provider named \"{name}\" not found")));
        }
    }
    Ok(())
}

/// The provider that `-providername` asks for, if it has keystores of that type.
pub(super) fn named(line: &CommandLine, store_type: StoreType) -> Result<Option<&str>, Failure> {
    let Some(name) = line.text(KeytoolOption::Providername) else {
        return Ok(None);
    };
    if !OF_THE_JDK.contains(&name) {
        return Err(Failure::of(
            "java.security.NoSuchProviderException",
            format!("no such provider: {name}"),
        ));
    }
    let has_it = match store_type {
        StoreType::Pkcs12 => ["SUN", "SunJSSE"].contains(&name),
        StoreType::Jks => name == "SUN",
        StoreType::Jceks => name == "SunJCE",
    };
    if !has_it {
        return Err(Failure::of(
            "java.security.KeyStoreException",
            format!("{store_type} not found"),
        ));
    }
    Ok(Some(name))
}
