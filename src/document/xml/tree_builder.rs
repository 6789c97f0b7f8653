//! From the events of `quick-xml` to a tree, with the checks that `quick-xml` leaves to its caller:
//! one root, legal names and characters, no document type, no entity of one's own, limits.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::errors::{Error as XmlError, IllFormedError, SyntaxError};
use quick_xml::escape::{EscapeError, resolve_xml_entity};
use quick_xml::events::attributes::{AttrError, Attribute as RawAttribute};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::QName;
use zeroize::Zeroizing;

use super::{Attribute, Element, Lines};
use crate::document::error::DocumentError;
use crate::document::limits::{MOST_NODES, MOST_OPEN_ELEMENTS};
use crate::document::place::Place;

const LONE_AMPERSAND: &str = "a & that begins nothing. Write &amp; for the character itself";
const UNKNOWN_ENTITY: &str = "an entity that is not defined. XML itself has only &lt; &gt; &amp; &apos; &quot; and &#…;. Write &amp; for a & itself";

struct TreeBuilder<'t> {
    path: &'t Path,
    text: &'t str,
    lines: Lines,
    nodes: usize,
    open: Vec<Element>,
    root: Option<Element>,
}

/// The root element of `text`, and its lines.
pub(super) fn build(path: &Path, text: &str) -> Result<(Element, Lines), DocumentError> {
    let mut builder = TreeBuilder {
        path,
        text,
        lines: Lines::of(text),
        nodes: 0,
        open: Vec::new(),
        root: None,
    };
    builder.check_characters()?;
    let mut reader = Reader::from_str(text);
    loop {
        let start = in_memory(reader.buffer_position());
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => return Err(builder.syntax(&error, in_memory(reader.error_position()))),
        };
        let span = start..in_memory(reader.buffer_position());
        if matches!(event, Event::Eof) {
            return builder.finish();
        }
        builder.take(&event, span)?;
    }
}

/// The text is in memory, so that a position in it fits.
fn in_memory(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

impl TreeBuilder<'_> {
    fn take(&mut self, event: &Event<'_>, span: Range<usize>) -> Result<(), DocumentError> {
        if !matches!(event, Event::End(_)) {
            self.count_node(span.start)?;
        }
        match event {
            Event::Start(tag) => self.open(tag, span),
            Event::Empty(tag) => {
                let end = span.end;
                self.open(tag, span)?;
                self.close(end..end);
                Ok(())
            }
            Event::End(_) => {
                self.close(span);
                Ok(())
            }
            Event::Text(text) => self.append(text.xml10_content(), span.start),
            Event::CData(text) => self.append(text.xml10_content(), span.start),
            Event::GeneralRef(reference) => self.append_reference(reference, span.start),
            Event::Comment(text) => self.check_comment(text, span.start),
            Event::Decl(_) if span.start > 0 => {
                let problem =
                    "<?xml …?> is not at the very beginning. Delete it, or what is before it";
                Err(self.malformed(span.start, problem))
            }
            Event::DocType(declaration) => Err(self.doctype(declaration, span.start)),
            Event::Decl(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn finish(self) -> Result<(Element, Lines), DocumentError> {
        if let Some(element) = self.open.last() {
            let problem = format!("<{name}> is not closed. Add </{name}>", name = element.name);
            return Err(self.malformed(element.span.start, problem));
        }
        let Some(root) = self.root else {
            let problem = "there is no element. Is this the right file?";
            return Err(self.malformed(0, problem));
        };
        Ok((root, self.lines))
    }

    fn open(&mut self, tag: &BytesStart<'_>, span: Range<usize>) -> Result<(), DocumentError> {
        let start = span.start;
        if self.open.len() == MOST_OPEN_ELEMENTS {
            let at = self.place(start);
            return Err(DocumentError::TooDeep { at });
        }
        if self.open.is_empty() && self.root.is_some() {
            let problem = "a second root element. Delete it, or the end tag too many before it";
            return Err(self.malformed(start, problem));
        }
        let (_, name) = self.names(tag.name(), start)?;
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            self.count_node(start)?;
            let attribute = attribute.map_err(|error| self.attribute_syntax(&error, start))?;
            attributes.push(self.attribute(&attribute, start)?);
        }
        self.open.push(Element {
            name,
            attributes,
            text: Zeroizing::default(),
            children: Vec::new(),
            content: span.end..span.end,
            span: start..start,
        });
        Ok(())
    }

    fn attribute(&self, raw: &RawAttribute<'_>, tag: usize) -> Result<Attribute, DocumentError> {
        let span = self.span_of(&raw.value, tag);
        let (prefix, name) = self.names(raw.key, tag)?;
        if let Some(offset) = raw.value.find('<') {
            let problem = "a < in an attribute's value. Write &lt;, or close the quote before it";
            return Err(self.malformed(span.start + offset, problem));
        }
        let value = match raw.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => Zeroizing::new(value.into_owned()),
            Err(error) => return Err(self.syntax(&error, span.start)),
        };
        self.check_expanded(&value, span.start)?;
        Ok(Attribute {
            prefix,
            name,
            value,
            span,
        })
    }

    /// Prefix and local name.
    fn names(
        &self,
        name: QName<'_>,
        offset: usize,
    ) -> Result<(Option<String>, String), DocumentError> {
        let (local, prefix) = name.decompose();
        let prefix = prefix.map(|prefix| prefix.as_ref().to_owned());
        if !is_name(local.as_ref()) || prefix.as_deref().is_some_and(|prefix| !is_name(prefix)) {
            let problem =
                "a name that XML does not allow. Write &lt; for a < that begins no element";
            return Err(self.malformed(offset, problem));
        }
        Ok((prefix, local.as_ref().to_owned()))
    }

    /// Where a part of the text that `quick-xml` hands out stands in the text.
    fn span_of(&self, part: &str, fallback: usize) -> Range<usize> {
        let offset = part.as_ptr().addr().checked_sub(self.text.as_ptr().addr());
        let start = offset.filter(|&start| start + part.len() <= self.text.len());
        let start = start.unwrap_or(fallback);
        start..start + part.len()
    }

    fn close(&mut self, end_tag: Range<usize>) {
        let Some(mut element) = self.open.pop() else {
            return;
        };
        element.content.end = end_tag.start;
        element.span.end = end_tag.end;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn append(&mut self, text: Cow<'_, str>, start: usize) -> Result<(), DocumentError> {
        let text = Zeroizing::new(text.into_owned());
        if let Some(element) = self.open.last_mut() {
            push(&mut element.text, &text);
            return Ok(());
        }
        let Some(offset) = text.find(|c: char| !c.is_ascii_whitespace()) else {
            return Ok(());
        };
        let problem = "text outside the root element. Delete it; is this an XML document?";
        Err(self.malformed(start + offset, problem))
    }

    fn append_reference(
        &mut self,
        reference: &BytesRef<'_>,
        start: usize,
    ) -> Result<(), DocumentError> {
        let character = match reference.resolve_char_ref() {
            Ok(character) => character,
            Err(error) => return Err(self.syntax(&error, start)),
        };
        if let Some(character) = character {
            let text = Zeroizing::new(character.to_string());
            self.check_expanded(&text, start)?;
            return self.append(Cow::Borrowed(&text), start);
        }
        let Some(text) = resolve_xml_entity(reference) else {
            return Err(self.malformed(start, UNKNOWN_ENTITY));
        };
        self.append(Cow::Borrowed(text), start)
    }

    fn check_comment(&self, comment: &str, start: usize) -> Result<(), DocumentError> {
        let double = comment.find("--");
        let offset = double.or_else(|| comment.ends_with('-').then(|| comment.len() - 1));
        let Some(offset) = offset else {
            return Ok(());
        };
        let problem = "-- inside a comment. Write a single - there; Java refuses it too";
        Err(self.malformed(start + "<!--".len() + offset, problem))
    }

    fn check_characters(&self) -> Result<(), DocumentError> {
        if self.text.starts_with('\u{FEFF}') {
            let problem = "a second byte order mark. Save the document as UTF-8 without one";
            return Err(self.malformed(0, problem));
        }
        let Some(offset) = self.text.find(|c| !is_xml_character(c)) else {
            return Ok(());
        };
        let problem = "a control character, which XML does not allow. Delete it; is this an XML document at all?";
        Err(self.malformed(offset, problem))
    }

    fn check_expanded(&self, value: &str, start: usize) -> Result<(), DocumentError> {
        if value.chars().all(is_xml_character) {
            return Ok(());
        }
        let problem =
            "a character reference to a control character, which XML does not allow. Delete it";
        Err(self.malformed(start, problem))
    }

    fn count_node(&mut self, offset: usize) -> Result<(), DocumentError> {
        self.nodes += 1;
        if self.nodes <= MOST_NODES {
            return Ok(());
        }
        let at = self.place(offset);
        Err(DocumentError::TooManyNodes { at })
    }

    fn doctype(&self, declaration: &str, offset: usize) -> DocumentError {
        let root = declaration
            .split(|c: char| c.is_whitespace() || c == '[')
            .next()
            .unwrap_or_default();
        DocumentError::Doctype {
            at: self.place(offset),
            root: root.to_owned(),
        }
    }

    fn syntax(&self, error: &XmlError, offset: usize) -> DocumentError {
        let problem = match error {
            XmlError::Syntax(SyntaxError::UnclosedDoctype) => return self.doctype("", offset),
            XmlError::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                let line = self
                    .open
                    .last()
                    .map_or(1, |e| self.lines.line(e.span.start));
                format!(
                    "</{found}> where </{expected}> should close line {line}. Correct one of both"
                )
            }
            XmlError::IllFormed(IllFormedError::UnmatchedEndTag(name)) => {
                format!("</{name}> closes nothing. Delete it, or add its start tag")
            }
            XmlError::IllFormed(IllFormedError::UnclosedReference)
            | XmlError::Escape(EscapeError::UnterminatedEntity(_)) => LONE_AMPERSAND.to_owned(),
            XmlError::Escape(EscapeError::UnrecognizedEntity(..)) => UNKNOWN_ENTITY.to_owned(),
            XmlError::Syntax(error) => format!("{error}. Close it"),
            error => format!("{error}. Correct this line"),
        };
        self.malformed(offset, problem)
    }

    fn attribute_syntax(&self, error: &AttrError, tag: usize) -> DocumentError {
        let (position, problem) = match *error {
            AttrError::ExpectedEq(position) => (
                position,
                "an attribute without a value. Write name=\"value\"",
            ),
            AttrError::ExpectedValue(position) | AttrError::UnquotedValue(position) => (
                position,
                "an attribute's value without quotes. Write name=\"value\"",
            ),
            AttrError::ExpectedQuote(position, _) => (
                position,
                "an attribute's value without its closing quote. Add the quote",
            ),
            AttrError::Duplicated(position, _) => {
                (position, "an attribute that is there twice. Delete one")
            }
        };
        self.malformed(tag + "<".len() + position, problem)
    }

    fn malformed(&self, offset: usize, problem: impl Into<String>) -> DocumentError {
        DocumentError::Malformed {
            at: self.place(offset),
            column: self.lines.column(self.text, offset),
            problem: problem.into(),
        }
    }

    fn place(&self, offset: usize) -> Place {
        Place {
            document: self.path.to_path_buf(),
            line: self.lines.line(offset),
        }
    }
}

/// Appends without leaving a copy of the text behind in memory.
fn push(text: &mut Zeroizing<String>, more: &str) {
    let needed = text.len() + more.len();
    if needed > text.capacity() {
        let mut larger = Zeroizing::new(String::with_capacity(needed.max(2 * text.capacity())));
        larger.push_str(text);
        *text = larger;
    }
    text.push_str(more);
}

/// XML 1.0, section 2.2, `Char`.
fn is_xml_character(c: char) -> bool {
    !matches!(c, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}')
}

/// Namespaces in XML 1.0, `NCName`, with Unicode's present letters for those of 2008.
fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    let is_start = |c: char| c.is_alphabetic() || c == '_';
    characters.next().is_some_and(is_start)
        && characters.all(|c| is_start(c) || c.is_numeric() || matches!(c, '-' | '.' | '\u{B7}'))
}
