//! Whole keystores: keyward beside keytool, and beside the Java programs that users write instead,
//! each as a whole process, on the same files, taking turns.
//!
//! ```text
//! cargo bench --bench whole_stores            # 5 rounds
//! cargo bench --bench whole_stores -- 20
//! cargo bench --bench whole_stores -- 3 JCEKS # only what is called like that
//! ```
//!
//! Needs JDK 17 or 25, which `.ci/peers` fetches.

// A benchmark that cannot go on may say so by a panic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod measure;
#[path = "../tests/support/mod.rs"]
mod support;

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use keyward::kdf::{EqualHalves, Iterations, KeyDerivation, jceks_halves};
use measure::{Times, processor, time_of};
use nix::sys::resource::{UsageWho, getrusage};
use support::{Jdk, STORE_PASSWORD, STORE_PASSWORD_VARIABLE, keyward_command};

const DEFAULT_ROUNDS: usize = 5;
/// Set in the process that measures the memory of another.
const MEMORY_OF: &str = "KEYWARD_BENCH_MEMORY_OF";
/// The last secret of a store of 1,000.
const LAST_OF_1000: &str = "secret-1000";

fn main() {
    if env::var_os(MEMORY_OF).is_some() {
        return print_memory_of_child();
    }
    let rounds = env::args().find_map(|argument| argument.parse().ok());
    let rounds = rounds.unwrap_or(DEFAULT_ROUNDS);
    let jdks: Vec<Jdk> = [17, 25].into_iter().filter_map(support::jdk).collect();
    let Some(first) = jdks.first() else { return };
    let folder = tempfile::tempdir().unwrap();
    let store =
        |store_type: &str, count: usize| make_store(first, folder.path(), store_type, count);
    let (Some(pkcs12), Some(jceks)) = (store("PKCS12", 1000), store("JCEKS", 100)) else {
        return;
    };

    println!("{}\n", processor());
    println!("Whole process, {rounds} rounds, milliseconds: median (fastest to slowest)\n");
    println!("| what | keyward | peer | its time | ratio |\n|---|--:|---|--:|--:|");
    let list = "list of 1,000 entries, PKCS12";
    for jdk in jdks.iter().filter(|_| is_wanted(list)) {
        let what = list;
        let peer = (
            format!("keytool {}", jdk.version),
            keytool_list(jdk, &pkcs12),
        );
        compare(what, keyward_list(&pkcs12), peer, "alias1000", rounds);
    }
    let all = "all of 1,000 secrets, PKCS12";
    for jdk in jdks.iter().filter(|_| is_wanted(all)) {
        let what = all;
        let peer = (
            format!("Java {}", jdk.version),
            java_all(jdk, &pkcs12, "PKCS12"),
        );
        compare(what, keyward_all(&pkcs12), peer, LAST_OF_1000, rounds);
    }
    let all = "all of 100 secrets, JCEKS";
    for jdk in jdks.iter().filter(|_| is_wanted(all)) {
        let what = all;
        let peer = (
            format!("Java {}", jdk.version),
            java_all(jdk, &jceks, "JCEKS"),
        );
        compare(what, keyward_all(&jceks), peer, "secret-0100", rounds);
    }
    for jdk in jdks.iter().filter(|_| is_wanted("ten imports")) {
        ten_imports(jdk, folder.path(), rounds);
    }
    println!("\nWithout a peer\n\n| what | time |\n|---|--:|");
    if is_wanted("batch") {
        batch_of_1000(folder.path(), rounds);
    }
    if is_wanted("one of JCEKS") {
        one_of_jceks(&jceks, rounds);
    }
    if !is_wanted("memory") {
        return;
    }
    println!("\nPeak memory, MiB\n\n| what | memory |\n|---|--:|");
    print_memory("keyward --version", &mut version());
    print_memory("keyward list, 1,000 entries", &mut keyward_list(&pkcs12));
    print_memory(
        "keyward get, one of 1,000",
        &mut keyward_get(&pkcs12, "alias0500"),
    );
    print_memory("keyward get --all, 1,000", &mut keyward_all(&pkcs12));
    for jdk in &jdks {
        let name = format!("keytool {} -list, 1,000 entries", jdk.version);
        print_memory(&name, &mut keytool_list(jdk, &pkcs12));
    }
}

/// Whether the command line names it, or nothing.
fn is_wanted(what: &str) -> bool {
    let is_option =
        |argument: &String| argument.starts_with('-') || argument.parse::<usize>().is_ok();
    let named: Vec<String> = env::args().skip(1).filter(|one| !is_option(one)).collect();
    named.is_empty() || named.iter().any(|name| what.contains(name.as_str()))
}

fn make_store(jdk: &Jdk, folder: &Path, store_type: &str, count: usize) -> Option<PathBuf> {
    let path = folder.join(format!("{count}.{store_type}"));
    let count = count.to_string();
    let arguments = [path.to_str()?, store_type, STORE_PASSWORD, &count];
    jdk.run_java("MakeStore", &arguments)?.of_success();
    Some(path)
}

fn keyward(arguments: &[&str], store: &Path) -> Command {
    let mut command = keyward_command();
    command.args(arguments).arg("-keystore").arg(store);
    command.args(["-storepass:env", STORE_PASSWORD_VARIABLE]);
    command
}

fn version() -> Command {
    let mut command = keyward_command();
    command.arg("--version");
    command
}

fn keyward_list(store: &Path) -> Command {
    keyward(&["list"], store)
}

fn keyward_get(store: &Path, alias: &str) -> Command {
    keyward(&["get", alias], store)
}

fn keyward_all(store: &Path) -> Command {
    keyward(&["get", "--all", "--json"], store)
}

fn keytool_list(jdk: &Jdk, store: &Path) -> Command {
    let mut command = jdk.keytool_command();
    command.args(["-list", "-storepass", STORE_PASSWORD, "-keystore"]);
    command.arg(store);
    command
}

fn java_all(jdk: &Jdk, store: &Path, store_type: &str) -> Command {
    let arguments = [store.to_str().unwrap(), store_type, STORE_PASSWORD];
    jdk.java_command("GetAll", &arguments).unwrap()
}

/// Prints one line: keyward and its peer, taking turns.
fn compare(
    what: &str,
    mut keyward: Command,
    (name, mut peer): (String, Command),
    expected: &str,
    rounds: usize,
) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(time_of(&mut keyward, expected));
        theirs.push(time_of(&mut peer, expected));
    }
    print_line(what, &Times::of(ours), &name, &Times::of(theirs));
}

fn print_line(what: &str, ours: &Times, name: &str, theirs: &Times) {
    let ratio = ours.ratio(theirs);
    println!("| {what} | {ours} | {name} | {theirs} | {ratio:.0} |");
}

/// Ten programs that import into one store at the same moment, against ten keytools that do it one
/// after the other: at the same moment they would lose entries.
fn ten_imports(jdk: &Jdk, folder: &Path, rounds: usize) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let store = folder.join(format!("ten-{}-{round}.p12", jdk.version));
        ours.push(time(|| {
            let start = |number: usize| {
                let alias = format!("alias{number}");
                let command = keyward(&["importpass", "-alias", &alias], &store);
                start_with_input(command, "x34!2axf\n")
            };
            let running: Vec<Child> = (0..10).map(start).collect();
            running.into_iter().for_each(finish);
        }));
        let listed = keyward_list(&store).output().unwrap();
        assert_eq!(
            String::from_utf8_lossy(&listed.stdout)
                .matches("alias")
                .count(),
            10
        );
        let store = folder.join(format!("ten-keytool-{}-{round}.p12", jdk.version));
        theirs.push(time(|| {
            for number in 0..10 {
                let mut command = jdk.keytool_command();
                let alias = format!("alias{number}");
                command.args([
                    "-importpass",
                    "-alias",
                    &alias,
                    "-storepass",
                    STORE_PASSWORD,
                ]);
                command.arg("-keystore").arg(&store);
                finish(start_with_input(command, "x34!2axf\n"));
            }
        }));
    }
    let name = format!("ten keytool {}, one after the other", jdk.version);
    let what = "ten imports by ten processes at once";
    print_line(what, &Times::of(ours), &name, &Times::of(theirs));
}

fn start_with_input(mut command: Command, input: &str) -> Child {
    use std::io::Write;
    command.stdin(Stdio::piped());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child
}

fn finish(mut child: Child) {
    assert!(child.wait().unwrap().success());
}

fn time(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

/// `set --batch` with 1,000 secrets into a new store: 1,000 derivations to write, and as many to
/// read back what was written.
fn batch_of_1000(folder: &Path, rounds: usize) {
    let batch = folder.join("batch");
    let mut lines = String::new();
    for number in 0..1000 {
        writeln!(lines, "alias{number}=secret-{number}").unwrap();
    }
    fs::write(&batch, lines).unwrap();
    let times = (0..rounds).map(|round| {
        let store = folder.join(format!("batch-{round}.p12"));
        let mut command = keyward(&["set", "--batch", batch.to_str().unwrap()], &store);
        time_of(&mut command, "")
    });
    let times = Times::of(times.collect());
    println!("| `set --batch` of 1,000 into a new PKCS12 store | {times} |");
}

/// One secret of JCEKS beside its floor, the chain of MD5 that it needs.
fn one_of_jceks(store: &Path, rounds: usize) {
    let derivation = KeyDerivation::Jceks {
        halves: jceks_halves(*b"12345678", EqualHalves::Reversed),
        iterations: Iterations::new(200_000).unwrap(),
    };
    let (mut processes, mut chains) = (Vec::new(), Vec::new());
    for _ in 0..4 * rounds {
        processes.push(time_of(&mut keyward_get(store, "alias0050"), "secret-0050"));
        chains.push(time(|| drop(derivation.derive(STORE_PASSWORD.as_bytes()))));
    }
    let (process, chain) = (Times::of(processes), Times::of(chains));
    println!("| the two chains of 200,000 MD5 of one JCEKS secret, in process | {chain} |");
    println!("| `get` of one JCEKS secret of 100, whole process | {process} |");
    let ratio = |process: Duration, chain: Duration| process.as_secs_f64() / chain.as_secs_f64();
    println!(
        "| … times its chains, by medians and by the fastest | {:.2}, {:.2} |",
        ratio(process.median, chain.median),
        ratio(process.fastest, chain.fastest)
    );
}

/// In a process of its own, since the system gives the largest of all children.
fn print_memory(what: &str, command: &mut Command) {
    let program = command.get_program().to_owned();
    let output = Command::new(env::current_exe().unwrap())
        .arg(program)
        .args(command.get_args())
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env(MEMORY_OF, "child")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    print!("| {what} | {}", String::from_utf8_lossy(&output.stdout));
}

fn print_memory_of_child() {
    let mut arguments = env::args_os().skip(1);
    let mut command = Command::new(arguments.next().unwrap());
    command.args(arguments).env_remove(MEMORY_OF);
    finish(
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let kilobytes = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
    #[expect(clippy::cast_precision_loss, reason = "a few gigabytes at most")]
    let mebibytes = kilobytes as f64 / 1024.0;
    println!("{mebibytes:.1} |");
}
