//! [`Signal`]: what a supervised program can be sent.

use std::fmt;
use std::io;
use std::str::FromStr;

use nix::errno::Errno;
use nix::sys::signal::{self, Signal as SystemSignal};
use nix::unistd::Pid;
use thiserror::Error;

/// A signal that a program can expect, and the one that no program survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signal {
    /// `SIGTERM`
    Term,
    /// `SIGINT`
    Int,
    /// `SIGHUP`
    Hup,
    /// `SIGUSR1`
    Usr1,
    /// `SIGUSR2`
    Usr2,
    /// `SIGQUIT`
    Quit,
    /// `SIGKILL`
    Kill,
}

/// No signal has that name.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("is none of HUP, USR1, USR2, INT, QUIT and TERM")]
pub struct UnknownSignal;

impl Signal {
    /// What is passed on to a supervised program.
    pub(super) const PASSED_ON: [Self; 6] = [
        Self::Term,
        Self::Int,
        Self::Hup,
        Self::Usr1,
        Self::Usr2,
        Self::Quit,
    ];

    /// Its number.
    pub(super) fn number(self) -> i32 {
        self.of_system() as i32
    }

    fn of_system(self) -> SystemSignal {
        match self {
            Self::Term => SystemSignal::SIGTERM,
            Self::Int => SystemSignal::SIGINT,
            Self::Hup => SystemSignal::SIGHUP,
            Self::Usr1 => SystemSignal::SIGUSR1,
            Self::Usr2 => SystemSignal::SIGUSR2,
            Self::Quit => SystemSignal::SIGQUIT,
            Self::Kill => SystemSignal::SIGKILL,
        }
    }

    /// Its name without `SIG`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Term => "TERM",
            Self::Int => "INT",
            Self::Hup => "HUP",
            Self::Usr1 => "USR1",
            Self::Usr2 => "USR2",
            Self::Quit => "QUIT",
            Self::Kill => "KILL",
        }
    }

    /// Sends it to a child that has not been waited for. That it has ended meanwhile is no error.
    pub(super) fn send_to(self, child: Pid) -> io::Result<()> {
        match signal::kill(child, self.of_system()) {
            Ok(()) | Err(Errno::ESRCH) => Ok(()),
            Err(errno) => Err(io::Error::from(errno)),
        }
    }
}

impl FromStr for Signal {
    type Err = UnknownSignal;

    /// `HUP` or `SIGHUP`, in capitals or not.
    fn from_str(text: &str) -> Result<Self, UnknownSignal> {
        let upper = text.to_ascii_uppercase();
        let name = upper.strip_prefix("SIG").unwrap_or(&upper);
        let mut signals = Self::PASSED_ON.into_iter();
        signals
            .find(|signal| signal.name() == name)
            .ok_or(UnknownSignal)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SIG{}", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_has_its_name_with_and_without_its_first_letters() {
        for text in ["HUP", "sighup", "SIGHUP"] {
            assert_eq!(text.parse(), Ok(Signal::Hup));
        }
        assert_eq!(Signal::Usr1.to_string(), "SIGUSR1");
        assert_eq!("KILL".parse::<Signal>(), Err(UnknownSignal));
    }
}
