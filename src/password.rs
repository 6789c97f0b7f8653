//! Stored passwords: which scheme a value is in, whether a password is right, and new values.
//!
//! ```text
//! stored text ──notation──> hash function (salt, cost) + digest ──apply(password)──> the same digest?
//! ```
//! A [`Scheme`] is a notation with a name and the [`Dialect`]s that use it. Where a text means different things by
//! product, the dialect decides; without one, [`identify`] gives every reading that fits, and [`recognise`] refuses
//! readings that differ. Costs that a stored value asks for are bounded: beyond the bound it is refused, not run.

mod answer;
mod calibration;
mod cipher_key;
mod cipher_keys;
mod conventions;
mod dialect;
mod encoder_list;
mod equal_cost;
mod error;
mod function;
mod message_digest;
mod notation;
mod pepper;
mod radix64;
mod registry;
mod scheme;
mod stored_hash;
mod work;

pub use answer::normalised_answer;
pub use calibration::{Calibration, LONGEST_TARGET};
pub use cipher_key::{CipherKey, InvalidKeyId, KeyId, PasswordCipher};
pub use cipher_keys::CipherKeys;
pub use conventions::Conventions;
pub use dialect::{Dialect, UnknownDialect};
pub use encoder_list::{Encoder, EncoderKind, EncoderList, MadeBy, Reencoding};
#[cfg(feature = "migrate")]
pub(crate) use equal_cost::Digest;
pub use equal_cost::EqualCost;
pub use error::{PasswordError, Refusal};
pub use function::{
    Argon2, Argon2Type, Bcrypt, BcryptVariant, DesCrypt, DesForm, EncodedDigest, Encrypted,
    FirebaseScrypt, HashFunction, HashedOrder, HmacDigest, KeyedLayer, LayerKey, Md5Crypt,
    PasswordEncoding, Pbkdf2, Pbkdf2Sha3, Phpass, PhpassInner, PreHash, ReverseSaltLayout,
    ReverseSalted, SaltEncoding, SaltedDigest, Scrypt, Sha1Crypt, Sha3, ShaCrypt, StoredOrder,
    Wrapped, Yescrypt,
};
pub use message_digest::MessageDigest;
#[cfg(any(feature = "cli", all(unix, feature = "migrate", feature = "serve")))]
pub(crate) use notation::WipedText;
#[cfg(feature = "migrate")]
pub(crate) use notation::{JsonMember, json_object};
pub use notation::{Wrapping, firebase_row, keycloak_columns, keycloak_row, wso2_row};
pub use pepper::{Pepper, PepperPosition, PepperedPassword};
pub use registry::{Identification, identify, recognise, scheme, schemes};
pub use scheme::{Scheme, Soundness};
pub use stored_hash::StoredHash;
