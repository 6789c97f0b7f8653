//! [`PasswordError`] and [`Refusal`]: why a stored value cannot be judged or produced, and what to do.

use thiserror::Error;

use super::{Dialect, KeyId};

/// Why a password cannot be verified or hashed. No message holds a part of a password or of a stored value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// No scheme has this notation.
    #[error(
        "no scheme{} has this notation. `keyward password schemes` lists those that are known",
        of_dialect(*dialect)
    )]
    Unknown {
        /// The dialect that was asked for.
        dialect: Option<Dialect>,
    },
    /// Schemes that differ have this notation.
    #[error("it has {} readings that differ: {}. Choose one with a dialect", readings.len(), readings.join("; "))]
    Ambiguous {
        /// Scheme and dialects of each.
        readings: Vec<String>,
    },
    /// The scheme knows it, and does not take it.
    #[error("{scheme}: {refusal}")]
    Refused {
        /// The scheme.
        scheme: &'static str,
        /// Why not.
        refusal: Refusal,
    },
    /// No scheme of this name.
    #[error(
        "there is no scheme {name:?}{}. `keyward password schemes` lists those that are known",
        of_dialect(*dialect)
    )]
    NoSuchScheme {
        /// What was asked for.
        name: String,
        /// In which dialect.
        dialect: Option<Dialect>,
    },
    /// Schemes of several dialects have this name.
    #[error("{name} is a scheme of several dialects: {}. Choose one with a dialect", dialects.join(", "))]
    SchemeOfSeveralDialects {
        /// The name.
        name: String,
        /// The dialects.
        dialects: Vec<&'static str>,
    },
    /// The scheme is verified, and not produced.
    #[error("{scheme} is obsolete: it is verified, and not produced. Choose a sound scheme")]
    NotProduced {
        /// The scheme.
        scheme: &'static str,
    },
    /// The answer to a security question is no text.
    #[error("the answer is not UTF-8, so that it has no lower case. Convert it to UTF-8")]
    AnswerNotUtf8,
    /// No encoder of a list can have made it.
    #[error(
        "no encoder of the list makes such a value{}",
        of_unknown_encoders(unknown)
    )]
    NoEncoder {
        /// The encoders whose scheme is not known.
        unknown: Vec<String>,
    },
    /// The encoder that makes new values is not known.
    #[error(
        "what the encoder {id} stores is not known. Say it with --encoder {id}=SCHEME, as `keyward password schemes` lists them"
    )]
    UnknownEncoder {
        /// The encoder.
        id: String,
    },
    /// The encoder that makes new values has a pepper, and none is here.
    #[error(
        "the encoder {id} names a pepper, and none was given: a value without it would never verify. Add --pepper ALIAS, or \
         --config DOCUMENT that names it; --answer for the answer to a security question, which has none"
    )]
    NoPepper {
        /// The encoder.
        id: String,
    },
    /// The stored value is longer than any scheme's.
    #[error(
        "the stored value has {length} bytes, and more than {limit} are not read. Compare it with a backup"
    )]
    TooLong {
        /// Its length in bytes.
        length: usize,
        /// The longest, in bytes.
        limit: usize,
    },
    /// No value is wrapped in this scheme.
    #[error("values are not wrapped in {name:?}. Use one of: {}", known.join(", "))]
    NotAWrapping {
        /// What was asked for.
        name: String,
        /// What values can be wrapped in.
        known: Vec<&'static str>,
    },
    /// The servers of a dialect do not verify values in this scheme.
    #[error("the servers{} do not verify values in {name}. Use one of: {}", of_dialect(*dialect), known.join(", "))]
    NotStoredThere {
        /// What was asked for.
        name: &'static str,
        /// The dialect.
        dialect: Option<Dialect>,
        /// What they verify, of what values can be wrapped in.
        known: Vec<&'static str>,
    },
    /// There is no randomness for a salt.
    #[error(
        "cannot get random bytes for a salt: {0}. Let keyward use getrandom(2) or /dev/urandom"
    )]
    Random(String),
}

/// Why a scheme does not take a stored value, a cost or a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The stored value does not have the form of its scheme.
    #[error("the stored value is damaged: {0}. Compare it with a backup")]
    Malformed(String),
    /// The scheme holds values of other notations, and this one is not known.
    #[error("what follows its prefix is in no notation that keyward knows")]
    UnknownInner,
    /// The stored value, or a new one, would cost too much.
    #[error("{0}. Such a value is refused, not computed")]
    BeyondLimit(String),
    /// The password has more bytes than the function looks at, or than keyward takes.
    #[error(
        "the password has {length} bytes, and only {limit} are taken; it is not cut off in silence"
    )]
    PasswordTooLong {
        /// Its length in bytes.
        length: usize,
        /// The longest, in bytes.
        limit: usize,
    },
    /// The password with its pepper has more bytes than the function looks at.
    #[error(
        "the password has {password} bytes and the pepper {pepper}, together {}, and only {limit} are taken; nothing is cut off in silence",
        password + pepper
    )]
    PepperedPasswordTooLong {
        /// The password's length in bytes.
        password: usize,
        /// The pepper's length in bytes.
        pepper: usize,
        /// The most of both, in bytes.
        limit: usize,
    },
    /// The password has a zero byte, where implementations disagree.
    #[error("the password has a zero byte, after which some implementations stop reading")]
    ZeroByte,
    /// It is encrypted, and its key is not here.
    #[error("it is encrypted under the key {key_id}, which is not here: {whereabouts}")]
    KeyMissing {
        /// The key that it names.
        key_id: KeyId,
        /// Where the key is, and what to do.
        whereabouts: String,
    },
    /// The password has characters that the scheme's encoding does not have.
    #[error("the password cannot be written in {encoding}, which the scheme hashes")]
    NotEncoded {
        /// The encoding.
        encoding: &'static str,
    },
    /// How the product computes it is not published.
    #[error("{0} is not published. Such a value is not judged")]
    Unpublished(&'static str),
    /// Implementations differ on this password.
    #[error("implementations differ on this password: use $2b$ or $2y$ values for it")]
    Disputed,
    /// Its digest cannot be hashed again.
    #[error(
        "such a value cannot be wrapped. It moves when its user logs in, or, where it can be decrypted, by a conversion"
    )]
    NotWrapped,
    /// What looks like it may be a password in the clear.
    #[error(
        "it has no mark, so that it may as well be a password in the clear. Add --dialect crypt if all of these are hashes"
    )]
    WithoutMark,
    /// The pepper of the layer between two functions is not here.
    #[error(
        "it is under the pepper {alias}, which is not here. Name its keystore, and --pepper {alias}"
    )]
    NoLayerKey {
        /// The alias that it names.
        alias: String,
    },
    /// The scheme has no cost to choose.
    #[error("its cost is fixed. Leave the cost out")]
    FixedCost,
}

impl PasswordError {
    /// Whether a key or a pepper that the value names is not here, so that no password can be judged.
    #[cfg(feature = "migrate")]
    pub(crate) fn is_missing_key(&self) -> bool {
        let Self::Refused { refusal, .. } = self else {
            return false;
        };
        matches!(
            refusal,
            Refusal::KeyMissing { .. } | Refusal::NoLayerKey { .. }
        )
    }
}

impl Refusal {
    pub(super) fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed(reason.into())
    }

    pub(super) fn beyond(reason: impl Into<String>) -> Self {
        Self::BeyondLimit(reason.into())
    }
}

fn of_dialect(dialect: Option<Dialect>) -> String {
    dialect.map_or_else(String::new, |dialect| format!(" of the dialect {dialect}"))
}

fn of_unknown_encoders(ids: &[String]) -> String {
    if ids.is_empty() {
        return ". Compare it with a backup, or name the document with the encoder that made it"
            .to_owned();
    }
    let options: Vec<String> = ids
        .iter()
        .map(|id| format!("--encoder {id}=SCHEME"))
        .collect();
    format!(
        "; what {} stores is not known: say it with {}",
        ids.join(" and "),
        options.join(" ")
    )
}
