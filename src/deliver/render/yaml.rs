//! YAML files.
//!
//! ```text
//! a: "user ${secret:x}"     within double quotes: escaped as there
//! b: '${secret:x}'          within single quotes: ' doubled; on one line
//! c: ${secret:x}            the whole value: written as "…"
//! d: |                      a line of a block: as it is, if it is one line
//!   password ${secret:x}
//! ```
//!
//! In the midst of an unquoted value nothing can be escaped, so that a placeholder there is an error; so is one
//! that begins a line, where it could be the rest of the value above.
//!
//! The scanner knows as much of YAML as tells those apart: comments, flow collections, quotes, block scalars,
//! anchors and tags.
//!
//! Source: YAML 1.2.2, chapters 5.7, 7.3, 7.4 and 8.1.

use std::fmt::Write as _;

use super::fragment::{Context, Defect, Escaped, Fragment, Scanner, Step};
use super::properties::is_escaped;

/// What a placeholder stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum YamlContext {
    DoubleQuoted,
    SingleQuoted,
    /// The whole value.
    Value,
    Block,
}

/// What the scanner is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scalar {
    /// Before a value; it may be one that began on a line above.
    Before,
    Plain,
    Double,
    Single,
}

struct YamlScanner<'t> {
    scanner: Scanner<'t>,
    scalar: Scalar,
    /// Open `[` and `{`.
    depth: usize,
    /// Whether something on this line says that a value comes.
    expects_value: bool,
    opened_at: usize,
}

pub(super) fn fragments(text: &str) -> Result<Vec<Fragment<'_>>, Defect> {
    let mut yaml = YamlScanner {
        scanner: Scanner::new(text),
        scalar: Scalar::Before,
        depth: 0,
        expects_value: false,
        opened_at: 0,
    };
    loop {
        match yaml.scanner.peek() {
            Step::End => break,
            Step::Placeholder => yaml.placeholder()?,
            Step::Character(character) => match yaml.scalar {
                Scalar::Double => yaml.in_double_quotes(character),
                Scalar::Single => yaml.in_single_quotes(character),
                Scalar::Before => yaml.before(character)?,
                Scalar::Plain => yaml.in_plain(character),
            },
        }
    }
    if matches!(yaml.scalar, Scalar::Double | Scalar::Single) {
        return Err(Defect {
            offset: yaml.opened_at,
            problem: "the quote is never closed. Close it",
        });
    }
    Ok(yaml.scanner.finish())
}

impl YamlScanner<'_> {
    fn placeholder(&mut self) -> Result<(), Defect> {
        let context = match self.scalar {
            Scalar::Double if is_escaped(self.scanner.passed()) => {
                return Err(self.scanner.defect(
                    "a backslash before the placeholder would change the secret. Remove it, or write $${secret: for a literal text",
                ));
            }
            Scalar::Double => YamlContext::DoubleQuoted,
            Scalar::Single => YamlContext::SingleQuoted,
            Scalar::Before if self.is_whole_value() => YamlContext::Value,
            Scalar::Before | Scalar::Plain => {
                return Err(self.scanner.defect(
                    "the placeholder is part of an unquoted value, where nothing can be escaped. Put the value in double quotes",
                ));
            }
        };
        if context == YamlContext::Value {
            self.scalar = Scalar::Plain;
        }
        self.scanner.pass_placeholder(Context::Yaml(context))
    }

    /// Whether the value ends where the placeholder that comes next does.
    fn is_whole_value(&self) -> bool {
        if !self.expects_value {
            return false;
        }
        let behind = self.scanner.behind_placeholder();
        let rest = behind.trim_start_matches([' ', '\t']);
        let ends_line = rest.is_empty() || rest.starts_with(['\n', '\r']);
        let has_blank = rest.len() < behind.len();
        ends_line
            || has_blank && rest.starts_with('#')
            || self.depth > 0 && rest.starts_with([',', ']', '}'])
    }

    fn in_double_quotes(&mut self, character: char) {
        if character == '"' && !is_escaped(self.scanner.passed()) {
            self.scalar = Scalar::Plain;
        }
        self.scanner.pass();
    }

    fn in_single_quotes(&mut self, character: char) {
        if self.scanner.rest().starts_with("''") {
            self.scanner.pass_bytes(2);
            return;
        }
        if character == '\'' {
            self.scalar = Scalar::Plain;
        }
        self.scanner.pass();
    }

    /// Before a value.
    fn before(&mut self, character: char) -> Result<(), Defect> {
        match character {
            ' ' | '\t' | '\r' => self.scanner.pass(),
            '\n' => self.end_line(),
            '#' if self.follows_blank() => self.scanner.pass_line(),
            '"' => self.open_quote(Scalar::Double),
            '\'' => self.open_quote(Scalar::Single),
            '[' | '{' => {
                self.depth += 1;
                self.expects_value = true;
                self.scanner.pass();
            }
            ']' | '}' | ',' if self.depth > 0 => self.in_flow(character),
            '-' | '?' | ':' if self.stands_alone() => {
                self.expects_value = true;
                self.scanner.pass();
            }
            // An anchor or a tag; the value is still to come.
            '&' | '!' => {
                let rest = self.scanner.rest();
                let length = rest.find([' ', '\t', '\n', '\r']).unwrap_or(rest.len());
                self.scanner.pass_bytes(length);
            }
            '|' | '>' if self.depth == 0 && self.expects_value => self.block()?,
            _ => {
                self.scalar = Scalar::Plain;
                if self.scanner.rest().starts_with("--- ") {
                    self.scanner.pass_bytes("---".len());
                    (self.scalar, self.expects_value) = (Scalar::Before, true);
                } else {
                    self.scanner.pass();
                }
            }
        }
        Ok(())
    }

    /// In an unquoted value, or behind a value.
    fn in_plain(&mut self, character: char) {
        match character {
            '\n' if self.depth == 0 => {
                self.scalar = Scalar::Before;
                self.end_line();
            }
            '#' if self.follows_blank() => self.scanner.pass_line(),
            ':' if self.stands_alone() || self.depth > 0 && self.follows_quote() => {
                self.scalar = Scalar::Before;
                self.expects_value = true;
                self.scanner.pass();
            }
            ',' | ']' | '}' if self.depth > 0 => self.in_flow(character),
            _ => self.scanner.pass(),
        }
    }

    fn in_flow(&mut self, character: char) {
        if character == ',' {
            self.scalar = Scalar::Before;
            self.expects_value = true;
        } else {
            self.depth -= 1;
            self.scalar = Scalar::Plain;
        }
        self.scanner.pass();
    }

    fn end_line(&mut self) {
        self.expects_value = self.depth > 0 && self.expects_value;
        self.scanner.pass();
    }

    fn open_quote(&mut self, scalar: Scalar) {
        self.opened_at = self.scanner.offset();
        self.scalar = scalar;
        self.scanner.pass();
    }

    /// A block scalar: its header, and every line that is indented deeper than the line of the header, or empty.
    fn block(&mut self) -> Result<(), Defect> {
        let passed = self.scanner.passed();
        let line_start = passed.rfind('\n').map_or(0, |at| at + 1);
        let parent = column_of_owner(&passed[line_start..]);
        self.scanner.pass_line();
        while let Some(line) = self.scanner.rest().split_inclusive('\n').next() {
            let content = line.trim_end_matches(['\n', '\r']);
            let is_of_block = self.ends_line() && is_deeper(content, parent);
            if is_of_block || !self.ends_line() {
                self.block_line()?;
            } else {
                break;
            }
        }
        (self.scalar, self.expects_value) = (Scalar::Before, false);
        Ok(())
    }

    /// Whether the scanner stands at the beginning of a line.
    fn ends_line(&self) -> bool {
        self.scanner.passed().ends_with('\n')
    }

    fn block_line(&mut self) -> Result<(), Defect> {
        loop {
            match self.scanner.peek() {
                Step::End => return Ok(()),
                Step::Placeholder => {
                    self.scanner
                        .pass_placeholder(Context::Yaml(YamlContext::Block))?;
                }
                Step::Character(character) => {
                    self.scanner.pass();
                    if character == '\n' {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Whether a blank or the end of the line follows the next character.
    fn stands_alone(&self) -> bool {
        let mut rest = self.scanner.rest().chars();
        rest.next();
        matches!(rest.next(), None | Some(' ' | '\t' | '\n' | '\r'))
    }

    fn follows_blank(&self) -> bool {
        let passed = self.scanner.passed();
        passed.is_empty() || passed.ends_with([' ', '\t', '\n', '\r'])
    }

    fn follows_quote(&self) -> bool {
        self.scanner.passed().ends_with(['"', '\''])
    }
}

/// The column of what owns the block that begins behind `line`: a key, or the last dash where there is no key. The
/// lines of the block are indented deeper.
fn column_of_owner(line: &str) -> usize {
    let mut column = indentation(line);
    while let Some(rest) = line[column..].strip_prefix("- ") {
        let behind = column + 2 + indentation(rest);
        if !line[behind..].contains(':') && !line[behind..].starts_with("- ") {
            break;
        }
        column = behind;
    }
    column
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn is_deeper(line: &str, parent: usize) -> bool {
    line.trim().is_empty() || indentation(line) > parent
}

pub(super) fn write(context: YamlContext, secret: &str, output: &mut String) -> Escaped {
    match context {
        YamlContext::DoubleQuoted => write_escaped(secret, output),
        YamlContext::Value => {
            output.push('"');
            write_escaped(secret, output);
            output.push('"');
        }
        YamlContext::SingleQuoted | YamlContext::Block if secret.contains(is_special) => {
            return Err(
                "holds a line break or a control character, which can only be escaped in double quotes. Put the value in double quotes",
            );
        }
        YamlContext::SingleQuoted => {
            for character in secret.chars() {
                if character == '\'' {
                    output.push('\'');
                }
                output.push(character);
            }
        }
        YamlContext::Block if secret.trim() != secret || secret.is_empty() => {
            return Err(
                "begins or ends with a blank, which a block does not always keep. Put the value in double quotes",
            );
        }
        YamlContext::Block => output.push_str(secret),
    }
    Ok(())
}

fn write_escaped(secret: &str, output: &mut String) {
    for character in secret.chars() {
        match character {
            '"' | '\\' => output.extend(['\\', character]),
            '\n' => output.push_str("\\n"),
            '\r' => output.push_str("\\r"),
            '\t' => output.push_str("\\t"),
            _ if is_special(character) => {
                // Writing to a string does not fail.
                let _ = write!(output, "\\u{:04x}", u32::from(character));
            }
            _ => output.push(character),
        }
    }
}

/// What YAML takes for a line break, or does not count as printable; all of it in the basic plane.
fn is_special(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}
