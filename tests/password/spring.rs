//! Spring Security: its values, and its verdict on keyward's values.

use keyward::password::{Dialect, Scheme, recognise, schemes};

use crate::support::{jdk, leave_out, peer};
use crate::{least_cost, secret};

const PASSWORDS: [&str; 2] = ["x34!2axf", "Größe 😀 ключ"];

fn of_spring() -> impl Iterator<Item = &'static Scheme> {
    schemes().filter(|scheme| scheme.dialects.contains(&Dialect::Spring))
}

#[test]
fn keyward_verifies_what_spring_stores() {
    let mut jobs = Vec::new();
    for scheme in of_spring() {
        assert_eq!(scheme.judge, Some("Spring Security"));
        for password in PASSWORDS {
            jobs.push(["encode", scheme.name, password].map(ToOwned::to_owned));
        }
    }
    assert_eq!(jobs.len(), 14 * PASSWORDS.len());
    let Some(stored) = spring(&jobs) else { return };
    for ([_, name, password], stored) in jobs.iter().zip(&stored) {
        let hash = recognise(stored, Some(Dialect::Spring)).unwrap();
        assert_eq!(hash.scheme().name, name);
        assert!(hash.verify(&secret(password)).unwrap(), "{stored}");
        assert!(!hash.verify(&secret("x34!2axF")).unwrap(), "{stored}");
    }
}

#[test]
fn spring_verifies_what_keyward_makes() {
    let mut jobs = Vec::new();
    for scheme in of_spring().filter(|scheme| scheme.produces()) {
        for password in PASSWORDS {
            let stored = scheme.hash(&secret(password), least_cost(scheme)).unwrap();
            for password in [password, "x34!2axF"] {
                jobs.push(["matches", &stored, password].map(ToOwned::to_owned));
            }
        }
    }
    assert!(jobs.len() >= 24);
    let Some(verdicts) = spring(&jobs) else {
        return;
    };
    for (index, verdict) in verdicts.iter().enumerate() {
        let is_right = index % 2 == 0;
        assert_eq!(*verdict, is_right.to_string(), "{:?}", jobs[index]);
    }
}

/// What Spring Security makes of each job; none, and a report, where it is not here.
fn spring(jobs: &[[String; 3]]) -> Option<Vec<String>> {
    let jdk = jdk(17)?;
    let home = peer("spring-security");
    let bouncy_castle = peer("bouncy-castle").join("bcprov.jar");
    if !home.is_dir() || !bouncy_castle.is_file() {
        leave_out("Spring Security is not here (bash .ci/peers fetches it)");
        return None;
    }
    let arguments: Vec<&str> = jobs.iter().flatten().map(String::as_str).collect();
    let bouncy_castle = format!("-Xbootclasspath/a:{}", bouncy_castle.display());
    let options = ["-Dfile.encoding=UTF-8", &bouncy_castle];
    let jars = home.join("*");
    let output = jdk.run_java_with(&options, Some(&jars), "SpringPasswords", &arguments)?;
    let output = output.of_success();
    let lines: Vec<String> = output.stdout.lines().map(ToOwned::to_owned).collect();
    assert_eq!(lines.len(), jobs.len(), "{output:#?}");
    Some(lines)
}
