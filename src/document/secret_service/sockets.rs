//! `<socket>` and its `<allow>` rules.

use super::{ServiceReader, children};
use crate::document::error::DocumentError;
use crate::document::socket::{AllowRule, DEFAULT_MODE, SocketSettings, parse_mode};
use crate::document::xml::Element;

impl ServiceReader<'_> {
    pub(super) fn socket(&self, root: &Element) -> Result<Option<SocketSettings>, DocumentError> {
        let mut sockets = children(root, "socket");
        let Some(element) = sockets.next() else {
            return Ok(None);
        };
        if let Some(second) = sockets.next() {
            return Err(self.contradiction(second, "a service has one socket. Delete the others"));
        }
        self.check(element, &["path", "mode"], &["allow"])?;
        let mode = match element.attribute("mode") {
            Some(mode) => parse_mode(&mode.value, self.document.place(mode.span.start))?,
            None => DEFAULT_MODE,
        };
        let rules = children(element, "allow").map(|rule| self.rule(rule));
        Ok(Some(SocketSettings {
            path: self.path(element)?,
            mode,
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
        let aliases = self.required(element, "aliases")?;
        Ok(AllowRule {
            user,
            group,
            aliases: aliases
                .value
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            line: self.document.line(element.span.start),
        })
    }
}
