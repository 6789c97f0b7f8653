//! What every element is held to: what it must have is there, and what is not known is an error.

use std::borrow::Cow;
use std::path::PathBuf;

use super::{ServiceReader, children};
use crate::document::error::DocumentError;
use crate::document::location;
use crate::document::socket::{DEFAULT_MODE, parse_mode};
use crate::document::suggestion;
use crate::document::xml::{Attribute, Element};

impl ServiceReader<'_> {
    /// The attribute `path`, resolved.
    pub(in crate::document) fn path(&self, element: &Element) -> Result<PathBuf, DocumentError> {
        self.located(element, self.required(element, "path")?)
    }

    pub(in crate::document) fn located(
        &self,
        element: &Element,
        attribute: &Attribute,
    ) -> Result<PathBuf, DocumentError> {
        let document = self.document.path();
        match self.environment.expand(&attribute.value) {
            Ok(path) => Ok(location::resolve(document, path.trim())),
            Err(error) => {
                let setting = format!("{}.{}", element.name, attribute.name);
                Err(error.at(self.document.place(attribute.span.start), setting))
            }
        }
    }

    /// The attribute of that name, which must be there and not be empty.
    pub(in crate::document) fn required<'e>(
        &self,
        element: &'e Element,
        name: &'static str,
    ) -> Result<&'e Attribute, DocumentError> {
        let attribute = element.attribute(name);
        let attribute = attribute.filter(|attribute| !attribute.value.trim().is_empty());
        attribute.ok_or_else(|| DocumentError::MissingAttribute {
            at: self.document.place(element.span.start),
            element: element.name.clone(),
            attribute: name,
        })
    }

    /// The words of the attribute of that name, of which there must be one.
    pub(in crate::document) fn words(
        &self,
        element: &Element,
        name: &'static str,
    ) -> Result<Vec<String>, DocumentError> {
        let words = self.required(element, name)?.value.split_whitespace();
        Ok(words.map(str::to_owned).collect())
    }

    /// The mode of a socket.
    pub(in crate::document) fn mode(&self, element: &Element) -> Result<u32, DocumentError> {
        match element.attribute("mode") {
            Some(mode) => parse_mode(&mode.value, self.document.place(mode.span.start)),
            None => Ok(DEFAULT_MODE),
        }
    }

    /// The one child of this name, if there is one; `problem` says what a second one is.
    pub(in crate::document) fn only<'e>(
        &self,
        root: &'e Element,
        name: &'static str,
        problem: &'static str,
    ) -> Result<Option<&'e Element>, DocumentError> {
        let mut named = children(root, name);
        let first = named.next();
        match named.next() {
            Some(second) => Err(self.contradiction(second, problem)),
            None => Ok(first),
        }
    }

    /// Refuses attributes, children and text that have no meaning in `element`.
    pub(in crate::document) fn check(
        &self,
        element: &Element,
        attributes: &'static [&'static str],
        known: &'static [&'static str],
    ) -> Result<(), DocumentError> {
        self.check_attributes(element, attributes)?;
        self.check_children(element, known)?;
        if element.text.trim().is_empty() {
            return Ok(());
        }
        Err(DocumentError::StrayText {
            at: self.document.place(element.span.start),
            element: element.name.clone(),
        })
    }

    pub(in crate::document) fn check_attributes(
        &self,
        element: &Element,
        known: &'static [&'static str],
    ) -> Result<(), DocumentError> {
        let unknown = element.attributes.iter().find(|attribute| {
            let is_known = attribute.prefix.is_none() && known.contains(&attribute.name.as_str());
            !is_known && !concerns_xml_itself(attribute)
        });
        let Some(attribute) = unknown else {
            return Ok(());
        };
        Err(DocumentError::UnknownAttribute {
            at: self.document.place(attribute.span.start),
            element: element.name.clone(),
            attribute: attribute.name.clone(),
            suggestion: suggestion::nearest(&attribute.name, known),
            known,
        })
    }

    pub(in crate::document) fn check_children(
        &self,
        element: &Element,
        known: &'static [&'static str],
    ) -> Result<(), DocumentError> {
        let mut children = element.children.iter();
        let Some(child) = children.find(|child| !known.contains(&child.name.as_str())) else {
            return Ok(());
        };
        let at = self.document.place(child.span.start);
        Err(DocumentError::UnknownElement {
            at,
            element: child.name.clone(),
            parent: element.name.clone(),
            suggestion: suggestion::nearest(&child.name, known),
            known,
        })
    }

    pub(in crate::document) fn contradiction(
        &self,
        element: &Element,
        problem: impl Into<Cow<'static, str>>,
    ) -> DocumentError {
        DocumentError::Contradiction {
            at: self.document.place(element.span.start),
            problem: problem.into(),
        }
    }
}

/// `xmlns`, `xmlns:xsi`, `xsi:schemaLocation`, `xml:space`.
fn concerns_xml_itself(attribute: &Attribute) -> bool {
    match attribute.prefix.as_deref() {
        None => attribute.name == "xmlns",
        Some(prefix) => matches!(prefix, "xmlns" | "xsi" | "xml"),
    }
}
