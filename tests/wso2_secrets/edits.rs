//! Whatever is edited, every other byte stays: random files and random edits.

use std::path::Path;

use keyward::document::{DeploymentToml, JavaProperties};
use proptest::prelude::*;

const VALUE: &str = "[ -~äß😀\\t]{0,24}";

/// A line of `[secrets]`: its alias, and how it is written around its value.
fn secret_line() -> impl Strategy<Value = (String, String)> {
    let spelling = prop::sample::select(vec![
        ("", " = \"", "\""),
        ("  ", "=\"", "\" # tail"),
        ("\t", "  =  '", "'  "),
        ("# [secrets]\n\n", " = \"", "\""),
    ]);
    ("[a-z_]{1,8}", spelling).prop_map(|(alias, (before, middle, after))| {
        let line = format!("{before}\u{1}{middle}\u{2}{after}");
        (alias, line)
    })
}

fn toml_file() -> impl Strategy<Value = (String, Vec<String>)> {
    let lines = prop::collection::vec(secret_line(), 0..6);
    let ends = prop::sample::select(vec!["\n", "\r\n"]);
    let header = prop::sample::select(vec!["[secrets]", "[ secrets ]  ", "[secrets] # plain"]);
    let tail = prop::sample::select(vec![
        "",
        "[next]  \nb = 1\n",
        "# end\n[[many]]\nsecrets = 'x'\n",
    ]);
    (lines, ends, header, tail).prop_map(|(lines, end, header, tail)| {
        let mut text = format!("a.b = 2 # top\n{header}\n");
        let mut aliases = Vec::new();
        for (index, (alias, line)) in lines.into_iter().enumerate() {
            let alias = format!("{alias}{index}");
            let line = line.replace('\u{1}', &alias).replace('\u{2}', "[x y]");
            text = format!("{text}{line}\n");
            aliases.push(alias);
        }
        text.push_str(tail);
        (text.replace('\n', end), aliases)
    })
}

proptest! {
    #[test]
    fn a_toml_edit_changes_the_meant_values_alone((text, aliases) in toml_file(), value in VALUE, chosen in any::<prop::sample::Index>()) {
        let path = Path::new("deployment.toml");
        let file = DeploymentToml::parse(path, text.as_bytes()).unwrap();
        let (alias, is_new) = match aliases.as_slice() {
            [] => ("fresh.one", true),
            aliases => (chosen.get(aliases).as_str(), false),
        };
        let edited = file.with_secrets(&[(alias, &value)]).unwrap();
        let edited = std::str::from_utf8(&edited).unwrap();
        let again = DeploymentToml::parse(path, edited.as_bytes()).unwrap();
        let name = format!("secrets.{alias}");
        prop_assert_eq!(again.setting(&name).unwrap().text(), Some(value.as_str()));

        // One piece was put in, and what stands before and behind it is the old file.
        let before = common_prefix(text.as_bytes(), edited.as_bytes());
        let behind = common_suffix(&text.as_bytes()[before..], &edited.as_bytes()[before..]);
        let removed = &text.as_bytes()[before..text.len() - behind];
        let old: &[u8] = if is_new { b"" } else { b"'[x y]'" };
        prop_assert!(removed.len() <= old.len(), "{:?}", String::from_utf8_lossy(removed));
        for setting in file.settings().iter().filter(|it| it.name != name) {
            prop_assert_eq!(again.setting(&setting.name).map(|it| it.text()), Some(setting.text()));
        }
        let added = usize::from(is_new);
        prop_assert_eq!(again.settings().len(), file.settings().len() + added);
    }

    #[test]
    fn a_properties_edit_changes_the_meant_value_alone(keys in prop::collection::vec("[a-z.]{1,6}", 1..6), value in "\\PC{0,24}", chosen in any::<prop::sample::Index>(), end in prop::sample::select(vec!["\n", "\r\n", "\r"])) {
        let spellings = [" = [x]", "=[x]", "\t:  [x]", " [x]", "=[\\\n  x]"];
        let mut text = String::from("#date\n");
        for (index, key) in keys.iter().enumerate() {
            text = format!("{text}{key}{index}{}\n! between\n\n", spellings[index % spellings.len()]);
        }
        let text = text.replace('\n', end);
        let path = Path::new("cipher-text.properties");
        let file = JavaProperties::parse(path, text.as_bytes()).unwrap();
        let index = chosen.index(keys.len());
        let key = format!("{}{index}", keys[index]);
        let edited = file.with_values(&[(&key, &value)]);
        let again = JavaProperties::parse(path, &edited).unwrap();
        prop_assert_eq!(again.value(&key), Some(value.as_str()));
        let before = common_prefix(text.as_bytes(), &edited);
        let behind = common_suffix(&text.as_bytes()[before..], &edited[before..]);
        let removed = text.len() - behind - before;
        prop_assert!(removed <= "[\\\r\n  x]".len(), "{removed} bytes were removed");
        for property in file.properties().filter(|it| it.key != key) {
            prop_assert_eq!(again.value(&property.key), Some(property.value.as_str()));
        }
    }
}

fn common_prefix(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}

fn common_suffix(one: &[u8], other: &[u8]) -> usize {
    let pairs = one.iter().rev().zip(other.iter().rev());
    pairs.take_while(|(a, b)| a == b).count()
}
