//! A server's secrets in the secret service: resolved, served, reloaded.

use std::time::{Duration, Instant};
use std::{fs, thread};

use keyward::document::{Configuration, Dialect};
use keyward::service::{Outcome, SecretService, resolve};
use serde_json::Value;

use super::home::{Home, TOML};
use super::support::{STORE_PASSWORD, keyward};

/// Encrypted secrets, a reference to each, one that leads nowhere, and one in an XML document.
fn home() -> Home {
    let home = Home::with_toml(
        "[database]\nuser = \"wso2\"\npassword = \"$secret{DbPassword}\"\nother = \"$secret{gone}\"\n\n\
         [secrets]\nDbPassword = \"[x34!2axf]\"\ntoken = \"[t0ken]\"\n",
    );
    home.run(&["reencrypt"], "").of_success();
    home.write(
        "repository/conf/axis2.xml",
        "<a xmlns:svns='http://org.wso2.securevault/configuration'>\n<p svns:secretAlias='token'>password</p></a>",
    );
    // The first line is the store password, where the server would read it too.
    home.write("password-persist", &format!("{STORE_PASSWORD}\n"));
    home
}

#[test]
fn every_reference_of_a_home_is_resolved() {
    let home = home();
    let configuration = Configuration::load(&home.path("")).unwrap();
    assert_eq!(configuration.dialect, Dialect::Wso2);
    let found: Vec<_> = resolve(&configuration)
        .into_iter()
        .map(|it| (it.setting, it.alias, it.outcome))
        .collect();
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found[0].0, "a/p");
    assert_eq!((&*found[0].1, &found[0].2), ("token", &Outcome::Readable));
    assert_eq!(
        (&*found[1].1, &found[1].2),
        ("DbPassword", &Outcome::Readable)
    );
    assert!(
        matches!(&found[2].2, Outcome::Missing(reason) if reason.contains("keyward wso2 secrets set gone"))
    );
}

#[test]
fn the_command_lists_them_too() {
    let home = home();
    let toml = home.path(TOML);
    let output = keyward(
        &["resolve", "--json", "--reveal", toml.to_str().unwrap()],
        "",
    );
    // One alias leads nowhere.
    assert_eq!(output.status, Some(1), "{output:#?}");
    let rows: Value = serde_json::from_str(&output.stdout).unwrap();
    let rows = rows
        .as_array()
        .cloned()
        .unwrap_or_else(|| rows["aliases"].as_array().unwrap().clone());
    let row = rows
        .iter()
        .find(|row| row["alias"] == "DbPassword")
        .unwrap();
    assert_eq!(row["secret"], "x34!2axf");
    assert_eq!(row["line"], 7);
}

#[test]
fn secrets_are_served_and_follow_the_file() {
    let home = home();
    home.write(
        "service.xml",
        r#"<secret-service>
             <secure-vault name="is" home="." retryDelay="50" vanishGrace="0"/>
             <document path="repository/conf/deployment.toml"/>
           </secret-service>"#,
    );
    let configuration = Configuration::load(&home.path("service.xml")).unwrap();
    assert_eq!(configuration.references.len(), 2);
    let service = SecretService::start(configuration).unwrap();
    let value = |alias: &str| {
        let served = service.get(alias).ok()?;
        Some(served.secret.expose_text().unwrap().to_owned())
    };
    // As with keystores, case does not matter to who asks.
    assert_eq!(value("dbpassword").as_deref(), Some("x34!2axf"));
    assert_eq!(value("token").as_deref(), Some("t0ken"));
    assert_eq!(
        service.status().keystores[0].store_type.as_deref(),
        Some("SecureVault")
    );
    home.run(&["set", "DbPassword"], "renewed\n").of_success();
    let start = Instant::now();
    while value("DbPassword").as_deref() != Some("renewed") {
        assert!(start.elapsed() < Duration::from_secs(10), "never reloaded");
        thread::sleep(Duration::from_millis(10));
    }
    let view = service.view();
    assert_eq!(
        view.get("token").unwrap().since,
        1,
        "an unchanged value is as old as it was"
    );
    // A file that cannot be read is no reason to lose a value.
    fs::write(home.path(TOML), "[secrets\n").unwrap();
    let start = Instant::now();
    while service.status().keystores[0].state.as_str() != "stale" {
        assert!(start.elapsed() < Duration::from_secs(10), "never noticed");
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(value("DbPassword").as_deref(), Some("renewed"));
}

#[test]
fn a_wrong_password_and_a_folder_that_is_no_home_are_said() {
    let home = home();
    home.write("password-persist", "wrong\n");
    let configuration = Configuration::load(&home.path("")).unwrap();
    let Err(error) = SecretService::start(configuration) else {
        panic!("started with a wrong password");
    };
    let message = error.to_string();
    assert!(
        message.contains("password-persist") && message.contains("server.p12"),
        "{message}"
    );
    home.write(
        "service.xml",
        r#"<secret-service><secure-vault name="is" home="no/such/home"/></secret-service>"#,
    );
    let configuration = Configuration::load(&home.path("service.xml")).unwrap();
    let error = SecretService::start(configuration)
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("cipher-text.properties"), "{error}");
}

/// The kernel lets the program read what it needs of the home, and of a keystore elsewhere.
#[cfg(unix)]
#[test]
fn the_program_serves_a_home_while_it_is_confined() {
    let home = home();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::rename(
        home.path("repository/resources/security/server.p12"),
        elsewhere.path().join("server.p12"),
    )
    .unwrap();
    let moved = elsewhere.path().join("server.p12");
    let conf = home.read("repository/conf/security/secret-conf.properties");
    let line = conf
        .lines()
        .find(|line| line.starts_with("keystore.identity.location"))
        .unwrap();
    let named = format!("keystore.identity.location={}", moved.display());
    home.write(
        "repository/conf/security/secret-conf.properties",
        &conf.replace(line, &named),
    );
    let socket = elsewhere.path().join("keyward.sock");
    let mut command = super::support::keyward_command();
    command
        .arg("serve")
        .arg(home.path(""))
        .arg("--socket")
        .arg(&socket);
    command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    let mut program = command.spawn().unwrap();
    let get = |alias: &str| {
        use std::io::{Read as _, Write as _};
        let mut stream = std::os::unix::net::UnixStream::connect(&socket).ok()?;
        write!(
            stream,
            "GET /v1/secrets/{alias} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer
            .split_once("\r\n\r\n")
            .map(|(_, body)| body.to_owned())
    };
    let wait_for = |alias: &str, expected: &str| {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(15) {
            if get(alias).as_deref() == Some(expected) {
                return true;
            }
            thread::sleep(Duration::from_millis(20));
        }
        false
    };
    let served = wait_for("dbpassword", "x34!2axf");
    home.run(&["set", "DbPassword"], "renewed\n").of_success();
    let renewed = wait_for("dbpassword", "renewed");
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(served, "it was not served at first");
    assert!(renewed, "the new value was not served");
}
