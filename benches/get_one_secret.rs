//! One secret from the shell: `keyward get` beside the Java program that a user would write instead
//! (`tests/java/GetOne.java`), each as a whole process, on the same keystores, taking turns.
//!
//! ```text
//! cargo bench --bench get_one_secret            # 20 rounds
//! cargo bench --bench get_one_secret -- 50
//! ```
//!
//! Under the table stands the floor: what an empty keyward process costs, and what the key derivations cost inside
//! a process. Needs JDK 17 or 25, which `.ci/peers` fetches.

// A benchmark that cannot go on may say so by a panic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod measure;
#[path = "../tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use keyward::Secret;
use keyward::keystore::{Alias, Keystore};
use measure::{Times, processor, time_of};
use support::{Jdk, STORE_PASSWORD, STORE_PASSWORD_VARIABLE, keyward_command};

const STORES: [(&str, usize); 5] = [
    ("PKCS12", 1),
    ("PKCS12", 100),
    ("PKCS12", 1000),
    ("JCEKS", 1),
    ("JCEKS", 100),
];
const DEFAULT_ROUNDS: usize = 20;

/// A keystore as `tests/java/MakeStore.java` makes it.
struct MadeStore {
    store_type: &'static str,
    count: usize,
    path: PathBuf,
}

impl MadeStore {
    /// The alias in the middle: neither format may profit from its place.
    fn alias(&self) -> String {
        format!("alias{:04}", self.count.div_ceil(2))
    }

    fn secret(&self) -> String {
        format!("secret-{:04}", self.count.div_ceil(2))
    }
}

fn main() {
    let rounds = std::env::args().find_map(|argument| argument.parse().ok());
    let rounds = rounds.unwrap_or(DEFAULT_ROUNDS);
    let jdks: Vec<Jdk> = [17, 25].into_iter().filter_map(support::jdk).collect();
    let Some(first) = jdks.first() else { return };
    let folder = tempfile::tempdir().unwrap();

    println!("{}\n", processor());
    println!("Whole process, {rounds} rounds, milliseconds: median (fastest to slowest)\n");
    print!("| store | entries | keyward get |");
    for jdk in &jdks {
        print!(" Java {} | ratio |", jdk.version);
    }
    println!("\n|---|--:|--:|{}", "--:|--:|".repeat(jdks.len()));
    let mut floors = Vec::new();
    for (store_type, count) in STORES {
        let Some(store) = make_store(first, folder.path(), store_type, count) else {
            return;
        };
        compare(&store, &jdks, rounds);
        floors.push(in_process(&store, rounds));
    }
    println!("\nThe floor, milliseconds: median (fastest to slowest)\n");
    println!("| what | time |\n|---|--:|");
    println!(
        "| `keyward --version`, whole process | {} |",
        empty_process(rounds)
    );
    for line in floors {
        println!("{line}");
    }
}

fn make_store(
    jdk: &Jdk,
    folder: &Path,
    store_type: &'static str,
    count: usize,
) -> Option<MadeStore> {
    let path = folder.join(format!("{count}.{store_type}"));
    let arguments = [
        path.to_str()?,
        store_type,
        STORE_PASSWORD,
        &count.to_string(),
    ];
    jdk.run_java("MakeStore", &arguments)?.of_success();
    Some(MadeStore {
        store_type,
        count,
        path,
    })
}

/// Prints one line: keyward and every JDK on one store, taking turns.
fn compare(store: &MadeStore, jdks: &[Jdk], rounds: usize) {
    let mut commands = vec![keyward_get(store)];
    commands.extend(jdks.iter().map(|jdk| java_get(store, jdk)));
    let mut times = vec![Vec::new(); commands.len()];
    for _ in 0..rounds {
        for (command, times) in commands.iter_mut().zip(&mut times) {
            times.push(time_of(command, &store.secret()));
        }
    }
    let keyward = Times::of(times.remove(0));
    print!("| {} | {} | {keyward} |", store.store_type, store.count);
    for java in times.into_iter().map(Times::of) {
        print!(" {java} | {:.0} |", keyward.ratio(&java));
    }
    println!();
}

fn keyward_get(store: &MadeStore) -> Command {
    let mut command = keyward_command();
    command
        .args(["get", &store.alias(), "-keystore"])
        .arg(&store.path);
    command.args(["-storepass:env", STORE_PASSWORD_VARIABLE]);
    command
}

fn java_get(store: &MadeStore, jdk: &Jdk) -> Command {
    let path = store.path.to_str().unwrap();
    let arguments = [path, store.store_type, STORE_PASSWORD, &store.alias()];
    jdk.java_command("GetOne", &arguments).unwrap()
}

fn empty_process(rounds: usize) -> Times {
    let mut command = keyward_command();
    command.arg("--version");
    Times::of(
        (0..rounds)
            .map(|_| time_of(&mut command, "keyward"))
            .collect(),
    )
}

/// The same work without a process around it: the integrity check, and one derivation for the secret.
fn in_process(store: &MadeStore, rounds: usize) -> String {
    let bytes = fs::read(&store.path).unwrap();
    let alias = Alias::new(&store.alias());
    let password = Secret::copied_from(STORE_PASSWORD.as_bytes());
    let (mut opening, mut getting) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let started = Instant::now();
        let keystore = Keystore::open(&bytes, &password).ok().unwrap();
        opening.push(started.elapsed());
        let started = Instant::now();
        let secret = keystore.secret(&alias).ok().unwrap();
        getting.push(started.elapsed());
        assert_eq!(secret.expose_bytes(), store.secret().as_bytes());
    }
    let store = format!("{} of {}, in process", store.store_type, store.count);
    format!(
        "| {store}: open | {} |\n| {store}: one secret | {} |",
        Times::of(opening),
        Times::of(getting)
    )
}
