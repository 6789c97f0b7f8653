//! PKCS12: the file as it is, and its AuthenticatedSafe in a file without a MAC, so that what a MAC guards is
//! reached too.
#![no_main]

#[path = "exercise.rs"]
mod exercise;

use exercise::{exercise, with_small_numbers};
use libfuzzer_sys::fuzz_target;

/// `INTEGER 3, SEQUENCE { data, [0] OCTET STRING`, with indefinite lengths where they can be.
const BEFORE: &[u8] = &[
    0x30, 0x80, 2, 1, 3, 0x30, 0x80, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1, 0xa0, 0x80,
    4, 0x84,
];
const AFTER: &[u8] = &[0; 6];

fuzz_target!(|file: &[u8]| {
    let file = with_small_numbers(file);
    exercise(&file);
    if let Some(content) = authenticated_safe(&file) {
        let length = u32::try_from(content.len())
            .expect("libFuzzer makes no such files")
            .to_be_bytes();
        exercise(&[BEFORE, &length, content, AFTER].concat());
    }
});

/// What a JDK's file has from its 26th byte on, give or take its length fields: the first SEQUENCE after the
/// type `data` and two headers.
fn authenticated_safe(file: &[u8]) -> Option<&[u8]> {
    let data = BEFORE.get(7..18)?;
    let at = file.windows(data.len()).position(|window| window == data)? + data.len();
    let start = file[at..].iter().position(|&byte| byte == 0x30)?;
    file.get(at + start..)
}
