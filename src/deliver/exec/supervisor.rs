//! [`Supervision`]: keyward as the parent of a program.
//!
//! ```text
//! a signal        -> passed on to the child
//! a used secret   -> its files are written; then, as the ChangePolicy says,
//!   has changed        a signal, or: SIGTERM, SIGKILL after `grace`, started anew
//! the child ends  -> by itself: keyward ends with its exit code;  stopped for a restart: started anew
//! ```
//!
//! Whoever ends is waited for, children of children included: keyward may be the first process of a container.

use std::io::{self, IsTerminal as _};
use std::os::unix::process::CommandExt as _;
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use tokio::signal::unix::{self, SignalKind};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep_until};
use tracing::warn;

use super::signal::Signal;
use super::{Consumer, ExecError, PrivateDirectory};
use crate::deliver::changes::Changes;
use crate::deliver::secrets::Secrets;

/// What a shell adds to the number of the signal that ended a program.
const ENDED_BY_SIGNAL: i32 = 128;
/// How long the thread that listens for changes outlives the program at most.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// What happens to the child when a secret that it uses has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangePolicy {
    /// It is ended and started anew.
    Restart,
    /// It gets a signal and reads its files again. A variable of a running program cannot change: where one of
    /// those has, it is restarted.
    Signal(Signal),
}

/// How a program is supervised.
#[derive(Clone, Copy, Debug)]
pub struct Supervision {
    /// What a change does.
    pub on_change: ChangePolicy,
    /// How long the child may take to end before it is killed.
    pub grace: Duration,
}

/// A program that runs under supervision.
struct Supervisor<'c> {
    consumer: &'c Consumer,
    supervision: Supervision,
    directory: Option<&'c PrivateDirectory>,
    secrets: Secrets,
    child: Pid,
    stopping: Option<Stopping>,
    /// Whether keyward was told to end, and the child with it.
    is_ending: bool,
}

/// What the system tells keyward.
#[derive(Clone, Copy)]
enum Heard {
    Signal(Signal),
    ChildEnded,
}

/// The child was told to end.
#[derive(Clone, Copy)]
struct Stopping {
    kill_at: Instant,
    then: Then,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    StartAnew,
    /// Somebody told keyward to end meanwhile.
    End,
}

impl Supervision {
    /// Runs the program until it ends by itself, and returns its exit code; 128 and the signal's number where one
    /// ended it. Its files are removed then.
    ///
    /// # Errors
    /// When the program cannot be started, or the system does not let it be supervised.
    pub fn run(
        self,
        consumer: &Consumer,
        secrets: Secrets,
        changes: Changes,
    ) -> Result<i32, ExecError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|reason| ExecError::Supervision { reason })?;
        let directory = consumer.private_directory(&secrets)?;
        let outcome = runtime.block_on(async {
            // Before the child is there: none of its ends may be missed.
            let heard = listen().map_err(|reason| ExecError::Supervision { reason })?;
            let mut supervisor = Supervisor {
                child: start(consumer, &secrets, directory.as_ref())?,
                consumer,
                supervision: self,
                directory: directory.as_ref(),
                secrets,
                stopping: None,
                is_ending: false,
            };
            supervisor.run(heard, follow(changes)).await
        });
        if let Some(directory) = directory
            && let Err(error) = directory.remove()
        {
            warn!("{error}");
        }
        // The thread that follows changes may be asleep.
        runtime.shutdown_background();
        outcome
    }
}

impl Supervisor<'_> {
    async fn run(
        &mut self,
        mut heard: UnboundedReceiver<Heard>,
        mut changed: UnboundedReceiver<Secrets>,
    ) -> Result<i32, ExecError> {
        loop {
            let kill_at = self.stopping.map(|stopping| stopping.kill_at);
            tokio::select! {
                Some(heard) = heard.recv() => match heard {
                    Heard::Signal(signal) => self.pass_on(signal),
                    Heard::ChildEnded => if let Some(code) = self.reap()? {
                        return Ok(code);
                    },
                },
                Some(secrets) = changed.recv() => self.take(secrets),
                () = reached(kill_at) => {
                    self.send(Signal::Kill);
                    self.stopping = self.stopping.map(|stopping| Stopping {
                        kill_at: Instant::now() + self.supervision.grace.max(Duration::from_secs(1)),
                        ..stopping
                    });
                }
            }
        }
    }

    fn pass_on(&mut self, signal: Signal) {
        let ends = matches!(signal, Signal::Term | Signal::Int | Signal::Quit);
        if ends {
            self.is_ending = true;
            if let Some(stopping) = &mut self.stopping {
                stopping.then = Then::End;
            }
        }
        self.send(signal);
    }

    /// Brings new secrets to the child.
    fn take(&mut self, secrets: Secrets) {
        if let Some(directory) = self.directory
            && let Err(error) = directory.write(&self.consumer.tree_files(&secrets))
        {
            warn!("{error}. The program keeps what it has until the next change");
            return;
        }
        let same_environment = self.consumer.has_same_environment(&secrets, &self.secrets);
        self.secrets = secrets;
        // A program that was told to end is not started again.
        if self.stopping.is_some() || self.is_ending {
            return;
        }
        match self.supervision.on_change {
            ChangePolicy::Signal(signal) if same_environment => self.send(signal),
            ChangePolicy::Signal(_) | ChangePolicy::Restart => {
                self.stopping = Some(Stopping {
                    kill_at: Instant::now() + self.supervision.grace,
                    then: Then::StartAnew,
                });
                self.send(Signal::Term);
            }
        }
    }

    /// Waits for all that have ended. The exit code, where that is the end.
    fn reap(&mut self) -> Result<Option<i32>, ExecError> {
        loop {
            let ended = match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::StillAlive) | Err(Errno::ECHILD) => return Ok(None),
                Err(Errno::EINTR) => continue,
                Err(errno) => {
                    let reason = io::Error::from(errno);
                    return Err(ExecError::Supervision { reason });
                }
                Ok(ended) => ended,
            };
            let code = match ended {
                WaitStatus::Exited(child, code) if child == self.child => code,
                WaitStatus::Signaled(child, signal, _) if child == self.child => {
                    ENDED_BY_SIGNAL + signal as i32
                }
                _ => continue,
            };
            match self.stopping.take() {
                Some(Stopping {
                    then: Then::StartAnew,
                    ..
                }) => {
                    self.child = start(self.consumer, &self.secrets, self.directory)?;
                }
                _ => return Ok(Some(code)),
            }
        }
    }

    fn send(&self, signal: Signal) {
        if let Err(reason) = signal.send_to(self.child) {
            warn!("{signal} cannot be sent to the program: {reason}");
        }
    }
}

fn start(
    consumer: &Consumer,
    secrets: &Secrets,
    directory: Option<&PrivateDirectory>,
) -> Result<Pid, ExecError> {
    let mut command = consumer.command(secrets, directory)?;
    if !io::stdin().is_terminal() {
        // A signal for keyward's process group comes to keyward alone, and to the child once. On a terminal the child
        // stays in the group, since it could not read from the terminal otherwise.
        command.process_group(0);
    }
    let child = command
        .spawn()
        .map_err(|reason| ExecError::not_started(&consumer.program, reason))?;
    // It is waited for with all others, by its number.
    let child = i32::try_from(child.id()).map(Pid::from_raw);
    child.map_err(|_| ExecError::Supervision {
        reason: io::Error::other("the system gives process numbers beyond 31 bits"),
    })
}

/// What the system tells keyward from now on.
fn listen() -> io::Result<UnboundedReceiver<Heard>> {
    let (sender, receiver) = unbounded_channel();
    let on_terminal = io::stdin().is_terminal();
    // Ctrl-C on a terminal comes to the child as well.
    let passed_on = Signal::PASSED_ON.map(|signal| {
        let is_delivered_already = on_terminal && matches!(signal, Signal::Int | Signal::Quit);
        let kind = SignalKind::from_raw(signal.number());
        (kind, Heard::Signal(signal), is_delivered_already)
    });
    let child_ended = (SignalKind::child(), Heard::ChildEnded, false);
    for (kind, heard, is_delivered_already) in passed_on.into_iter().chain([child_ended]) {
        let mut stream = unix::signal(kind)?;
        let sender = sender.clone();
        tokio::spawn(async move {
            while stream.recv().await.is_some() {
                if !is_delivered_already && sender.send(heard).is_err() {
                    return;
                }
            }
        });
    }
    Ok(receiver)
}

/// The new secrets whenever one of them has changed.
fn follow(mut changes: Changes) -> UnboundedReceiver<Secrets> {
    let (sender, receiver) = unbounded_channel();
    thread::spawn(move || {
        while !sender.is_closed() {
            match changes.next(LONGEST_WAIT) {
                Ok(Some(secrets)) => {
                    let _ = sender.send(secrets);
                }
                Ok(None) => {}
                Err(error) => warn!("{error}. The program keeps what it has"),
            }
        }
    });
    receiver
}

/// Completes at that time; never, if there is none.
async fn reached(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
