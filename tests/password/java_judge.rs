//! Programs of `tests/java/password_judges`.

use std::env;

use crate::support::{java_classes_with, jdk, leave_out, peer};

/// The lines that a program prints; none, and a report, if it or what it needs is not here.
pub(crate) fn lines(program: &str, arguments: &[&str]) -> Option<Vec<String>> {
    let jdk = jdk(17)?;
    let home = peer("keycloak-passwords");
    if !home.is_dir() {
        leave_out("Keycloak's password providers are not here (bash .ci/peers fetches them)");
        return None;
    }
    let jars = home.join("*");
    let classes = java_classes_with("password_judges", jars.as_os_str())?;
    let mut java = jdk.java();
    java.arg("-Dfile.encoding=UTF-8")
        .arg("-cp")
        .arg(env::join_paths([classes, jars]).unwrap())
        .arg(program)
        .args(arguments);
    let output = java.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(ToOwned::to_owned).collect())
}
