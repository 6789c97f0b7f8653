//! Lookups in the process, by one thread and by two, and those of a JVM that reads the store again.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use keyward::Secret;
use keyward::service::SecretService;

use super::stores::{PASSWORD, Store};
use super::support;

/// Between two looks at the clock.
const ROUND: u32 = 10_000;

pub(crate) fn measure(time: Duration) {
    println!("Lookups in the process, million a second and thread (goal: 10)\n");
    println!(
        "| entries | threads | lent | get | a view of both, get twice |\n|--:|--:|--:|--:|--:|"
    );
    for entries in [5, 1000] {
        let service = Store::of(entries).serve();
        for threads in [1, 2] {
            let lent = by(threads, &service, time, |service| {
                let length = service.with(black_box("db1pass"), Secret::len);
                black_box(length.is_ok());
            });
            let single = by(threads, &service, time, |service| {
                black_box(service.get(black_box("db1pass")).is_ok());
            });
            let paired = by(threads, &service, time, |service| {
                let view = service.view();
                black_box(view.get(black_box("db1pass")).is_ok());
                black_box(view.get(black_box("db1pass")).is_ok());
            });
            println!("| {entries} | {threads} | {lent:.1} | {single:.1} | {paired:.1} |");
        }
    }
    println!();
}

/// Million times a second and thread.
fn by(threads: u32, service: &SecretService, time: Duration, look_up: fn(&SecretService)) -> f64 {
    assert!(service.get("db1pass").is_ok());
    let rates = thread::scope(|scope| {
        let started: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| rate(service, time, look_up)))
            .collect();
        let ended = started.into_iter().map(|thread| thread.join().unwrap());
        ended.sum::<f64>()
    });
    rates / f64::from(threads)
}

fn rate(service: &SecretService, time: Duration, look_up: fn(&SecretService)) -> f64 {
    let start = Instant::now();
    let mut rounds = 0_u32;
    while start.elapsed() < time {
        for _ in 0..ROUND {
            look_up(service);
        }
        rounds += 1;
    }
    f64::from(rounds) * f64::from(ROUND) / start.elapsed().as_secs_f64() / 1e6
}

/// What a user would otherwise have.
pub(crate) fn measure_java(time: Duration) {
    println!("A JVM in place of the service, one thread\n");
    println!(
        "| entries | JDK | reads the store for each lookup | reads it when its time has changed | resident memory |"
    );
    println!("|--:|--:|--:|--:|--:|");
    for entries in [5, 1000] {
        let store = Store::of(entries);
        for jdk in [17, 25].into_iter().filter_map(support::jdk) {
            let path = store.path("store");
            let seconds = time.as_secs().to_string();
            let look_up = |mode| {
                let path = path.to_str().unwrap();
                let arguments = [mode, path, "PKCS12", PASSWORD, "db1pass", &seconds];
                let output = jdk.run_java_with(&[], None, "LookUp", &arguments)?;
                let numbers = output.of_success().stdout;
                let numbers = numbers
                    .split_whitespace()
                    .map(|number| number.parse().unwrap());
                let numbers: Vec<f64> = numbers.collect();
                Some((numbers[0] / numbers[1] * 1e9, numbers[2] / 1024.0))
            };
            let (Some((each, _)), Some((changed, memory))) = (look_up("each"), look_up("changed"))
            else {
                return;
            };
            println!(
                "| {entries} | {} | {each:.0} a second | {changed:.0} a second | {memory:.0} MiB |",
                jdk.version
            );
        }
    }
}
