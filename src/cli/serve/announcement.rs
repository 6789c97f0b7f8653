//! What a service says when it starts.

use std::io::{self, Write};

use super::super::failure::Failure;
use super::super::resolution_table::{Values, table, unreadable};
use crate::deliver::http::HttpServer;
use crate::service::{Outcome, Resolution};

/// What is served, where, and how to fetch it.
pub(super) fn announce(resolutions: &[Resolution], server: &HttpServer) -> Result<(), Failure> {
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
    if let Some(socket) = server.path() {
        let socket = socket.display();
        writeln!(output, "Listening at {socket}. Fetch a secret with:")?;
        writeln!(
            output,
            "  curl --unix-socket {socket} http://localhost/v1/secrets/{alias}"
        )?;
    }
    for address in server.addresses() {
        writeln!(
            output,
            "Listening at https://{address}. Fetch a secret with:"
        )?;
        writeln!(
            output,
            "  curl --cert CLIENT.pem --key CLIENT.key --cacert CA.pem https://{address}/v1/secrets/{alias}"
        )?;
    }
    Ok(output.flush()?)
}
