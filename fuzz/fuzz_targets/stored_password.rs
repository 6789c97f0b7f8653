//! Stored passwords: identified, recognised, counted by a list of encoders, and verified where that is cheap.
//!
//! `.ci/fuzz` takes these as seeds, as it takes the values of the tests: a template that is filled with a salt, and an
//! envelope that says how long its key is.
//!
//! ```text
//! "$sha256$pf=e1NBTFR9e1NBTFR9e1BBU1NXT1JEfQ==$NW9wbWtnejAzcg==$HokCOi9OtiZaZRvnkgemV3B4UUHpI7kA8zq/EZWH2NY="
//! "$keyward$1$pbkdf2;h=SHA256;i=1000;l=64;s=c2FsdHNhbHQ$pbkdf2;h=SHA256;i=1000;l=32;s=c2FsdHNhbHQ$E196ZhRPzw+wA84EjzHwJO1cv/MFJdO6C/sxmUeTYqY"
//! ```
#![no_main]

use std::str;

use keyward::Secret;
use keyward::password::{Dialect, Encoder, EncoderKind, EncoderList, identify, recognise, schemes};
use libfuzzer_sys::fuzz_target;

/// What a verification may cost, in nanoseconds: the bounds let a second of work in, and a run should try many values.
const MOST_WORK: u64 = 2_000_000;

fuzz_target!(|stored: &[u8]| {
    let Ok(stored) = str::from_utf8(stored) else {
        return;
    };
    let password = Secret::copied_from(b"x34!2axf");
    let identification = identify(stored, None);
    for refusal in &identification.refusals {
        assert!(!refusal.to_string().is_empty());
    }
    for reading in &identification.readings {
        assert!(!reading.function().to_string().is_empty());
        if reading.function().work() <= MOST_WORK {
            let verified = reading.verify(&password);
            assert_eq!(verified, reading.verify(&password), "another answer");
        }
    }
    for dialect in Dialect::ALL {
        let _ = recognise(stored, Some(dialect));
    }
    let encoders = schemes().enumerate().map(|(number, scheme)| {
        Encoder::new(&number.to_string(), None).of_kind(EncoderKind::of_scheme(scheme))
    });
    if let Some(list) = EncoderList::new(encoders.collect(), 0) {
        let readings = list.readings(stored);
        assert_eq!(readings.is_empty(), list.recognise(stored).is_err());
    }
});
