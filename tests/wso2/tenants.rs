//! The folders of tenants: what is missing, what cannot be listed, and how a folder may be called.

use keyward::userstore::Layout;

use crate::home::{Home, OAEP, SUPER, opened, value};
use crate::reencryption::reencrypt;
use crate::{internal, primary};

fn user_store() -> String {
    let value = value(&primary(), OAEP, Layout::SelfContained, "pass");
    format!(
        "<UserStoreManager><Property name=\"p\" encrypted=\"true\">{value}</Property></UserStoreManager>"
    )
}

#[track_caller]
fn assert_done(home: &Home, path: &str) {
    let text = String::from_utf8(home.read(path)).unwrap();
    let (_, rest) = text.split_once("\"true\">").unwrap();
    assert_eq!(opened(&internal(), rest.split('<').next().unwrap()), "pass");
}

#[test]
fn a_tenant_that_cannot_be_listed_is_reported_and_the_rest_goes_on() {
    let home = Home::empty();
    home.write(
        "repository/tenants/1/userstores",
        b"a file instead of a folder",
    );
    home.write(
        "repository/tenants/2/userstores/A.xml",
        user_store().as_bytes(),
    );
    let output = reencrypt(&home, &[]);
    assert_eq!(output.status, Some(1), "{output:#?}");
    assert_done(&home, "repository/tenants/2/userstores/A.xml");
    assert!(
        output
            .stdout
            .contains("tenants/1/userstores: cannot be read: "),
        "{output:#?}"
    );
    let output = reencrypt(&home, &["--json"]);
    let report: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(report["summary"]["failed"], 1, "{report:#}");
    let files = report["files"].as_array().unwrap();
    let failed = files.iter().find(|file| file["state"] == "failed").unwrap();
    assert_eq!(failed["tenant"], "1");
}

#[test]
fn a_folder_that_is_not_there_is_in_the_report() {
    let home = Home::empty();
    home.write(&format!("{SUPER}/A.xml"), user_store().as_bytes());
    std::fs::create_dir_all(home.path("repository/tenants/4")).unwrap();
    let output = reencrypt(&home, &["--json"]).of_success();
    let report: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    let missing = &report["files"][1];
    assert_eq!(missing["state"], "skipped", "{report:#}");
    assert_eq!(missing["reason"], "there is no such folder");
    assert_eq!(missing["tenant"], "4");
    assert_eq!(report["summary"]["skipped"], 1);
    let output = reencrypt(&home, &[]).of_success();
    assert!(
        output
            .stdout
            .contains("tenants/4/userstores: skipped, there is no such folder"),
        "{output:#?}"
    );
}

#[test]
fn a_folder_with_zeros_before_its_number_keeps_its_name() {
    for more in [&[][..], &["--tenant", "7"]] {
        let home = Home::empty();
        home.write(
            "repository/tenants/007/userstores/A.xml",
            user_store().as_bytes(),
        );
        let output = reencrypt(&home, more).of_success();
        assert!(
            output
                .stdout
                .contains("tenants/007/userstores/A.xml: written"),
            "{output:#?}"
        );
        assert_done(&home, "repository/tenants/007/userstores/A.xml");
    }
}
