//! No secret survives: not in memory that is given back, not in what the process still has after the last
//! handle is dropped, not in anything that keyward writes about itself.
//!
//! | file | looks at |
//! |---|---|
//! | `keystores.rs`, `serving.rs`, `delivery.rs`, `passwords.rs` | each block of the heap, as it is freed or moved |
//! | `process_memory.rs` | `/proc/self/mem`: heap, stacks, statics, after the last handle is dropped |
//! | `outputs.rs` | standard output, standard error, log, audit lines, status and metrics of the program |
//!
//! The canaries are passwords and secrets that occur nowhere else; eight characters of one in a row are found.

#![cfg(all(target_os = "linux", feature = "cli"))]
// All of this is test code, and an allocator cannot be written without `unsafe`.
#![allow(unsafe_code, clippy::unwrap_used, clippy::expect_used)]

mod allocator;
mod alone;
mod canaries;
mod delivery;
#[path = "../service/fixture.rs"]
mod fixture;
mod keystores;
mod needles;
mod outputs;
mod passwords;
mod process_memory;
#[path = "../service/server.rs"]
mod server;
mod serving;
mod stage;

use allocator::ScanningAllocator;

#[global_allocator]
static ALLOCATOR: ScanningAllocator = ScanningAllocator;
