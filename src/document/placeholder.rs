//! Placeholders in a value, and the environment that they are taken from.
//!
//! ```text
//! ${NAME}   ${NAME:default}                      Spring's property placeholders
//! #{systemEnvironment['NAME']}                   Spring's expressions: of these, the ones that
//! #{environment.NAME}  #{environment['NAME']}    name one environment variable, with or without
//! #{environment['NAME'] ?: 'default'}            a default
//! ```
//!
//! A default may hold placeholders itself. A name that no shell could export is looked up under the
//! name that PhixFlow gives its variable: `.` becomes `_`, `-` goes, letters are upper case
//! (`db.url` is `DB_URL`). Sources: Spring's `PropertyPlaceholderHelper` and `SpelExpressionParser`;
//! PhixFlow help, "Properties".

use zeroize::Zeroizing;

use super::error::DocumentError;
use super::place::Place;

/// How deep defaults may hold placeholders.
const DEEPEST_DEFAULT: usize = 8;

/// The environment variables that placeholders are taken from.
#[derive(Clone, Copy)]
pub(super) struct Environment(fn(&str) -> Option<String>);

/// A piece of a value.
#[derive(Debug, PartialEq)]
enum Part<'v> {
    Text(&'v str),
    Variable {
        name: String,
        default: Option<&'v str>,
    },
}

/// Why a value with placeholders has no value.
#[derive(Debug, PartialEq)]
pub(super) enum PlaceholderError {
    /// The variable is not set, and there is no default.
    Unset { name: String },
    /// An expression that is not one of those above.
    Expression,
}

impl Environment {
    /// That of this process. A variable that is not UTF-8 counts as not set.
    pub(super) fn of_process() -> Self {
        Self(|name| std::env::var(name).ok())
    }

    #[cfg(test)]
    pub(super) fn of_test(variables: fn(&str) -> Option<String>) -> Self {
        Self(variables)
    }

    /// `value` with every placeholder replaced.
    pub(super) fn expand(self, value: &str) -> Result<Zeroizing<String>, PlaceholderError> {
        self.expand_within(value, DEEPEST_DEFAULT)
    }

    fn expand_within(
        self,
        value: &str,
        depth: usize,
    ) -> Result<Zeroizing<String>, PlaceholderError> {
        let pieces = parts(value)?
            .into_iter()
            .map(|part| self.expand_part(part, depth))
            .collect::<Result<Vec<_>, _>>()?;
        let length = pieces.iter().map(|piece| piece.len()).sum();
        let mut expanded = Zeroizing::new(String::with_capacity(length));
        for piece in &pieces {
            expanded.push_str(piece);
        }
        Ok(expanded)
    }

    fn expand_part(
        self,
        part: Part<'_>,
        depth: usize,
    ) -> Result<Zeroizing<String>, PlaceholderError> {
        let (name, default) = match part {
            Part::Text(text) => return Ok(Zeroizing::new(text.to_owned())),
            Part::Variable { name, default } => (name, default),
        };
        if let Some(value) = (self.0)(&name) {
            return Ok(Zeroizing::new(value));
        }
        match default {
            Some(default) if depth > 0 => self.expand_within(default, depth - 1),
            Some(_) => Err(PlaceholderError::Expression),
            None => Err(PlaceholderError::Unset { name }),
        }
    }
}

impl PlaceholderError {
    /// The error that a user reads: where, and in which setting.
    pub(super) fn at(self, at: Place, setting: String) -> DocumentError {
        match self {
            Self::Unset { name } => DocumentError::UnsetVariable { at, setting, name },
            Self::Expression => DocumentError::Expression { at, setting },
        }
    }
}

/// The variable that `value` names, if it is one placeholder without a default and nothing else.
pub(super) fn sole_variable(value: &str) -> Option<String> {
    let mut parts = parts(value.trim()).ok()?;
    match (parts.pop(), parts.is_empty()) {
        (
            Some(Part::Variable {
                name,
                default: None,
            }),
            true,
        ) => Some(name),
        _ => None,
    }
}

fn parts(value: &str) -> Result<Vec<Part<'_>>, PlaceholderError> {
    let mut parts = Vec::new();
    let mut rest = value;
    while let Some((before, kind, inner, after)) = next_placeholder(rest) {
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        parts.push(match kind {
            Kind::Placeholder => placeholder(inner),
            Kind::Expression => expression(inner).ok_or(PlaceholderError::Expression)?,
        });
        rest = after;
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(Part::Text(rest));
    }
    Ok(parts)
}

enum Kind {
    Placeholder,
    Expression,
}

/// What stands before the first placeholder, its kind, its inside, and what follows.
fn next_placeholder(value: &str) -> Option<(&str, Kind, &str, &str)> {
    let start = value
        .as_bytes()
        .windows(2)
        .position(|pair| matches!(pair, b"${" | b"#{"))?;
    let kind = match value.as_bytes().get(start) {
        Some(b'$') => Kind::Placeholder,
        _ => Kind::Expression,
    };
    let inside = &value[start + 2..];
    let end = closing_brace(inside)?;
    Some((&value[..start], kind, &inside[..end], &inside[end + 1..]))
}

fn closing_brace(inside: &str) -> Option<usize> {
    let mut open = 1;
    inside.bytes().position(|byte| {
        match byte {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => {}
        }
        open == 0
    })
}

fn placeholder(inside: &str) -> Part<'_> {
    let (name, default) = match inside.split_once(':') {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    Part::Variable {
        name: variable_name(name.trim()),
        default,
    }
}

fn expression(inside: &str) -> Option<Part<'_>> {
    let (variable, default) = match inside.split_once("?:") {
        Some((variable, default)) => (variable, Some(unquote(default.trim())?)),
        None => (inside, None),
    };
    let variable = variable.trim();
    let variable = variable.strip_prefix('@').unwrap_or(variable);
    let access = variable
        .strip_prefix("systemEnvironment")
        .or_else(|| variable.strip_prefix("environment"))?;
    let name = accessed(access)?;
    Some(Part::Variable {
        name: variable_name(name),
        default,
    })
}

/// The name in `['NAME']`, `.getProperty('NAME')` or `.NAME`.
fn accessed(access: &str) -> Option<&str> {
    let enclosed = |start, end| access.strip_prefix(start)?.strip_suffix(end);
    if let Some(quoted) = enclosed("[", "]").or_else(|| enclosed(".getProperty(", ")")) {
        return unquote(quoted.trim());
    }
    let is_part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    let name = access.strip_prefix('.')?;
    (!name.is_empty() && name.chars().all(is_part_of_name)).then_some(name)
}

fn unquote(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inside = text[1..].strip_suffix(quote)?;
    (!inside.contains(quote)).then_some(inside)
}

fn variable_name(name: &str) -> String {
    if name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return name.to_owned();
    }
    name.replace('-', "").replace('.', "_").to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment {
        Environment::of_test(|name| match name {
            "HOME" => Some("/home/phixflow".to_owned()),
            "DB_URL" => Some("jdbc:h2".to_owned()),
            _ => None,
        })
    }

    fn expand(value: &str) -> String {
        environment().expand(value).unwrap().to_string()
    }

    #[test]
    fn placeholders_are_replaced_wherever_they_stand() {
        assert_eq!(expand("${HOME}/secure.jks"), "/home/phixflow/secure.jks");
        assert_eq!(expand("a#{systemEnvironment['HOME']}b"), "a/home/phixflowb");
        assert_eq!(expand("#{environment.HOME}"), "/home/phixflow");
        assert_eq!(expand("#{ @environment[\"HOME\"] }"), "/home/phixflow");
        assert_eq!(
            expand("#{environment.getProperty('HOME')}"),
            "/home/phixflow"
        );
        assert_eq!(expand("${db.url}"), "jdbc:h2");
        assert_eq!(expand("${db-.url}"), "jdbc:h2");
    }

    #[test]
    fn a_default_counts_when_the_variable_is_not_set() {
        assert_eq!(expand("${NONE:db1}"), "db1");
        assert_eq!(expand("${NONE:}"), "");
        assert_eq!(expand("${HOME:db1}"), "/home/phixflow");
        assert_eq!(expand("${NONE:${HOME}/x}"), "/home/phixflow/x");
        assert_eq!(expand("#{systemEnvironment['NONE'] ?: 'db1'}"), "db1");
    }

    #[test]
    fn text_that_is_no_placeholder_stays() {
        for text in ["P*59$word", "a{b}c", "${open", "#{open", "$", "#", ""] {
            assert_eq!(expand(text), text);
        }
    }

    #[test]
    fn a_variable_that_is_not_set_is_named() {
        let unset = |name: &str| {
            Err(PlaceholderError::Unset {
                name: name.to_owned(),
            })
        };
        assert_eq!(environment().expand("${NONE}"), unset("NONE"));
        assert_eq!(environment().expand("x${key.pass}"), unset("KEY_PASS"));
    }

    #[test]
    fn other_expressions_and_endless_defaults_are_refused() {
        for value in [
            "#{T(java.lang.Runtime).getRuntime()}",
            "#{systemProperties['a']}",
            "#{environment}",
            "#{environment.a.b}",
            "#{systemEnvironment['NONE'] ?: other}",
        ] {
            assert_eq!(
                environment().expand(value),
                Err(PlaceholderError::Expression),
                "{value}"
            );
        }
        let endless = "${A:".repeat(50_000) + &"}".repeat(50_000);
        assert_eq!(
            environment().expand(&endless),
            Err(PlaceholderError::Expression)
        );
    }

    #[test]
    fn a_value_that_is_one_variable_is_told_from_others() {
        let name = |value| sole_variable(value);
        assert_eq!(name("${KEY_PASS}").as_deref(), Some("KEY_PASS"));
        assert_eq!(
            name(" #{systemEnvironment['KEY_PASS']} ").as_deref(),
            Some("KEY_PASS")
        );
        for other in ["${KEY_PASS:x}", "x${KEY_PASS}", "${A}${B}", "KEY_PASS", ""] {
            assert_eq!(name(other), None, "{other}");
        }
    }
}
