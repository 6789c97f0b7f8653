//! What WSO2's cipher tool loses, keyward keeps: three reports from the field. The tool rewrites `[secrets]` line by line,
//! and stops at what it does not know after it has truncated the file.

use super::home::{Home, KEYSTORE, TOML};

/// Encrypts a home's plain values; every byte of `text` but the plain values must be there afterwards.
#[track_caller]
fn keeps_all_but(text: &str, plain: &[&str]) {
    let home = Home::with_toml(text);
    home.run(&["reencrypt"], "").of_success();
    let after = home.read(TOML);
    let mut rest = after.as_str();
    let before = format!("{KEYSTORE}{text}");
    let mut kept = before.as_str();
    for value in plain {
        let (piece, behind) = kept.split_once(value).unwrap();
        rest = rest
            .strip_prefix(piece)
            .unwrap_or_else(|| panic!("{piece:?} is not in {rest:?}"));
        let end = rest.find('"').unwrap();
        assert!(end > 300, "not an RSA block of 2048 bits: {}", &rest[..end]);
        (rest, kept) = (&rest[end..], behind);
    }
    assert_eq!(rest, kept);
}

#[test]
fn comments_and_blank_lines_in_secrets_stay() {
    keeps_all_but(
        "[secrets]\n# the database\n\ndb = \"[one two]\" # was: [old]\n  # indented\nmail=\"[three]\"\n# the end\n",
        &["[one two]", "[three]"],
    );
}

#[test]
fn a_section_header_with_a_trailing_blank_or_comment_stays() {
    keeps_all_but(
        "[secrets]   \ndb = \"[one]\"\n[database.identity_db]  \ntype = \"h2\"\n[server] # the host\nhostname = \"h\"\n",
        &["[one]"],
    );
}

#[test]
fn sections_behind_secrets_stay() {
    keeps_all_but(
        "[secrets]\r\ndb = \"[one]\"\r\n\r\n[[event_handler]]\r\nname = \"a\"\r\n[user_store]\r\ntype = \"x\"\r\n",
        &["[one]"],
    );
}

#[test]
fn what_cannot_be_read_changes_nothing() {
    let text = "[secrets]\na = \"[one]\"\nb = \"bm90IGFuIFJTQSBibG9jaw==\"\n[x]\ny = 1\n";
    let home = Home::with_toml(text);
    let output = home.run(&["reencrypt", "--all"], "");
    assert_eq!(output.status, Some(1), "{output:?}");
    assert!(
        output.stderr.contains("deployment.toml:7: the secret b:"),
        "{output:?}"
    );
    assert_eq!(home.read(TOML), format!("{KEYSTORE}{text}"));
}

#[test]
fn a_file_that_is_no_toml_stays_and_is_reported_with_its_line() {
    for (text, line) in [
        ("[secrets]\na = \"[one]\"\na = \"[two]\"\n", 7),
        ("[secrets]\na = [one]\n", 6),
    ] {
        let home = Home::with_toml(text);
        let output = home.run(&["reencrypt"], "");
        assert_eq!(output.status, Some(1), "{output:?}");
        assert!(
            output.stderr.contains(&format!("deployment.toml:{line}:")),
            "{output:?}"
        );
        assert_eq!(home.read(TOML), format!("{KEYSTORE}{text}"));
    }
}
