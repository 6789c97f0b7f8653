//! `<tree>` and its `<file>`s.

use super::{ServiceReader, children};
use crate::document::error::DocumentError;
use crate::document::tree_settings::{TreeFileSettings, TreeSettings};
use crate::document::xml::Element;

impl ServiceReader<'_> {
    pub(super) fn trees(&self, root: &Element) -> Result<Vec<TreeSettings>, DocumentError> {
        let mut trees: Vec<TreeSettings> = Vec::new();
        for element in children(root, "tree") {
            let tree = self.tree(element)?;
            if trees.iter().any(|other| other.path == tree.path) {
                let problem = "a tree of this path was there before. Put the files of both in one";
                return Err(self.contradiction(element, problem));
            }
            trees.push(tree);
        }
        Ok(trees)
    }

    fn tree(&self, element: &Element) -> Result<TreeSettings, DocumentError> {
        self.check(element, &["path", "owner"], &["file"])?;
        let owner = match element.attribute("owner") {
            // An empty name must not become whoever runs the service.
            Some(_) => Some(self.required(element, "owner")?.value.trim().to_owned()),
            None => None,
        };
        let mut files: Vec<TreeFileSettings> = Vec::new();
        for child in children(element, "file") {
            let file = self.file(child)?;
            if files.iter().any(|other| other.name == file.name) {
                let problem = "a file of this name was there before. Choose another name";
                return Err(self.contradiction(child, problem));
            }
            files.push(file);
        }
        if files.is_empty() {
            let problem = "a tree has at least one file. Add <file name=\"…\" alias=\"…\"/>, or delete the tree";
            return Err(self.contradiction(element, problem));
        }
        Ok(TreeSettings {
            path: self.path(element)?,
            owner,
            files,
            line: self.document.line(element.span.start),
        })
    }

    fn file(&self, element: &Element) -> Result<TreeFileSettings, DocumentError> {
        self.check(element, &["name", "alias"], &[])?;
        let text = |attribute| self.required(element, attribute);
        Ok(TreeFileSettings {
            name: text("name")?.value.to_string(),
            alias: text("alias")?.value.trim().to_owned(),
            line: self.document.line(element.span.start),
        })
    }
}
