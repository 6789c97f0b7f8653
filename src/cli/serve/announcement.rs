//! What a service says when it starts.

use std::io::{self, Write};
use std::path::Path;

use super::super::failure::Failure;
use super::super::resolution_table::{Values, table, unreadable};
use crate::service::{Outcome, Resolution};

/// What is served, where, and how to fetch it.
pub(super) fn announce(resolutions: &[Resolution], socket: &Path) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    if !resolutions.is_empty() {
        writeln!(output, "{}\n", table(resolutions, Values::Hidden))?;
    }
    let missing = unreadable(resolutions);
    if missing > 0 {
        writeln!(
            output,
            "{missing} of {} aliases cannot be read yet; they are served as soon as they can be.\n",
            resolutions.len()
        )?;
    }
    let readable = resolutions
        .iter()
        .find(|resolution| resolution.outcome == Outcome::Readable);
    let alias = readable.map_or("ALIAS", |resolution| resolution.alias.as_str());
    let socket = socket.display();
    writeln!(output, "Listening at {socket}. Fetch a secret with:")?;
    writeln!(
        output,
        "  curl --unix-socket {socket} http://localhost/v1/secrets/{alias}"
    )?;
    Ok(output.flush()?)
}
