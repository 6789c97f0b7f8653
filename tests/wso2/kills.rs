//! SIGKILL in the middle: each user store is the old or the new one, whole, and the next run finishes.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::home::{Home, OAEP, opened, value};
use crate::reencryption::{arguments, reencrypt};
use crate::support::keyward_command;
use crate::{internal, primary};
use keyward::userstore::{EncryptionKey, Layout};

const TENANTS: usize = 40;

fn path(tenant: usize) -> String {
    format!("repository/tenants/{tenant}/userstores/JDBC.xml")
}

fn value_in(text: &str) -> &str {
    let (_, rest) = text.split_once("\"true\">").unwrap();
    rest.strip_suffix("</Property></UserStoreManager>").unwrap()
}

fn is_under(key: &EncryptionKey, text: &str) -> bool {
    let value = keyward::userstore::Ciphertext::parse(value_in(text)).unwrap();
    key.open(&value, keyward::userstore::Provider::BouncyCastle)
        .is_some()
}

#[test]
fn a_killed_run_leaves_whole_files_and_the_next_run_finishes() {
    let home = Home::empty();
    let old = value(&primary(), OAEP, Layout::SelfContained, "pass");
    for tenant in 1..=TENANTS {
        let text = format!(
            "<UserStoreManager><Property name=\"password\" encrypted=\"true\">{old}</Property></UserStoreManager>"
        );
        home.write(&path(tenant), text.as_bytes());
    }
    let mut done = 0;
    for lines in [3, 12, 25] {
        kill_after(&home, lines);
        let under_internal = (1..=TENANTS).filter(|&tenant| {
            let text = String::from_utf8(home.read(&path(tenant))).unwrap();
            let is_new = is_under(&internal(), &text);
            assert!(
                is_new || value_in(&text) == old,
                "tenant {tenant} is neither old nor new"
            );
            is_new
        });
        let now = under_internal.count();
        assert!(now >= done, "a value went back");
        done = now;
    }
    assert!(done > 0, "no run was killed after its first file");
    reencrypt(&home, &[]).of_success();
    for tenant in 1..=TENANTS {
        let text = String::from_utf8(home.read(&path(tenant))).unwrap();
        assert_eq!(opened(&internal(), value_in(&text)), "pass");
    }
    assert_eq!(home.content().len(), TENANTS, "nothing is left behind");
}

/// Starts a run and ends it when it has announced so many files.
fn kill_after(home: &Home, lines: usize) {
    let mut command = keyward_command();
    command.args(arguments(home));
    let mut run = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = BufReader::new(run.stderr.take().unwrap()).lines();
    let announced = log
        .map_while(Result::ok)
        .filter(|line| line.contains("Migrating password in"));
    assert_eq!(announced.take(lines).count(), lines);
    run.kill().unwrap();
    run.wait().unwrap();
}
