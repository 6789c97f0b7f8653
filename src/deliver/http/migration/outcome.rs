//! [`Outcome`]: what came of a request, for audit lines and metrics.

use crate::migrate::Decision;

/// What came of a request.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Outcome {
    /// The password is right, and the new value was stored.
    Moved,
    /// The password is right.
    Accepted,
    /// It is wrong, or there is no such user.
    Rejected,
    /// There were too many attempts.
    Limited,
    /// Nobody can say at present.
    Unavailable,
    /// As many requests are worked on as the service can bear.
    Busy,
}

impl Outcome {
    pub(super) fn of(decision: Decision) -> Self {
        match decision {
            Decision::Accepted { migrated: true } => Self::Moved,
            Decision::Accepted { migrated: false } => Self::Accepted,
            Decision::Rejected => Self::Rejected,
            Decision::Limited { .. } => Self::Limited,
            Decision::Unavailable { .. } => Self::Unavailable,
        }
    }

    /// Its word in audit lines and metrics.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Limited => "limited",
            Self::Unavailable => "unavailable",
            Self::Busy => "busy",
        }
    }
}
