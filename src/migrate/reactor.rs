//! [`Reactor`]: the threads that talk to a server, for callers that wait.

use std::io;
use std::sync::mpsc::sync_channel;
use std::thread::available_parallelism;

use tokio::runtime::{Builder, Handle, Runtime};

/// A runtime of its own, so that a caller on any thread may wait for it: also one of another runtime.
pub(super) struct Reactor {
    /// Some until it is dropped.
    runtime: Option<Runtime>,
    handle: Handle,
}

impl Reactor {
    /// Its threads are called `name`.
    pub(super) fn new(name: &str) -> io::Result<Self> {
        let threads = available_parallelism().map_or(1, |count| count.get().min(2));
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_name(name)
            .enable_all()
            .build()?;
        Ok(Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    }

    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }

    /// What comes of `work`; none only if it panicked.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let (done, result) = sync_channel(1);
        self.handle.spawn(async move {
            // Whoever waits is there until this is sent.
            let _ = done.send(work.await);
        });
        result.recv().ok()
    }
}

impl Drop for Reactor {
    fn drop(&mut self) {
        // It may be dropped by a thread of another runtime, which must not wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_can_be_waited_for_on_any_thread() {
        let reactor = Reactor::new("keyward-test").unwrap();
        assert_eq!(reactor.wait(async { 1 }), Some(1));
        let other = Builder::new_current_thread().build().unwrap();
        let waited = other.block_on(async move {
            let result = reactor.wait(async { 2 });
            drop(reactor);
            result
        });
        assert_eq!(waited, Some(2));
    }
}
