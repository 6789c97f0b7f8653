//! [`LocationPath`]: the part of `XPath` that WSO2's `cipher-tool.properties` uses.
//!
//! ```text
//! path = "//" step *( "/" step )          the first step matches at any depth, the others match children
//! step = name *( "[" test "]" )
//! test = name "=" quoted                  a child element of that text
//!      / "@" name [ "=" quoted ]          an attribute, of that value
//! ```
//! Names match without their namespace. A test `[@name]` at the very end may also say which attribute is meant; who reads
//! the path decides. Source: the stock entries of `cipher-tool.properties`; XPath 1.0, section 2.

use super::error::DocumentError;
use super::xml::Element;

/// A path to elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocationPath {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    name: String,
    tests: Vec<Test>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Child { name: String, text: String },
    Attribute { name: String, value: Option<String> },
}

impl LocationPath {
    /// Reads `//a/b[c='d']/e[@f]`.
    ///
    /// # Errors
    /// When it is more than the part of `XPath` that is read.
    pub fn parse(path: &str) -> Result<Self, DocumentError> {
        let refused = |problem| DocumentError::LocationPath {
            path: path.to_owned(),
            problem,
        };
        let rest = path.trim();
        let rest = rest.strip_prefix("//").or_else(|| rest.strip_prefix('/'));
        let rest = rest.ok_or_else(|| refused("it does not begin with //"))?;
        let steps = divided(rest).into_iter().map(step);
        let steps = steps.collect::<Result<_, _>>().map_err(refused)?;
        Ok(Self { steps })
    }

    /// The attribute that the path ends with: `f` of `//a/e[@f]`.
    #[must_use]
    pub fn last_attribute(&self) -> Option<&str> {
        match self.steps.last()?.tests.last()? {
            Test::Attribute { name, value: None } => Some(name),
            _ => None,
        }
    }

    /// The elements that it leads to, in the order of the document.
    pub(super) fn select<'d>(&self, root: &'d Element) -> Vec<&'d Element> {
        let Some((first, others)) = self.steps.split_first() else {
            return Vec::new();
        };
        let mut selected = Vec::new();
        first.select_within(root, &mut selected);
        for step in others {
            let children = selected.into_iter().flat_map(|element| &element.children);
            selected = children.filter(|child| step.matches(child)).collect();
        }
        selected
    }
}

impl Step {
    fn select_within<'d>(&self, element: &'d Element, selected: &mut Vec<&'d Element>) {
        if self.matches(element) {
            selected.push(element);
        }
        for child in &element.children {
            self.select_within(child, selected);
        }
    }

    fn matches(&self, element: &Element) -> bool {
        element.name == self.name && self.tests.iter().all(|test| test.holds_for(element))
    }
}

impl Test {
    fn holds_for(&self, element: &Element) -> bool {
        match self {
            Self::Child { name, text } => {
                let mut children = element.children.iter();
                children.any(|child| child.name == *name && child.text.trim() == text)
            }
            Self::Attribute { name, value } => element.attribute(name).is_some_and(|attribute| {
                let value = value.as_ref();
                value.is_none_or(|value| attribute.value.as_str() == value)
            }),
        }
    }
}

/// The steps as texts: `/` within brackets does not divide.
fn divided(path: &str) -> Vec<&str> {
    let (mut depth, mut start) = (0_usize, 0);
    let mut steps = Vec::new();
    for (offset, character) in path.char_indices() {
        match character {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => {
                steps.push(&path[start..offset]);
                start = offset + 1;
            }
            _ => {}
        }
    }
    steps.push(&path[start..]);
    steps
}

fn step(text: &str) -> Result<Step, &'static str> {
    let (name, mut rest) = text.split_at(text.find('[').unwrap_or(text.len()));
    let mut tests = Vec::new();
    while let Some(inner) = rest.strip_prefix('[') {
        let (inner, behind) = inner.split_once(']').ok_or("a [ is not closed")?;
        tests.push(test(inner.trim())?);
        rest = behind;
    }
    if !rest.is_empty() {
        return Err("something stands behind a ]");
    }
    Ok(Step {
        name: local_name(name.trim())?,
        tests,
    })
}

fn test(text: &str) -> Result<Test, &'static str> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name.trim(), Some(unquoted(value.trim())?)),
        None => (text, None),
    };
    if let Some(name) = name.strip_prefix('@') {
        let name = local_name(name)?;
        return Ok(Test::Attribute { name, value });
    }
    let name = local_name(name)?;
    let text = value.ok_or("a test without a value")?;
    Ok(Test::Child { name, text })
}

fn unquoted(text: &str) -> Result<String, &'static str> {
    let quote = text.chars().next().filter(|it| matches!(it, '\'' | '"'));
    let inner = quote.and_then(|quote| text[1..].strip_suffix(quote));
    inner
        .map(str::to_owned)
        .ok_or("a value is not between quotes")
}

fn local_name(name: &str) -> Result<String, &'static str> {
    let local = name.rsplit(':').next().unwrap_or(name);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if local.is_empty() || !local.chars().all(is_name) || local.starts_with('.') {
        return Err("a step is no element name");
    }
    Ok(local.to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::xml::Document;
    use super::*;

    const XML: &str = "<Server xmlns='http://wso2.org/projects/carbon/carbon.xml'><Security><KeyStore><Password>a</Password></KeyStore>\
        <datasource><name>DB/1</name><definition type='RDBMS'><password>b</password></definition></datasource>\
        <datasource><name>OTHER</name><definition type='RDBMS'><password>c</password></definition></datasource>\
        <Connector port='1' keystorePass='d'/><Connector port='2'/></Security></Server>";

    fn texts(path: &str) -> Vec<String> {
        let document = Document::parse(Path::new("a.xml"), XML.as_bytes()).unwrap();
        let path = LocationPath::parse(path).unwrap();
        let selected = path.select(document.root()).into_iter();
        selected
            .map(|element| match path.last_attribute() {
                Some(name) => element.attribute(name).unwrap().value.to_string(),
                None => element.text.to_string(),
            })
            .collect()
    }

    #[test]
    fn the_paths_of_the_stock_entries_are_followed() {
        let rdbms = "//Security/datasource[name='DB/1']/definition[@type=\"RDBMS\"]/password";
        for (path, expected) in [
            ("//Server/Security/KeyStore/Password", "a"),
            ("//Password", "a"),
            ("/Server/Security/KeyStore/Password", "a"),
            (rdbms, "b"),
            ("//datasource/definition/password", "b c"),
            ("//Server/Security/Connector[@keystorePass]", "d"),
            (
                "//x:Server/Security/Connector[@port='1'][@keystorePass]",
                "d",
            ),
            ("//Security/Password", ""),
        ] {
            assert_eq!(texts(path).join(" "), expected, "{path}");
        }
    }

    #[test]
    fn more_than_that_is_refused_with_what_is_read() {
        for path in [
            "a/b",
            "//a/*",
            "//a[1]",
            "//a/../b",
            "//a[b=c]",
            "//a[@b='c'",
            "//a//b",
            "//a/text()",
            "//a[@b]c",
        ] {
            let message = LocationPath::parse(path).unwrap_err().to_string();
            let expected = format!("the XPath {path} is not read here");
            assert!(message.starts_with(&expected), "{message}");
        }
    }
}
