//! The JDKs that judge keyward.
//!
//! JDK N is, in this order: the java home that the environment variable `KEYWARD_JDK_N` names;
//! `target/peers/jdk-N`, where `.ci/peers` puts it; `JAVA_HOME` or the `java` on the path, if it is version N.

use std::env::{self, consts::EXE_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::java_classes::java_classes;
use super::java_entry::JavaEntry;
use super::left_out::leave_out;
use super::program::{Output, run};
use super::{STORE_PASSWORD, repository};

/// The versions that keyward is compared with: those with long-term support that still get updates.
const VERSIONS: [u32; 4] = [11, 17, 21, 25];

/// What runs for half a second does best with the quick compiler alone.
const QUICK_COMPILER: &str = "-XX:TieredStopAtLevel=1";

/// A Java runtime with its keytool.
#[derive(Clone, Debug)]
pub(crate) struct Jdk {
    pub(crate) version: u32,
    home: PathBuf,
}

/// Every JDK that is on this machine; each of the others is reported as left out.
pub(crate) fn jdks() -> impl Iterator<Item = Jdk> {
    VERSIONS.into_iter().filter_map(jdk)
}

/// One JDK, or none and a report that the test was left out.
pub(crate) fn jdk(version: u32) -> Option<Jdk> {
    let found = named_home(version)
        .or_else(|| downloaded_home(version))
        .or_else(|| system_home(version));
    let Some(home) = found else {
        leave_out(&format!(
            "JDK {version} is not here (bash .ci/peers fetches it, or KEYWARD_JDK_{version} names its home)"
        ));
        return None;
    };
    Some(Jdk { version, home })
}

impl Jdk {
    /// Runs this JDK's keytool, in English, with `stdin` piped to it.
    pub(crate) fn keytool(&self, arguments: &[&str], stdin: &str) -> Output {
        let mut command = self.keytool_command();
        command.arg(format!("-J{QUICK_COMPILER}")).args(arguments);
        run(command, stdin)
    }

    /// This JDK's keytool, in English, as a user would run it.
    pub(crate) fn keytool_command(&self) -> Command {
        let mut command = self.command("keytool");
        command.arg("-J-Duser.language=en");
        command
    }

    /// Runs a program of `tests/java`; none, and a report, if there is no javac to compile it.
    pub(crate) fn run_java(&self, class: &str, arguments: &[&str]) -> Option<Output> {
        self.run_java_with(&[QUICK_COMPILER], None, class, arguments)
    }

    /// As [`Jdk::run_java`], with options of the JVM and somebody else's classes.
    pub(crate) fn run_java_with(
        &self,
        options: &[&str],
        jar: Option<&Path>,
        class: &str,
        arguments: &[&str],
    ) -> Option<Output> {
        let paths = [Some(java_classes()?), jar.map(Path::to_owned)];
        let class_path = env::join_paths(paths.into_iter().flatten()).unwrap();
        let mut command = self.command("java");
        command.args(options).arg("-cp").arg(class_path);
        command.arg(class).args(arguments);
        Some(run(command, ""))
    }

    /// The command that runs a program of `tests/java` as a user would, to be measured; none as for
    /// [`Jdk::run_java`].
    pub(crate) fn java_command(&self, class: &str, arguments: &[&str]) -> Option<Command> {
        let mut command = self.command("java");
        command.arg("-cp").arg(java_classes()?);
        command.arg(class).args(arguments);
        Some(command)
    }

    /// This JDK's java, for what starts quickly rather than runs long.
    pub(crate) fn java(&self) -> Command {
        let mut command = self.command("java");
        command.arg(QUICK_COMPILER);
        command
    }

    /// Every entry that this JDK finds in a keystore, sorted by alias.
    #[track_caller]
    pub(crate) fn entries(&self, keystore: &Path, store_type: &str) -> Option<Vec<JavaEntry>> {
        let arguments = [keystore.to_str().unwrap(), store_type, STORE_PASSWORD];
        let output = self.run_java("ReadEntries", &arguments)?.of_success();
        Some(output.stdout.lines().map(JavaEntry::from_line).collect())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program_in(&self.home, program));
        command.env("LC_ALL", "C.UTF-8");
        // The JVM reports these on stderr, which tests look at.
        command.env_remove("JAVA_TOOL_OPTIONS");
        command.env_remove("JDK_JAVA_OPTIONS");
        command
    }
}

fn named_home(version: u32) -> Option<PathBuf> {
    let name = format!("KEYWARD_JDK_{version}");
    let home = PathBuf::from(env::var_os(&name)?);
    assert!(
        has_keytool(&home),
        "{name}={}: there is no bin/keytool in it",
        home.display()
    );
    Some(home)
}

fn downloaded_home(version: u32) -> Option<PathBuf> {
    let home = repository().join(format!("target/peers/jdk-{version}"));
    has_keytool(&home).then_some(home)
}

fn system_home(version: u32) -> Option<PathBuf> {
    static SYSTEM: OnceLock<Option<(u32, PathBuf)>> = OnceLock::new();
    let (system_version, home) = SYSTEM.get_or_init(system_jdk).as_ref()?;
    (*system_version == version).then(|| home.clone())
}

fn system_jdk() -> Option<(u32, PathBuf)> {
    let java = env::var_os("JAVA_HOME").map_or_else(
        || PathBuf::from("java"),
        |home| program_in(Path::new(&home), "java"),
    );
    let output = Command::new(java)
        .args(["-XshowSettings:properties", "-version"])
        .output()
        .ok()?;
    let settings = String::from_utf8_lossy(&output.stderr);
    let property = |name: &str| {
        let line = settings
            .lines()
            .find_map(|line| line.trim().strip_prefix(name));
        line?.trim_start().strip_prefix("= ")
    };
    let home = PathBuf::from(property("java.home")?);
    let version = property("java.specification.version")?.parse().ok()?;
    has_keytool(&home).then_some((version, home))
}

fn has_keytool(home: &Path) -> bool {
    program_in(home, "keytool").is_file()
}

fn program_in(home: &Path, program: &str) -> PathBuf {
    home.join("bin").join(format!("{program}{EXE_SUFFIX}"))
}
