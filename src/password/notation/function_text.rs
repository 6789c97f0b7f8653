//! How a hash function stands in a wrapped hash: with its salt and cost, without a digest.
//!
//! ```text
//! name;letter=value;…        numbers are decimal, bytes in unpadded base64
//!
//! digest;h=SHA-1;b=;a=c2FsdA;t=1                 D( b | password | a ), applied t times
//! encoded;e=UTF-16LE;h=MD4;b=;a=;t=1             the same over the password in another encoding
//! pbkdf2;h=SHA256;i=27500;l=64;s=…               l: length of the key in bytes
//! bcrypt;v=2a;c=10;p=none;s=…                    p: what it gets in place of the password
//! md5-crypt;m=1;s=…       apr1: Apache's; none: AIX's   sha-crypt;h=SHA-512;r=5000;s=…
//! des-crypt;n=…           n: the salt's number   des-crypt;r=725;n=…
//! sha1-crypt;r=480000;s=…                        yescrypt;n=12;r=32;p=1;t=0;s=…
//! argon2;k=argon2id;v=19;m=7168;t=5;p=1;l=32;s=… scrypt;n=14;r=8;p=1;l=64;s=…
//! ```

use std::str::FromStr;

use super::fusionauth::MOST_TIMES;
use crate::kdf::DigestAlgorithm;
use crate::password::radix64::STANDARD;
use crate::password::{
    Argon2, Argon2Type, Bcrypt, BcryptVariant, DesCrypt, DesForm, EncodedDigest, HashFunction,
    Md5Crypt, MessageDigest, PasswordEncoding, Pbkdf2, PreHash, Refusal, SaltedDigest, Scrypt,
    Sha1Crypt, ShaCrypt, Yescrypt,
};

const APR1: &str = "$apr1$";
const MD5_CRYPT: &str = "$1$";

const DIGESTS: [MessageDigest; 7] = [
    MessageDigest::Md4,
    MessageDigest::Md5,
    MessageDigest::Sha1,
    MessageDigest::Sha224,
    MessageDigest::Sha256,
    MessageDigest::Sha384,
    MessageDigest::Sha512,
];
const PRFS: [DigestAlgorithm; 7] = [
    DigestAlgorithm::Sha1,
    DigestAlgorithm::Sha224,
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
    DigestAlgorithm::Sha512Trunc224,
    DigestAlgorithm::Sha512Trunc256,
];
const VARIANTS: [BcryptVariant; 5] = [
    BcryptVariant::First,
    BcryptVariant::A,
    BcryptVariant::B,
    BcryptVariant::X,
    BcryptVariant::Y,
];
const PRE_HASHES: [(&str, PreHash); 4] = [
    ("none", PreHash::None),
    ("hex-sha256", PreHash::HexSha256),
    ("base64-sha256", PreHash::Base64Sha256),
    ("base64-hmac-sha256", PreHash::Base64HmacSha256),
];
const ENCODINGS: [(&str, PasswordEncoding); 3] = [
    ("UTF-16LE", PasswordEncoding::Utf16LittleEndian),
    ("zero-extended", PasswordEncoding::ZeroExtended),
    ("ISO-8859-1", PasswordEncoding::Latin1),
];
const KINDS: [Argon2Type; 3] = [Argon2Type::D, Argon2Type::I, Argon2Type::Id];

/// The text of `function`; none for one that is not wrapped.
pub(super) fn write(function: &HashFunction) -> Option<String> {
    let text = match function {
        HashFunction::Digest(function) => written_digest("digest", function),
        HashFunction::EncodedDigest(function) => {
            let encoding = name_of(&ENCODINGS, function.encoding)?;
            written_digest(&format!("encoded;e={encoding}"), &function.digest)
        }
        HashFunction::Pbkdf2(function) => format!(
            "pbkdf2;h={};i={};l={};s={}",
            function.prf.java_name(),
            function.iterations,
            function.length,
            STANDARD.encode(&function.salt)
        ),
        HashFunction::Bcrypt(function) => format!(
            "bcrypt;v={};c={};p={};s={}",
            function.variant.name(),
            function.cost,
            name_of(&PRE_HASHES, function.pre_hash)?,
            STANDARD.encode(&function.salt)
        ),
        HashFunction::Md5Crypt(function) => format!(
            "md5-crypt;m={};s={}",
            function.mark.trim_matches('$'),
            STANDARD.encode(&function.salt)
        ),
        HashFunction::ShaCrypt(function) => format!(
            "sha-crypt;h={};r={};s={}",
            function.digest.name(),
            function.rounds,
            STANDARD.encode(&function.salt)
        ),
        HashFunction::DesCrypt(function) => match function.form {
            DesForm::Traditional => format!("des-crypt;n={}", function.salt),
            DesForm::Extended { rounds } => format!("des-crypt;r={rounds};n={}", function.salt),
        },
        HashFunction::Sha1Crypt(function) => format!(
            "sha1-crypt;r={};s={}",
            function.rounds(),
            STANDARD.encode(function.salt())
        ),
        HashFunction::Yescrypt(Yescrypt {
            log_n,
            r,
            p,
            t,
            salt,
        }) => format!(
            "yescrypt;n={log_n};r={r};p={p};t={t};s={}",
            STANDARD.encode(salt)
        ),
        HashFunction::Argon2(function) => format!(
            "argon2;k={};v={};m={};t={};p={};l={};s={}",
            function.kind.name(),
            function.version,
            function.memory,
            function.passes,
            function.lanes,
            function.length,
            STANDARD.encode(&function.salt)
        ),
        HashFunction::Scrypt(Scrypt {
            log_n,
            r,
            p,
            salt,
            length,
        }) => format!(
            "scrypt;n={log_n};r={r};p={p};l={length};s={}",
            STANDARD.encode(salt)
        ),
        // A password that can be read is hashed anew instead; which part of a reverse salted value is the digest is not sure.
        _ => return None,
    };
    Some(text)
}

fn written_digest(before: &str, function: &SaltedDigest) -> String {
    format!(
        "{before};h={};b={};a={};t={}",
        function.digest.name(),
        STANDARD.encode(&function.before),
        STANDARD.encode(&function.after),
        function.times
    )
}

/// The function of a text.
pub(super) fn read(text: &str) -> Result<HashFunction, Refusal> {
    let (name, rest) = text.split_once(';').unwrap_or((text, ""));
    let mut fields = Fields(rest);
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
            salt: short(
                fields.bytes("s")?,
                crate::password::function::LONGEST_MD5_SALT,
            )?,
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
        "argon2" => {
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
            HashFunction::Argon2(function.bounded()?)
        }
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
            let rounds = super::decimal(rounds, "r")?;
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

fn name_of<T: PartialEq + Copy>(names: &[(&'static str, T)], one: T) -> Option<&'static str> {
    let found = names.iter().find(|(_, other)| *other == one);
    found.map(|(name, _)| *name)
}

fn named<T: Copy>(names: &[(&'static str, T)], name: &str) -> Result<T, Refusal> {
    let found = names.iter().find(|(other, _)| *other == name);
    found.map(|(_, one)| *one).ok_or_else(unknown)
}

fn unknown() -> Refusal {
    Refusal::malformed("its inner function is none that this keyward knows")
}

/// What is left of a text, field by field in their order.
struct Fields<'a>(&'a str);

impl<'a> Fields<'a> {
    /// The next field, if it has this letter.
    fn text(&mut self, letter: &str) -> Result<&'a str, Refusal> {
        let (field, rest) = self.0.split_once(';').unwrap_or((self.0, ""));
        let value = field
            .strip_prefix(letter)
            .and_then(|value| value.strip_prefix('='));
        let value = value.ok_or_else(unknown)?;
        self.0 = rest;
        Ok(value)
    }

    fn bytes(&mut self, letter: &str) -> Result<Vec<u8>, Refusal> {
        let text = self.text(letter)?;
        let bytes = STANDARD.decode(text).ok_or_else(super::not_base64)?;
        Ok(bytes.to_vec())
    }

    fn number<T: FromStr>(&mut self, letter: &str) -> Result<T, Refusal> {
        let text = self.text(letter)?;
        super::decimal(text, letter)?;
        text.parse().map_err(|_| unknown())
    }

    fn end(&self) -> Result<(), Refusal> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(unknown())
    }
}
