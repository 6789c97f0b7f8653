//! `keyward exec`: runs one program with secrets.

use std::ffi::OsString;
use std::process;
use std::time::Duration;

use clap::Args;

use super::failure::Failure;
use super::origin_options::{OriginOptions, log_warnings};
use crate::deliver::exec::{ChangePolicy, Consumer, ExecError, Signal, Supervision};
use crate::deliver::{Assignment, Origin};

/// As in a shell: there is no such program.
const NOT_FOUND: i32 = 127;
/// As in a shell: it is there and cannot be run.
const NOT_EXECUTABLE: i32 = 126;

/// Run a program with secrets in its environment or in files, without a shell
#[derive(Args)]
#[command(
    after_help = "Without --watch keyward becomes the program: process number, signals and exit code are the program's own. \
                  The directory of --file, keyward-exec-… in $XDG_RUNTIME_DIR or else in /dev/shm, then stays when the \
                  program ends; with --watch it is removed.\n\
                  The environment variable that holds the store password is not passed on, and the program leaves no \
                  core dump.\n\
                  Other users cannot see a program's environment, but all it starts inherits it: prefer --file.\n\
                  Exit codes: the program's own; 3 an alias or the keystore does not exist, 126 the program cannot be \
                  run, 127 it does not exist.\n\
                  Example: keyward exec --config xml-examples/secret-service.xml --env PGPASSWORD=db1pass -- psql -h db"
)]
pub(super) struct Exec {
    /// An environment variable and the alias of its secret; may be repeated
    #[arg(long, value_name = "NAME=ALIAS")]
    env: Vec<Assignment>,

    /// A file with the secret of an alias: the environment variable NAME holds its path; may be repeated
    #[arg(long, value_name = "NAME=ALIAS")]
    file: Vec<Assignment>,

    /// Stay the program's parent, and restart it when one of its secrets has changed
    #[arg(long)]
    watch: bool,

    /// With --watch: send this signal (HUP, USR1, …) instead of a restart where only files have changed
    #[arg(long, value_name = "SIGNAL", requires = "watch")]
    signal: Option<Signal>,

    /// With --watch: how many seconds the program may take to end after SIGTERM before it is killed
    #[arg(long, value_name = "SECONDS", requires = "watch", default_value_t = 10)]
    grace: u64,

    #[command(flatten)]
    origin: OriginOptions,

    /// The program and its arguments, behind --
    #[arg(value_name = "PROGRAM", last = true, required = true)]
    program: Vec<OsString>,
}

impl Exec {
    pub(super) fn run(self) -> Result<(), Failure> {
        let origin = self.origin.origin()?;
        let withheld = origin.password_variables();
        let mut command = self.program.into_iter();
        let program = command.next().unwrap_or_default();
        let arguments = command.collect();
        let consumer = Consumer::new(program, arguments, self.env, self.file, withheld)?;
        if !self.watch {
            let secrets = origin.fetch(&consumer.aliases())?;
            return Err(consumer.replace(&secrets).into());
        }
        let supervision = Supervision {
            on_change: self
                .signal
                .map_or(ChangePolicy::Restart, ChangePolicy::Signal),
            grace: Duration::from_secs(self.grace),
        };
        let code = supervise(origin, &consumer, supervision)?;
        process::exit(code)
    }
}

fn supervise(
    origin: Origin,
    consumer: &Consumer,
    supervision: Supervision,
) -> Result<i32, Failure> {
    log_warnings();
    let (secrets, changes) = origin.watch(&consumer.aliases())?;
    Ok(supervision.run(consumer, secrets, changes)?)
}

impl From<ExecError> for Failure {
    fn from(error: ExecError) -> Self {
        match error {
            ExecError::NameTwice { .. } | ExecError::FileName { .. } => Self::usage(error),
            ExecError::NotFound { .. } => end(&error, NOT_FOUND),
            ExecError::NotExecutable { .. } => end(&error, NOT_EXECUTABLE),
            _ => Self::new(error),
        }
    }
}

/// Ends with an exit code that keyward has for nothing else.
fn end(error: &ExecError, code: i32) -> ! {
    eprintln!("keyward: {error}");
    process::exit(code)
}
