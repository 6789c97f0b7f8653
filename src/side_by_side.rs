//! [`side_by_side`]: work on many things on all processors, and hand over what comes of it in the things' order.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread::{self, available_parallelism};

/// So many results may wait for being handed over before the threads wait too.
const MOST_WAITING: usize = 64;

/// How many threads work for each processor that this process may use.
#[derive(Clone, Copy)]
pub(crate) enum Threads {
    /// The work computes.
    #[cfg(feature = "migrate")]
    One,
    /// The work waits for the disk most of the time: a write is there before the next step.
    #[cfg(feature = "wso2")]
    Several,
}

impl Threads {
    fn count(self) -> usize {
        match self {
            #[cfg(feature = "migrate")]
            Self::One => 1,
            #[cfg(feature = "wso2")]
            Self::Several => 4,
        }
    }
}

/// How many processors this process may use.
pub(crate) fn processors() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

/// Works on `things` side by side, and calls `done` on this thread with each result, in the order of the things.
pub(crate) fn side_by_side<T: Sync, R: Send>(
    things: &[T],
    threads: Threads,
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(R),
) {
    let threads = (threads.count() * processors()).min(things.len());
    if threads < 2 {
        things.iter().map(work).for_each(done);
        return;
    }
    let next = AtomicUsize::new(0);
    let (finished, results) = sync_channel(MOST_WAITING);
    thread::scope(|scope| {
        for _ in 0..threads {
            let (next, work, finished) = (&next, &work, finished.clone());
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(thing) = things.get(index) else {
                        return;
                    };
                    // Nobody hears it only if `done` panicked.
                    if finished.send((index, work(thing))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(finished);
        let mut early = BTreeMap::new();
        let mut handed_over = 0;
        for (index, result) in results {
            early.insert(index, result);
            while let Some(result) = early.remove(&handed_over) {
                done(result);
                handed_over += 1;
            }
        }
    });
}

#[cfg(all(test, feature = "migrate"))]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_each_once() {
        for count in [0, 1, 2, 1000] {
            let things: Vec<usize> = (0..count).collect();
            let mut results = Vec::new();
            let work = |thing: &usize| {
                // The first ones take longest.
                if *thing < 3 {
                    thread::sleep(std::time::Duration::from_millis(5));
                }
                thing * 2
            };
            side_by_side(&things, Threads::One, work, |result| results.push(result));
            let expected: Vec<usize> = things.iter().map(|thing| thing * 2).collect();
            assert_eq!(results, expected);
        }
    }
}
