//! A batch of secrets: one a line, as JSON or as `alias=secret`.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::terminal::Input;
use crate::keystore::Alias;

/// A line that is JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonLine {
    alias: String,
    secret: String,
}

/// The secrets of the file at `path`; `-` stands for what is left of standard input.
pub(super) fn read_batch(path: &Path, input: &mut Input) -> Result<Vec<(Alias, Secret)>, Failure> {
    let (text, name) = if path == Path::new("-") {
        (input.rest()?, "standard input".to_owned())
    } else {
        let name = path.display().to_string();
        let text = fs::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::missing(format!("{name}: no such file")),
            _ => Failure::new(format!("{name}: cannot be read: {error}")),
        })?;
        (Secret::new(text), name)
    };
    parse(&text, &name)
}

fn parse(text: &Secret, name: &str) -> Result<Vec<(Alias, Secret)>, Failure> {
    let mut secrets = Vec::new();
    let mut seen = HashSet::new();
    for (index, line) in text.expose_bytes().split(|&byte| byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.trim_ascii().is_empty() {
            continue;
        }
        let at = |what: &str| Failure::new(format!("{name}:{}: {what}", index + 1));
        let (alias, secret) = parse_line(line).map_err(|what| at(&what))?;
        if secret.is_empty() {
            return Err(at(&format!(
                "the secret for alias <{alias}> is empty: Java could not read it back"
            )));
        }
        if !seen.insert(alias.clone()) {
            return Err(at(&format!(
                "alias <{alias}> stands in an earlier line already"
            )));
        }
        secrets.push((alias, secret));
    }
    if secrets.is_empty() {
        return Err(Failure::new(format!("{name}: holds no secret")));
    }
    Ok(secrets)
}

fn parse_line(line: &[u8]) -> Result<(Alias, Secret), String> {
    if line.starts_with(b"{") {
        // The parser's own message could quote the line, and with it the secret.
        let line: JsonLine = serde_json::from_slice(line).map_err(|error| {
            format!(
                "is not {{\"alias\": …, \"secret\": …}} (column {})",
                error.column()
            )
        })?;
        let secret = Zeroizing::new(line.secret);
        return Ok((
            Alias::new(&line.alias),
            Secret::copied_from(secret.as_bytes()),
        ));
    }
    let split = line.iter().position(|&byte| byte == b'=');
    let Some(split) = split.filter(|&at| at > 0) else {
        return Err("is neither alias=secret nor JSON".to_owned());
    };
    let alias =
        std::str::from_utf8(&line[..split]).map_err(|_| "has an alias that is not UTF-8")?;
    Ok((Alias::new(alias), Secret::copied_from(&line[split + 1..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_text(text: &str) -> Result<Vec<(Alias, Secret)>, Failure> {
        parse(&Secret::copied_from(text.as_bytes()), "batch")
    }

    #[test]
    fn both_forms_may_stand_side_by_side() {
        let text = "db1=sqluser\r\n\n{\"alias\": \"DB1Pass\", \"secret\": \"a=b\\nc\"}\nurl=x=y\n";
        let secrets = parse_text(text).unwrap();
        let read: Vec<(&str, &[u8])> = secrets
            .iter()
            .map(|(alias, secret)| (alias.as_str(), secret.expose_bytes()))
            .collect();
        assert_eq!(
            read,
            [
                ("db1", &b"sqluser"[..]),
                ("db1pass", b"a=b\nc"),
                ("url", b"x=y")
            ]
        );
    }

    #[test]
    fn a_wrong_line_is_named_and_not_quoted() {
        let wrong = [
            ("db1=sqluser\nno secret here\n", "batch:2"),
            ("{\"alias\": \"a\", \"secret\": \"hunter2\"", "batch:1"),
            ("{\"alias\": \"a\", \"password\": \"hunter2\"}", "batch:1"),
            ("a=1\nA=hunter2", "batch:2"),
            ("=hunter2", "batch:1"),
            ("a=", "batch:1"),
            ("\n", "holds no secret"),
        ];
        for (text, expected) in wrong {
            let message = format!("{:?}", parse_text(text).err().unwrap());
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
