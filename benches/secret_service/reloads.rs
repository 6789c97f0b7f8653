//! What a reload costs after one of so many entries has changed, beside what it cannot do without: the integrity check
//! and one derivation.

use std::time::Instant;

use keyward::keystore::{Alias, Keystore};
use keyward::service::ReloadOutcome;

use super::measure::Times;
use super::stores::{PASSWORD, Store, secret};

const ROUNDS: usize = 10;

pub(crate) fn measure() {
    println!("A reload after one change, {ROUNDS} each, milliseconds\n");
    println!("| entries | bytes | reload | open and one secret | ratio |\n|--:|--:|--:|--:|--:|");
    for entries in [1, 10, 100, 1000, 10_000] {
        let store = Store::of(entries);
        let service = store.serve();
        let (mut reloads, mut floors) = (Vec::new(), Vec::new());
        for round in 1..=ROUNDS {
            store.put(round % 2);
            let start = Instant::now();
            let reports = service.reload();
            reloads.push(start.elapsed());
            assert!(matches!(reports[0].outcome, ReloadOutcome::Reloaded { .. }));
            let start = Instant::now();
            let opened = Keystore::open(&store.versions[round % 2], &secret(PASSWORD)).unwrap();
            assert!(opened.secret(&Alias::new("db1pass")).is_ok());
            floors.push(start.elapsed());
        }
        let (reload, floor) = (Times::of(reloads), Times::of(floors));
        let (bytes, ratio) = (store.versions[0].len(), floor.ratio(&reload));
        println!("| {entries} | {bytes} | {reload} | {floor} | {ratio:.2} |");
    }
    println!();
}
