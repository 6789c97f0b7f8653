//! One program that gets secrets in its environment, or in files whose paths stand there.
//!
//! ```text
//! Consumer ── program, arguments, NAME=alias for its environment, NAME=alias for its files
//!   ├ replace    keyward becomes the program (execve): its signals and its exit code are its own
//!   └ supervise  keyward stays its parent: follows changes, passes signals on, gives its exit code
//! ```
//!
//! No shell is involved. A file's secret is in a private directory ([`PrivateDirectory`]) on a memory file system, and
//! the variable NAME holds its path. The environment variables that hold store passwords are not inherited.

mod error;
mod private_directory;
mod signal;
mod supervisor;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

pub use error::ExecError;
pub use private_directory::PrivateDirectory;
pub use signal::{Signal, UnknownSignal};
pub use supervisor::{ChangePolicy, Supervision};

use super::assignment::Assignment;
use super::secrets::Secrets;
use super::tree::{FileName, TreeFiles};

/// A program, and which secrets it gets under which names.
pub struct Consumer {
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<Assignment>,
    files: Vec<NamedFile>,
    withheld: Vec<String>,
}

/// A file's name, which is its variable's name too, and the alias.
struct NamedFile {
    name: FileName,
    alias: String,
}

impl Consumer {
    /// The program with what it gets. A program without a `/` is looked up in `PATH`. `withheld` are the variables
    /// that it does not inherit.
    ///
    /// # Errors
    /// When a name is used twice, or cannot be that of a file.
    pub fn new(
        program: OsString,
        arguments: Vec<OsString>,
        environment: Vec<Assignment>,
        files: Vec<Assignment>,
        withheld: Vec<String>,
    ) -> Result<Self, ExecError> {
        let mut names: Vec<&str> = environment.iter().chain(&files).map(|a| &*a.name).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(ExecError::NameTwice {
                name: twice[0].to_owned(),
            });
        }
        let files = files.into_iter().map(NamedFile::of);
        Ok(Self {
            program,
            arguments,
            files: files.collect::<Result<_, _>>()?,
            environment,
            withheld,
        })
    }

    /// The aliases of all secrets that it gets.
    #[must_use]
    pub fn aliases(&self) -> Vec<&str> {
        let of_environment = self.environment.iter().map(|assignment| &*assignment.alias);
        let of_files = self.files.iter().map(|file| &*file.alias);
        of_environment.chain(of_files).collect()
    }

    /// Becomes the program. What is returned is why it did not.
    ///
    /// The private directory stays when the program ends, since keyward is no more then.
    #[must_use]
    pub fn replace(&self, secrets: &Secrets) -> ExecError {
        let directory = match self.private_directory(secrets) {
            Ok(directory) => directory,
            Err(error) => return error,
        };
        let reason = match self.command(secrets, directory.as_ref()) {
            Ok(mut command) => ExecError::not_started(&self.program, command.exec()),
            Err(error) => error,
        };
        if let Some(directory) = directory {
            let _ = directory.remove();
        }
        reason
    }

    /// The private directory with the program's files; none if it has no files.
    fn private_directory(&self, secrets: &Secrets) -> Result<Option<PrivateDirectory>, ExecError> {
        if self.files.is_empty() {
            return Ok(None);
        }
        let directory = PrivateDirectory::create()?;
        match directory.write(&self.tree_files(secrets)) {
            Ok(()) => Ok(Some(directory)),
            Err(error) => {
                let _ = directory.remove();
                Err(error)
            }
        }
    }

    fn tree_files<'s>(&'s self, secrets: &'s Secrets) -> TreeFiles<'s> {
        let with_secret = |file: &'s NamedFile| Some((&file.name, secrets.get(&file.alias)?));
        self.files.iter().filter_map(with_secret).collect()
    }

    fn command(
        &self,
        secrets: &Secrets,
        directory: Option<&PrivateDirectory>,
    ) -> Result<Command, ExecError> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        for variable in &self.withheld {
            command.env_remove(variable);
        }
        for Assignment { name, alias } in &self.environment {
            let Some(secret) = secrets.get(alias) else {
                continue;
            };
            if secret.expose_bytes().contains(&0) {
                return Err(ExecError::NulInVariable {
                    name: name.clone(),
                    alias: alias.clone(),
                });
            }
            command.env(name, OsStr::from_bytes(secret.expose_bytes()));
        }
        if let Some(directory) = directory {
            for file in &self.files {
                command.env(file.name.as_str(), directory.path_of(&file.name));
            }
        }
        Ok(command)
    }

    /// Whether the program's environment is the same with both.
    fn has_same_environment(&self, one: &Secrets, other: &Secrets) -> bool {
        self.environment
            .iter()
            .all(|assignment| one.agree_on(other, &assignment.alias))
    }
}

impl NamedFile {
    fn of(Assignment { name, alias }: Assignment) -> Result<Self, ExecError> {
        match name.parse() {
            Ok(name) => Ok(Self { name, alias }),
            Err(reason) => Err(ExecError::FileName { name, reason }),
        }
    }
}
