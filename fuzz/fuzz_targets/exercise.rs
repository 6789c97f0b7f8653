//! Everything that can be asked of an opened keystore.

use keyward::Secret;
use keyward::keystore::{Alias, Keystore};

pub const PASSWORD: &str = "changeit";

/// Lists, reads, imports, deletes; what is written opens again and has the same entries.
pub fn exercise(file: &[u8]) {
    let password = Secret::copied_from(PASSWORD.as_bytes());
    let Ok(mut store) = Keystore::open(file, &password) else {
        return;
    };
    let entries = store.entries();
    // A few of them: every secret costs a derivation.
    for entry in entries.iter().take(3) {
        let _ = store.secret(&entry.alias);
    }
    assert_written_as_read(&store, &password);
    if let Some(last) = entries.last() {
        let _ = store.delete(&last.alias);
        assert_written_as_read(&store, &password);
    }
    let alias = Alias::new("added by the fuzzer");
    if store.entry(&alias).is_none() && store.delete(&alias).is_ok() {
        panic!("deleted what was not there");
    }
}

fn assert_written_as_read(store: &Keystore, password: &Secret) {
    match Keystore::open(&store.to_bytes(), password) {
        Ok(reopened) => assert!(
            reopened.entries() == store.entries(),
            "other entries were written"
        ),
        Err(error) => panic!("what was written does not open: {error}"),
    }
}

/// Makes every iteration count small, where it stands, so that a run tries many files and not one
/// count: an INTEGER of 2 to 9 bytes keeps its length and its last 6 bits.
pub fn with_small_numbers(file: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    let mut at = 0;
    while at + 2 < file.len() {
        let length = usize::from(file[at + 1]);
        let is_number = file[at] == 2 && (2..=9).contains(&length);
        if is_number && at + 2 + length <= file.len() {
            let (last, leading) = file[at + 2..at + 2 + length]
                .split_last_mut()
                .expect("two bytes at least");
            leading.fill(0);
            *last &= 0x3f;
        }
        at += 1;
    }
    file
}
