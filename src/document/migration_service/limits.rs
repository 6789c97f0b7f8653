//! `<limits>`: how much a migration service takes on.

use std::time::Duration;

use super::ServiceReader;
use crate::document::error::DocumentError;
use crate::document::xml::Element;

/// How much a migration service takes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationLimits {
    /// Attempts for one user within a minute; one more is answered 429 until `ban` is over.
    pub user_attempts: u32,
    /// Attempts of one client within a minute; one more is answered 429 until the minute is over.
    pub client_attempts: u32,
    /// How long a user with too many attempts is refused, and an address with too many wrong tokens.
    pub ban: Duration,
    /// How many passwords are hashed at once; as many as there are processors, unless the document says so.
    pub hashing: Option<usize>,
    /// How many requests are worked on or wait at once; one more is answered 503.
    pub waiting: usize,
    /// How long a login may take; then it is answered 503. A store is not waited for any longer.
    pub answer: Duration,
}

impl Default for MigrationLimits {
    fn default() -> Self {
        Self {
            user_attempts: 10,
            client_attempts: 6000,
            ban: Duration::from_mins(5),
            hashing: None,
            waiting: 128,
            answer: Duration::from_secs(5),
        }
    }
}

impl ServiceReader<'_> {
    pub(super) fn migration_limits(
        &self,
        root: &Element,
    ) -> Result<MigrationLimits, DocumentError> {
        let usual = MigrationLimits::default();
        let problem = "there is one <limits>. Delete the others";
        let Some(element) = self.only(root, "limits", problem)? else {
            return Ok(usual);
        };
        let attributes = &[
            "userAttempts",
            "clientAttempts",
            "ban",
            "hashing",
            "waiting",
            "answer",
        ];
        self.check(element, attributes, &[])?;
        let number = |name| self.number(element, name, 1_000_000);
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let ban = self.number(element, "ban", 86_400)?;
        let hashing = self.number(element, "hashing", 1024)?;
        let waiting = self.number(element, "waiting", 400)?;
        let answer = self.number(element, "answer", 60_000)?;
        Ok(MigrationLimits {
            user_attempts: number("userAttempts")?.unwrap_or(usual.user_attempts),
            client_attempts: number("clientAttempts")?.unwrap_or(usual.client_attempts),
            ban: ban.map_or(usual.ban, |seconds| Duration::from_secs(seconds.into())),
            hashing: hashing.map(size),
            waiting: waiting.map_or(usual.waiting, size),
            answer: answer.map_or(usual.answer, |time| Duration::from_millis(time.into())),
        })
    }

    /// A whole number from 1 to `most`.
    pub(super) fn number(
        &self,
        element: &Element,
        name: &'static str,
        most: u32,
    ) -> Result<Option<u32>, DocumentError> {
        let Some(attribute) = element.attribute(name) else {
            return Ok(None);
        };
        match attribute.value.trim().parse() {
            Ok(number) if (1..=most).contains(&number) => Ok(Some(number)),
            _ => Err(DocumentError::Number {
                at: self.document.place(attribute.span.start),
                attribute: name,
                value: attribute.value.trim().to_owned(),
                most,
            }),
        }
    }
}
