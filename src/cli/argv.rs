//! keytool's single dash: `-alias x` becomes `--alias x` before the arguments are parsed.

use std::ffi::OsString;

/// Options of keytool that are taken, in lower case; keytool does not mind the case.
const KEYTOOL_OPTIONS: [&str; 32] = [
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
    "-file",
    "-keyalg",
    "-keysize",
    "-srckeystore",
    "-srcstorepass",
    "-srcstorepass:env",
    "-srcstorepass:file",
    "-srcalias",
    "-srckeypass",
    "-srckeypass:env",
    "-srckeypass:file",
    "-destkeystore",
    "-deststoretype",
    "-deststorepass",
    "-deststorepass:env",
    "-deststorepass:file",
    "-destkeypass",
    "-destkeypass:env",
    "-destkeypass:file",
];

/// Options that no value follows.
const SWITCHES: [&str; 3] = ["-json", "-noprompt", "-rfc"];

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
        let is_switch = SWITCHES.contains(&lower.as_str());
        if !is_switch && !KEYTOOL_OPTIONS.contains(&lower.as_str()) {
            translated.push(argument);
            continue;
        }
        translated.push(OsString::from(format!("-{lower}")));
        if !is_switch {
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
    fn a_switch_has_no_value() {
        assert_eq!(
            translate(&[
                "keyward",
                "importcert",
                "-NoPrompt",
                "-file",
                "-rfc",
                "-rfc"
            ]),
            [
                "keyward",
                "importcert",
                "--noprompt",
                "--file",
                "-rfc",
                "--rfc"
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
