//! `keyward migrate report` and `keyward migrate end`.

use std::fs;

use serde_json::Value;

use super::fixture::eventually;
use super::program::{LEGACY, Program, TARGET, document, folder, has};
use super::support::{Output, keyward};

fn command(program: &Program, name: &str, more: &[&str]) -> Output {
    let path = program.fixture.path("migration.xml");
    let mut arguments = vec!["migrate", name, path.to_str().unwrap()];
    arguments.extend(more);
    keyward(&arguments, "")
}

#[test]
fn a_migration_ends_when_few_enough_users_are_left() {
    if !has("curl") {
        return;
    }
    let program = Program::start(folder(), &format!("{TARGET}{LEGACY}"));
    assert_eq!(program.verify("jane", "password").status, 200);
    let report = command(&program, "report", &[]).of_success().stdout;
    let expected = "3 users, 33.3 % of them moved\n       1 moved\n       0 wrapped\n       2 left\nleft: max\nleft: eve\n";
    assert_eq!(report, expected);
    let json = command(&program, "report", &["--json"]).of_success().stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["moved"], &json["left"]), (&1.into(), &2.into()));
    assert_eq!(json["left_users"], serde_json::json!(["max", "eve"]));
    let short = command(&program, "report", &["--names", "1"]).of_success();
    assert!(
        short
            .stdout
            .ends_with("left: max\nand 1 more: see --names\n"),
        "{short:?}"
    );

    let path = program.fixture.path("migration.xml");
    let before = fs::read_to_string(&path).unwrap();
    let refused = command(&program, "end", &["--allow", "1"]);
    assert_eq!(refused.status, Some(1));
    assert!(
        refused
            .stderr
            .contains("2 users have not moved, and --allow is 1."),
        "{refused:?}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), before);

    let ended = command(&program, "end", &["--allow", "2"]).of_success();
    assert!(ended.stdout.contains("ended. 2 users left"), "{ended:?}");
    let after = fs::read_to_string(&path).unwrap();
    let (start, rest) = after.split_once(" ended=\"").unwrap();
    let (_, rest) = rest.split_once('"').unwrap();
    assert_eq!(format!("{start}{rest}"), before);
    assert!(
        command(&program, "end", &[])
            .of_success()
            .stdout
            .contains("already")
    );

    // The running service takes it up.
    program.signal("-HUP");
    eventually("it has ended", || {
        program.get("/v1/status").json()["migration"]["has_ended"] == true
    });
    assert_eq!(
        program.verify("max", "password").body.trim(),
        "{\"accepted\":false}"
    );
    assert!(program.verify("jane", "password").body.contains("true"));
    assert_eq!(program.stored("max"), "");

    // To go back, the attribute is deleted.
    fs::write(&path, before).unwrap();
    program.signal("-HUP");
    eventually("it goes on", || {
        program.get("/v1/status").json()["migration"]["has_ended"] == false
    });
    assert!(
        program
            .verify("max", "password")
            .body
            .contains("\"migrated\":true")
    );
}

#[test]
fn a_source_whose_users_cannot_be_listed_is_named_and_asked_about() {
    let fixture = folder();
    fixture.write("users.csv", "username,password\n");
    let api = "<legacy><api url='https://old.example/check?key=1'/></legacy>";
    fixture.write("migration.xml", document(&format!("{TARGET}{api}")));
    let path = fixture.path("migration.xml");
    let path = path.to_str().unwrap();
    let report = keyward(&["migrate", "report", path], "")
        .of_success()
        .stdout;
    assert!(
        report.contains("https://old.example/check: its users cannot be listed"),
        "{report}"
    );
    let refused = keyward(&["migrate", "end", path], "");
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains("add --unlisted"), "{refused:?}");
    keyward(&["migrate", "end", path, "--unlisted"], "").of_success();
}

#[test]
fn what_is_no_migration_service_is_told_so() {
    let fixture = folder();
    fixture.write("other.xml", "<beans/>");
    for (name, status) in [("other.xml", 1), ("none.xml", 3)] {
        for command in ["serve", "report", "end"] {
            let path = fixture.path(name);
            let output = keyward(&["migrate", command, path.to_str().unwrap()], "");
            assert_eq!(output.status, Some(status), "{output:?}");
            assert!(output.stderr.contains(name), "{output:?}");
        }
    }
}
