//! [`PathEvents`]: the kernel's word that something happened to a path.
//!
//! A hint only: events get lost (queue overflow), never come (NFS, bind mounts), or cannot be had (limits).
//! They wake the poll earlier; the poll decides.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::alarm::Alarm;
use super::link_chain::LinkChain;

/// How often the watches are set again when the links change while they are being set.
const MOST_ATTEMPTS: usize = 3;

/// Watches the directories of one path's links and rings when a link or the file is touched.
pub(super) struct PathEvents {
    path: PathBuf,
    alarm: Arc<Alarm>,
    chain: Arc<LinkChain>,
    watcher: Option<RecommendedWatcher>,
    /// A watched directory was itself moved or removed: its watch may be dead, even if a directory of the
    /// same name, and the same inode, is there again.
    lost: Arc<AtomicBool>,
}

impl PathEvents {
    /// Nothing is watched before [`follow`](Self::follow).
    pub(super) fn new(path: &Path, alarm: &Arc<Alarm>) -> Self {
        Self {
            path: path.to_owned(),
            alarm: Arc::clone(alarm),
            chain: Arc::default(),
            watcher: None,
            lost: Arc::default(),
        }
    }

    /// Watches what the path leads over now. To be called before the file is read, so that no change
    /// falls between.
    ///
    /// # Errors
    /// When the kernel does not let it watch; nothing is watched then.
    pub(super) fn follow(&mut self) -> Result<(), notify::Error> {
        for _ in 0..MOST_ATTEMPTS {
            let chain = LinkChain::follow(&self.path);
            let lost = self.lost.swap(false, Ordering::Relaxed);
            if !lost && self.watcher.is_some() && chain == *self.chain {
                return Ok(());
            }
            // The old watches go first: a limit on their number must not stand in the way of the new.
            self.watcher = None;
            self.chain = Arc::new(chain);
            self.watcher = Some(self.watch()?);
        }
        Ok(())
    }

    fn watch(&self) -> Result<RecommendedWatcher, notify::Error> {
        let (chain, alarm) = (Arc::clone(&self.chain), Arc::clone(&self.alarm));
        let lost = Arc::clone(&self.lost);
        let mut watcher = notify::recommended_watcher(move |event| {
            if let Some(effect) = effect_of(&event, &chain) {
                lost.fetch_or(effect == Effect::OnWatches, Ordering::Relaxed);
                alarm.ring();
            }
        })?;
        for directory in self.chain.directories() {
            watcher.watch(directory, RecursiveMode::NonRecursive)?;
        }
        Ok(watcher)
    }
}

/// What an event may have changed.
#[derive(Eq, PartialEq)]
enum Effect {
    OnFile,
    OnWatches,
}

/// Access has no effect: our own reading is one.
fn effect_of(event: &notify::Result<Event>, chain: &LinkChain) -> Option<Effect> {
    let Ok(event) = event else {
        return Some(Effect::OnWatches);
    };
    if event.kind.is_access() {
        return None;
    }
    if event.need_rescan() || event.paths.iter().any(|path| chain.watches(path)) {
        return Some(Effect::OnWatches);
    }
    event
        .paths
        .iter()
        .any(|path| chain.concerns(path))
        .then_some(Effect::OnFile)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::super::alarm::Wake;
    use super::*;

    #[test]
    fn a_replaced_file_rings_and_a_read_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secure.jks");
        fs::write(&path, b"one").unwrap();
        let alarm = Arc::new(Alarm::default());
        let mut events = PathEvents::new(&path, &alarm);
        events.follow().unwrap();

        fs::read(&path).unwrap();
        fs::write(folder.path().join("neighbour"), b"noise").unwrap();
        assert_eq!(alarm.sleep(Duration::from_millis(300)), Wake::Due);

        fs::write(folder.path().join("new"), b"two").unwrap();
        fs::rename(folder.path().join("new"), &path).unwrap();
        assert_eq!(alarm.sleep(Duration::from_secs(10)), Wake::Rung);
    }
}
