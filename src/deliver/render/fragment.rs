//! [`Fragment`]: a piece of a template, and [`Scanner`], which cuts one into such pieces.
//!
//! ```text
//! user=${secret:db1}   ->  Text("user=") Placeholder(db1)
//! a=$${secret:b}       ->  Text("a=") Text("${secret:b}")
//! ```

use super::dotenv::DotenvContext;
use super::yaml::YamlContext;
use super::{dotenv, json, properties, xml, yaml};

const OPENING: &str = "${secret:";
const ESCAPED_OPENING: &str = "$${secret:";

/// A piece of a template.
pub(super) enum Fragment<'t> {
    Text(&'t str),
    Placeholder(Placeholder<'t>),
}

/// A place for a secret.
pub(super) struct Placeholder<'t> {
    pub(super) alias: &'t str,
    /// Of its first byte in the template.
    pub(super) offset: usize,
    pub(super) context: Context,
}

/// What a secret is escaped for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    Properties,
    Dotenv(DotenvContext),
    /// Within a string, or the whole string with its quotes.
    JsonString,
    JsonValue,
    Yaml(YamlContext),
    /// Text between tags, or an attribute's value: what escapes for one escapes for the other.
    Xml,
    XmlCdata,
}

/// What is wrong at one place of a template, and the next step.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Defect {
    pub(super) offset: usize,
    pub(super) problem: &'static str,
}

/// What can be written of a secret, or what is wrong with it.
pub(super) type Escaped = Result<(), &'static str>;

impl Context {
    /// Appends the secret's text, escaped.
    pub(super) fn write(self, secret: &str, output: &mut String) -> Escaped {
        match self {
            Self::Properties => properties::write(secret, output),
            Self::Dotenv(context) => return dotenv::write(context, secret, output),
            Self::JsonString => json::write(secret, output),
            Self::JsonValue => {
                output.push('"');
                json::write(secret, output);
                output.push('"');
            }
            Self::Yaml(context) => return yaml::write(context, secret, output),
            Self::Xml => return xml::write(secret, output),
            Self::XmlCdata => return xml::write_in_cdata(secret, output),
        }
        Ok(())
    }
}

/// One step through a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A character of the format.
    Character(char),
    /// A placeholder begins here.
    Placeholder,
    End,
}

/// Walks through a template and cuts it at its placeholders; the format's own code says what they stand in.
pub(super) struct Scanner<'t> {
    text: &'t str,
    offset: usize,
    /// Where the text begins that is not in a fragment yet.
    pending: usize,
    fragments: Vec<Fragment<'t>>,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            offset: 0,
            pending: 0,
            fragments: Vec::new(),
        }
    }

    /// What comes next; it is not passed yet.
    pub(super) fn peek(&self) -> Step {
        let rest = self.rest();
        if rest.starts_with(OPENING) {
            return Step::Placeholder;
        }
        rest.chars().next().map_or(Step::End, Step::Character)
    }

    /// The template from here on.
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.offset..]
    }

    /// The template up to here.
    pub(super) fn passed(&self) -> &'t str {
        &self.text[..self.offset]
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// Passes one character, or an escaped opening as one.
    pub(super) fn pass(&mut self) {
        if self.rest().starts_with(ESCAPED_OPENING) {
            self.cut();
            self.pending += 1;
            self.offset += ESCAPED_OPENING.len();
            return;
        }
        self.offset += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    /// Passes `count` bytes of plain text: a mark of the format, or a comment, whose placeholders are none.
    pub(super) fn pass_bytes(&mut self, count: usize) {
        self.offset += count.min(self.rest().len());
    }

    /// Passes what stands before `end`, and `end` itself; `false`, and nothing passed, if it never comes.
    pub(super) fn pass_through(&mut self, end: &str) -> bool {
        let Some(at) = self.rest().find(end) else {
            return false;
        };
        self.pass_bytes(at + end.len());
        true
    }

    /// Passes what is left of the line, its end excluded.
    pub(super) fn pass_line(&mut self) {
        let rest = self.rest();
        self.pass_bytes(rest.find(['\n', '\r']).unwrap_or(rest.len()));
    }

    /// What stands behind the placeholder that comes next.
    pub(super) fn behind_placeholder(&self) -> &'t str {
        let rest = self.rest();
        rest.find('}').map_or("", |at| &rest[at + 1..])
    }

    /// Passes the placeholder that comes next.
    pub(super) fn pass_placeholder(&mut self, context: Context) -> Result<(), Defect> {
        let rest = &self.rest()[OPENING.len()..];
        let end = rest
            .find(['}', '\n'])
            .filter(|&at| rest[at..].starts_with('}'));
        let Some(end) = end else {
            return Err(self.defect("the placeholder is not closed on its line. Add the }"));
        };
        let alias = &rest[..end];
        if alias.is_empty() {
            return Err(self.defect("the placeholder names no alias. Write ${secret:ALIAS}"));
        }
        self.cut();
        self.fragments.push(Fragment::Placeholder(Placeholder {
            alias,
            offset: self.offset,
            context,
        }));
        self.offset += OPENING.len() + end + 1;
        self.pending = self.offset;
        Ok(())
    }

    /// What is wrong here.
    pub(super) fn defect(&self, problem: &'static str) -> Defect {
        Defect {
            offset: self.offset,
            problem,
        }
    }

    /// The pieces.
    pub(super) fn finish(mut self) -> Vec<Fragment<'t>> {
        self.cut();
        self.fragments
    }

    fn cut(&mut self) {
        if self.pending < self.offset {
            let text = &self.text[self.pending..self.offset];
            self.fragments.push(Fragment::Text(text));
        }
        self.pending = self.offset;
    }
}
