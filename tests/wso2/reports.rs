//! The report grows file by file.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use keyward::userstore::Layout;

use crate::home::{Home, OAEP, value};
use crate::primary;
use crate::reencryption::arguments;
use crate::support::keyward_command;

const TENANTS: usize = 100;
/// With so many of them a pipe is full long before the last tenant, and keyward waits.
const NAME_LENGTH: usize = 10_000;

#[test]
fn a_file_is_in_the_report_before_the_next_ones_are_touched() {
    let home = Home::empty();
    let value = value(&primary(), OAEP, Layout::SelfContained, "pass");
    let name = "n".repeat(NAME_LENGTH);
    let text = format!(
        "<UserStoreManager><Property name=\"{name}\" encrypted=\"true\">{value}</Property></UserStoreManager>"
    );
    let path = |tenant: usize| format!("repository/tenants/{tenant}/userstores/A.xml");
    for tenant in 1..=TENANTS {
        home.write(&path(tenant), text.as_bytes());
    }
    let mut command = keyward_command();
    command.args(arguments(&home)).arg("--json");
    let mut run = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut report = BufReader::new(run.stdout.take().unwrap());
    let mut first = String::new();
    report.read_line(&mut first).unwrap();
    assert_eq!(home.read(&path(TENANTS)), text.as_bytes());
    let mut rest = String::new();
    report.read_to_string(&mut rest).unwrap();
    assert!(run.wait().unwrap().success());
    let whole: serde_json::Value = serde_json::from_str(&(first + &rest)).unwrap();
    assert_eq!(whole["summary"]["reencrypted"], TENANTS);
    // The super tenant has no folder.
    assert_eq!(whole["files"].as_array().unwrap().len(), TENANTS + 1);
}
