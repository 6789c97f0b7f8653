//! Hostile `deployment.toml` files: names and settings without end.

use std::path::Path;

use keyward::document::DeploymentToml;

fn parsed(text: &str) -> Result<usize, String> {
    let toml = DeploymentToml::parse(Path::new("deployment.toml"), text.as_bytes());
    match toml {
        Ok(toml) => Ok(toml.settings().len()),
        Err(error) => Err(error.to_string()),
    }
}

#[track_caller]
fn message(text: &str) -> String {
    parsed(text).unwrap_err()
}

#[test]
fn a_long_table_name_around_many_settings_is_refused_with_its_line() {
    let long = "x".repeat(1100);
    let refused = message(&format!("a = 1\n[{long}]\nb = 1\n"));
    assert!(
        refused.starts_with("deployment.toml:2: the name of this setting has more than 1024 bytes"),
        "{refused}"
    );
    let parts = "y".repeat(500);
    let refused = message(&format!("[{parts}.{parts}]\n\n{parts} = 1\n"));
    assert!(refused.starts_with("deployment.toml:3:"), "{refused}");
    assert_eq!(parsed(&format!("[{parts}.{parts}]\nb = 1\n")), Ok(1));
}

#[test]
fn more_settings_or_tables_than_a_server_has_are_refused_with_the_line() {
    let settings = |count: usize| {
        let lines: Vec<String> = (0..count).map(|it| format!("k{it}=1")).collect();
        lines.join("\n")
    };
    assert_eq!(parsed(&settings(20_000)), Ok(20_000));
    let array = format!("a = [{}]\n", "1,".repeat(20_001));
    let tables: String = "[[t]]\n".repeat(20_002);
    for text in [settings(20_001), array, tables] {
        let refused = message(&text);
        assert!(
            refused.contains("has more than 20000 settings or tables"),
            "{refused}"
        );
    }
    // One table on one line: the line is known whichever key is one too many.
    let inline = settings(20_001).replace('\n', ",");
    let refused = message(&format!("a = 1\nb = {{{inline}}}\n"));
    assert!(refused.starts_with("deployment.toml:2:"), "{refused}");
}
