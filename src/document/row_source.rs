//! Where a file of users comes from: a file, or standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::RowError;

/// The file at `path`.
pub(crate) fn open_file(path: &Path) -> Result<BufReader<File>, RowError> {
    let file = File::open(path).map_err(|reason| match reason.kind() {
        io::ErrorKind::NotFound => RowError::Missing {
            path: path.to_owned(),
        },
        _ => RowError::Unreadable {
            path: path.to_owned(),
            reason,
        },
    })?;
    Ok(BufReader::new(file))
}

/// The file at `path`, or standard input where this is `-`; and what messages call it.
pub(crate) fn open(path: &Path) -> Result<(&Path, Box<dyn BufRead + Send>), RowError> {
    if path.as_os_str() == "-" {
        let input = BufReader::new(io::stdin());
        return Ok((Path::new("standard input"), Box::new(input)));
    }
    Ok((path, Box::new(open_file(path)?)))
}
