//! [`OnStart`]: what happens when a keystore cannot be loaded at start.

/// What happens when a keystore cannot be loaded at start.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum OnStart {
    /// The service does not start; the error names the file and the next step.
    #[default]
    Fail,
    /// The service starts, the keystore's state is `never-loaded`, and it is loaded once it can be.
    Wait,
}
