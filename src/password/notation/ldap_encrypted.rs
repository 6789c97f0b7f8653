//! OpenDJ's reversible schemes: `{AES}`, `{3DES}`, `{BLOWFISH}`, `{RC4}`.
//!
//! ```text
//! {AES}base64( 01 | ID of the key, 16 bytes | initialization vector | ciphertext )
//! ```
//! The key is none of the value's: it comes with the [`Conventions`]. Source: OpenDJ's `CryptoManagerImpl.encrypt`.

use super::{Notation, Parts, Reading, after_name, not_base64};
use crate::password::{
    Conventions, Dialect, Encrypted, HashFunction, KeyId, PasswordCipher, Refusal, Scheme,
    Soundness, radix64,
};

/// The only version of the layout.
const VERSION: u8 = 1;

struct LdapEncrypted {
    name: &'static str,
    cipher: PasswordCipher,
}

impl LdapEncrypted {
    fn parts(&self, rest: &str, conventions: &Conventions) -> Result<Parts, Refusal> {
        let bytes = radix64::STANDARD.decode(rest).ok_or_else(not_base64)?;
        let too_short = || Refusal::malformed("it ends before its ciphertext");
        let (&version, rest) = bytes.split_first().ok_or_else(too_short)?;
        if version != VERSION {
            return Err(Refusal::malformed(format!(
                "its layout has the version {version}, not {VERSION}"
            )));
        }
        let (&key_id, rest) = rest.split_first_chunk().ok_or_else(too_short)?;
        let length = self.cipher.iv_length();
        let (iv, ciphertext) = rest.split_at_checked(length).ok_or_else(too_short)?;
        let keys = &conventions.cipher_keys;
        let function = Encrypted::new(self.cipher, KeyId(key_id), iv, keys)?;
        Ok(Parts::new(HashFunction::Encrypted(function), ciphertext))
    }
}

impl Notation for LdapEncrypted {
    fn read(&self, text: &str) -> Reading {
        self.read_by(text, &Conventions::default())
    }

    fn read_by(&self, text: &str, conventions: &Conventions) -> Reading {
        Some(self.parts(after_name(text, self.name)?, conventions))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    scheme(&LdapEncrypted {
        name: "3DES",
        cipher: PasswordCipher::TripleDes,
    }),
    scheme(&LdapEncrypted {
        name: "AES",
        cipher: PasswordCipher::Aes,
    }),
    scheme(&LdapEncrypted {
        name: "BLOWFISH",
        cipher: PasswordCipher::Blowfish,
    }),
    scheme(&LdapEncrypted {
        name: "RC4",
        cipher: PasswordCipher::Rc4,
    }),
];

const fn scheme(notation: &'static LdapEncrypted) -> Scheme {
    Scheme {
        name: notation.name,
        dialects: &[Dialect::OpenDj],
        salt: "none; a key",
        cost: "none",
        soundness: Soundness::Obsolete,
        judge: Some("OpenDJ"),
        notation,
    }
}
