//! `-conf FILE`: options that stand in a file.
//!
//! ```text
//! # a properties file: what keytool.all says comes first, then the command's own line
//! keytool.all  = -keystore secure.jks
//! keytool.list = -v
//! ```
//! `${NAME}` stands for a system property of the JVM; keyward knows `user.home` and `file.separator`.
//! Source: `sun.security.tools.KeyStoreUtil.expandArgs` (JDK 17).

use std::env;
use std::fs;

use super::command::Command;
use super::failure::Failure;

/// The file's options for `command`, and behind them those of the command line, which thereby win.
pub(super) fn expand(
    file: &str,
    command: Command,
    arguments: Vec<String>,
) -> Result<Vec<String>, Failure> {
    let text = fs::read_to_string(file).map_err(|error| Failure::of_file(file, &error))?;
    let name = &command.name()[1..];
    let mut expanded = Vec::new();
    for key in ["keytool.all".to_owned(), format!("keytool.{name}")] {
        if let Some(value) = property(&text, &key) {
            for word in words(&value)? {
                expanded.push(with_properties(&word)?);
            }
        }
    }
    expanded.extend(arguments);
    Ok(expanded)
}

/// The value of `key` in a properties file, lines that end with a backslash joined.
fn property(text: &str, key: &str) -> Option<String> {
    let joined = text.replace("\\\r\n", "").replace("\\\n", "");
    let lines = joined.lines().map(str::trim_start);
    let mut values = lines
        .filter(|line| !line.starts_with(['#', '!']))
        .filter_map(|line| {
            let rest = line.strip_prefix(key)?;
            if !rest.starts_with(['=', ':', ' ', '\t']) {
                return None;
            }
            let rest = rest.trim_start();
            Some(rest.strip_prefix(['=', ':']).unwrap_or(rest).trim())
        });
    values.next_back().map(str::to_owned)
}

/// Words apart at white space; single or double quotes keep it together.
fn words(text: &str) -> Result<Vec<String>, Failure> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in text.chars() {
        if quote == Some(character) {
            quote = None;
        } else if quote.is_none() && matches!(character, '"' | '\'') {
            quote = Some(character);
            word.get_or_insert_default();
        } else if quote.is_none() && character.is_whitespace() {
            words.extend(word.take());
        } else {
            word.get_or_insert_default().push(character);
        }
    }
    if quote.is_some() {
        return Err(Failure::of(
            "java.io.IOException",
            format!("a quote is not closed in the -conf file: {text}"),
        ));
    }
    words.extend(word);
    Ok(words)
}

fn with_properties(word: &str) -> Result<String, Failure> {
    let mut expanded = String::new();
    let mut rest = word;
    while let Some((before, behind)) = rest.split_once("${") {
        let Some((name, behind)) = behind.split_once('}') else {
            break;
        };
        expanded.push_str(before);
        expanded.push_str(&system_property(name)?);
        rest = behind;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

fn system_property(name: &str) -> Result<String, Failure> {
    match name {
        "user.home" => Ok(env::home_dir().unwrap_or_default().display().to_string()),
        "file.separator" | "/" => Ok(std::path::MAIN_SEPARATOR_STR.to_owned()),
        _ => Err(Failure::of(
            "java.io.IOException",
            format!("the -conf file names the system property {name}, which only a JVM has"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_options_for_all_commands_and_for_one() {
        let text = "# comment\nkeytool.all = -keystore 'a b' \\\n  -v\nkeytool.list: -rfc\n";
        assert_eq!(
            property(text, "keytool.all").as_deref(),
            Some("-keystore 'a b'   -v")
        );
        assert_eq!(property(text, "keytool.list").as_deref(), Some("-rfc"));
        assert_eq!(property(text, "keytool.delete"), None);
    }

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(
            words(r#"-alias "my key" -x '' y"z""#).unwrap(),
            ["-alias", "my key", "-x", "", "yz"]
        );
        assert!(words("'open").is_err());
    }
}
