//! `<group name="db" aliases="db1 db1pass"/>`: aliases that change together.

use super::{ServiceReader, children};
use crate::document::error::DocumentError;
use crate::document::group::GroupSettings;
use crate::document::xml::Element;

impl ServiceReader<'_> {
    pub(super) fn groups(&self, root: &Element) -> Result<Vec<GroupSettings>, DocumentError> {
        let mut groups: Vec<GroupSettings> = Vec::new();
        for element in children(root, "group") {
            let group = self.group(element)?;
            if groups.iter().any(|other| other.name == group.name) {
                let problem = "a group of this name was there before. Choose another name";
                return Err(self.contradiction(element, problem));
            }
            let is_taken = |alias| groups.iter().any(|other| has(&other.aliases, alias));
            if group.aliases.iter().any(|alias| is_taken(alias)) {
                let problem =
                    "an alias is in one group at most. Put all that change together in one";
                return Err(self.contradiction(element, problem));
            }
            groups.push(group);
        }
        Ok(groups)
    }

    fn group(&self, element: &Element) -> Result<GroupSettings, DocumentError> {
        self.check(element, &["name", "aliases"], &[])?;
        let name = self.required(element, "name")?.value.trim().to_owned();
        let mut aliases: Vec<String> = Vec::new();
        for alias in self.required(element, "aliases")?.value.split_whitespace() {
            if alias.contains('*') {
                let problem = "a group names its aliases one by one, without *. Write them all";
                return Err(self.contradiction(element, problem));
            }
            if !has(&aliases, alias) {
                aliases.push(alias.to_owned());
            }
        }
        if aliases.len() < 2 {
            let problem = "a group has at least two aliases. Add the one that changes with it";
            return Err(self.contradiction(element, problem));
        }
        Ok(GroupSettings {
            name,
            aliases,
            line: self.document.line(element.span.start),
        })
    }
}

fn has(aliases: &[String], alias: &str) -> bool {
    let alias = alias.to_lowercase();
    aliases.iter().any(|other| other.to_lowercase() == alias)
}
