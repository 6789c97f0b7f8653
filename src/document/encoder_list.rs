//! [`EncoderListFile`]: a document of Spring beans with a list of password encoders.
//!
//! ```text
//! <bean id="passwordEncoder" class="…">          a bean that is called an encoder, and holds several
//!   <property name="encoders">
//!     <list>                                     or <set>, <array>: the first makes new values
//!       <ref bean="bcryptEncoder"/>              EncoderSettings bcrypt
//!       <bean class="…LegacyPasswordEncoder"/>   EncoderSettings legacy
//! <bean id="…" class="…DelegatingPasswordEncoder">
//!   <constructor-arg value="bcrypt"/>            the key of the one that makes new values
//!   <constructor-arg>
//!     <map><entry key="bcrypt" value-ref="…"/>   EncoderSettings bcrypt, whose values begin with {bcrypt}
//! <bean id="bcryptEncoder" class="…"><property name="strength" value="10"/></bean>
//! ```
//! PhixFlow has its list in `phixflow-login.xml` or `phixflow-instance.xml`; what counts is the structure. To disable an
//! encoder is to put its element in the list into a comment, as PhixFlow's help says to do by hand. Nothing else changes.
//!
//! Source: PhixFlow help, "Password encoders" and "Removing old encoders"; Spring's `spring-beans.xsd`.

mod error;

use std::ops::Range;
use std::path::Path;

use zeroize::Zeroizing;

use super::editable::{EditableDocument, Replacement};
use super::error::DocumentError;
use super::place::Place;
use super::xml::{Element, read_bytes};

pub use error::EncoderListError;

/// What follows the encoder's own name in the names of beans and classes.
const SUFFIXES: [&str; 2] = ["PasswordEncoder", "Encoder"];
const COMMENT_START: &str = "<!-- ";
const COMMENT_END: &str = " -->";

/// A document with a list of encoders.
pub struct EncoderListFile<'b> {
    document: EditableDocument<'b>,
    /// In the order of the list; one of them is current.
    encoders: Vec<EncoderSettings>,
}

/// An encoder of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncoderSettings {
    /// The key of its entry; or the name of its bean, or of its class, without `Encoder` at the end.
    pub id: String,
    /// The name of its bean.
    pub bean: Option<String>,
    /// Its class, where the document has its bean.
    pub class: Option<String>,
    /// The property or argument `strength` of its bean: the cost of new values.
    pub strength: Option<u32>,
    /// Whether it makes new values.
    pub is_current: bool,
    /// Whether its values begin with `{id}`.
    pub has_mark: bool,
    /// Where its element in the list begins.
    pub at: Place,
    span: Range<usize>,
}

/// The elements of one list, with the bean that holds it.
struct Candidate<'d> {
    bean: &'d Element,
    members: Vec<&'d Element>,
}

impl<'b> EncoderListFile<'b> {
    /// Reads the list from the document that `bytes` hold; `path` is for messages.
    ///
    /// # Errors
    /// When the document is not well-formed, or has no list of encoders, or several.
    pub fn parse(path: &Path, bytes: &'b [u8]) -> Result<Self, EncoderListError> {
        let document = EditableDocument::parse(path, bytes)?;
        let mut candidates = Vec::new();
        collect(document.root(), &mut candidates);
        let candidate = chosen(candidates, &document, path)?;
        let encoders = settings(&candidate, &document);
        Ok(Self { document, encoders })
    }

    /// The encoders, in the order of the list.
    #[must_use]
    pub fn encoders(&self) -> &[EncoderSettings] {
        &self.encoders
    }

    /// The encoder of that id, or of that bean; case does not matter.
    ///
    /// # Errors
    /// When there is none, or several.
    pub fn encoder(&self, id: &str) -> Result<&EncoderSettings, EncoderListError> {
        let named = self.encoders.iter().filter(|it| it.is_called(id));
        let found: Vec<&EncoderSettings> = named.collect();
        match found.as_slice() {
            [only] => Ok(only),
            [] => Err(EncoderListError::NoSuchEncoder {
                path: self.document.place(0).document,
                id: id.to_owned(),
                known: self.encoders.iter().map(|it| it.id.clone()).collect(),
            }),
            [first, ..] => Err(EncoderListError::SeveralEncoders {
                at: first.at.clone(),
                id: id.to_owned(),
                lines: found.iter().map(|it| it.at.line).collect(),
            }),
        }
    }

    /// The bytes of the document with the element of this encoder in a comment, and every other byte as it was.
    ///
    /// # Errors
    /// When its element holds two hyphens, or is the only one.
    pub fn without(
        &self,
        encoder: &EncoderSettings,
    ) -> Result<Zeroizing<Vec<u8>>, EncoderListError> {
        if self.encoders.len() == 1 {
            return Err(EncoderListError::Last {
                at: encoder.at.clone(),
                id: encoder.id.clone(),
            });
        }
        let span = encoder.span.clone();
        if let Some(hyphens) = self.document.raw(span.clone()).find("--") {
            return Err(EncoderListError::NotForAComment {
                at: self.document.place(span.start + hyphens),
                id: encoder.id.clone(),
            });
        }
        let insert = |at: usize, text: &str| Replacement {
            span: at..at,
            text: text.to_owned(),
        };
        Ok(self.document.with(&[
            insert(span.start, COMMENT_START),
            insert(span.end, COMMENT_END),
        ]))
    }
}

impl EncoderSettings {
    fn is_called(&self, id: &str) -> bool {
        let names = [Some(&self.id), self.bean.as_ref()];
        let mut names = names.into_iter().flatten();
        names.any(|name| name.eq_ignore_ascii_case(id.trim()))
    }
}

/// The bytes of the document at `path`, for [`EncoderListFile::parse`].
///
/// # Errors
/// When it cannot be read.
pub fn read_encoder_document(path: &Path) -> Result<Zeroizing<Vec<u8>>, DocumentError> {
    read_bytes(path)
}

fn collect<'d>(element: &'d Element, candidates: &mut Vec<Candidate<'d>>) {
    let is_bean = matches!(element.name.as_str(), "bean" | "list" | "set" | "map");
    if is_bean && is_called_encoder(element) {
        let members = members_of(element);
        if !members.is_empty() {
            candidates.push(Candidate {
                bean: element,
                members,
            });
        }
    }
    for child in &element.children {
        collect(child, candidates);
    }
}

fn is_called_encoder(element: &Element) -> bool {
    let names = ["id", "name", "class"].map(|name| value_of(element, name));
    let mut names = names.into_iter().flatten();
    names.any(|name| name.to_ascii_lowercase().contains("encoder"))
}

/// What a collection holds that is the element itself, or the value of one of its properties or arguments.
fn members_of(element: &Element) -> Vec<&Element> {
    if element.name != "bean" {
        return members(element);
    }
    let settings = element.children.iter();
    let settings =
        settings.filter(|child| matches!(child.name.as_str(), "property" | "constructor-arg"));
    let collections = settings.flat_map(|setting| &setting.children);
    let mut lists = collections
        .filter(|child| is_collection(child))
        .map(members);
    lists
        .find(|members| !members.is_empty())
        .unwrap_or_default()
}

fn is_collection(element: &Element) -> bool {
    matches!(element.name.as_str(), "list" | "set" | "array" | "map")
}

fn members(collection: &Element) -> Vec<&Element> {
    let members = collection.children.iter();
    members
        .filter(|child| matches!(child.name.as_str(), "ref" | "idref" | "bean" | "entry"))
        .collect()
}

fn chosen<'d>(
    mut candidates: Vec<Candidate<'d>>,
    document: &EditableDocument<'_>,
    path: &Path,
) -> Result<Candidate<'d>, EncoderListError> {
    let is_named = |candidate: &Candidate<'_>| {
        value_of(candidate.bean, "id").is_some_and(|id| id.eq_ignore_ascii_case("passwordEncoder"))
    };
    if let Some(named) = candidates.iter().position(is_named) {
        return Ok(candidates.swap_remove(named));
    }
    if candidates.len() > 1 {
        let places = candidates.iter();
        let places = places.map(|it| document.place(it.bean.span.start));
        let lines: Vec<usize> = places.map(|place| place.line).collect();
        let at = document.place(candidates[0].bean.span.start);
        return Err(EncoderListError::SeveralLists { at, lines });
    }
    candidates.pop().ok_or_else(|| EncoderListError::NoList {
        path: path.to_path_buf(),
    })
}

fn settings(candidate: &Candidate<'_>, document: &EditableDocument<'_>) -> Vec<EncoderSettings> {
    let members = candidate.members.iter();
    let mut encoders: Vec<EncoderSettings> =
        members.map(|member| setting(member, document)).collect();
    let named = named_current(candidate.bean, &encoders).unwrap_or(0);
    if let Some(current) = encoders.get_mut(named) {
        current.is_current = true;
    }
    encoders
}

fn setting(member: &Element, document: &EditableDocument<'_>) -> EncoderSettings {
    let key = (member.name == "entry").then(|| {
        let key = value_of(member, "key");
        key.unwrap_or_default().to_owned()
    });
    // The member itself, or what an entry holds.
    let holder = match member.name.as_str() {
        "entry" => member.children.iter().find(|child| child.name != "key"),
        _ => Some(member),
    };
    let inner = holder.filter(|holder| holder.name == "bean");
    let names = ["value-ref", "bean", "local", "parent"];
    let mut referring = [Some(member), holder].into_iter().flatten();
    let referred = referring.find_map(|it| names.iter().find_map(|name| value_of(it, name)));
    let referred = referred.filter(|_| inner.is_none());
    let bean = referred.or_else(|| inner.and_then(|inner| value_of(inner, "id")));
    let definition = inner.or_else(|| definition_of(document.root(), referred?));
    let class = definition.and_then(|bean| value_of(bean, "class"));
    let id = key.clone().unwrap_or_else(|| short_name(bean, class));
    EncoderSettings {
        id,
        bean: bean.map(str::to_owned),
        class: class.map(str::to_owned),
        strength: definition.and_then(strength),
        is_current: false,
        has_mark: key.is_some(),
        at: document.place(member.span.start),
        span: member.span.clone(),
    }
}

/// The encoder that another property or argument of the bean names: by its bean, or by its key.
fn named_current(bean: &Element, encoders: &[EncoderSettings]) -> Option<usize> {
    let settings = bean.children.iter();
    let settings =
        settings.filter(|child| matches!(child.name.as_str(), "property" | "constructor-arg"));
    let names = settings.filter_map(|setting| {
        let child = |name| setting.children.iter().find(|child| child.name == name);
        let text = child("value").map(|value| value.text.trim());
        let attribute = value_of(setting, "ref").or_else(|| value_of(setting, "value"));
        let referred = child("ref").and_then(|child| value_of(child, "bean"));
        attribute.or(text).or(referred)
    });
    let mut found = names.filter_map(|name| {
        let mut encoders = encoders.iter();
        encoders.position(|it| it.id == name || it.bean.as_deref() == Some(name))
    });
    found.next()
}

fn definition_of<'d>(element: &'d Element, id: &str) -> Option<&'d Element> {
    if element.name == "bean" && value_of(element, "id") == Some(id) {
        return Some(element);
    }
    let mut children = element.children.iter();
    children.find_map(|child| definition_of(child, id))
}

/// `strength` is bcrypt's cost in Spring.
fn strength(bean: &Element) -> Option<u32> {
    let mut settings = bean.children.iter();
    let named = settings.find(|child| value_of(child, "name") == Some("strength"))?;
    let text = value_of(named, "value");
    let text = text.or_else(|| named.child("value").map(|value| value.text.trim()));
    text?.parse().ok()
}

/// `bcryptEncoder` is `bcrypt`, `a.b.LegacyPasswordEncoder` is `legacy`.
fn short_name(bean: Option<&str>, class: Option<&str>) -> String {
    let class = class.map(|class| {
        class
            .rsplit('.')
            .next()
            .unwrap_or(class)
            .to_ascii_lowercase()
    });
    let name = bean.map(str::to_owned).or(class).unwrap_or_default();
    for suffix in SUFFIXES {
        let Some(start) = name.len().checked_sub(suffix.len()) else {
            continue;
        };
        let is_at_end = name
            .get(start..)
            .is_some_and(|end| end.eq_ignore_ascii_case(suffix));
        if start > 0 && is_at_end {
            return name[..start].to_owned();
        }
    }
    name
}

fn value_of<'d>(element: &'d Element, attribute: &str) -> Option<&'d str> {
    let value = element.attribute(attribute)?.value.trim();
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests;
