//! What the notations that are JSON objects share.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::password::radix64::STANDARD;
use crate::password::{MessageDigest, Refusal, SaltedDigest};

/// The object that `text` is, if it has these members; a refusal if one of its members is of another type.
pub(super) fn object<T: DeserializeOwned>(
    text: &str,
    members: &[&str],
) -> Option<Result<T, Refusal>> {
    let text = text.trim_start();
    if !text.strip_prefix('{')?.trim_start().starts_with('"') {
        return None;
    }
    let object: Map<String, Value> = serde_json::from_str(text).ok()?;
    if members.iter().any(|member| !object.contains_key(*member)) {
        return None;
    }
    // The reader's own error would quote the value.
    let wrong = |_| Refusal::malformed("a member of its JSON object is missing or of another type");
    Some(T::deserialize(Value::Object(object)).map_err(wrong))
}

/// The bytes of base64 in either alphabet of RFC 4648.
pub(super) fn base64(text: &str, what: &str) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let usual = Zeroizing::new(text.replace('-', "+").replace('_', "/"));
    let wrong = || Refusal::malformed(format!("its {what} is not base64"));
    STANDARD.decode(&usual).ok_or_else(wrong)
}

/// What a member holds that has to be there.
pub(super) fn required<T>(member: Option<T>, name: &str) -> Result<T, Refusal> {
    member.ok_or_else(|| Refusal::malformed(format!("it has no {name}")))
}

/// Where a salt stands.
#[derive(Clone, Copy)]
pub(super) enum SaltPlace {
    BeforePassword,
    AfterPassword,
}

impl SaltPlace {
    /// What stands before and after the password.
    pub(super) fn surround(self, salt: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
        match self {
            Self::BeforePassword => (salt, Vec::new()),
            Self::AfterPassword => (Vec::new(), salt),
        }
    }

    pub(super) fn digest(self, digest: MessageDigest, salt: Vec<u8>, times: u32) -> SaltedDigest {
        let (before, after) = self.surround(salt);
        SaltedDigest {
            digest,
            before,
            after,
            times,
        }
    }
}

/// `digest`, if it has the length that the function makes.
pub(super) fn of_length(digest: &[u8], function: MessageDigest) -> Result<(), Refusal> {
    let length = function.output_length();
    if digest.len() == length {
        return Ok(());
    }
    Err(Refusal::malformed(format!(
        "its digest has {} bytes, and {} has {length}",
        digest.len(),
        function.name()
    )))
}
