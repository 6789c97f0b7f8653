//! [`SecretSource`]: where a password comes from that is not typed in.

use std::fs;
use std::path::PathBuf;

use thiserror::Error;
use zeroize::Zeroizing;

use super::Secret;

/// The largest password file that is read, in bytes.
const LARGEST_FILE: u64 = 64 * 1024;

/// Where a password is kept: in the text itself, in an environment variable, in a file.
pub enum SecretSource {
    /// The password itself.
    Inline(Secret),
    /// The name of an environment variable, as in keytool's `-storepass:env`.
    Environment(String),
    /// A file whose first line is the password, as in keytool's `-storepass:file`: the line end
    /// does not count, spaces do.
    File(PathBuf),
}

/// Why a password could not be had from where it should be.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SecretSourceError {
    /// The variable is not in the environment.
    #[error("Cannot find environment variable: {name}. Set it before starting: export {name}=…")]
    MissingVariable {
        /// The variable's name.
        name: String,
    },
    /// The file is not there or cannot be read.
    #[error("cannot read the password file {}: {reason}", path.display())]
    UnreadableFile {
        /// The password file.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The file is far larger than any password.
    #[error("the password file {} has {length} bytes, more than {LARGEST_FILE}: is it the right file?", path.display())]
    FileTooLarge {
        /// The password file.
        path: PathBuf,
        /// Its length in bytes.
        length: u64,
    },
}

impl SecretSource {
    /// Fetches the password now; nothing is cached.
    ///
    /// # Errors
    /// When the variable is not set or the file cannot be read.
    pub fn read(&self) -> Result<Secret, SecretSourceError> {
        match self {
            Self::Inline(secret) => Ok(Secret::copied_from(secret.expose_bytes())),
            Self::Environment(name) => read_variable(name),
            Self::File(path) => read_first_line(path),
        }
    }
}

fn read_variable(name: &str) -> Result<Secret, SecretSourceError> {
    let value = std::env::var_os(name).ok_or_else(|| SecretSourceError::MissingVariable {
        name: name.to_owned(),
    })?;
    Ok(Secret::new(value.into_encoded_bytes()))
}

fn read_first_line(path: &PathBuf) -> Result<Secret, SecretSourceError> {
    let unreadable = |reason| SecretSourceError::UnreadableFile {
        path: path.clone(),
        reason,
    };
    let length = fs::metadata(path).map_err(unreadable)?.len();
    if length > LARGEST_FILE {
        return Err(SecretSourceError::FileTooLarge {
            path: path.clone(),
            length,
        });
    }
    let content = Zeroizing::new(fs::read(path).map_err(unreadable)?);
    let line = content.split(|&byte| byte == b'\n').next().unwrap_or(&[]);
    Ok(Secret::copied_from(
        line.strip_suffix(b"\r").unwrap_or(line),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gives_its_first_line_without_the_line_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        for content in [" key pass ", " key pass \n", " key pass \r\nsecond\n"] {
            fs::write(&path, content).unwrap();
            let secret = SecretSource::File(path.clone()).read().ok().unwrap();
            assert_eq!(secret.expose_bytes(), b" key pass ");
        }
    }

    #[test]
    fn a_missing_variable_is_named() {
        let error = SecretSource::Environment("KEYWARD_NOT_SET".to_owned()).read();
        let message = error.err().unwrap().to_string();
        assert!(message.contains("KEYWARD_NOT_SET"), "{message}");
    }
}
