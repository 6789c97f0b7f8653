//! Verifications of stored passwords a second and core: keyward, the plain crate with the same parameters, passlib and
//! Spring Security, each in a process of its own and on one thread; and the memory of a batch of Argon2.
//!
//! ```text
//! cargo bench --bench passwords                 # 3 seconds for each number, a batch of 1,000 rows
//! cargo bench --bench passwords -- 0.1 10       # a tenth of a second, 10 rows
//! ```
//!
//! keyward recognises the stored text anew each time, as the others do; the plain crate is given its parts. passlib and
//! Spring Security come from `.ci/peers`; without them their columns are empty.

// A benchmark that cannot go on may say so by a panic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code)]
mod measure;
#[path = "../tests/support/mod.rs"]
mod support;

use std::fs::{self, File};
use std::hint::black_box;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use keyward::Secret;
use keyward::password::{Dialect, Scheme, recognise, scheme};
use measure::processor;
use support::{jdk, keyward_command, leave_out, peer, repository};

const PASSWORD: &str = "x34!2axf";
const SALT: &[u8] = b"sixteen bytes ..";
const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// A function with its cost, and the schemes in which keyward and the others store it.
struct Function {
    name: &'static str,
    ours: (&'static str, Dialect, Option<u32>),
    /// Of the same parameters.
    plain: fn(),
    /// passlib's name, and the scheme whose values it reads.
    passlib: Option<(&'static str, &'static str, Dialect)>,
    /// The scheme whose values Spring reads.
    spring: Option<&'static str>,
}

const FUNCTIONS: [Function; 8] = [
    Function {
        name: "PBKDF2-HMAC-SHA256, 310,000",
        ours: ("PBKDF2-SHA256", Dialect::OpenLdap, Some(310_000)),
        plain: || {
            let mut key = [0; 32];
            pbkdf2::pbkdf2_hmac::<sha2::Sha256>(PASSWORD.as_bytes(), SALT, 310_000, &mut key);
            black_box(key);
        },
        passlib: Some(("ldap_pbkdf2_sha256", "PBKDF2-SHA256", Dialect::OpenLdap)),
        spring: Some("pbkdf2@SpringSecurity_v5_8"),
    },
    Function {
        name: "PBKDF2-HMAC-SHA512, 220,000",
        ours: ("PBKDF2-SHA512", Dialect::OpenLdap, Some(220_000)),
        plain: || {
            let mut key = [0; 64];
            pbkdf2::pbkdf2_hmac::<sha2::Sha512>(PASSWORD.as_bytes(), SALT, 220_000, &mut key);
            black_box(key);
        },
        passlib: Some(("ldap_pbkdf2_sha512", "PBKDF2-SHA512", Dialect::OpenLdap)),
        spring: None,
    },
    Function {
        name: "bcrypt, 10",
        ours: ("bcrypt", Dialect::Crypt, Some(10)),
        plain: || {
            black_box(bcrypt::bcrypt(10, *b"sixteen bytes ..", b"x34!2axf\0"));
        },
        passlib: Some(("bcrypt", "bcrypt", Dialect::Crypt)),
        spring: Some("bcrypt"),
    },
    Function {
        name: "bcrypt, 12",
        ours: ("bcrypt", Dialect::Crypt, Some(12)),
        plain: || {
            black_box(bcrypt::bcrypt(12, *b"sixteen bytes ..", b"x34!2axf\0"));
        },
        passlib: Some(("bcrypt", "bcrypt", Dialect::Crypt)),
        spring: Some("bcrypt"),
    },
    Function {
        name: "Argon2id, 19 MiB, 2 passes",
        ours: ("argon2id", Dialect::Phc, Some(2)),
        plain: || {
            let parameters = argon2::Params::new(19_456, 2, 1, Some(32)).unwrap();
            let version = argon2::Version::V0x13;
            let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, version, parameters);
            let mut digest = [0; 32];
            let hashed = argon2.hash_password_into(PASSWORD.as_bytes(), SALT, &mut digest);
            hashed.unwrap();
            black_box(digest);
        },
        passlib: Some(("argon2", "argon2id", Dialect::Phc)),
        spring: Some("argon2"),
    },
    Function {
        name: "scrypt, N = 2^16, r = 8",
        ours: ("scrypt", Dialect::Phc, Some(16)),
        plain: || {
            let parameters = scrypt::Params::new(16, 8, 1).unwrap();
            let mut digest = [0; 32];
            scrypt::scrypt(PASSWORD.as_bytes(), SALT, &parameters, &mut digest).unwrap();
            black_box(digest);
        },
        passlib: Some(("scrypt", "scrypt", Dialect::Phc)),
        spring: Some("scrypt"),
    },
    Function {
        name: "SHA512-crypt, 100,000",
        ours: ("sha512-crypt", Dialect::Crypt, Some(100_000)),
        plain: || {
            let parameters = sha_crypt::Params::new(100_000).unwrap();
            black_box(sha_crypt::sha512_crypt(
                PASSWORD.as_bytes(),
                SALT,
                parameters,
            ));
        },
        passlib: Some(("sha512_crypt", "sha512-crypt", Dialect::Crypt)),
        spring: None,
    },
    Function {
        name: "PBKDF2-HMAC-SHA256, 1,000",
        ours: ("PBKDF2-SHA256", Dialect::OpenLdap, Some(1_000)),
        plain: || {
            let mut key = [0; 32];
            pbkdf2::pbkdf2_hmac::<sha2::Sha256>(PASSWORD.as_bytes(), SALT, 1_000, &mut key);
            black_box(key);
        },
        passlib: Some(("ldap_pbkdf2_sha256", "PBKDF2-SHA256", Dialect::OpenLdap)),
        spring: None,
    },
];

fn main() {
    let numbers = std::env::args().filter_map(|argument| argument.parse::<f64>().ok());
    let numbers: Vec<f64> = numbers.collect();
    let seconds = numbers.first().copied().unwrap_or(3.0);
    let rows = numbers.get(1).copied().unwrap_or(1000.0).max(1.0);
    println!("{}\n", processor());
    println!("Verifications a second on one thread, each number from {seconds} s:\n");
    println!("| function | keyward | plain crate | ratio | passlib | ratio | Spring | ratio |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    let springs = spring(seconds);
    for (function, spring) in FUNCTIONS.iter().zip(springs) {
        let stored = stored(function.ours);
        let ours = rate(seconds, || verify(&stored));
        let plain = rate(seconds, function.plain);
        let passlib = passlib(function, seconds);
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            function.name,
            shown(Some(ours)),
            shown(Some(plain)),
            times(ours, Some(plain)),
            shown(passlib),
            times(ours, passlib),
            shown(spring),
            times(ours, spring),
        );
    }
    println!("\nA batch of Argon2id with 19 MiB and 2 passes, `password verify --batch`:\n");
    println!("| rows | seconds | peak memory, MiB |");
    println!("|--:|--:|--:|");
    for rows in [1.0, rows] {
        let (time, memory) = batch(rows);
        println!("| {rows} | {:.1} | {memory:.0} |", time.as_secs_f64());
    }
}

fn of(name: &str, dialect: Dialect) -> &'static Scheme {
    scheme(name, Some(dialect)).unwrap()
}

fn stored((name, dialect, cost): (&str, Dialect, Option<u32>)) -> String {
    let password = Secret::copied_from(PASSWORD.as_bytes());
    of(name, dialect).hash(&password, cost).unwrap()
}

fn verify(stored: &str) {
    let password = Secret::copied_from(PASSWORD.as_bytes());
    let hash = recognise(stored, None).unwrap();
    assert!(hash.verify(&password).unwrap());
}

/// How often a second, after the first time.
fn rate(seconds: f64, once: impl Fn()) -> f64 {
    once();
    let started = Instant::now();
    let mut count = 0.0;
    while count == 0.0 || started.elapsed().as_secs_f64() < seconds {
        once();
        count += 1.0;
    }
    count / started.elapsed().as_secs_f64()
}

fn passlib(function: &Function, seconds: f64) -> Option<f64> {
    let (hasher, name, dialect) = function.passlib?;
    let packages = peer("passlib");
    if !packages.is_dir() {
        leave_out("passlib is not here (bash .ci/peers fetches it)");
        return None;
    }
    let question = serde_json::json!({
        "hasher": hasher, "password": PASSWORD, "seconds": seconds,
        "stored": stored((name, dialect, function.ours.2)),
    });
    let mut child = Command::new("python3")
        .args(["-W", "ignore"])
        .arg(repository().join("tests/password/ask_passlib.py"))
        .arg("speed")
        .env("PYTHONPATH", packages)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(question.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", function.name);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    answer["rate"].as_f64()
}

/// For each function, Spring's rate.
fn spring(seconds: f64) -> Vec<Option<f64>> {
    let none = vec![None; FUNCTIONS.len()];
    let (home, bouncy_castle) = (peer("spring-security"), peer("bouncy-castle"));
    let Some(jdk) = jdk(17) else { return none };
    if !home.is_dir() || !bouncy_castle.is_dir() {
        leave_out("Spring Security is not here (bash .ci/peers fetches it)");
        return none;
    }
    let values = FUNCTIONS.iter().filter_map(|function| {
        let name = function.spring?;
        let is_fixed = of(name, Dialect::Spring).cost.ends_with("fixed");
        let cost = function.ours.2.filter(|_| !is_fixed);
        Some(stored((name, Dialect::Spring, cost)))
    });
    let mut arguments = vec![seconds.to_string(), PASSWORD.to_owned()];
    arguments.extend(values);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let provider = bouncy_castle.join("bcprov.jar");
    let option = format!("-Xbootclasspath/a:{}", provider.display());
    let jars = home.join("*");
    let output = jdk.run_java_with(&[&option], Some(&jars), "SpringSpeed", &arguments);
    let Some(output) = output else { return none };
    let output = output.of_success().stdout;
    let mut rates = output.lines().map(|line| line.parse().unwrap());
    let rates = FUNCTIONS.iter().map(|function| {
        function.spring?;
        rates.next()
    });
    rates.collect()
}

/// How long a batch takes, and the most memory that it had, in MiB.
fn batch(rows: f64) -> (Duration, f64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("batch.jsonl");
    let row = serde_json::json!({
        "stored": stored(("argon2id", Dialect::Phc, Some(2))), "password": PASSWORD,
    });
    let mut file = File::create(&path).unwrap();
    let mut written = 0.0;
    while written < rows {
        writeln!(file, "{row}").unwrap();
        written += 1.0;
    }
    drop(file);
    let mut command = keyward_command();
    command.args(["password", "verify", "--batch"]).arg(&path);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0.0_f64;
    loop {
        let listing = fs::read_to_string(&status).unwrap_or_default();
        let peak = listing.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        most = most.max(peak.unwrap_or_default() * 1024.0 / MEBIBYTE);
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            return (started.elapsed(), most);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn shown(rate: Option<f64>) -> String {
    rate.map_or_else(|| "-".to_owned(), |rate| format!("{rate:.1}"))
}

fn times(ours: f64, theirs: Option<f64>) -> String {
    theirs.map_or_else(|| "-".to_owned(), |theirs| format!("{:.2}", ours / theirs))
}
