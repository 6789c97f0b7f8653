//! Files of `NAME=value` lines.
//!
//! There is no standard. What is written here means the same to POSIX shells (`. ./file`), python-dotenv and docker
//! compose; what they would take differently is refused:
//!
//! | place | written | refused |
//! |---|---|---|
//! | unquoted | letters, digits, `_ - . / : @ % + , = ^ ! * ?` and what is not ASCII, as they are | all else |
//! | `'…'` | all else, as it is | `'`, `\`, `${`, control characters but tab and line feed |
//! | `"…"` | `\` and `"` with a backslash, all else as it is | `$`, `` ` ``, control characters but tab and line feed |
//!
//! Sources: POSIX.1-2024 shell, 2.2 "Quoting"; python-dotenv `parser.py` and `variables.py`; compose-go `dotenv`.

use super::fragment::{Context, Defect, Escaped, Fragment, Scanner, Step};
use super::properties::is_escaped;

/// What a placeholder stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DotenvContext {
    Unquoted,
    SingleQuoted,
    DoubleQuoted,
}

use DotenvContext::{DoubleQuoted, SingleQuoted, Unquoted};

pub(super) fn fragments(text: &str) -> Result<Vec<Fragment<'_>>, Defect> {
    let mut scanner = Scanner::new(text);
    let mut context = Unquoted;
    let (mut at_start, mut in_value, mut opened_at) = (true, false, 0);
    loop {
        let step = scanner.peek();
        match (context, step) {
            (Unquoted, Step::End) => return Ok(scanner.finish()),
            (_, Step::End) => {
                return Err(Defect {
                    offset: opened_at,
                    problem: "the quote is never closed. Close it",
                });
            }
            (Unquoted, Step::Character('#')) if at_start || ends_blank(scanner.passed()) => {
                scanner.pass_line();
                continue;
            }
            (_, Step::Placeholder) if context != SingleQuoted && is_escaped(scanner.passed()) => {
                return Err(scanner.defect(
                    "a backslash before the placeholder would change the secret. Remove it, or write $${secret: for a literal text",
                ));
            }
            (Unquoted, Step::Placeholder) if !in_value => {
                return Err(scanner.defect(
                    "a secret cannot be a variable's name. Put the placeholder behind the =",
                ));
            }
            (_, Step::Placeholder) => {
                scanner.pass_placeholder(Context::Dotenv(context))?;
                continue;
            }
            (Unquoted, Step::Character('\n')) => (at_start, in_value) = (true, false),
            (Unquoted, Step::Character('=')) => in_value = true,
            (Unquoted, Step::Character(quote @ ('"' | '\''))) if in_value => {
                opened_at = scanner.offset();
                if !is_escaped(scanner.passed()) {
                    context = if quote == '"' {
                        DoubleQuoted
                    } else {
                        SingleQuoted
                    };
                }
            }
            (SingleQuoted, Step::Character('\'')) => context = Unquoted,
            (DoubleQuoted, Step::Character('"')) if !is_escaped(scanner.passed()) => {
                context = Unquoted;
            }
            (_, Step::Character(_)) => {}
        }
        if let Step::Character(character) = step {
            at_start &= character.is_whitespace();
        }
        scanner.pass();
    }
}

fn ends_blank(passed: &str) -> bool {
    passed.ends_with([' ', '\t'])
}

pub(super) fn write(context: DotenvContext, secret: &str, output: &mut String) -> Escaped {
    let has_control = |character: char| {
        character.is_control() && !(context != Unquoted && matches!(character, '\n' | '\t'))
    };
    if secret.contains(has_control) {
        return Err(match context {
            Unquoted => {
                "holds a line break or another control character. Put the placeholder in quotes, or use `keyward exec` or `keyward tree`"
            }
            SingleQuoted | DoubleQuoted => {
                "holds a control character, which no dotenv file can. Use `keyward exec` or `keyward tree`"
            }
        });
    }
    match context {
        Unquoted if secret.contains(|character| !is_plain(character)) => Err(
            "holds a character that readers of dotenv files do not take as it is. Put the placeholder in quotes",
        ),
        SingleQuoted if secret.contains(['\'', '\\']) || secret.contains("${") => Err(
            "holds ', \\ or ${, which readers of dotenv files take differently within '…'. Put the placeholder in \"…\", or use `keyward exec` or `keyward tree`",
        ),
        DoubleQuoted if secret.contains(['$', '`']) => Err(
            "holds $ or `, which readers of dotenv files take differently within \"…\". Put the placeholder in '…', or use `keyward exec` or `keyward tree`",
        ),
        Unquoted | SingleQuoted => {
            output.push_str(secret);
            Ok(())
        }
        DoubleQuoted => {
            for character in secret.chars() {
                if matches!(character, '"' | '\\') {
                    output.push('\\');
                }
                output.push(character);
            }
            Ok(())
        }
    }
}

fn is_plain(character: char) -> bool {
    let is_letter = character.is_ascii_alphanumeric() || !character.is_ascii();
    is_letter && !character.is_whitespace() || "_-./:@%+,=^!*?".contains(character)
}
