//! The programs of `tests/java`, compiled once into `target/peers/classes` for all tests that run now or later; those of
//! a folder in it, which need somebody else's classes, into `target/peers/FOLDER`.

use std::env::{self, consts::EXE_SUFFIX};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::left_out::leave_out;
use super::repository;

/// The directory of the compiled programs; none, and a report, if there is no javac.
pub(crate) fn java_classes() -> Option<PathBuf> {
    static CLASSES: OnceLock<Option<PathBuf>> = OnceLock::new();
    let classes =
        CLASSES.get_or_init(|| compile("tests/java", "classes", &["--release", "11"], "".as_ref()));
    report(classes.clone())
}

/// The same for a folder of `tests/java` whose programs need these classes, and Java 17.
pub(crate) fn java_classes_with(folder: &str, class_path: &OsStr) -> Option<PathBuf> {
    let sources = format!("tests/java/{folder}");
    report(compile(&sources, folder, &["--release", "17"], class_path))
}

/// The classes of `integrations/keycloak`, which need the server's.
pub(crate) fn keycloak_provider_classes(class_path: &OsStr) -> Option<PathBuf> {
    let sources = "integrations/keycloak/src/main/java/keyward/keycloak";
    let options = ["--release", "17"];
    report(compile(sources, "keycloak-provider", &options, class_path))
}

fn report(classes: Option<PathBuf>) -> Option<PathBuf> {
    if classes.is_none() {
        leave_out("javac is not here (install a JDK of version 17 or later: bash .ci/peers)");
    }
    classes
}

fn compile(folder: &str, target: &str, options: &[&str], class_path: &OsStr) -> Option<PathBuf> {
    let classes = repository().join("target/peers").join(target);
    fs::create_dir_all(&classes).unwrap();
    // Test programs run side by side: the first compiles, the others wait.
    let lock = File::create(classes.with_extension("lock")).unwrap();
    lock.lock().unwrap();

    let sources = java_sources(folder);
    let texts: Vec<String> = sources
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let text = texts.concat();
    let compiled_text = classes.join("compiled.txt");
    if fs::read_to_string(&compiled_text).is_ok_and(|compiled| compiled == text) {
        return Some(classes);
    }
    run_javac(&classes, options, class_path, &sources)?;
    fs::write(compiled_text, text).unwrap();
    Some(classes)
}

fn java_sources(folder: &str) -> Vec<PathBuf> {
    let folder = fs::read_dir(repository().join(folder)).unwrap();
    let mut sources: Vec<PathBuf> = folder.map(|file| file.unwrap().path()).collect();
    sources.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "java")
    });
    sources.sort();
    sources
}

/// None if no javac starts.
fn run_javac(
    classes: &Path,
    options: &[&str],
    class_path: &OsStr,
    sources: &[PathBuf],
) -> Option<()> {
    let homes = [env::var_os("KEYWARD_JDK_17"), env::var_os("JAVA_HOME")];
    let javac = homes
        .into_iter()
        .flatten()
        .map(|home| {
            Path::new(&home)
                .join("bin")
                .join(format!("javac{EXE_SUFFIX}"))
        })
        .find(|javac| javac.is_file())
        .unwrap_or_else(|| PathBuf::from("javac"));
    let output = Command::new(javac)
        .args(options)
        .args(["-encoding", "UTF-8", "-d"])
        .arg(classes)
        .arg("-classpath")
        .arg(class_path)
        .args(sources)
        .output()
        .ok()?;
    assert!(
        output.status.success(),
        "javac: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(())
}
