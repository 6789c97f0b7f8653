//! Secrets on their way to a program, a file or a directory.

use std::fs;

use keyward::SecretSource;
use keyward::deliver::exec::Consumer;
use keyward::deliver::render::{Format, OutputFile, Rendered, Template};
use keyward::deliver::tree::{FileName, Tree, TreeFiles, Written};
use keyward::deliver::{Assignment, Origin, Secrets};
use keyward::keystore::StoreType;

use super::allocator::{assert_wiped, leaks_of};
use super::alone::{is_alone, run_alone};
use super::stage::Stage;

/// Of a secret in the environment of a program.
const MOST_COPIES: usize = 3;

const TEMPLATES: [(Format, &str); 5] = [
    (Format::Properties, "a=${secret:db1pass}\n"),
    (Format::Dotenv, "A=\"${secret:db1pass}\"\n"),
    (Format::Json, "{\"a\": ${secret:db1pass}}\n"),
    (Format::Yaml, "a: ${secret:db1pass}\n"),
    (
        Format::Xml,
        "<a b=\"${secret:db1pass}\">${secret:db1pass}</a>\n",
    ),
];

fn fetch(stage: &Stage) -> Secrets {
    let origin = Origin::Keystore {
        path: stage.path("store"),
        password: SecretSource::File(stage.path("password")),
    };
    origin.fetch(&["db1pass"]).unwrap()
}

#[test]
fn a_rendered_file_leaves_nothing_behind() {
    for store_type in [StoreType::Pkcs12, StoreType::Jceks] {
        let stage = Stage::new(store_type);
        let path = stage.path("rendered");
        for (format, text) in TEMPLATES {
            let _ = fs::remove_file(&path);
            assert_wiped(|| {
                let template = Template::parse("template".as_ref(), text, format).unwrap();
                let rendered = template.render(&fetch(&stage)).unwrap();
                let output = OutputFile::at(&path);
                assert_eq!(output.write(&rendered).unwrap(), Rendered::Written);
                assert_eq!(output.write(&rendered).unwrap(), Rendered::Unchanged);
            });
        }
    }
}

#[test]
fn a_tree_leaves_nothing_behind() {
    let stage = Stage::new(StoreType::Pkcs12);
    let tree = Tree::at(&stage.path("tree"));
    assert_wiped(|| {
        let secrets = fetch(&stage);
        let name: FileName = "spring.datasource.password".parse().unwrap();
        let mut files = TreeFiles::default();
        files.insert(&name, secrets.get("db1pass").unwrap());
        assert_eq!(tree.write(&files).unwrap(), Written::Replaced);
        assert_eq!(tree.write(&files).unwrap(), Written::Unchanged);
        tree.remove().unwrap();
    });
}

/// What `exec --file` prepares, up to the program that cannot be started.
#[test]
fn the_files_of_a_program_leave_nothing_behind() {
    if !is_alone() {
        return run_alone(
            "delivery::the_files_of_a_program_leave_nothing_behind",
            "X",
            "",
        );
    }
    let stage = Stage::new(StoreType::Pkcs12);
    assert_wiped(|| start_in_vain(&stage, &[], &["DB_FILE=db1pass"]));
}

/// The environment of a program is built by the standard library, which copies and does not wipe: the variable's
/// value, `NAME=value`, and what it makes of both. keyward adds no copy of its own to these.
#[test]
fn the_environment_of_a_program_leaves_what_the_standard_library_copies() {
    if !is_alone() {
        let test = "delivery::the_environment_of_a_program_leaves_what_the_standard_library_copies";
        return run_alone(test, "X", "");
    }
    let stage = Stage::new(StoreType::Pkcs12);
    let leaks = leaks_of(|| start_in_vain(&stage, &["DB_PASS=db1pass"], &[]));
    assert!(leaks <= MOST_COPIES, "{leaks} copies");
}

/// Before it becomes another program, a process gives up how it treats broken pipes: not for the other tests.
fn start_in_vain(stage: &Stage, environment: &[&str], files: &[&str]) {
    let assignments = |texts: &[&str]| -> Vec<Assignment> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    };
    let consumer = Consumer::new(
        "/no/such/program".into(),
        Vec::new(),
        assignments(environment),
        assignments(files),
        Vec::new(),
    );
    let failure = consumer.unwrap().replace(&fetch(stage));
    let _ = format!("{failure} {failure:?}");
}
