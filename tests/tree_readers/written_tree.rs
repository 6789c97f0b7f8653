//! [`WrittenTree`]: a tree that keyward has written, and writes again after a rotation.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::fixture::{Fixture, Secrets, eventually};
use crate::program::Program;

/// What writes a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Writer {
    /// `keyward tree`, run anew after each change.
    Command,
    /// `<tree>` of a running `keyward serve`.
    Service,
}

impl Writer {
    pub(crate) const ALL: [Self; 2] = [Self::Command, Self::Service];
}

/// Names of files and the aliases of their secrets.
pub(crate) type Files<'a> = &'a [(&'a str, &'a str)];

/// A tree of a fixture's keystore.
pub(crate) struct WrittenTree<'a> {
    fixture: &'a Fixture,
    directory: PathBuf,
    files: Files<'a>,
    /// What keeps it current; none if a command is to do it.
    service: Option<Program<'a>>,
}

impl<'a> WrittenTree<'a> {
    /// The tree `name` in the fixture's folder, with these files, which hold `secrets`.
    pub(crate) fn new(
        writer: Writer,
        fixture: &'a Fixture,
        name: &str,
        files: Files<'a>,
        secrets: Secrets<'_>,
    ) -> Self {
        let service = match writer {
            Writer::Command => None,
            Writer::Service => Some(serve(fixture, name, files)),
        };
        let tree = Self {
            fixture,
            directory: fixture.path(name),
            files,
            service,
        };
        tree.bring_up_to_date(secrets);
        tree
    }

    /// Gives the keystore these secrets, and waits until the tree holds them.
    pub(crate) fn rotate(&self, secrets: Secrets<'_>) {
        self.fixture.replace(secrets);
        self.bring_up_to_date(secrets);
    }

    fn bring_up_to_date(&self, secrets: Secrets<'_>) {
        if self.service.is_none() {
            self.write();
        }
        eventually("the tree holds what the keystore does", || {
            self.files.iter().all(|(name, alias)| {
                let secret = secrets.iter().find(|(of, _)| of == alias).unwrap().1;
                fs::read(self.directory.join(name)).is_ok_and(|bytes| bytes == secret.as_bytes())
            })
        });
    }

    fn write(&self) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
        command.arg("tree").arg(&self.directory);
        for (name, alias) in self.files {
            command.arg("--file").arg(format!("{name}={alias}"));
        }
        command
            .arg("-keystore")
            .arg(self.fixture.path("secure.jks"));
        command
            .arg("-storepass:file")
            .arg(self.fixture.path("password"));
        assert!(command.status().unwrap().success(), "{command:?}");
    }
}

fn serve<'a>(fixture: &'a Fixture, name: &str, files: Files<'_>) -> Program<'a> {
    let files: Vec<String> = files
        .iter()
        .map(|(name, alias)| format!(r#"<file name="{name}" alias="{alias}"/>"#))
        .collect();
    let files = files.concat();
    fixture.write(
        "service.xml",
        format!(
            r#"<secret-service>
                 <keystore name="main" path="secure.jks" retryDelay="50" vanishGrace="0"><password file="password"/></keystore>
                 <tree path="{name}">{files}</tree>
               </secret-service>"#
        ),
    );
    Program::serve_as_oneself(fixture, &[])
}
