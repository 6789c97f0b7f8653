//! The attributes of `<secret-service>` itself, and `vanishGrace` of a keystore.

use std::time::Duration;

use super::ServiceReader;
use crate::document::audit_settings::{AuditDuty, AuditSettings};
use crate::document::error::DocumentError;
use crate::document::on_start::OnStart;
use crate::document::xml::Element;

/// The longest `vanishGrace`, in milliseconds: a day.
const LONGEST_GRACE: u64 = 24 * 60 * 60 * 1000;

impl ServiceReader<'_> {
    pub(in crate::document) fn on_start(&self, root: &Element) -> Result<OnStart, DocumentError> {
        match root.attribute("start").map(|start| start.value.trim()) {
            None | Some("fail") => Ok(OnStart::Fail),
            Some("wait") => Ok(OnStart::Wait),
            Some(_) => Err(self.contradiction(root, "start is neither fail nor wait. Write one")),
        }
    }

    pub(in crate::document) fn audit(
        &self,
        root: &Element,
    ) -> Result<AuditSettings, DocumentError> {
        let duty = match root.attribute("audit").map(|audit| audit.value.trim()) {
            None | Some("log") => AuditDuty::BestEffort,
            Some("required") => AuditDuty::Required,
            Some(_) => {
                let problem = "audit is neither log nor required. Write one";
                return Err(self.contradiction(root, problem));
            }
        };
        let path = match root.attribute("auditFile") {
            Some(_) => Some(self.located(root, self.required(root, "auditFile")?)?),
            None => None,
        };
        Ok(AuditSettings { path, duty })
    }

    /// How long an alias that the file has no more is served; zero is allowed.
    pub(super) fn vanish_grace(
        &self,
        keystore: &Element,
    ) -> Result<Option<Duration>, DocumentError> {
        let Some(grace) = keystore.attribute("vanishGrace") else {
            return Ok(None);
        };
        match grace.value.trim().parse() {
            Ok(milliseconds @ 0..=LONGEST_GRACE) => Ok(Some(Duration::from_millis(milliseconds))),
            _ => Err(DocumentError::VanishGrace {
                at: self.document.place(grace.span.start),
                value: grace.value.trim().to_owned(),
            }),
        }
    }
}
