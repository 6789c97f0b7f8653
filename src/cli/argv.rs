//! keytool's single dash: `-alias x` becomes `--alias x` before the arguments are parsed.

use std::ffi::OsString;

/// Options of keytool that are taken, in lower case; keytool does not mind the case.
const KEYTOOL_OPTIONS: [&str; 14] = [
    "-alias",
    "-keystore",
    "-storetype",
    "-storepass",
    "-storepass:env",
    "-storepass:file",
    "-keypass",
    "-keypass:env",
    "-keypass:file",
    "-new",
    "-new:env",
    "-new:file",
    "-destalias",
    "-json",
];

/// Gives keytool's options their second dash and leaves out `-J…`, which is for a JVM.
///
/// What follows such an option is its value, whatever it looks like. Nothing is touched after `--`.
pub(super) fn with_two_dashes(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut translated = Vec::new();
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let text = argument.to_str().unwrap_or_default();
        if text == "--" {
            translated.push(argument);
            break;
        }
        if text.starts_with("-J") {
            continue;
        }
        let lower = text.to_lowercase();
        if !KEYTOOL_OPTIONS.contains(&lower.as_str()) {
            translated.push(argument);
            continue;
        }
        translated.push(OsString::from(format!("-{lower}")));
        if lower != "-json" {
            translated.extend(arguments.next());
        }
    }
    translated.extend(arguments);
    translated
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translate(arguments: &[&str]) -> Vec<String> {
        with_two_dashes(arguments.iter().map(OsString::from))
            .into_iter()
            .map(|argument| argument.into_string().unwrap())
            .collect()
    }

    #[test]
    fn options_of_keytool_get_a_second_dash() {
        assert_eq!(
            translate(&[
                "keyward",
                "list",
                "-KeyStore",
                "a",
                "-storepass:env",
                "P",
                "--alias",
                "x"
            ]),
            [
                "keyward",
                "list",
                "--keystore",
                "a",
                "--storepass:env",
                "P",
                "--alias",
                "x"
            ]
        );
    }

    #[test]
    fn a_value_is_not_an_option() {
        assert_eq!(
            translate(&["keyward", "get", "-alias", "-keystore", "-J-Xmx1g", "-v"]),
            ["keyward", "get", "--alias", "-keystore", "-v"]
        );
        assert_eq!(
            translate(&["keyward", "--", "-alias"]),
            ["keyward", "--", "-alias"]
        );
    }
}
