//! [`Database`]: a private PostgreSQL server, and [`CredentialTable`]: Keycloak's `CREDENTIAL` in it.

use std::fs::{self, File, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use keyward::Secret;
use keyward::migrate::{Change, Credential, CredentialStore, MigrateError, Page, Place, Replaced};
use keyward::password::{keycloak_columns, keycloak_row};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, Uid};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{leave_out, run};

/// `nobody`: root may not run PostgreSQL.
const NOBODY: u32 = 65534;
/// How many rows are read at a time.
const PAGE: usize = 10;

/// A server that ends with the test.
pub(crate) struct Database {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    server: Child,
}

impl Database {
    /// None, and a report, if PostgreSQL is not here.
    pub(crate) fn start() -> Option<Self> {
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
        let programs = versions.map(|version| version.unwrap().path().join("bin"));
        let Some(programs) = programs.filter(|bin| bin.join("initdb").exists()).max() else {
            leave_out("PostgreSQL is not here (install Debian's package postgresql)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        if Uid::effective().is_root() {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let as_nobody = |program: &str| {
            let mut command = Command::new(programs.join(program));
            if Uid::effective().is_root() {
                command.uid(NOBODY).gid(NOBODY);
            }
            command.current_dir("/").env("LC_ALL", "C.UTF-8");
            command.arg("-D").arg(folder.path().join("data"));
            command
        };
        let mut initdb = as_nobody("initdb");
        initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]);
        run(initdb, "").of_success();
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        drop(socket);
        let log = File::create(folder.path().join("log")).unwrap();
        let mut server = as_nobody("postgres");
        server
            .arg("-k")
            .arg(folder.path())
            .args(["-p", &port.to_string()]);
        server.args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]);
        server
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        let database = Self {
            server: server.spawn().unwrap(),
            folder,
            programs,
            port,
        };
        for _ in 0..300 {
            let mut isready = Command::new(database.programs.join("pg_isready"));
            isready.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
            if isready.status().unwrap().success() {
                return Some(database);
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("PostgreSQL does not come up");
    }

    /// Of TCP on 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What psql prints for some SQL: a line a row, `|` between columns.
    #[track_caller]
    pub(crate) fn sql(&self, database: &str, sql: &str) -> String {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "postgres",
        ]);
        psql.arg("-h").arg(self.folder.path());
        psql.args(["-p", &self.port.to_string(), "-d", database]);
        run(psql, sql).of_success().stdout
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // At once, its children included.
        let pid = Pid::from_raw(i32::try_from(self.server.id()).unwrap());
        let _ = kill(pid, Signal::SIGQUIT);
        let _ = self.server.wait();
    }
}

/// The rows of type `password`, by psql.
pub(crate) struct CredentialTable<'a> {
    pub(crate) database: &'a Database,
    pub(crate) name: &'a str,
}

impl CredentialTable<'_> {
    fn select(&self, more: &str) -> Vec<Credential> {
        let sql = format!(
            "SELECT json_build_object('id', c.id, 'user', u.username, 'credential', credential_data, 'secret', secret_data) \
             FROM credential c JOIN user_entity u ON u.id = c.user_id WHERE c.type = 'password' {more}"
        );
        let credential = |line: &str| {
            let row: Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| row[name].as_str().unwrap();
            let stored = keycloak_row(text("credential"), text("secret"));
            Credential {
                place: Place(text("id").to_owned()),
                user: text("user").to_owned(),
                stored: Secret::new(stored.into_bytes()),
            }
        };
        let lines = self.database.sql(self.name, &sql);
        lines.lines().map(credential).collect()
    }

    /// Both columns and the version together, if both columns are still what was read.
    fn update(&self, change: &Change<'_>) -> Replaced {
        let columns = |row: &Secret| keycloak_columns(row.expose_text().unwrap()).unwrap();
        let [old, new] = [&change.credential.stored, &change.new].map(columns);
        let place = &change.credential.place.0;
        let [old_data, old_secret] = [&*old[0], &*old[1]];
        let [data, secret] = [&*new[0], &*new[1]];
        let sql = format!(
            "UPDATE credential SET credential_data = $k${data}$k$, secret_data = $k${secret}$k$, version = version + 1 \
             WHERE id = '{place}' AND credential_data = $k${old_data}$k$ AND secret_data = $k${old_secret}$k$ RETURNING id"
        );
        match self.database.sql(self.name, &sql).trim() {
            "" => Replaced::ChangedMeanwhile,
            _ => Replaced::Done,
        }
    }
}

impl CredentialStore for CredentialTable<'_> {
    fn name(&self) -> String {
        json!(self.name).to_string()
    }

    fn page(&self, after: Option<&Place>) -> Result<Option<Page>, MigrateError> {
        let after = after.map_or("", |after| &after.0);
        let credentials = self.select(&format!("AND c.id > '{after}' ORDER BY c.id LIMIT {PAGE}"));
        let end = credentials
            .last()
            .map(|credential| credential.place.clone());
        Ok(end.map(|end| Page { credentials, end }))
    }

    fn of_user(&self, user: &str) -> Result<Vec<Credential>, MigrateError> {
        Ok(self.select(&format!("AND u.username = '{user}'")))
    }

    fn replace(&self, changes: &[Change<'_>]) -> Result<Vec<Replaced>, MigrateError> {
        Ok(changes.iter().map(|change| self.update(change)).collect())
    }
}
