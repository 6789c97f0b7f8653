//! [`Conventions`]: what a stored value itself does not say, and the readings of a value by it.

use super::notation::is_plain;
use super::{
    CipherKeys, Dialect, Identification, LayerKey, PasswordError, ReverseSaltLayout, Scheme,
    StoredHash, scheme, schemes,
};

/// The longest stored value that is read, in bytes: far beyond a row of any product.
const LONGEST_TEXT: usize = 64 << 10;

/// The schemes of new values that are written as plain texts.
const PLAIN: [(&str, Dialect); 5] = [
    ("argon2id", Dialect::Phc),
    ("bcrypt", Dialect::Crypt),
    ("scrypt", Dialect::Phc),
    ("pbkdf2-sha256", Dialect::Passlib),
    ("pbkdf2-sha512", Dialect::Passlib),
];

/// How stored values are to be read.
#[derive(Debug, Clone, Default)]
pub struct Conventions {
    /// Whose conventions apply; any if none.
    pub dialect: Option<Dialect>,
    /// How `{RSSHA1}` and `{RSMD5}` are laid out.
    pub reverse_salt: ReverseSaltLayout,
    /// The keys of reversible schemes.
    pub cipher_keys: CipherKeys,
    /// The pepper of the keyed layer of wrapped hashes.
    pub layer_key: Option<LayerKey>,
}

impl Conventions {
    /// Those of a dialect, or of any whose texts have a mark.
    #[must_use]
    pub fn of(dialect: Option<Dialect>) -> Self {
        Self {
            dialect,
            ..Self::default()
        }
    }

    /// Every reading of `text`.
    #[must_use]
    pub fn identify(&self, text: &str) -> Identification {
        let mut identification = Identification {
            readings: Vec::new(),
            refusals: Vec::new(),
        };
        if let Err(error) = check_length(text) {
            identification.refusals.push(error);
            return identification;
        }
        let candidates = schemes().filter(|scheme| match self.dialect {
            // An envelope may stand among the values of any.
            Some(dialect) => [dialect, Dialect::Keyward]
                .iter()
                .any(|one| scheme.dialects.contains(one)),
            None => !scheme.dialects.iter().any(|one| one.is_without_mark()),
        });
        self.read(text, candidates, &mut identification);
        let is_unknown = identification.readings.is_empty();
        if is_unknown && self.dialect.is_some_and(is_plain) {
            self.read(text, plain_schemes(), &mut identification);
        }
        identification
    }

    fn read(
        &self,
        text: &str,
        candidates: impl Iterator<Item = &'static Scheme>,
        identification: &mut Identification,
    ) {
        for reading in candidates.filter_map(|scheme| scheme.read_by(text, self)) {
            match reading {
                Ok(stored) => identification.readings.push(stored),
                Err(refusal) => identification.refusals.push(refusal),
            }
        }
    }

    /// The one reading of `text`. Readings that accept the same passwords are one.
    ///
    /// # Errors
    /// When there is none, or when there are several that differ.
    pub fn recognise(&self, text: &str) -> Result<StoredHash, PasswordError> {
        let Identification {
            mut readings,
            mut refusals,
        } = self.identify(text);
        if readings.is_empty() {
            refusals.truncate(1);
            let dialect = self.dialect;
            return Err(refusals.pop().unwrap_or(PasswordError::Unknown { dialect }));
        }
        let first = readings.swap_remove(0);
        if readings.iter().all(|other| first.is_same_as(other)) {
            return Ok(first);
        }
        readings.insert(0, first);
        let names = readings
            .iter()
            .map(|reading| format!("{:?}", reading.scheme()));
        Err(PasswordError::Ambiguous {
            readings: names.collect(),
        })
    }
}

/// What keyward writes beside the values of a product whose notation says nothing of sound functions.
fn plain_schemes() -> impl Iterator<Item = &'static Scheme> {
    let plain = PLAIN.into_iter();
    plain.filter_map(|(name, dialect)| scheme(name, Some(dialect)).ok())
}

/// That no scheme reads a text without bound: some take its square, or copy parts of it.
pub(super) fn check_length(text: &str) -> Result<(), PasswordError> {
    let (length, limit) = (text.len(), LONGEST_TEXT);
    if length > limit {
        return Err(PasswordError::TooLong { length, limit });
    }
    Ok(())
}
