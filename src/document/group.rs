//! [`GroupSettings`]: aliases that change together, such as a user name and its password.

/// Aliases whose new values are served together, or not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupSettings {
    /// Its name in the configuration.
    pub name: String,
    /// Its aliases, as they are asked for; at least two.
    pub aliases: Vec<String>,
    /// Line of the document; the first is 1.
    pub line: usize,
}
