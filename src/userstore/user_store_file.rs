//! [`UserStoreFile`]: the XML file of a secondary user store.
//!
//! ```text
//! <UserStoreManager class="org.wso2.carbon.user.core.jdbc.JDBCUserStoreManager">
//!   <Property encrypted="true" name="password">Base64…</Property>
//!   <Property name="DomainName">SECONDARYJDBC</Property>
//! </UserStoreManager>
//! ```
//! Encrypted is each direct child `Property` with `encrypted="true"`, in any case, whatever its name: user stores of one's
//! own have other names than `password` and `ConnectionPassword`. A value that a server takes from elsewhere is a
//! reference: `$secret{…}`, `${…}`, or an attribute `secretAlias`.
//!
//! Source: `UserStoreConfigXMLProcessor` of wso2/carbon-kernel.

use std::ops::Range;
use std::path::Path;

use zeroize::Zeroizing;

use super::ciphertext::malformed;
use super::error::{CiphertextError, UserStoreError};
use crate::document::{EditableDocument, Element, Place, Replacement};

const ROOT: &str = "UserStoreManager";
const CDATA_START: &str = "<![CDATA[";
const CDATA_END: &str = "]]>";

/// A user store with its bytes.
pub struct UserStoreFile<'b> {
    document: EditableDocument<'b>,
}

/// A property whose value is encrypted, or should be.
pub struct EncryptedProperty {
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub at: Place,
    /// What stands in it.
    pub value: PropertyValue,
    /// The bytes that a new value takes the place of.
    span: Range<usize>,
}

/// What stands in an encrypted property.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PropertyValue {
    /// A ciphertext's text, without the white space around it.
    Text(String),
    /// Nothing.
    Empty,
    /// The server takes the value from elsewhere; this is the reference.
    Reference(String),
    /// Something that cannot be replaced, and why.
    Unusable(CiphertextError),
}

impl<'b> UserStoreFile<'b> {
    /// Reads the user store that `bytes` hold; `path` is for messages.
    ///
    /// # Errors
    /// When it is no well-formed XML, has a document type declaration, an encoding other than UTF-8, ISO-8859-1 and
    /// US-ASCII, or another root element.
    pub fn parse(path: &Path, bytes: &'b [u8]) -> Result<Self, UserStoreError> {
        let document = EditableDocument::parse(path, bytes)?;
        let root = document.root();
        if root.name != ROOT {
            return Err(UserStoreError::OtherRoot {
                at: document.place(root.span.start),
                root: root.name.clone(),
            });
        }
        Ok(Self { document })
    }

    /// The encrypted properties in the order of the file.
    #[must_use]
    pub fn encrypted_properties(&self) -> Vec<EncryptedProperty> {
        let properties = self.properties();
        let encrypted = properties.filter(|property| is_true(property, "encrypted"));
        encrypted.map(|property| self.encrypted(property)).collect()
    }

    /// The bytes of the file with new values for some of its properties, which are in the order of the file.
    #[must_use]
    pub fn with_values(&self, values: &[(&EncryptedProperty, String)]) -> Zeroizing<Vec<u8>> {
        let replacements: Vec<Replacement> = values
            .iter()
            .map(|(property, text)| Replacement {
                span: property.span.clone(),
                text: text.clone(),
            })
            .collect();
        self.document.with(&replacements)
    }

    pub(super) fn document(&self) -> &EditableDocument<'b> {
        &self.document
    }

    pub(super) fn properties(&self) -> impl Iterator<Item = &Element> {
        let children = self.document.root().children.iter();
        children.filter(|child| child.name.eq_ignore_ascii_case("Property"))
    }

    fn encrypted(&self, property: &Element) -> EncryptedProperty {
        let (value, span) = self.value(property);
        EncryptedProperty {
            name: name_of(property),
            at: self.document.place(property.span.start),
            value,
            span,
        }
    }

    /// What stands in a property, and the span of it.
    pub(super) fn value(&self, property: &Element) -> (PropertyValue, Range<usize>) {
        let span = property.content.clone();
        let text = property.text.trim();
        if let Some(alias) = secret_alias(property) {
            return (PropertyValue::Reference(alias), span);
        }
        if text.is_empty() && property.children.is_empty() {
            return (PropertyValue::Empty, span);
        }
        if is_reference(text) {
            return (PropertyValue::Reference(text.to_owned()), span);
        }
        if let Some(span) = self.replaceable(property) {
            return (PropertyValue::Text(text.to_owned()), span);
        }
        let reason = "there is more than its text in the property: an element, a comment or a second CDATA section";
        (PropertyValue::Unusable(malformed(reason)), span)
    }

    /// The value without the white space around it, which stays: within a CDATA section, or text with or without
    /// character references. Markup in the middle would be lost.
    fn replaceable(&self, property: &Element) -> Option<Range<usize>> {
        let content = property.content.clone();
        let mut span = self.trimmed(content);
        let raw = self.document.raw(span.clone());
        if raw.starts_with(CDATA_START) && raw.ends_with(CDATA_END) {
            span = span.start + CDATA_START.len()..span.end - CDATA_END.len();
            span = self.trimmed(span);
        }
        let is_text = !self.document.raw(span.clone()).contains('<');
        (is_text && property.children.is_empty()).then_some(span)
    }

    fn trimmed(&self, span: Range<usize>) -> Range<usize> {
        let raw = self.document.raw(span.clone());
        let is_space = |c: char| c.is_ascii_whitespace();
        let start = span.start + raw.len() - raw.trim_start_matches(is_space).len();
        let end = span.end - (raw.len() - raw.trim_end_matches(is_space).len());
        start..end.max(start)
    }
}

/// `$secret{…}` or `${…}` from the first character to the last; a password may begin with `$` too.
fn is_reference(text: &str) -> bool {
    let opened = text
        .strip_prefix("$secret{")
        .or_else(|| text.strip_prefix("${"));
    let name = opened.and_then(|opened| opened.strip_suffix('}'));
    name.is_some_and(|name| !name.is_empty() && !name.contains(['{', '}']))
}

/// The value of the attribute `name` of a property.
pub(super) fn name_of(property: &Element) -> String {
    let name = property.attribute("name");
    name.map_or_else(String::new, |name| name.value.to_string())
}

pub(super) fn is_true(property: &Element, attribute: &str) -> bool {
    let attribute = property.attribute(attribute);
    attribute.is_some_and(|attribute| attribute.value.trim().eq_ignore_ascii_case("true"))
}

/// `svns:secretAlias`, as a Secure Vault reference.
pub(super) fn secret_alias(property: &Element) -> Option<String> {
    let mut attributes = property.attributes.iter();
    let alias = attributes.find(|attribute| attribute.name == "secretAlias")?;
    Some(format!("$secret{{{}}}", *alias.value))
}
