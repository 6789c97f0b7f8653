//! Warnings, which keytool keeps for the end.

use crate::keystore::{Entry, EntryKind, StoreType};

/// Prints them to standard error; nothing where there is none.
pub(super) fn print(warnings: &[String]) {
    if warnings.is_empty() {
        return;
    }
    eprintln!("\nWarning:");
    for warning in warnings {
        eprintln!("{warning}");
    }
}

/// What keytool says of JKS and JCEKS keystores, unless they hold certificates alone.
pub(super) fn of_proprietary_format(
    name: &str,
    store_type: StoreType,
    entries: &[Entry],
) -> Option<String> {
    let is_certificate = |entry: &Entry| entry.kind == EntryKind::TrustedCertificate;
    if store_type == StoreType::Pkcs12 || entries.iter().all(is_certificate) {
        return None;
    }
    Some(format!(
        "The {store_type} keystore uses a proprietary format. It is recommended to migrate to PKCS12 \
         which is an industry standard format using \"keytool -importkeystore -srckeystore {name} \
         -destkeystore {name} -deststoretype pkcs12\"."
    ))
}
