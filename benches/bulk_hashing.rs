//! Many stored passwords hashed on one thread, beside a loop over RustCrypto's functions on the same rows.
//!
//! ```text
//! cargo bench --bench bulk_hashing            # five runs of each, in turn
//! cargo bench --bench bulk_hashing -- 1
//! ```
//! Rows a second and core. Where the system tells a thread's own processor time, that is what counts, so that a busy
//! machine matters less. Every digest of the one is compared with that of the other.

// A benchmark that cannot go on may say so by a panic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code)]
mod measure;

use std::fs;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use blowfish::Blowfish;
use hmac::EagerHash;
use keyward::Secret;
use keyward::password::{HashFunction, StoredHash, recognise};
use measure::{Times, processor};
use pbkdf2::pbkdf2_hmac;

/// passlib's, with a dot in place of the plus sign.
const PASSLIB: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./";
const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BCRYPT: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const PBKDF2_ITERATIONS: u32 = 20_000;
/// Keycloak's: 7 MiB, five passes.
const ARGON2_MEMORY: u32 = 7168;
const ARGON2_PASSES: u32 = 5;

type Plain = fn(password: &[u8], salt: &[u8]) -> Vec<u8>;

/// What is hashed, how it is written, and how RustCrypto computes it.
struct Subject {
    name: String,
    rows: u8,
    /// What stands before the salt.
    prefix: String,
    alphabet: &'static [u8; 64],
    /// Length of the salt in characters.
    salt: usize,
    /// What stands before the digest.
    separator: &'static str,
    /// Length of the digest in characters.
    digest: usize,
    plain: Plain,
}

struct Row {
    password: Secret,
    salt: Vec<u8>,
    stored: StoredHash,
}

fn main() {
    let runs = std::env::args().find_map(|argument| argument.parse().ok());
    let runs: usize = runs.unwrap_or(5);
    println!("{}; median of {runs}\n", processor());
    println!("| function | rows | RustCrypto, rows a second | keyward, rows a second | ratio |");
    println!("|---|--:|--:|--:|--:|");
    for subject in [
        pbkdf2("SHA1", "pbkdf2", 27, plain_pbkdf2::<sha1::Sha1, 20>),
        pbkdf2(
            "SHA256",
            "pbkdf2-sha256",
            43,
            plain_pbkdf2::<sha2::Sha256, 32>,
        ),
        pbkdf2(
            "SHA512",
            "pbkdf2-sha512",
            86,
            plain_pbkdf2::<sha2::Sha512, 64>,
        ),
        bcrypt(8, 64, plain_bcrypt::<8>),
        bcrypt(10, 16, plain_bcrypt::<10>),
        argon2id(),
    ] {
        subject.compare(runs);
    }
}

fn pbkdf2(prf: &str, name: &str, digest: usize, plain: Plain) -> Subject {
    Subject {
        name: format!("PBKDF2-HMAC-{prf}, {PBKDF2_ITERATIONS} iterations"),
        rows: 64,
        prefix: format!("${name}${PBKDF2_ITERATIONS}$"),
        alphabet: PASSLIB,
        salt: 16,
        separator: "$",
        digest,
        plain,
    }
}

fn bcrypt(cost: u32, rows: u8, plain: Plain) -> Subject {
    Subject {
        name: format!("bcrypt, cost {cost}"),
        rows,
        prefix: format!("$2b${cost:02}$"),
        alphabet: BCRYPT,
        salt: 22,
        separator: "",
        digest: 31,
        plain,
    }
}

fn argon2id() -> Subject {
    Subject {
        name: format!("Argon2id, {ARGON2_MEMORY} KiB, {ARGON2_PASSES} passes"),
        rows: 16,
        prefix: format!("$argon2id$v=19$m={ARGON2_MEMORY},t={ARGON2_PASSES},p=1$"),
        alphabet: STANDARD,
        salt: 16,
        separator: "$",
        digest: 43,
        plain: plain_argon2id,
    }
}

impl Subject {
    fn compare(&self, runs: usize) {
        let rows: Vec<Row> = (0..self.rows).map(|row| self.row(row)).collect();
        let (mut theirs, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let (expected, time) = timed(|| {
                let hash = |row: &Row| (self.plain)(row.password.expose_bytes(), &row.salt);
                rows.iter().map(hash).collect::<Vec<_>>()
            });
            theirs.push(time);
            let work: Vec<_> = rows
                .iter()
                .map(|row| (row.stored.function(), &row.password))
                .collect();
            let (digests, time) = timed(|| HashFunction::apply_side_by_side(&work));
            ours.push(time);
            for (digest, expected) in digests.into_iter().zip(expected) {
                assert_eq!(*digest.unwrap(), expected, "{}", self.name);
            }
        }
        let (theirs, ours) = (Times::of(theirs), Times::of(ours));
        let rate = |times: &Times| f64::from(self.rows) / times.median.as_secs_f64();
        println!(
            "| {} | {} | {:.1} | {:.1} | {:.2} |",
            self.name,
            self.rows,
            rate(&theirs),
            rate(&ours),
            ours.ratio(&theirs)
        );
    }

    /// Each has a password and a salt of its own, and no digest yet.
    fn row(&self, row: u8) -> Row {
        let mut salt = vec![usize::from(row); self.salt];
        // The bits beyond the last whole byte are zero.
        if !self.salt.is_multiple_of(4) {
            salt[self.salt - 1] = 0;
        }
        let letters: String = salt
            .iter()
            .map(|&six| char::from(self.alphabet[six]))
            .collect();
        let digest = char::from(self.alphabet[0]).to_string().repeat(self.digest);
        let (prefix, separator) = (&self.prefix, self.separator);
        let stored = recognise(&format!("{prefix}{letters}{separator}{digest}"), None);
        Row {
            password: Secret::copied_from(format!("correct horse {row}").as_bytes()),
            salt: bytes_of(&salt),
            stored: stored.unwrap(),
        }
    }
}

/// The bytes that groups of six bits make.
fn bytes_of(sixes: &[usize]) -> Vec<u8> {
    let bit = |index: usize| sixes[index / 6] >> (5 - index % 6) & 1;
    let byte = |first: usize| (8 * first..8 * first + 8).fold(0, |bits, at| bits << 1 | bit(at));
    (0..sixes.len() * 6 / 8)
        .map(|first| u8::try_from(byte(first)).unwrap())
        .collect()
}

fn plain_pbkdf2<D: EagerHash, const LENGTH: usize>(password: &[u8], salt: &[u8]) -> Vec<u8> {
    let mut key = vec![0; LENGTH];
    pbkdf2_hmac::<D>(password, salt, PBKDF2_ITERATIONS, &mut key);
    key
}

fn plain_bcrypt<const COST: u32>(password: &[u8], salt: &[u8]) -> Vec<u8> {
    let key = [password, &[0]].concat();
    let mut state = Blowfish::bc_init_state();
    state.salted_expand_key(salt, &key);
    for _ in 0..1_u32 << COST {
        state.bc_expand_key(&key);
        state.bc_expand_key(salt);
    }
    let mut digest = Vec::new();
    for eight in b"OrpheanBeholderScryDoubt".as_chunks::<8>().0 {
        let [left, right] = [&eight[..4], &eight[4..]];
        let mut block = [left, right].map(|four| u32::from_be_bytes(four.try_into().unwrap()));
        for _ in 0..64 {
            block = state.bc_encrypt(block);
        }
        digest.extend(block.iter().flat_map(|half| half.to_be_bytes()));
    }
    digest.truncate(23);
    digest
}

fn plain_argon2id(password: &[u8], salt: &[u8]) -> Vec<u8> {
    let parameters = Params::new(ARGON2_MEMORY, ARGON2_PASSES, 1, Some(32)).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let mut digest = vec![0; 32];
    argon2
        .hash_password_into(password, salt, &mut digest)
        .unwrap();
    digest
}

/// What `work` gives, and how long it took.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let (started, used_before) = (Instant::now(), processor_time());
    let result = work();
    let time = match (used_before, processor_time()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => started.elapsed(),
    };
    (result, time)
}

/// What this thread has used of a processor (Linux).
fn processor_time() -> Option<Duration> {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = statistics.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}
