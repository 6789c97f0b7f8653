//! The audit trail: one structured event for each read, denial and reload, under the target
//! `keyward::audit`. Never a value.

use tracing::{info, warn};

use super::error::GetError;
use super::reload::ReloadOutcome;
use super::served_keystore::Served;

const TARGET: &str = "keyward::audit";

/// Someone asked for a secret and was allowed to.
pub(crate) fn read(uid: u32, gid: u32, alias: &str, result: &Result<Served, GetError>) {
    match result {
        Ok(served) => info!(
            target: TARGET,
            action = "read", outcome = "served", uid, gid, alias,
            keystore = &*served.keystore,
            generation = served.generation,
            state = served.freshness.as_str(),
        ),
        Err(error) => info!(
            target: TARGET,
            action = "read", outcome = "failed", uid, gid, alias,
            reason = error.problem().as_str(),
        ),
    }
}

/// Someone asked for what no rule allows.
pub(crate) fn denied(uid: u32, gid: u32, action: &str, alias: &str) {
    warn!(target: TARGET, action, outcome = "denied", uid, gid, alias);
}

/// Someone asked for what the service has or how it stands, or for a reload.
pub(crate) fn asked(uid: u32, gid: u32, action: &str) {
    info!(target: TARGET, action, outcome = "served", uid, gid);
}

/// A keystore was loaded, or could not be.
pub(crate) fn reload(keystore: &str, outcome: &ReloadOutcome) {
    match outcome {
        ReloadOutcome::Reloaded { generation } => {
            info!(target: TARGET, action = "reload", outcome = "loaded", keystore, generation);
        }
        ReloadOutcome::Failed { state, reason } => warn!(
            target: TARGET,
            action = "reload", outcome = "failed", keystore,
            state = state.as_str(),
            reason = reason.as_str(),
        ),
        ReloadOutcome::Unchanged { .. } | ReloadOutcome::Unfinished => {}
    }
}
