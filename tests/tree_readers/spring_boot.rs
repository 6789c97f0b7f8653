//! Spring Boot's `spring.config.import=configtree:DIRECTORY/`, and its `ConfigTreePropertySource`.

use std::path::Path;
use std::process::Command;

use crate::fixture::{Fixture, Secrets};
use crate::reader::Reader;
use crate::written_tree::{Files, Writer, WrittenTree};
use crate::{ROTATED, SECRETS};

const FILES: Files<'_> = &[
    ("spring.datasource.username", "db1"),
    ("spring.datasource.password", "db1pass"),
];

fn application(directory: &Path) -> Option<Reader> {
    let location = format!("configtree:{}/", directory.display());
    application_that_imports(&location, directory)
}

fn application_that_imports(location: &str, directory: &Path) -> Option<Reader> {
    let java = Reader::java("spring-boot")?;
    let arguments = [location.as_ref(), directory.as_os_str()];
    Some(Reader::start(java, "ReadConfigTree", &arguments))
}

#[test]
fn an_application_imports_a_tree_and_sees_a_rotation_after_a_restart() {
    for writer in Writer::ALL {
        let fixture = Fixture::new(SECRETS);
        let tree = WrittenTree::new(writer, &fixture, "secrets", FILES, SECRETS);
        let Some(mut application) = application(&fixture.path("secrets")) else {
            return;
        };
        // Neither ..data nor the set that it leads to is a property.
        assert_eq!(
            application.ask("names"),
            "spring.datasource.password spring.datasource.username"
        );
        for how in ["property", "bound", "value", "always"] {
            let password = application.ask(&format!("{how} spring.datasource.password"));
            assert_eq!(password, "x34!2axf", "{writer:?}, {how}");
        }
        tree.rotate(ROTATED);
        for (how, expected) in [
            ("property", "x34!2axf"),
            ("bound", "x34!2axf"),
            ("value", "x34!2axf"),
            ("always", "n3w&secret"),
        ] {
            let password = application.ask(&format!("{how} spring.datasource.password"));
            assert_eq!(password, expected, "{writer:?}, {how}");
        }
        application.ask("restart");
        assert_eq!(
            application.ask("bound spring.datasource.password"),
            "n3w&secret"
        );
        assert_eq!(
            application.ask("bound spring.datasource.username"),
            "newuser"
        );
    }
}

/// Spring Boot reads a file when its property is first asked for, and keeps what it read.
#[test]
fn a_property_that_is_first_asked_for_after_a_rotation_is_the_new_one() {
    let fixture = Fixture::new(SECRETS);
    let tree = WrittenTree::new(Writer::Service, &fixture, "secrets", FILES, SECRETS);
    let Some(mut application) = application(&fixture.path("secrets")) else {
        return;
    };
    assert_eq!(
        application.ask("bound spring.datasource.username"),
        "sqluser"
    );
    tree.rotate(ROTATED);
    assert_eq!(
        application.ask("bound spring.datasource.username"),
        "sqluser"
    );
    assert_eq!(
        application.ask("bound spring.datasource.password"),
        "n3w&secret"
    );
}

#[test]
fn a_placeholder_in_a_secret_is_expanded_for_value_annotations_alone() {
    let secrets: Secrets<'_> = &[("braces", "a${java.specification.version}#{1+1}")];
    let fixture = Fixture::new(secrets);
    let files = &[("braces", "braces")];
    let _tree = WrittenTree::new(Writer::Command, &fixture, "secrets", files, secrets);
    let Some(mut application) = application(&fixture.path("secrets")) else {
        return;
    };
    assert_eq!(application.ask("property braces"), secrets[0].1);
    assert_eq!(application.ask("bound braces"), secrets[0].1);
    assert_eq!(application.ask("value braces"), "a21#{1+1}");
}

#[test]
fn one_line_end_of_a_secret_is_cut_off() {
    let secrets: Secrets<'_> = &[("one", "line\n"), ("two", "two\nlines\n"), ("none", "none")];
    let fixture = Fixture::new(secrets);
    let files = &[("one", "one"), ("two", "two"), ("none", "none")];
    let _tree = WrittenTree::new(Writer::Command, &fixture, "secrets", files, secrets);
    let Some(mut application) = application(&fixture.path("secrets")) else {
        return;
    };
    assert_eq!(application.ask("bound one"), "line");
    assert_eq!(application.ask("bound two"), "two\\nlines\\n");
    assert_eq!(application.ask("bound none"), "none");
}

/// Whatever in the path begins with `..` hides every file below it, and nothing is said.
#[test]
fn a_path_that_goes_up_imports_nothing() {
    let fixture = Fixture::new(SECRETS);
    let _tree = WrittenTree::new(Writer::Command, &fixture, "secrets", FILES, SECRETS);
    for path in ["secrets/../secrets", "secrets/..data"] {
        assert!(fixture.path(path).join(FILES[0].0).exists());
        let Some(mut application) = application(&fixture.path(path)) else {
            return;
        };
        assert_eq!(application.ask("names"), "", "{path}");
    }
}

#[test]
fn a_tree_that_is_not_there_stops_the_application_unless_it_is_optional() {
    let fixture = Fixture::new(SECRETS);
    let directory = fixture.path("secrets");
    let Some(mut application) = application(&directory) else {
        return;
    };
    assert_eq!(application.try_ask("names"), None);
    let location = format!("optional:configtree:{}/", directory.display());
    let mut application = application_that_imports(&location, &directory).unwrap();
    assert_eq!(application.ask("names"), "");
}

#[test]
fn a_rendered_properties_file_is_read_and_its_placeholders_are_expanded() {
    let secrets: Secrets<'_> = &[
        ("odd", " a=b:#!\\c"),
        ("braces", "a${java.specification.version}"),
    ];
    let fixture = Fixture::new(secrets);
    fixture.write("p.template", "odd=${secret:odd}\nbraces=${secret:braces}\n");
    let mut render = Command::new(env!("CARGO_BIN_EXE_keyward"));
    render.current_dir(fixture.path("")).args([
        "render",
        "p.template",
        "-o",
        "p.properties",
        "-keystore",
        "secure.jks",
        "-storepass:file",
        "password",
    ]);
    assert!(render.status().unwrap().success());
    let location = format!("file:{}", fixture.path("p.properties").display());
    let Some(mut application) = application_that_imports(&location, &fixture.path("")) else {
        return;
    };
    for how in ["property", "bound", "value"] {
        assert_eq!(
            application.ask(&format!("{how} odd")),
            secrets[0].1,
            "{how}"
        );
        assert_eq!(application.ask(&format!("{how} braces")), "a21", "{how}");
    }
}
