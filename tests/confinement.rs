//! `keyward serve` confined by the kernel: every way to replace a keystore still works, and nothing else does.

#![cfg(all(target_os = "linux", feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;
#[path = "support/left_out.rs"]
mod left_out;
#[path = "service/program.rs"]
mod program;

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};

use fixture::{Fixture, eventually, keystore};
use program::Program;

const OLD: fixture::Secrets<'_> = &[("db1", "sqluser")];
const NEW: fixture::Secrets<'_> = &[("db1", "newuser")];
const NEWER: fixture::Secrets<'_> = &[("db1", "lastuser")];

/// A folder whose keystore is `app/stores/secure.jks`.
fn fixture() -> Fixture {
    let fixture = Fixture::new(OLD);
    let user = nix::unistd::geteuid();
    for name in ["app/stores", "app/secrets", "elsewhere", "audit"] {
        fs::create_dir_all(fixture.path(name)).unwrap();
    }
    // Whoever the service runs as.
    fs::set_permissions(fixture.path("audit"), Permissions::from_mode(0o777)).unwrap();
    fixture.write("app/secrets/password", fixture::PASSWORD);
    fixture.write("app/stores/secure.jks", keystore(OLD));
    fixture.write("elsewhere/secure.jks", keystore(NEW));
    fixture.write(
        "service.xml",
        format!(
            r#"<secret-service auditFile="audit/audit.jsonl">
                 <keystore name="main" path="app/stores/secure.jks" retryDelay="50"><password file="app/secrets/password"/></keystore>
                 <socket path="keyward.sock" mode="0666"><allow user="{user}" aliases="*"/></socket>
               </secret-service>"#
        ),
    );
    fixture
}

fn serves(program: &Program<'_>, value: &str) {
    eventually(&format!("{value} is served"), || {
        program.says("/v1/secrets/db1", value)
    });
}

/// None, and a report, where the kernel has no Landlock.
fn confined(fixture: &Fixture) -> Option<Program<'_>> {
    let program = Program::serve(fixture, &[]);
    serves(&program, "sqluser");
    if program.says("/v1/status", r#""sandbox":"unavailable""#) {
        left_out::leave_out("this kernel has no Landlock");
        return None;
    }
    Some(program)
}

#[test]
fn the_service_says_whether_it_is_confined() {
    let fixture = fixture();
    if let Some(program) = confined(&fixture) {
        let is_said = program.says("/v1/status", r#""sandbox":"enforced""#)
            || program.says("/v1/status", r#""sandbox":"partial""#);
        assert!(is_said, "{:?}", program.ask("GET", "/v1/status"));
        assert!(program.says("/metrics", "\nkeyward_sandboxed 1\n"));
        assert!(program.log().contains("the kernel confines the service"));
    }
    let free = Program::serve(&fixture, &["--no-sandbox"]);
    eventually("it says that it is free", || {
        free.says("/v1/status", r#""sandbox":"off""#)
    });
    assert!(free.says("/metrics", "\nkeyward_sandboxed 0\n"));
}

#[test]
fn a_kubernetes_mount_is_followed() {
    let fixture = fixture();
    let stores = fixture.path("app/stores");
    fs::remove_file(stores.join("secure.jks")).unwrap();
    let version = |name: &str, secrets| {
        fs::create_dir(stores.join(name)).unwrap();
        fs::write(stores.join(name).join("secure.jks"), keystore(secrets)).unwrap();
        symlink(name, stores.join("..data_tmp")).unwrap();
        fs::rename(stores.join("..data_tmp"), stores.join("..data")).unwrap();
    };
    version("..v1", OLD);
    symlink("..data/secure.jks", stores.join("secure.jks")).unwrap();
    let Some(program) = confined(&fixture) else {
        return;
    };
    version("..v2", NEW);
    fs::remove_dir_all(stores.join("..v1")).unwrap();
    serves(&program, "newuser");
    version("..v3", NEWER);
    serves(&program, "lastuser");
}

#[test]
fn a_directory_that_is_made_again_is_followed() {
    let fixture = fixture();
    let Some(program) = confined(&fixture) else {
        return;
    };
    let (stores, old) = (fixture.path("app/stores"), fixture.path("app/old"));
    for (secrets, value) in [(NEW, "newuser"), (NEWER, "lastuser")] {
        fs::rename(&stores, &old).unwrap();
        fs::create_dir(&stores).unwrap();
        fs::write(stores.join("secure.jks"), keystore(secrets)).unwrap();
        serves(&program, value);
        fs::remove_dir_all(&old).unwrap();
    }
}

#[test]
fn a_link_that_leads_out_later_is_not_followed() {
    let fixture = fixture();
    let lead_out = || {
        let store = fixture.path("app/stores/secure.jks");
        symlink("../../elsewhere/secure.jks", fixture.path("link")).unwrap();
        fs::rename(fixture.path("link"), store).unwrap();
    };
    if let Some(program) = confined(&fixture) {
        lead_out();
        eventually("it cannot be read", || {
            program.says("/v1/status", "Permission denied")
        });
        assert!(program.says("/v1/secrets/db1", "sqluser"));
        drop(program);
        // From its start on it is on the way.
        let program = Program::serve(&fixture, &[]);
        serves(&program, "newuser");
        drop(program);
        fs::remove_file(fixture.path("app/stores/secure.jks")).unwrap();
        fixture.write("app/stores/secure.jks", keystore(OLD));
    }
    let free = Program::serve(&fixture, &["--no-sandbox"]);
    serves(&free, "sqluser");
    lead_out();
    serves(&free, "newuser");
}

#[test]
fn the_audit_file_is_rotated() {
    let fixture = fixture();
    let Some(program) = confined(&fixture) else {
        return;
    };
    let audit = fixture.path("audit/audit.jsonl");
    let rotated = fixture.path("audit/audit.jsonl.1");
    fs::rename(&audit, &rotated).unwrap();
    eventually("a new file is begun", || {
        program.says("/v1/secrets/db1", "sqluser")
            && fs::read_to_string(&audit).is_ok_and(|lines| lines.contains("\"read\""))
    });
}

#[test]
fn the_socket_is_removed_at_the_end() {
    let fixture = fixture();
    let Some(mut program) = confined(&fixture) else {
        return;
    };
    program.signal("-TERM");
    assert!(program.child.wait().unwrap().success());
    assert!(!fixture.path("keyward.sock").exists());
}

/// `VmLck` is what the kernel says is locked.
#[test]
fn memory_is_locked_where_it_may_be_and_the_service_says_so() {
    let fixture = fixture();
    for start in [Program::serve, Program::serve_as_oneself] {
        let program = start(&fixture, &[]);
        serves(&program, "sqluser");
        let status = fs::read_to_string(format!("/proc/{}/status", program.child.id())).unwrap();
        let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:"));
        let is_locked = locked.unwrap().trim() != "0 kB";
        let said = format!("\"memory_locked\":{is_locked}");
        assert!(program.says("/v1/status", &said), "{said}\n{status}");
        let metric = format!("\nkeyward_memory_locked {}\n", u8::from(is_locked));
        assert!(program.says("/metrics", &metric));
        assert_eq!(program.log().contains("memory is not locked: "), !is_locked);
        drop(program);
        fs::remove_file(fixture.path("audit/audit.jsonl")).unwrap();
    }
}
