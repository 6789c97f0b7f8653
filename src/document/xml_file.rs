//! [`XmlFile`]: an XML document of another program, of which single values are looked up.

use std::path::Path;

use zeroize::Zeroizing;

use super::error::DocumentError;
use super::location_path::LocationPath;
use super::place::Place;
use super::xml::{Document, Element};

/// An XML document.
pub struct XmlFile(Document);

/// The text of an element.
pub struct XmlValue {
    /// Without the blanks around it.
    pub text: Zeroizing<String>,
    /// The alias that an attribute `secretAlias` (of Secure Vault's namespace) puts in place of the text.
    pub secret_alias: Option<String>,
    /// Where the element begins.
    pub at: Place,
}

impl XmlFile {
    /// Reads the document at `path`.
    ///
    /// # Errors
    /// When it cannot be read or is not well-formed.
    pub fn read(path: &Path) -> Result<Self, DocumentError> {
        Document::read(path).map(Self)
    }

    /// The elements that `path` leads to, or, where it ends with `[@name]`, their attributes.
    #[must_use]
    pub fn values(&self, path: &LocationPath) -> Vec<XmlValue> {
        let selected = path.select(self.0.root()).into_iter();
        selected
            .map(|element| self.value(element, path.last_attribute()))
            .collect()
    }

    fn value(&self, element: &Element, attribute: Option<&str>) -> XmlValue {
        let text = match attribute.and_then(|name| element.attribute(name)) {
            Some(attribute) => &attribute.value,
            None => &element.text,
        };
        XmlValue {
            text: Zeroizing::new(text.trim().to_owned()),
            secret_alias: secret_alias(element).map(str::to_owned),
            at: self.0.place(element.span.start),
        }
    }
}

/// What `svns:secretAlias` says, whichever prefix the namespace has.
pub(super) fn secret_alias(element: &Element) -> Option<&str> {
    let mut attributes = element.attributes.iter();
    let found = attributes.find(|it| it.prefix.is_some() && it.name == "secretAlias")?;
    Some(found.value.trim())
}
