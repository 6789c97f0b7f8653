//! `<credentials>`, its `<allow>` rules and its `<credential>`s.

use super::{ServiceReader, children};
use crate::document::credential_socket::{
    CredentialName, CredentialSocketSettings, Manager, UnitRule,
};
use crate::document::error::DocumentError;
use crate::document::xml::Element;

impl ServiceReader<'_> {
    pub(super) fn credential_socket(
        &self,
        root: &Element,
    ) -> Result<Option<CredentialSocketSettings>, DocumentError> {
        let problem = "a service has one socket for credentials. Delete the others";
        let Some(element) = self.only(root, "credentials", problem)? else {
            return Ok(None);
        };
        self.check(
            element,
            &["path", "mode", "manager"],
            &["allow", "credential"],
        )?;
        let manager = element.attribute("manager");
        let manager = match manager.map(|manager| manager.value.trim()) {
            None | Some("system") => Manager::System,
            Some("user") => Manager::User,
            Some(_) => {
                let problem = "manager is neither system nor user. Write one";
                return Err(self.contradiction(element, problem));
            }
        };
        let rules = children(element, "allow").map(|rule| self.unit_rule(rule));
        Ok(Some(CredentialSocketSettings {
            path: self.path(element)?,
            mode: self.mode(element)?,
            manager,
            rules: rules.collect::<Result<_, _>>()?,
            names: self.credential_names(element)?,
            line: self.document.line(element.span.start),
        }))
    }

    fn unit_rule(&self, element: &Element) -> Result<UnitRule, DocumentError> {
        self.check(element, &["unit", "aliases"], &[])?;
        let unit = self.required(element, "unit")?.value.trim().to_owned();
        if !unit.contains('.') && !unit.ends_with('*') {
            let problem = "the name of a unit has an ending. Write it, as in tomcat.service";
            return Err(self.contradiction(element, problem));
        }
        Ok(UnitRule {
            unit,
            aliases: self.words(element, "aliases")?,
            line: self.document.line(element.span.start),
        })
    }

    fn credential_names(&self, socket: &Element) -> Result<Vec<CredentialName>, DocumentError> {
        let mut names: Vec<CredentialName> = Vec::new();
        for element in children(socket, "credential") {
            self.check(element, &["name", "alias"], &[])?;
            let text = |attribute| {
                let found = self.required(element, attribute);
                found.map(|found| found.value.trim().to_owned())
            };
            let (name, alias) = (text("name")?, text("alias")?);
            if names.iter().any(|other| other.name == name) {
                let problem = "a credential of this name was there before. Keep one of them";
                return Err(self.contradiction(element, problem));
            }
            names.push(CredentialName { name, alias });
        }
        Ok(names)
    }
}
