//! `keyward tree`: a directory of small files, one a secret.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tracing::warn;

use super::failure::Failure;
use super::origin_options::{OriginOptions, log_warnings};
use crate::deliver::tree::{FileName, Tree, TreeError, TreeFiles};
use crate::deliver::{Assignment, Changes, Secrets};

/// How long a set that could not be written waits for the next try.
const RETRY: Duration = Duration::from_secs(10);
/// How long a wait for a change lasts at most.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// Write a directory of small files, one a secret, that changes as a whole
#[derive(Args)]
#[command(
    after_help = "The layout is that of secrets that Kubernetes mounts: ..data leads to the current set, NAME to ..data/NAME. \
                  Files have the mode 0400, a directory that keyward makes 0500. A file holds the secret's bytes alone, \
                  without a line end. What is not named any more is removed; a set that is current already is not \
                  written.\n\
                  With --watch SIGTERM and Ctrl-C end keyward; the files stay.\n\
                  Put DIR on a memory file system, such as /run or /dev/shm.\n\
                  Example: keyward tree /run/app/secrets --file spring.datasource.password=db1pass --config xml-examples/secret-service.xml"
)]
pub(super) struct TreeCommand {
    /// The directory; it is made where it does not exist
    #[arg(value_name = "DIR")]
    directory: PathBuf,

    /// The name of a file and the alias of its secret; repeated for each file
    #[arg(long, value_name = "NAME=ALIAS", required = true)]
    file: Vec<Assignment>,

    /// Go on, and write the directory anew whenever one of the secrets has changed
    #[arg(long)]
    watch: bool,

    #[command(flatten)]
    origin: OriginOptions,
}

/// A file's name and the alias of its secret.
struct NamedFile {
    name: FileName,
    alias: String,
}

impl TreeCommand {
    pub(super) fn run(self) -> Result<(), Failure> {
        let files = named_files(self.file)?;
        let tree = Tree::at(&self.directory);
        let origin = self.origin.origin()?;
        let aliases: Vec<&str> = files.iter().map(|file| &*file.alias).collect();
        if !self.watch {
            tree.write(&with_secrets(&files, &origin.fetch(&aliases)?))?;
            return Ok(());
        }
        log_warnings();
        let (secrets, changes) = origin.watch(&aliases)?;
        tree.write(&with_secrets(&files, &secrets))?;
        follow(tree, files, changes)
    }
}

/// Writes every change until a signal ends keyward.
fn follow(tree: Tree, files: Vec<NamedFile>, mut changes: Changes) -> Result<(), Failure> {
    let failed = |error| Failure::new(format!("cannot listen for signals: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    runtime.block_on(async move {
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        thread::spawn(move || {
            let mut unwritten = None;
            loop {
                let longest = if unwritten.is_some() {
                    RETRY
                } else {
                    LONGEST_WAIT
                };
                match changes.next(longest) {
                    Ok(Some(secrets)) => unwritten = Some(secrets),
                    Ok(None) => {}
                    Err(error) => warn!("{error}. The files stay as they are"),
                }
                let Some(secrets) = &unwritten else { continue };
                match tree.write(&with_secrets(&files, secrets)) {
                    Ok(_) => unwritten = None,
                    Err(error) => warn!("{error}. Trying again in {} s", RETRY.as_secs()),
                }
            }
        });
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}

fn named_files(assignments: Vec<Assignment>) -> Result<Vec<NamedFile>, Failure> {
    let mut files: Vec<NamedFile> = Vec::new();
    for Assignment { name, alias } in assignments {
        let refused = |reason: &dyn std::fmt::Display| {
            Failure::usage(format!("--file {name}: the name {reason}. Choose another"))
        };
        let name: FileName = name.parse().map_err(|reason| refused(&reason))?;
        if files.iter().any(|file| file.name == name) {
            return Err(refused(&"is given twice"));
        }
        files.push(NamedFile { name, alias });
    }
    Ok(files)
}

fn with_secrets<'s>(files: &'s [NamedFile], secrets: &'s Secrets) -> TreeFiles<'s> {
    let with_secret = |file: &'s NamedFile| Some((&file.name, secrets.get(&file.alias)?));
    files.iter().filter_map(with_secret).collect()
}

impl From<TreeError> for Failure {
    fn from(error: TreeError) -> Self {
        Self::new(error)
    }
}
