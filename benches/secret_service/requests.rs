//! Requests over the Unix socket, on connections that stay open. Clients and service share the processors.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use super::running::Running;
use super::stores::{SECRETS, Store};

const REQUEST: &[u8] = b"GET /v1/secrets/db1pass HTTP/1.1\r\nHost: localhost\r\n\r\n";

pub(crate) fn measure(time: Duration) {
    println!("Requests over the Unix socket, each client waits for its answer\n");
    println!("| clients | requests a second | median | 99 % | slowest |\n|--:|--:|--:|--:|--:|");
    let store = Store::of(5);
    let (running, _) = Running::start(&store);
    for clients in [1, 2, 8, 64] {
        let mut times: Vec<Duration> = thread::scope(|scope| {
            let started: Vec<_> = (0..clients)
                .map(|_| scope.spawn(|| ask(running.connect().unwrap(), time)))
                .collect();
            let ended = started.into_iter().map(|client| client.join().unwrap());
            ended.flatten().collect()
        });
        times.sort();
        let at =
            |percent: usize| times[(times.len() * percent).div_ceil(100) - 1].as_secs_f64() * 1e6;
        let answered = u32::try_from(times.len()).unwrap();
        let rate = f64::from(answered) / time.as_secs_f64();
        println!(
            "| {clients} | {rate:.0} | {:.0} µs | {:.0} µs | {:.0} µs |",
            at(50),
            at(99),
            at(100)
        );
    }
    println!();
}

/// How long each request took.
fn ask(mut stream: UnixStream, time: Duration) -> Vec<Duration> {
    let (start, mut times) = (Instant::now(), Vec::new());
    let mut buffer = [0; 1024];
    while start.elapsed() < time {
        let asked = Instant::now();
        stream.write_all(REQUEST).unwrap();
        let mut length = 0;
        while !buffer[..length].ends_with(SECRETS[0].as_bytes()) {
            let read = stream.read(&mut buffer[length..]).unwrap();
            assert_ne!(read, 0, "closed");
            length += read;
        }
        times.push(asked.elapsed());
    }
    times
}
