//! Tomcat's `ServiceBindingPropertySource`, with the configuration that `docs/consumers/tomcat.md` shows.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use nix::unistd::User;

use crate::fixture::{Fixture, Secrets, eventually, repository};
use crate::program::Program;
use crate::reader::Reader;
use crate::written_tree::{Files, Writer, WrittenTree};
use crate::{ROTATED, SECRETS};

const FILES: Files<'_> = &[("username", "db1"), ("password", "db1pass")];

/// A folder with a keystore and Tomcat's `conf`.
fn fixture(secrets: Secrets<'_>) -> Fixture {
    let fixture = Fixture::new(secrets);
    fs::create_dir(fixture.path("bindings")).unwrap();
    fs::create_dir(fixture.path("conf")).unwrap();
    write_conf(&fixture);
    fixture
}

fn write_conf(fixture: &Fixture) {
    let page = fs::read_to_string(repository("docs/consumers/tomcat.md")).unwrap();
    fixture.write("conf/catalina.properties", block(&page, "properties"));
    let resource = block(&page, "xml");
    fixture.write("conf/context.xml", format!("<Context>{resource}</Context>"));
}

/// The first block of a language in a page.
fn block<'a>(page: &'a str, language: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

fn java(fixture: &Fixture) -> Option<Command> {
    let mut java = Reader::java("tomcat")?;
    java.env("SERVICE_BINDING_ROOT", fixture.path("bindings"));
    let base = fixture.path("");
    java.arg(format!("-Dcatalina.base={}", base.display()));
    Some(java)
}

fn start(fixture: &Fixture) -> Option<Reader> {
    Some(Reader::start(java(fixture)?, "ReadServiceBinding", &[]))
}

#[test]
fn tomcat_takes_a_data_source_s_password_from_a_tree() {
    for writer in Writer::ALL {
        let fixture = fixture(SECRETS);
        let tree = WrittenTree::new(writer, &fixture, "bindings/db", FILES, SECRETS);
        let Some(mut tomcat) = start(&fixture) else {
            return;
        };
        assert_eq!(tomcat.ask("server ${db.password}"), "x34!2axf");
        tomcat.ask("deploy");
        assert_eq!(tomcat.ask("username"), "sqluser");
        assert_eq!(tomcat.ask("password"), "x34!2axf");
        tree.rotate(ROTATED);
        assert_eq!(
            tomcat.ask("server ${db.password}"),
            "n3w&secret",
            "{writer:?}"
        );
        // context.xml is read when the application is deployed, not when it is reloaded.
        tomcat.ask("reload");
        assert_eq!(tomcat.ask("password"), "x34!2axf", "{writer:?}");
        tomcat.ask("deploy");
        assert_eq!(tomcat.ask("password"), "n3w&secret", "{writer:?}");
        assert_eq!(tomcat.ask("username"), "newuser", "{writer:?}");
    }
}

#[test]
fn a_line_end_is_part_of_the_secret_unless_it_is_chomped() {
    let secrets: Secrets<'_> = &[("line", "line\n"), ("none", "none")];
    let fixture = fixture(secrets);
    let files = &[("line", "line"), ("none", "none")];
    let _tree = WrittenTree::new(Writer::Command, &fixture, "bindings/db", files, secrets);
    let Some(mut tomcat) = start(&fixture) else {
        return;
    };
    assert_eq!(tomcat.ask("server [${db.line}]"), "[line\\n]");
    assert_eq!(tomcat.ask("server [${chomp:db.line}]"), "[line]");
    assert_eq!(tomcat.ask("server [${chomp:db.none}]"), "[none]");
}

/// What Tomcat does not find stays as it is written, and is then the password.
#[test]
fn a_file_that_is_not_found_leaves_the_placeholder() {
    let fixture = fixture(SECRETS);
    let files = &[("db.password", "db1pass"), ("password", "db1pass")];
    let _tree = WrittenTree::new(Writer::Command, &fixture, "bindings/db", files, SECRETS);
    let Some(mut tomcat) = start(&fixture) else {
        return;
    };
    for text in [
        "${db.passwort}",
        "${other.password}",
        // One point parts the binding and its key.
        "${db.db.password}",
    ] {
        assert_eq!(tomcat.ask(&format!("server {text}")), text);
    }
    assert_eq!(tomcat.ask("server ${db.password}"), "x34!2axf");
}

/// To any other user a file of the tree is one that is not there.
#[test]
fn tomcat_reads_a_tree_that_was_given_to_its_user() {
    if !nix::unistd::geteuid().is_root() {
        println!("not tested: only root can give files away");
        return;
    }
    let fixture = fixture(SECRETS);
    fixture.write(
        "service.xml",
        r#"<secret-service>
             <keystore name="main" path="secure.jks"><password file="password"/></keystore>
             <tree path="bindings/db" owner="daemon"><file name="password" alias="db1pass"/></tree>
           </secret-service>"#,
    );
    fs::set_permissions(fixture.path(""), Permissions::from_mode(0o755)).unwrap();
    let _service = Program::serve_as_oneself(&fixture, &[]);
    eventually("the tree is written and closed", || {
        let tree = fs::metadata(fixture.path("bindings/db"));
        tree.is_ok_and(|tree| tree.permissions().mode() & 0o777 == 0o550)
    });
    for (user, expected) in [("daemon", "x34!2axf"), ("games", "${db.password}")] {
        let Some(mut java) = java(&fixture) else {
            return;
        };
        let user = User::from_name(user).unwrap().unwrap();
        let mut probe = Command::new(java.get_program());
        probe.arg("-version").uid(user.uid.as_raw());
        if !probe.output().is_ok_and(|output| output.status.success()) {
            println!("not tested: other users cannot reach the JDK below this directory");
            return;
        }
        // The program writes a server.xml.
        fs::remove_dir_all(fixture.path("conf")).unwrap();
        fs::create_dir(fixture.path("conf")).unwrap();
        fs::set_permissions(fixture.path("conf"), Permissions::from_mode(0o777)).unwrap();
        write_conf(&fixture);
        java.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        let mut tomcat = Reader::start(java, "ReadServiceBinding", &[]);
        assert_eq!(
            tomcat.ask("server ${db.password}"),
            expected,
            "{}",
            user.name
        );
    }
}
