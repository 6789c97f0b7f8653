//! The user stores of many WSO2 tenants re-encrypted, beside a Java program that does the same cryptography on the same
//! files, on one processor and on two.
//!
//! ```text
//! cargo bench --bench wso2_userstores            # 2,000 tenants with five user stores each
//! cargo bench --bench wso2_userstores -- 200
//! ```
//!
//! Needs JDK 17 or 21, which `.ci/peers` fetches, and `taskset`.

// A benchmark that cannot go on may say so by a panic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code)]
mod measure;
#[path = "../tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use keyward::Secret;
use keyward::keystore::Alias;
use keyward::userstore::{EncryptionKey, Form, KeyPair, Layout, Provider};
use measure::processor;
use support::{STORE_PASSWORD, STORE_PASSWORD_VARIABLE, keyward_command, repository};

const STORES_OF_A_TENANT: usize = 5;
const TRANSFORMATION: &str = "RSA/ECB/OAEPwithSHA1andMGF1Padding";

fn main() {
    let tenants = std::env::args().find_map(|argument| argument.parse().ok());
    let tenants: usize = tenants.unwrap_or(2000);
    let Some(jdk) = [17, 21].into_iter().find_map(support::jdk) else {
        return;
    };
    println!("{}\n", processor());
    println!(
        "| user stores | processors | keyward, s | its memory, MiB | Java {}, s | ratio |",
        jdk.version
    );
    println!("|--:|--:|--:|--:|--:|--:|");
    for (tenants, processors) in [(tenants / 10, 1), (tenants, 1), (tenants, 2)] {
        let folder = tempfile::tempdir().unwrap();
        make_home(folder.path(), tenants);
        let (ours, memory) = keyward(folder.path(), processors);
        fs::remove_dir_all(folder.path().join("repository")).unwrap();
        make_home(folder.path(), tenants);
        let keystores = [keystore("primary.p12"), keystore("internal.p12")];
        let [from, to] = keystores.each_ref().map(|path| path.to_str().unwrap());
        let home = folder.path().to_str().unwrap();
        let arguments = [home, from, "wso2carbon", to, "internal", STORE_PASSWORD];
        let Some(java) = jdk.java_command("ReencryptUserStores", &arguments) else {
            return;
        };
        let theirs = time_of(&mut on(processors, &java));
        println!(
            "| {} | {processors} | {:.1} | {memory:.0} | {:.1} | {:.2} |",
            tenants * STORES_OF_A_TENANT,
            ours.as_secs_f64(),
            theirs.as_secs_f64(),
            theirs.as_secs_f64() / ours.as_secs_f64()
        );
    }
}

fn keystore(name: &str) -> PathBuf {
    repository().join("tests/wso2/keystores").join(name)
}

fn make_home(home: &Path, tenants: usize) {
    let password = Secret::copied_from(STORE_PASSWORD.as_bytes());
    let pair = KeyPair::read(
        &keystore("primary.p12"),
        &password,
        &Alias::new("wso2carbon"),
        &password,
    );
    let key = EncryptionKey::KeyPair(Box::new(pair.unwrap()));
    let form = Form::new(
        Layout::SelfContained,
        TRANSFORMATION.parse().unwrap(),
        Provider::BouncyCastle,
    );
    for tenant in 1..=tenants {
        let folder = home.join(format!("repository/tenants/{tenant}/userstores"));
        fs::create_dir_all(&folder).unwrap();
        for store in 0..STORES_OF_A_TENANT {
            let secret = Secret::copied_from(format!("password {tenant} {store}").as_bytes());
            let value = key.encrypt(&secret, &form).unwrap();
            let text = format!(
                "<UserStoreManager class=\"org.wso2.carbon.user.core.jdbc.JDBCUserStoreManager\">\n\
                 <Property encrypted=\"true\" name=\"password\">{value}</Property>\n</UserStoreManager>\n"
            );
            fs::write(folder.join(format!("S{store}.xml")), text).unwrap();
        }
    }
}

/// The command, on so many processors.
fn on(processors: usize, command: &Command) -> Command {
    let list = if processors == 1 { "0" } else { "0,1" };
    let mut bound = Command::new("taskset");
    bound.args(["-c", list]).arg(command.get_program());
    bound.args(command.get_args());
    bound
}

/// How long a run takes, and the most memory that it had.
fn keyward(home: &Path, processors: usize) -> (Duration, f64) {
    let mut command = on(processors, &keyward_command());
    command
        .args(["wso2", "reencrypt-userstores", "--home"])
        .arg(home);
    command.arg("--from-keystore").arg(keystore("primary.p12"));
    command.args([
        "--from-alias",
        "wso2carbon",
        "--from-storepass:env",
        STORE_PASSWORD_VARIABLE,
    ]);
    command.arg("--to-keystore").arg(keystore("internal.p12"));
    command.args([
        "--to-alias",
        "internal",
        "--to-storepass:env",
        STORE_PASSWORD_VARIABLE,
    ]);
    command
        .env(STORE_PASSWORD_VARIABLE, STORE_PASSWORD)
        .env("KEYWARD_LOG", "error");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0.0_f64;
    loop {
        let listing = fs::read_to_string(&status).unwrap_or_default();
        let peak = listing.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        most = most.max(peak.unwrap_or_default());
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            return (started.elapsed(), most / 1024.0);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn time_of(command: &mut Command) -> Duration {
    let started = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status();
    assert!(status.unwrap().success());
    started.elapsed()
}
