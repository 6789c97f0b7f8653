//! The function of a text.

use std::str::FromStr;

use super::{APR1, DIGESTS, ENCODINGS, INNERS, KINDS, MD5_CRYPT, PRE_HASHES, PRFS, SHA3, VARIANTS};
use crate::password::function::{FIREBASE_KEY_LENGTH, LONGEST_MD5_SALT};
use crate::password::notation::fusionauth::MOST_TIMES;
use crate::password::notation::{decimal, not_base64};
use crate::password::radix64::STANDARD;
use crate::password::{
    Argon2, Bcrypt, DesCrypt, DesForm, EncodedDigest, FirebaseScrypt, HashFunction, HmacDigest,
    Md5Crypt, MessageDigest, Pbkdf2, Pbkdf2Sha3, Phpass, Refusal, SaltedDigest, Scrypt, Sha1Crypt,
    ShaCrypt, Yescrypt,
};

/// The function of a text.
pub(in crate::password::notation) fn read(text: &str) -> Result<HashFunction, Refusal> {
    let mut fields = Fields(Some(text));
    let name = fields.next(Some)?;
    let function = match name {
        "digest" => HashFunction::Digest(read_digest(&mut fields)?),
        "encoded" => HashFunction::EncodedDigest(EncodedDigest {
            encoding: named(&ENCODINGS, fields.text("e")?)?,
            digest: read_digest(&mut fields)?,
        }),
        "pbkdf2" => {
            let prf = fields.text("h")?;
            let prf = PRFS.into_iter().find(|one| one.java_name() == prf);
            let prf = prf.ok_or_else(unknown)?;
            let (iterations, length) = (fields.number("i")?, fields.number("l")?);
            let salt = fields.bytes("s")?;
            HashFunction::Pbkdf2(Pbkdf2::new(prf, salt, iterations, length)?)
        }
        "bcrypt" => {
            let variant = fields.text("v")?;
            let variant = VARIANTS.into_iter().find(|one| one.name() == variant);
            let cost = fields.number("c")?;
            let pre_hash = named(&PRE_HASHES, fields.text("p")?)?;
            let salt = fields.bytes("s")?;
            let salt = salt.try_into().map_err(|_| unknown())?;
            let function = Bcrypt::new(variant.ok_or_else(unknown)?, cost, salt)?;
            HashFunction::Bcrypt(function.with_pre_hash(pre_hash))
        }
        "md5-crypt" => HashFunction::Md5Crypt(Md5Crypt {
            mark: match fields.text("m")? {
                "1" => MD5_CRYPT,
                "apr1" => APR1,
                // AIX's.
                "" => "",
                _ => return Err(unknown()),
            },
            salt: short(fields.bytes("s")?, LONGEST_MD5_SALT)?,
        }),
        "sha-crypt" => {
            let digest = digest_of(&mut fields)?;
            if !matches!(digest, MessageDigest::Sha256 | MessageDigest::Sha512) {
                return Err(unknown());
            }
            let rounds = fields.number("r")?;
            HashFunction::ShaCrypt(ShaCrypt::new(digest, fields.bytes("s")?, rounds)?)
        }
        "des-crypt" => HashFunction::DesCrypt(read_des_crypt(&mut fields)?),
        "sha1-crypt" => {
            let rounds = fields.number("r")?;
            HashFunction::Sha1Crypt(Sha1Crypt::new(fields.bytes("s")?, rounds)?)
        }
        "yescrypt" => {
            let function = Yescrypt {
                log_n: fields.number("n")?,
                r: fields.number("r")?,
                p: fields.number("p")?,
                t: fields.number("t")?,
                salt: fields.bytes("s")?,
            };
            HashFunction::Yescrypt(function.bounded()?)
        }
        "phpass" => {
            let digest = digest_of(&mut fields)?;
            let (rounds, length) = (fields.number("r")?, fields.number("l")?);
            let inner = named(&INNERS, fields.text("o")?)?;
            let function = Phpass::new(digest, fields.bytes("s")?, rounds, length)?;
            HashFunction::Phpass(function.over(inner))
        }
        "hmac" => HashFunction::Hmac(HmacDigest {
            digest: digest_of(&mut fields)?,
            key: fields.bytes("k")?.into(),
            before: fields.bytes("b")?,
            after: fields.bytes("a")?,
        }),
        "pbkdf2-sha3" => {
            let digest = named(&SHA3, fields.text("h")?)?;
            let (iterations, length) = (fields.number("i")?, fields.number("l")?);
            let salt = fields.bytes("s")?;
            HashFunction::Pbkdf2Sha3(Pbkdf2Sha3::new(digest, salt, iterations, length)?)
        }
        "firebase" => HashFunction::FirebaseScrypt(read_firebase(&mut fields)?),
        "argon2" => HashFunction::Argon2(read_argon2(&mut fields)?),
        "scrypt" => {
            let function = Scrypt {
                log_n: fields.number("n")?,
                r: fields.number("r")?,
                p: fields.number("p")?,
                length: fields.number("l")?,
                salt: fields.bytes("s")?,
            };
            HashFunction::Scrypt(function.bounded()?)
        }
        _ => return Err(unknown()),
    };
    fields.end()?;
    Ok(function)
}

fn read_digest(fields: &mut Fields<'_>) -> Result<SaltedDigest, Refusal> {
    let function = SaltedDigest {
        digest: digest_of(fields)?,
        before: fields.bytes("b")?,
        after: fields.bytes("a")?,
        times: fields.number("t")?,
    };
    if !(1..=MOST_TIMES).contains(&function.times) {
        return Err(Refusal::beyond(format!(
            "a digest applied {} times is outside of 1 to {MOST_TIMES}",
            function.times
        )));
    }
    Ok(function)
}

fn read_des_crypt(fields: &mut Fields<'_>) -> Result<DesCrypt, Refusal> {
    const MOST_ROUNDS: u32 = (1 << 24) - 1;
    let (form, salt_bits) = match fields.text("r") {
        Ok(rounds) => {
            let rounds = decimal(rounds, "r")?;
            if !(1..=MOST_ROUNDS).contains(&rounds) {
                return Err(Refusal::beyond(format!(
                    "{rounds} rounds are outside of 1 to {MOST_ROUNDS}"
                )));
            }
            (DesForm::Extended { rounds }, 24)
        }
        Err(_) => (DesForm::Traditional, 12),
    };
    let salt: u32 = fields.number("n")?;
    if salt >> salt_bits != 0 {
        return Err(unknown());
    }
    Ok(DesCrypt { form, salt })
}

fn read_argon2(fields: &mut Fields<'_>) -> Result<Argon2, Refusal> {
    let kind = fields.text("k")?;
    let kind = KINDS.into_iter().find(|one| one.name() == kind);
    let function = Argon2 {
        kind: kind.ok_or_else(unknown)?,
        version: fields.number("v")?,
        memory: fields.number("m")?,
        passes: fields.number("t")?,
        lanes: fields.number("p")?,
        length: fields.number("l")?,
        salt: fields.bytes("s")?,
    };
    function.bounded()
}

fn read_firebase(fields: &mut Fields<'_>) -> Result<FirebaseScrypt, Refusal> {
    let scrypt = Scrypt {
        log_n: fields.number("n")?,
        r: fields.number("r")?,
        p: fields.number("p")?,
        length: FIREBASE_KEY_LENGTH,
        salt: fields.bytes("s")?,
    };
    Ok(FirebaseScrypt {
        scrypt: scrypt.bounded()?,
        signer_key: fields.bytes("g")?.into(),
    })
}

fn digest_of(fields: &mut Fields<'_>) -> Result<MessageDigest, Refusal> {
    let name = fields.text("h")?;
    let digest = DIGESTS.into_iter().find(|one| one.name() == name);
    digest.ok_or_else(unknown)
}

fn short(salt: Vec<u8>, longest: usize) -> Result<Vec<u8>, Refusal> {
    if salt.len() > longest {
        return Err(Refusal::malformed(format!(
            "its salt has more than {longest} bytes"
        )));
    }
    Ok(salt)
}

fn named<T: Copy>(names: &[(&'static str, T)], name: &str) -> Result<T, Refusal> {
    let found = names.iter().find(|(other, _)| *other == name);
    found.map(|(_, one)| *one).ok_or_else(unknown)
}

fn unknown() -> Refusal {
    Refusal::malformed("its inner function is none that this keyward knows")
}

/// What is left of a text, field by field in their order; none after the last.
struct Fields<'a>(Option<&'a str>);

impl<'a> Fields<'a> {
    /// What `value` finds in the next field; where it finds nothing, that stays the next.
    fn next(&mut self, value: impl Fn(&'a str) -> Option<&'a str>) -> Result<&'a str, Refusal> {
        let text = self.0.ok_or_else(unknown)?;
        let (field, rest) = match text.split_once(';') {
            Some((field, rest)) => (field, Some(rest)),
            None => (text, None),
        };
        let value = value(field).ok_or_else(unknown)?;
        self.0 = rest;
        Ok(value)
    }

    /// The next field, if it has this letter.
    fn text(&mut self, letter: &str) -> Result<&'a str, Refusal> {
        self.next(|field| field.strip_prefix(letter)?.strip_prefix('='))
    }

    fn bytes(&mut self, letter: &str) -> Result<Vec<u8>, Refusal> {
        let text = self.text(letter)?;
        let bytes = STANDARD.decode(text).ok_or_else(not_base64)?;
        Ok(bytes.to_vec())
    }

    fn number<T: FromStr>(&mut self, letter: &str) -> Result<T, Refusal> {
        let text = self.text(letter)?;
        decimal(text, letter)?;
        text.parse().map_err(|_| unknown())
    }

    fn end(&self) -> Result<(), Refusal> {
        match self.0 {
            None => Ok(()),
            Some(_) => Err(unknown()),
        }
    }
}
