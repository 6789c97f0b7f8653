//! JCEKS and JKS, behind a digest that fits.
#![no_main]

#[path = "exercise.rs"]
mod exercise;

use exercise::{PASSWORD, exercise, with_small_numbers};
use libfuzzer_sys::fuzz_target;
use sha1::{Digest, Sha1};

const DIGEST_LENGTH: usize = 20;

fuzz_target!(|file: &[u8]| {
    let content = &file[..file.len().saturating_sub(DIGEST_LENGTH)];
    let mut whole = with_small_numbers(content);
    let digest = Sha1::new()
        .chain_update(
            PASSWORD
                .bytes()
                .flat_map(|byte| [0, byte])
                .collect::<Vec<u8>>(),
        )
        .chain_update(b"Mighty Aphrodite")
        .chain_update(&whole)
        .finalize();
    whole.extend_from_slice(&digest);
    exercise(&whole);
});
