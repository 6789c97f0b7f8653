//! `<socket>` and its `<allow>` rules.

use super::{ServiceReader, children};
use crate::document::error::DocumentError;
use crate::document::socket::{AllowRule, SocketSettings};
use crate::document::xml::Element;

impl ServiceReader<'_> {
    pub(super) fn socket(&self, root: &Element) -> Result<Option<SocketSettings>, DocumentError> {
        let problem = "a service has one socket. Delete the others";
        let Some(element) = self.only(root, "socket", problem)? else {
            return Ok(None);
        };
        self.check(element, &["path", "mode"], &["allow"])?;
        let rules = children(element, "allow").map(|rule| self.rule(rule));
        Ok(Some(SocketSettings {
            path: self.path(element)?,
            mode: self.mode(element)?,
            rules: rules.collect::<Result<_, _>>()?,
            line: self.document.line(element.span.start),
        }))
    }

    fn rule(&self, element: &Element) -> Result<AllowRule, DocumentError> {
        self.check(element, &["user", "group", "aliases"], &[])?;
        let name = |attribute| match element.attribute(attribute) {
            // An empty name must not become a rule for whoever runs the service.
            Some(_) => self
                .required(element, attribute)
                .map(|name| Some(name.value.trim().to_owned())),
            None => Ok(None),
        };
        let (user, group) = (name("user")?, name("group")?);
        if user.is_some() && group.is_some() {
            let problem = "a rule is for a user or for a group. Write two rules, one for each";
            return Err(self.contradiction(element, problem));
        }
        Ok(AllowRule {
            user,
            group,
            aliases: self.words(element, "aliases")?,
            line: self.document.line(element.span.start),
        })
    }
}
