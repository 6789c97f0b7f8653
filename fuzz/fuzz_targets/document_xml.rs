//! The documents that name keystores and aliases. They are read from files, so each is put into one.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;
use std::{env, fs, process};

use keyward::document::{Configuration, read_references};
use libfuzzer_sys::fuzz_target;

/// In the folder for temporary files, which .ci/fuzz puts into memory and removes.
static DOCUMENT: LazyLock<PathBuf> =
    LazyLock::new(|| env::temp_dir().join(format!("keyward-fuzz-{}.xml", process::id())));

fuzz_target!(|document: &[u8]| {
    fs::write(&*DOCUMENT, document).expect("room for the document");
    if let Err(error) = Configuration::load(&DOCUMENT) {
        assert!(!error.to_string().is_empty());
    }
    let _ = read_references(&DOCUMENT);
});
