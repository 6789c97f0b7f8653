//! `-trustcacerts`: the certificates that a JDK trusts.

use super::failure::Failure;
use crate::cli::certificate::{Origin, Pool, cacerts_file};
use crate::keystore::{KeystoreFile, UnverifiedKeystore};

/// Adds those of the JDK that `JAVA_HOME` names.
pub(super) fn add_cacerts(pool: &mut Pool) -> Result<(), Failure> {
    let path = cacerts_file().ok_or_else(|| {
        Failure::new("-trustcacerts is about the keystore of a JDK: say which by JAVA_HOME")
    })?;
    let name = path.display().to_string();
    let bytes = KeystoreFile::at(&path)
        .read()
        .map_err(|error| Failure::of_source_file(&name, error))?;
    let store = UnverifiedKeystore::read(&bytes).map_err(Failure::of_keystore)?;
    pool.append(Pool::of_unverified(&store, Origin::Cacerts));
    Ok(())
}
