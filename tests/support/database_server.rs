//! Private database servers: each in a folder of its own, as a user without rights, at a Unix socket and a free port.
//!
//! PostgreSQL is the newest in `/usr/lib/postgresql`, MariaDB what `.ci/peers` puts into `target/peers`. Neither touches a
//! server of the system; both end with the test.

use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::left_out::leave_out;
use super::program::run;
use super::repository;

/// The user and the group that everybody may become: `nobody`.
const NOBODY: u32 = 65534;
/// Tries of a tenth of a second each.
const TRIES: usize = 300;

/// A PostgreSQL server whose superuser is `postgres`, without a password.
pub(crate) struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    server: Option<Child>,
}

/// A MariaDB server whose superuser is `root`, without a password.
pub(crate) struct MariaDb {
    folder: TempDir,
    home: PathBuf,
    server: Option<Child>,
}

impl Postgres {
    /// One that runs; none, and a report, if PostgreSQL is not here.
    pub(crate) fn start() -> Option<Self> {
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
        let programs = versions.map(|version| version.unwrap().path().join("bin"));
        let here = programs.filter(|programs| programs.join("initdb").exists());
        let version = |programs: &PathBuf| {
            let name = programs.parent().and_then(Path::file_name);
            name.and_then(OsStr::to_str)
                .and_then(|name| name.parse::<u32>().ok())
        };
        let Some(programs) = here.max_by_key(version) else {
            leave_out("PostgreSQL is not here (bash .ci/peers installs it)");
            return None;
        };
        let folder = folder_of_nobody();
        let mut initdb = as_nobody(&programs.join("initdb"));
        initdb.args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ]);
        initdb.arg(folder.path().join("data"));
        run(initdb, "").of_success();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut server = Self {
            folder,
            programs,
            port,
            server: None,
        };
        server.restart();
        Some(server)
    }

    /// Starts it again after [`Self::kill`].
    pub(crate) fn restart(&mut self) {
        let mut server = as_nobody(&self.programs.join("postgres"));
        server.arg("-D").arg(self.folder.path().join("data"));
        server.arg("-k").arg(self.folder.path());
        server.args(["-p", &self.port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "fsync=off",
            "max_connections=60",
        ] {
            server.args(["-c", setting]);
        }
        self.server = Some(started(server, &self.folder.path().join("log")));
        wait_for("PostgreSQL", || {
            let mut isready = Command::new(self.programs.join("pg_isready"));
            isready.arg("-h").arg(self.folder.path());
            isready.args(["-q", "-p", &self.port.to_string()]);
            isready.status().unwrap().success()
        });
    }

    /// As if the machine had lost its power.
    pub(crate) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            // Its children end when they see that their parent has gone; SIGQUIT has them end at once.
            let pid = nix::unistd::Pid::from_raw(i32::try_from(server.id()).unwrap());
            nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGQUIT).unwrap();
            server.wait().unwrap();
        }
    }

    /// From now on this user has to say a password.
    pub(crate) fn ask_for_passwords_of(&self, user: &str) {
        let rules = self.folder.path().join("data/pg_hba.conf");
        let others = fs::read_to_string(&rules).unwrap();
        let rule = ["local", "host"].map(|by| {
            let from = if by == "host" { "127.0.0.1/32" } else { "" };
            format!("{by} all {user} {from} scram-sha-256\n")
        });
        fs::write(&rules, rule.concat() + &others).unwrap();
        self.sql("postgres", "SELECT pg_reload_conf()");
        // The reload is no answer to the statement.
        wait_for("the new rules", || {
            let rules = self.sql(
                "postgres",
                "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method = 'scram-sha-256'",
            );
            rules.trim() == "2"
        });
        thread::sleep(Duration::from_millis(300));
    }

    /// From now on it takes TLS at 127.0.0.1. The file of its certificate authority.
    pub(crate) fn take_tls(&self) -> PathBuf {
        let file = |name: &str| self.folder.path().join("data").join(name);
        let authority = ["-CA", "ca.pem", "-CAkey", "ca.key"];
        let server = [
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ];
        let server = [&authority[..], &server].concat();
        for (subject, key, certificate, more) in [
            ("/CN=authority", "ca.key", "ca.pem", Vec::new()),
            ("/CN=database", "server.key", "server.crt", server),
        ] {
            let mut openssl = as_nobody(Path::new("openssl"));
            openssl.current_dir(self.folder.path().join("data"));
            openssl.args(["req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"]);
            openssl.args(["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", subject]);
            openssl
                .args(["-keyout", key, "-out", certificate])
                .args(more);
            run(openssl, "").of_success();
        }
        self.sql("postgres", "ALTER SYSTEM SET ssl = on");
        self.sql("postgres", "SELECT pg_reload_conf()");
        wait_for("TLS", || self.sql("postgres", "SHOW ssl").trim() == "on");
        let authority = self.folder.path().join("ca.pem");
        fs::copy(file("ca.pem"), &authority).unwrap();
        authority
    }

    /// The folder of its socket.
    pub(crate) fn socket(&self) -> &Path {
        self.folder.path()
    }

    /// Of the socket and of TCP on 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The URL of a database, at the socket.
    pub(crate) fn url(&self, database: &str) -> String {
        let (socket, port) = (self.folder.path().display(), self.port);
        format!("postgres://postgres@localhost:{port}/{database}?host={socket}")
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

impl MariaDb {
    /// One that runs; none, and a report, if MariaDB is not here.
    pub(crate) fn start() -> Option<Self> {
        let home = repository().join("target/peers/mariadb");
        if !home.exists() {
            leave_out("MariaDB is not here (bash .ci/peers fetches it)");
            return None;
        }
        let folder = folder_of_nobody();
        let mut server = Self {
            folder,
            home,
            server: None,
        };
        let mut install = server.as_nobody("usr/bin/mariadb-install-db");
        install.args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
        run(install, "").of_success();
        server.restart();
        Some(server)
    }

    /// Starts it again after [`Self::kill`].
    pub(crate) fn restart(&mut self) {
        let mut server = self.as_nobody("usr/sbin/mariadbd");
        server.arg("--skip-networking").arg("--skip-name-resolve");
        server.arg("--innodb-flush-log-at-trx-commit=0");
        server.arg(format!("--socket={}", self.socket().display()));
        server.arg(format!(
            "--pid-file={}",
            self.folder.path().join("pid").display()
        ));
        self.server = Some(started(server, &self.folder.path().join("log")));
        wait_for("MariaDB", || {
            let output = self.client("").arg("-e").arg("SELECT 1").output();
            output.unwrap().status.success()
        });
    }

    /// As if the machine had lost its power.
    pub(crate) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().unwrap();
            server.wait().unwrap();
        }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// The URL of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!(
            "mysql://root@localhost/{database}?socket={}",
            self.socket().display()
        )
    }

    /// What its client prints for some SQL: a line a row, tabs between columns.
    #[track_caller]
    pub(crate) fn sql(&self, database: &str, sql: &str) -> String {
        run(self.client(database), sql).of_success().stdout
    }

    fn client(&self, database: &str) -> Command {
        let mut client = Command::new(self.home.join("usr/bin/mariadb"));
        self.find_libraries(&mut client);
        client.args([
            "--no-defaults",
            "--user=root",
            "--batch",
            "--skip-column-names",
        ]);
        client.arg(format!("--socket={}", self.socket().display()));
        client.arg(format!("--database={database}"));
        client
    }

    fn find_libraries(&self, command: &mut Command) {
        let folders = fs::read_dir(self.home.join("usr/lib")).unwrap();
        let mut folders = folders.map(|folder| folder.unwrap().path());
        if let Some(libraries) = folders.find(|folder| folder.join("liburing.so.2").exists()) {
            command.env("LD_LIBRARY_PATH", libraries);
        }
    }

    fn as_nobody(&self, program: &str) -> Command {
        let mut command = as_nobody(&self.home.join(program));
        self.find_libraries(&mut command);
        command.arg("--no-defaults");
        // Two servers that start at once would remove each other's files in the common one.
        command.arg(format!("--tmpdir={}", self.folder.path().display()));
        command.arg(format!("--basedir={}", self.home.join("usr").display()));
        command.arg(format!(
            "--datadir={}",
            self.folder.path().join("data").display()
        ));
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A folder that the server may write to.
pub(crate) fn folder_of_nobody() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    if nix::unistd::Uid::effective().is_root() {
        chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    folder
}

/// Root may not run a database server; anybody else runs it as they are.
pub(crate) fn as_nobody(program: &Path) -> Command {
    let mut command = Command::new(program);
    if nix::unistd::Uid::effective().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.current_dir("/").env("LC_ALL", "C.UTF-8");
    command
}

/// The process, which writes to a log.
pub(crate) fn started(mut command: Command, log: &Path) -> Child {
    let log = fs::File::options()
        .create(true)
        .append(true)
        .open(log)
        .unwrap();
    command.stdin(Stdio::null());
    command.stdout(log.try_clone().unwrap()).stderr(log);
    command
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"))
}

/// Waits until something is so.
#[track_caller]
pub(crate) fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..TRIES {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("{what}: not there after half a minute");
}
