//! The passwords that `importkeystore` takes.

use crate::cli::password_option::Named;

/// That of the source.
pub(super) struct SourceStore;
/// That of the source's entries which have another.
pub(super) struct SourceKey;
/// That of the destination.
pub(super) struct DestinationStore;
/// That which the entries get in the destination.
pub(super) struct DestinationKey;

impl Named for SourceStore {
    const OPTIONS: [&'static str; 3] = ["srcstorepass", "srcstorepass:env", "srcstorepass:file"];
    const WHAT: &'static str = "The source's store password";
}

impl Named for SourceKey {
    const OPTIONS: [&'static str; 3] = ["srckeypass", "srckeypass:env", "srckeypass:file"];
    const WHAT: &'static str = "The password of entries that are under another than the source's";
}

impl Named for DestinationStore {
    const OPTIONS: [&'static str; 3] = ["deststorepass", "deststorepass:env", "deststorepass:file"];
    const WHAT: &'static str = "The destination's store password";
}

impl Named for DestinationKey {
    const OPTIONS: [&'static str; 3] = ["destkeypass", "destkeypass:env", "destkeypass:file"];
    const WHAT: &'static str =
        "The password that keys and secrets get, where not the destination's,";
}
