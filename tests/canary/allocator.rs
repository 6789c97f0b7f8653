//! [`ScanningAllocator`]: looks through every block of the heap before it is given back.
//!
//! Looking at a block after it was freed would be undefined behaviour; before, it is plain reading. Blocks are handed
//! out zeroed, so that nothing is read that was never written, and what is found was put there by who had the block. A
//! block that grows or shrinks always moves, so that no leak depends on where the system's allocator finds room.

use std::alloc::{GlobalAlloc, Layout, System};
use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::needles::Needles;

/// So many leaks are described, the others only counted.
const MOST_DESCRIBED: usize = 4;

pub(crate) struct ScanningAllocator;

static NEEDLES: OnceLock<Needles> = OnceLock::new();
static IS_SCANNING: AtomicBool = AtomicBool::new(false);
/// Whether who freed them is to be said: finding out takes seconds.
static IS_TOLD: AtomicBool = AtomicBool::new(false);
static LEAKS: AtomicUsize = AtomicUsize::new(0);
static DESCRIPTIONS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static TURN: Mutex<()> = Mutex::new(());

thread_local! {
    /// A leak is being described, which takes memory too.
    static IS_DESCRIBING: Cell<bool> = const { Cell::new(false) };
    /// How many [`Turn`]s this thread has, and what keeps the other threads waiting.
    static TURNS: Cell<usize> = const { Cell::new(0) };
    static HELD: RefCell<Option<MutexGuard<'static, ()>>> = const { RefCell::new(None) };
}

/// While one test has its turn, no other touches a canary. A thread may take it again.
pub(crate) struct Turn(());

impl Turn {
    pub(crate) fn take() -> Self {
        if TURNS.get() == 0 {
            let held = TURN.lock().unwrap_or_else(PoisonError::into_inner);
            HELD.set(Some(held));
        }
        TURNS.set(TURNS.get() + 1);
        Self(())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        TURNS.set(TURNS.get() - 1);
        if TURNS.get() == 0 {
            drop(HELD.take());
        }
    }
}

// SAFETY: all blocks come from `System` and go back to it with the layout that they were asked for with.
unsafe impl GlobalAlloc for ScanningAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if IS_SCANNING.load(Ordering::Relaxed) {
            // SAFETY: the block is the caller's until it is freed, as large as its layout, and was zeroed at first.
            scan(unsafe { std::slice::from_raw_parts(block, layout.size()) });
        }
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: `new_size` is one that the alignment allows: the caller promises so.
        let new_layout = unsafe { Layout::from_size_align_unchecked(new_size, layout.align()) };
        // SAFETY: the new block is as large as `new_size`, the old one as its layout; they are different blocks.
        unsafe {
            let moved = self.alloc(new_layout);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block, moved, layout.size().min(new_size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

fn scan(block: &[u8]) {
    let Some(needles) = NEEDLES.get() else { return };
    // Without thread-local storage a thread is at its end; what it frees counts all the same.
    if IS_DESCRIBING.try_with(Cell::get) == Ok(true) {
        return;
    }
    let Some((form, at)) = needles.find_in(block) else {
        return;
    };
    let before = LEAKS.fetch_add(1, Ordering::Relaxed);
    if before >= MOST_DESCRIBED || !IS_TOLD.load(Ordering::Relaxed) {
        return;
    }
    let _ = IS_DESCRIBING.try_with(|describing| describing.set(true));
    let length = block.len();
    let by = Backtrace::force_capture();
    let description = format!("{form}, byte {at} of a block of {length}, freed by:\n{by}");
    let mut descriptions = DESCRIPTIONS.lock().unwrap_or_else(PoisonError::into_inner);
    descriptions.push(description);
    drop(descriptions);
    let _ = IS_DESCRIBING.try_with(|describing| describing.set(false));
}

/// What is freed while `scenario` runs is looked through: how many blocks held a piece of a canary.
pub(crate) fn leaks_of(scenario: impl FnOnce()) -> usize {
    let _turn = Turn::take();
    NEEDLES.get_or_init(Needles::of_text);
    LEAKS.store(0, Ordering::Relaxed);
    let scanning = Scanning::start();
    scenario();
    drop(scanning);
    LEAKS.load(Ordering::Relaxed)
}

/// Nothing that `scenario` frees holds a piece of a canary; if something does, who freed it is said.
#[track_caller]
pub(crate) fn assert_wiped(scenario: impl FnOnce()) {
    let _turn = Turn::take();
    IS_TOLD.store(true, Ordering::Relaxed);
    let leaks = leaks_of(scenario);
    IS_TOLD.store(false, Ordering::Relaxed);
    let mut descriptions = DESCRIPTIONS.lock().unwrap_or_else(PoisonError::into_inner);
    let described = std::mem::take(&mut *descriptions).join("\n\n");
    drop(descriptions);
    assert_eq!(leaks, 0, "freed blocks held a canary\n{described}");
}

/// Ends with a panic of the scenario too.
struct Scanning;

impl Scanning {
    fn start() -> Self {
        IS_SCANNING.store(true, Ordering::SeqCst);
        Self
    }
}

impl Drop for Scanning {
    fn drop(&mut self) {
        IS_SCANNING.store(false, Ordering::SeqCst);
    }
}

mod tests {
    use super::*;
    use crate::canaries::SECRET;

    #[test]
    fn a_vector_that_is_dropped_unwiped_is_found() {
        let leaks = leaks_of(|| drop(SECRET.secret().expose_bytes().to_vec()));
        assert_eq!(leaks, 1);
    }

    #[test]
    fn a_vector_that_grows_is_found_where_it_was() {
        let leaks = leaks_of(|| {
            let mut grown = SECRET.secret().expose_bytes().to_vec();
            grown.reserve(10_000);
            zeroize::Zeroize::zeroize(&mut grown);
        });
        assert_eq!(leaks, 1);
    }

    #[test]
    fn a_block_that_another_thread_frees_is_looked_through_too() {
        let leaks = leaks_of(|| {
            let secret = SECRET.secret().expose_bytes().to_vec();
            std::thread::spawn(move || drop(secret)).join().unwrap();
        });
        assert_eq!(leaks, 1);
    }

    #[test]
    fn a_wiped_vector_is_no_leak() {
        assert_wiped(|| drop(SECRET.secret()));
    }
}
