//! The text of a function.

use super::{ENCODINGS, INNERS, PRE_HASHES, SHA3};
use crate::password::radix64::STANDARD;
use crate::password::{Argon2, DesForm, HashFunction, SaltedDigest, Scrypt, Yescrypt};

/// The text of `function`; none for one that is not wrapped.
pub(in crate::password::notation) fn write(function: &HashFunction) -> Option<String> {
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
        HashFunction::Argon2(function) => written_argon2(function),
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
        HashFunction::Phpass(function) => format!(
            "phpass;h={};r={};l={};o={};s={}",
            function.digest.name(),
            function.rounds,
            function.length,
            name_of(&INNERS, function.inner)?,
            STANDARD.encode(&function.salt)
        ),
        HashFunction::Hmac(function) => format!(
            "hmac;h={};k={};b={};a={}",
            function.digest.name(),
            STANDARD.encode(&function.key),
            STANDARD.encode(&function.before),
            STANDARD.encode(&function.after)
        ),
        HashFunction::Pbkdf2Sha3(function) => format!(
            "pbkdf2-sha3;h={};i={};l={};s={}",
            name_of(&SHA3, function.digest)?,
            function.iterations,
            function.length,
            STANDARD.encode(&function.salt)
        ),
        HashFunction::FirebaseScrypt(function) => {
            let Scrypt {
                log_n, r, p, salt, ..
            } = &function.scrypt;
            format!(
                "firebase;n={log_n};r={r};p={p};s={};g={}",
                STANDARD.encode(salt),
                STANDARD.encode(&function.signer_key)
            )
        }
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

fn written_argon2(function: &Argon2) -> String {
    format!(
        "argon2;k={};v={};m={};t={};p={};l={};s={}",
        function.kind.name(),
        function.version,
        function.memory,
        function.passes,
        function.lanes,
        function.length,
        STANDARD.encode(&function.salt)
    )
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

fn name_of<T: PartialEq + Copy>(names: &[(&'static str, T)], one: T) -> Option<&'static str> {
    let found = names.iter().find(|(_, other)| *other == one);
    found.map(|(name, _)| *name)
}
