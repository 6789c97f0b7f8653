//! `<tree>`: a directory of small files that the service keeps current.

#![cfg(all(unix, feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;
#[path = "service/program.rs"]
mod program;

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;

use fixture::{Fixture, eventually, repository};
use program::Program;

const SECRETS: fixture::Secrets<'_> = &[("db1", "sqluser"), ("db1pass", "x34!2axf")];

/// A service of the user who runs the tests, with this `<tree>` and keystores looked at every 50 ms.
fn write_configuration(fixture: &Fixture, tree: &str) {
    fixture.write(
        "service.xml",
        format!(
            r#"<secret-service>
                 <keystore name="main" path="secure.jks" retryDelay="50" vanishGrace="0"><password file="password"/></keystore>
                 {tree}
               </secret-service>"#
        ),
    );
}

fn tree_of(owner: &str) -> String {
    format!(
        r#"<tree path="tree" {owner}>
             <file name="spring.datasource.username" alias="DB1"/>
             <file name="spring.datasource.password" alias="db1pass"/>
           </tree>"#
    )
}

fn holds(fixture: &Fixture, name: &str, expected: &str) -> bool {
    fs::read(fixture.path("tree").join(name)).is_ok_and(|bytes| bytes == expected.as_bytes())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_tree_follows_its_secrets() {
    let fixture = Fixture::new(SECRETS);
    write_configuration(&fixture, &tree_of(""));
    let program = Program::serve_as_oneself(&fixture, &[]);
    eventually("the tree is written", || {
        holds(&fixture, "spring.datasource.password", "x34!2axf")
    });
    assert!(holds(&fixture, "spring.datasource.username", "sqluser"));
    eventually("the tree is closed", || {
        mode(&fixture.path("tree")) == 0o500
    });
    assert_eq!(
        mode(&fixture.path("tree/spring.datasource.password")),
        0o400
    );
    fixture.replace(&[("db1", "newuser"), ("db1pass", "newpass")]);
    eventually("the tree is written anew", || {
        holds(&fixture, "spring.datasource.password", "newpass")
    });
    assert!(holds(&fixture, "spring.datasource.username", "newuser"));
    // What is served no more leaves the tree.
    fixture.replace(&[("db1", "newuser")]);
    eventually("the file goes", || {
        !fixture.path("tree/spring.datasource.password").exists()
    });
    assert!(holds(&fixture, "spring.datasource.username", "newuser"));
    // A keystore that cannot be opened is no reason to lose a file.
    fixture.write("secure.jks", "no keystore");
    eventually("it is reported", || program.log().contains("\"failed\""));
    assert!(holds(&fixture, "spring.datasource.username", "newuser"));
    assert!(!program.log().contains("newpass"), "{}", program.log());
}

#[test]
fn the_owner_of_a_tree_reads_its_files_and_others_do_not() {
    if !nix::unistd::geteuid().is_root() {
        println!("not tested: only root can give files away");
        return;
    }
    let fixture = Fixture::new(SECRETS);
    fs::set_permissions(fixture.path(""), Permissions::from_mode(0o755)).unwrap();
    write_configuration(&fixture, &tree_of("owner='daemon'"));
    let _program = Program::serve_as_oneself(&fixture, &[]);
    let file = fixture.path("tree/spring.datasource.password");
    eventually("the tree is written", || {
        holds(&fixture, "spring.datasource.password", "x34!2axf")
    });
    let daemon = nix::unistd::User::from_name("daemon").unwrap().unwrap();
    let metadata = fs::metadata(&file).unwrap();
    assert_eq!((metadata.uid(), mode(&file)), (daemon.uid.as_raw(), 0o400));
    let directory = fs::metadata(fixture.path("tree")).unwrap();
    // The owner may find the files, and put nothing beside them.
    assert_eq!((directory.uid(), directory.gid()), (0, daemon.gid.as_raw()));
    eventually("the tree is closed", || {
        mode(&fixture.path("tree")) == 0o550
    });
    let read_as = |user: &str| {
        let mut command = std::process::Command::new("setpriv");
        command.args(["--reuid", user, "--regid", user, "--clear-groups", "cat"]);
        command.arg(&file).output().unwrap().stdout
    };
    assert_eq!(read_as("daemon"), b"x34!2axf");
    assert_eq!(read_as("games"), b"");
    fixture.replace(&[("db1", "newuser"), ("db1pass", "newpass")]);
    eventually("the tree is written anew", || {
        read_as("daemon") == b"newpass"
    });
}

#[test]
fn a_directory_that_its_owner_could_lead_elsewhere_is_refused() {
    if !nix::unistd::geteuid().is_root() {
        println!("not tested: only root can give files away");
        return;
    }
    let fixture = Fixture::new(SECRETS);
    write_configuration(&fixture, &tree_of("owner='daemon'"));
    fs::create_dir(fixture.path("tree")).unwrap();
    std::os::unix::fs::chown(fixture.path("tree"), Some(1), None).unwrap();
    fs::create_dir(fixture.path("elsewhere")).unwrap();
    symlink(
        fixture.path("elsewhere"),
        fixture.path("tree/..1.000000001"),
    )
    .unwrap();
    let mut program = Program::serve_as_oneself(&fixture, &[]);
    assert_eq!(program.child.wait().unwrap().code(), Some(1));
    assert!(
        program.log().contains("nobody else may write to it"),
        "{}",
        program.log()
    );
    assert_eq!(
        mode(&fixture.path("elsewhere")),
        mode(&fixture.path("")) | 0o055
    );
}

#[test]
fn what_no_tree_can_be_is_refused_with_its_line() {
    for (tree, expected) in [
        (
            tree_of("owner='no-such-user'"),
            "service.xml:3: this system has no user no-such-user",
        ),
        (
            r#"<tree path="tree"><file name="../x" alias="db1"/></tree>"#.to_owned(),
            "service.xml:3: the name of a file holds a /",
        ),
        (
            r#"<tree path="tree"><file name="..data" alias="db1"/></tree>"#.to_owned(),
            "service.xml:3: the name of a file is . or begins with ..",
        ),
        (
            r#"<tree path="tree"></tree>"#.to_owned(),
            "service.xml:3: a tree has at least one file",
        ),
        (
            r#"<tree path="tree"><file name="a" alias="db1"/><file name="a" alias="db2"/></tree>"#
                .to_owned(),
            "service.xml:3: a file of this name was there before",
        ),
        (
            r#"<tree path="no/such/tree"><file name="a" alias="db1"/></tree>"#.to_owned(),
            "no/such/tree: cannot be made",
        ),
    ] {
        let fixture = Fixture::new(SECRETS);
        write_configuration(&fixture, &tree);
        let mut program = Program::serve_as_oneself(&fixture, &[]);
        assert_eq!(program.child.wait().unwrap().code(), Some(1), "{tree}");
        assert!(
            program.log().contains(expected),
            "{expected}\n{}",
            program.log()
        );
    }
}

/// The example, with its sockets and its tree in a folder of their own.
#[test]
fn the_full_example_runs_as_it_is() {
    let fixture = Fixture::new(SECRETS);
    for name in ["xml-examples", "keystores"] {
        fs::create_dir(fixture.path(name)).unwrap();
    }
    for name in [
        "xml-examples/secret-service-full.xml",
        "keystores/secure.jks",
    ] {
        fs::copy(repository(name), fixture.path(name)).unwrap();
    }
    let configuration = "xml-examples/secret-service-full.xml";
    let loaded = keyward::document::Configuration::load(&fixture.path(configuration)).unwrap();
    assert_eq!(loaded.groups[0].aliases, ["db1", "db1pass"]);
    assert_eq!(loaded.credential_socket.unwrap().rules.len(), 2);
    let _program = Program::serve_file(&fixture, configuration);
    let file = |name: &str| fixture.path("xml-examples").join(name);
    eventually("the tree is written", || {
        fs::read(file("app/spring.datasource.password")).is_ok_and(|bytes| bytes == b"x34!2axf")
    });
    for socket in ["keyward-full.sock", "credentials.sock"] {
        eventually("it listens", || file(socket).exists());
    }
}

#[test]
fn the_packaged_example_is_a_configuration() {
    let configuration = repository("packaging/systemd/secret-service.xml");
    let text = fs::read_to_string(configuration).unwrap();
    // The placeholder of the unit's own credential directory has a value only in the unit.
    let text = text.replace(
        "${CREDENTIALS_DIRECTORY}",
        "/run/credentials/keyward.service",
    );
    let fixture = Fixture::new(SECRETS);
    let loaded = fixture.load(&text);
    let credentials = loaded.credential_socket.unwrap();
    assert_eq!(credentials.rules[0].unit, "tomcat.service");
    assert_eq!(credentials.names[0].alias, "db1pass");
}

#[test]
fn what_cannot_be_recorded_is_not_written_where_audit_is_required() {
    let fixture = Fixture::new(SECRETS);
    fixture.write(
        "service.xml",
        format!(
            r#"<secret-service audit="required" auditFile="/dev/full">
                 <keystore name="main" path="secure.jks" retryDelay="50"><password file="password"/></keystore>
                 {}
               </secret-service>"#,
            tree_of("")
        ),
    );
    let program = Program::serve_as_oneself(&fixture, &["--no-sandbox"]);
    eventually("it says so", || {
        program.log().contains("its audit lines cannot be written")
    });
    assert!(!fixture.path("tree/spring.datasource.password").exists());
}

#[test]
fn each_file_of_a_tree_is_an_audit_line() {
    let fixture = Fixture::new(SECRETS);
    write_configuration(&fixture, &tree_of(""));
    let program = Program::serve_as_oneself(&fixture, &[]);
    eventually("the tree is written", || {
        holds(&fixture, "spring.datasource.password", "x34!2axf")
    });
    let log = program.log();
    let lines = log
        .lines()
        .filter(|line| line.contains(r#""action":"tree""#));
    let lines: Vec<_> = lines.collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(
        lines[1].contains("tree/spring.datasource.password")
            && lines[1].contains(r#""alias":"db1pass""#)
    );
}

#[test]
fn a_tree_that_somebody_removed_is_written_again() {
    let fixture = Fixture::new(SECRETS);
    write_configuration(&fixture, &tree_of(""));
    let _program = Program::serve_as_oneself(&fixture, &[]);
    eventually("the tree is written", || {
        holds(&fixture, "spring.datasource.password", "x34!2axf")
    });
    fs::set_permissions(fixture.path("tree"), Permissions::from_mode(0o700)).unwrap();
    fs::remove_file(fixture.path("tree/..data")).unwrap();
    fixture.replace(&[
        ("db1", "sqluser"),
        ("db1pass", "x34!2axf"),
        ("other", "one"),
    ]);
    eventually("it is there again", || {
        holds(&fixture, "spring.datasource.password", "x34!2axf")
    });
}
