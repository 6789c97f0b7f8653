//! Programs of `tests/java/password_judges`.

use std::{env, iter};

use crate::support::{java_classes_with, jdk, leave_out, peer};

/// What `.ci/peers` fetches for the programs.
const PEERS: [&str; 2] = ["keycloak-passwords", "soteria"];

/// The lines that a program prints; none, and a report, if it or what it needs is not here.
pub(crate) fn lines(program: &str, arguments: &[&str]) -> Option<Vec<String>> {
    let jdk = jdk(17)?;
    if let Some(missing) = PEERS.iter().find(|home| !peer(home).is_dir()) {
        leave_out(&format!(
            "{missing} is not here (bash .ci/peers fetches it)"
        ));
        return None;
    }
    let jars = env::join_paths(PEERS.map(|home| peer(home).join("*"))).unwrap();
    let classes = java_classes_with("password_judges", &jars)?;
    let class_path = iter::once(classes).chain(env::split_paths(&jars));
    let mut java = jdk.java();
    java.arg("-Dfile.encoding=UTF-8")
        .arg("-cp")
        .arg(env::join_paths(class_path).unwrap())
        .arg(program)
        .args(arguments);
    let output = java.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(ToOwned::to_owned).collect())
}
