//! The Java object stream of a JCEKS secret: the one secret of a store.
#![no_main]

#[path = "exercise.rs"]
mod exercise;

use exercise::{PASSWORD, exercise, with_small_numbers};
use libfuzzer_sys::fuzz_target;
use sha1::{Digest, Sha1};

/// JCEKS, version 2, one entry: a secret `x`, made in 1970.
const BEFORE: &[u8] = &[
    0xce, 0xce, 0xce, 0xce, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 1, b'x', 0, 0, 0, 0, 0, 0, 0, 0,
];

fuzz_target!(|stream: &[u8]| {
    let mut store = [BEFORE, &with_small_numbers(stream)].concat();
    let digest = Sha1::new()
        .chain_update(
            PASSWORD
                .bytes()
                .flat_map(|byte| [0, byte])
                .collect::<Vec<u8>>(),
        )
        .chain_update(b"Mighty Aphrodite")
        .chain_update(&store)
        .finalize();
    store.extend_from_slice(&digest);
    exercise(&store);
});
