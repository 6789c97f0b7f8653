//! XML files.
//!
//! ```text
//! <a b="${secret:x}">${secret:y}<![CDATA[${secret:z}]]></a>
//! ```
//!
//! In text and in attributes `&`, `<`, `>` and both quotes become entities; line breaks, tabs and what is not ASCII
//! become character references, which no reader folds and which hold in every encoding. In CDATA, which has no
//! escapes, the section is closed before the secret and opened again behind it.
//!
//! Source: XML 1.0 (fifth edition), sections 2.2, 2.4, 2.7 and 3.3.3.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::fragment::{Context, Defect, Escaped, Fragment, Scanner, Step};

const CDATA: &str = "<![CDATA[";
const CDATA_END: &str = "]]>";

/// What the scanner is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Markup {
    Text,
    Tag,
    Attribute(char),
    Cdata,
}

pub(super) fn fragments(text: &str) -> Result<Vec<Fragment<'_>>, Defect> {
    let mut scanner = Scanner::new(text);
    let mut markup = Markup::Text;
    loop {
        match (markup, scanner.peek()) {
            (_, Step::End) => return Ok(scanner.finish()),
            (Markup::Tag, Step::Placeholder) => {
                return Err(scanner.defect(
                    "a secret cannot stand in a tag. Put the placeholder in an attribute's quotes, or between tags",
                ));
            }
            (Markup::Cdata, Step::Placeholder) => scanner.pass_placeholder(Context::XmlCdata)?,
            (_, Step::Placeholder) => scanner.pass_placeholder(Context::Xml)?,
            (Markup::Text, Step::Character('<')) => markup = open(&mut scanner)?,
            (Markup::Cdata, _) if scanner.rest().starts_with(CDATA_END) => {
                scanner.pass_bytes(CDATA_END.len());
                markup = Markup::Text;
            }
            (Markup::Tag, Step::Character('>')) => {
                scanner.pass();
                markup = Markup::Text;
            }
            (Markup::Tag, Step::Character(quote @ ('"' | '\''))) => {
                scanner.pass();
                markup = Markup::Attribute(quote);
            }
            (Markup::Attribute(quote), Step::Character(character)) if character == quote => {
                scanner.pass();
                markup = Markup::Tag;
            }
            (_, Step::Character(_)) => scanner.pass(),
        }
    }
}

/// Passes what begins with `<`: a comment, a processing instruction and a document type as a whole.
fn open(scanner: &mut Scanner<'_>) -> Result<Markup, Defect> {
    let rest = scanner.rest();
    if rest.starts_with(CDATA) {
        scanner.pass_bytes(CDATA.len());
        return Ok(Markup::Cdata);
    }
    let has_subset = rest.find('[') < rest.find('>') && rest.contains('[');
    let end_of_type = if has_subset { "]>" } else { ">" };
    let whole = [("<!--", "-->"), ("<?", "?>"), ("<!DOCTYPE", end_of_type)];
    for (opening, end) in whole {
        if !rest.starts_with(opening) {
            continue;
        }
        if scanner.pass_through(end) {
            return Ok(Markup::Text);
        }
        return Err(scanner.defect("this is never closed. Close it"));
    }
    scanner.pass();
    Ok(Markup::Tag)
}

pub(super) fn write(secret: &str, output: &mut String) -> Escaped {
    for character in secret.chars() {
        match character {
            '&' => output.push_str("&amp;"),
            '<' => output.push_str("&lt;"),
            '>' => output.push_str("&gt;"),
            '"' => output.push_str("&quot;"),
            '\'' => output.push_str("&#39;"),
            ' '..='~' => output.push(character),
            '\t'
            | '\n'
            | '\r'
            | '\u{7f}'..='\u{d7ff}'
            | '\u{e000}'..='\u{fffd}'
            | '\u{10000}'.. => {
                // Writing to a string does not fail.
                let _ = write!(output, "&#{};", u32::from(character));
            }
            _ => {
                return Err(
                    "holds a character that XML does not have, such as NUL. Use `keyward exec` or `keyward tree`",
                );
            }
        }
    }
    Ok(())
}

pub(super) fn write_in_cdata(secret: &str, output: &mut String) -> Escaped {
    output.push_str(CDATA_END);
    write(secret, output)?;
    output.push_str(CDATA);
    Ok(())
}

/// The parser's words are of the markup alone.
pub(super) fn defect_of(output: &str) -> Option<String> {
    let mut reader = Reader::from_str(output);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return None,
            Ok(_) => {}
            Err(_) => {
                let offset = usize::try_from(reader.error_position()).unwrap_or(output.len());
                let line = output
                    .get(..offset)
                    .map_or(1, |text| text.matches('\n').count() + 1);
                return Some(format!("not well-formed XML at line {line}"));
            }
        }
    }
}
