//! All schemes, and which of them a stored text is in.

use super::notation::FAMILIES;
use super::{Conventions, Dialect, PasswordError, Scheme, StoredHash};

/// What a stored text can be.
pub struct Identification {
    /// Every reading that fits.
    pub readings: Vec<StoredHash>,
    /// The schemes whose mark it has without fitting, and why it does not.
    pub refusals: Vec<PasswordError>,
}

/// Every scheme, family by family.
pub fn schemes() -> impl Iterator<Item = &'static Scheme> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The scheme of this name; case does not matter.
///
/// # Errors
/// When there is none, or when several dialects have one and none is chosen.
pub fn scheme(name: &str, dialect: Option<Dialect>) -> Result<&'static Scheme, PasswordError> {
    let named = schemes()
        .filter(|scheme| scheme.name.eq_ignore_ascii_case(name))
        .filter(|scheme| dialect.is_none_or(|dialect| scheme.dialects.contains(&dialect)));
    let found: Vec<_> = named.collect();
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(PasswordError::NoSuchScheme {
            name: name.to_owned(),
            dialect,
        }),
        several => {
            let dialects = several.iter().flat_map(|scheme| scheme.dialects);
            Err(PasswordError::SchemeOfSeveralDialects {
                name: name.to_owned(),
                dialects: dialects.map(|dialect| dialect.name()).collect(),
            })
        }
    }
}

/// Every reading of `text` in `dialect`, or in any whose texts have a mark.
#[must_use]
pub fn identify(text: &str, dialect: Option<Dialect>) -> Identification {
    Conventions::of(dialect).identify(text)
}

/// The one reading of `text` in `dialect`, or in any. Readings that accept the same passwords are one.
///
/// # Errors
/// When there is none, or when there are several that differ.
pub fn recognise(text: &str, dialect: Option<Dialect>) -> Result<StoredHash, PasswordError> {
    Conventions::of(dialect).recognise(text)
}
