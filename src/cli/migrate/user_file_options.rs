//! [`UserFileOptions`]: which file of users, and what its values are moved to.

use std::path::PathBuf;

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::password::{DialectOption, DirectoryOptions};
use crate::document::RowFormat;
use crate::migrate::UserFile;
use crate::password::Wrapping;

#[derive(Args)]
pub(super) struct UserFileOptions {
    /// The file: LDIF with userPassword, CSV with the columns username and password, or JSON lines with these members
    #[arg(value_name = "FILE")]
    path: PathBuf,

    /// The file's format: ldif, csv or jsonl [default: what its ending tells]
    #[arg(long, value_name = "FORMAT")]
    format: Option<RowFormat>,

    /// The new function: argon2id, bcrypt, scrypt, pbkdf2-sha256 or pbkdf2-sha512
    #[arg(long, value_name = "NAME", default_value = "argon2id")]
    to: String,

    /// Iterations (PBKDF2), logarithm (bcrypt, scrypt) or passes (Argon2) [default: OWASP's figure]
    #[arg(long, value_name = "NUMBER")]
    cost: Option<u32>,

    #[command(flatten)]
    dialect: DialectOption,

    #[command(flatten)]
    directory: DirectoryOptions,
}

impl UserFileOptions {
    pub(super) fn open(self) -> Result<UserFile, Failure> {
        Ok(UserFile {
            conventions: self.directory.conventions(self.dialect.dialect)?,
            wrapping: Wrapping::new(&self.to, self.cost)?,
            path: self.path,
            format: self.format,
        })
    }
}
