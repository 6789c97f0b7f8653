//! [`KeycloakServer`]: a real Keycloak with keyward's provider, on a database of its own.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::support::{Postgres, keycloak_provider_classes, leave_out, peer, repository, run};

/// Who may do everything, and the password.
pub(crate) const ADMINISTRATOR: &str = "administrator";
const NAME: &str = "keycloak";
/// Tries of a fifth of a second each: a first start makes a hundred tables.
const TRIES: usize = 1500;

/// A server that runs.
pub(crate) struct KeycloakServer {
    home: PathBuf,
    folder: TempDir,
    port: u16,
    server: Option<Child>,
    database: Postgres,
}

impl KeycloakServer {
    /// None, and a report, if a peer is not here.
    pub(crate) fn start() -> Option<Self> {
        let home = home_with_provider()?;
        let database = Postgres::start()?;
        database.sql("postgres", "CREATE DATABASE keycloak");
        let mut server = Self {
            home,
            folder: tempfile::tempdir().unwrap(),
            port: free_port(),
            server: None,
            database,
        };
        server.serve();
        Some(server)
    }

    fn serve(&mut self) {
        let log = File::create(self.folder.path().join("log")).unwrap();
        let mut command = self.command("start", free_port());
        command
            .arg("--http-enabled=true")
            .arg("--http-host=127.0.0.1")
            .arg(format!("--http-port={}", self.port))
            .arg("--hostname-strict=false")
            .env("KC_BOOTSTRAP_ADMIN_USERNAME", ADMINISTRATOR)
            .env("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMINISTRATOR)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        self.server = Some(command.spawn().unwrap());
        for _ in 0..TRIES {
            let is_set_up = self.log().contains("Bootstrap completed");
            if is_set_up && TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            let ended = self.server.as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none(), "Keycloak has ended: {}", self.log());
            thread::sleep(Duration::from_millis(200));
        }
        panic!("Keycloak does not come up: {}", self.log());
    }

    /// A realm with its users, as `kc.sh export` writes it while the server runs.
    pub(crate) fn export(&self, realm: &str, file: &Path) {
        let mut command = self.command("export", free_port());
        command.args(["--realm", realm, "--file"]).arg(file);
        run(command, "").of_success();
    }

    fn command(&self, name: &str, management_port: u16) -> Command {
        let mut command = kc(&self.home);
        let port = self.database.port();
        command
            .args([name, "--optimized", "--cache=local"])
            .args(["--db-username=postgres", "--db-password=none"])
            .arg(format!(
                "--db-url=jdbc:postgresql://127.0.0.1:{port}/{NAME}"
            ))
            .arg(format!("--http-management-port={management_port}"));
        command
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What messages the server has written.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Where its tables are.
    pub(crate) fn database_url(&self) -> String {
        self.database.url(NAME)
    }

    /// The lines that psql prints.
    #[track_caller]
    pub(crate) fn sql(&self, sql: &str) -> Vec<String> {
        let output = self.database.sql(NAME, sql);
        output.lines().map(ToOwned::to_owned).collect()
    }
}

impl Drop for KeycloakServer {
    fn drop(&mut self) {
        let Some(mut server) = self.server.take() else {
            return;
        };
        // The script and its JVM.
        let _ = killpg(
            Pid::from_raw(i32::try_from(server.id()).unwrap()),
            Signal::SIGKILL,
        );
        let _ = server.wait();
    }
}

/// Keycloak's own script, with at most 700 MiB.
fn kc(home: &Path) -> Command {
    let mut command = Command::new(home.join("bin/kc.sh"));
    command
        .env("JAVA_OPTS_KC_HEAP", "-Xms128m -Xmx700m")
        .env("JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1");
    command
}

/// A copy of the distribution with keyward's provider in it, built for PostgreSQL once for all runs.
fn home_with_provider() -> Option<PathBuf> {
    let distribution = peer("keycloak-server");
    if !distribution.is_dir() {
        leave_out("Keycloak is not here (bash .ci/peers fetches it)");
        return None;
    }
    let jars = ["main", "boot"].map(|part| distribution.join("lib/lib").join(part).join("*"));
    let classes = keycloak_provider_classes(&env::join_paths(jars).unwrap())?;
    let sources = fs::read_to_string(classes.join("compiled.txt")).unwrap();
    let home = peer("keycloak-with-provider");
    let lock = File::create(home.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let built = home.join("built-with.txt");
    if fs::read_to_string(&built).is_ok_and(|built| built == sources) {
        return Some(home);
    }
    let _ = fs::remove_dir_all(&home);
    succeed(Command::new("cp").arg("-r").args([&distribution, &home]));
    let jar = home.join("providers/keyward-keycloak.jar");
    let services = repository().join("integrations/keycloak/src/main/resources");
    succeed(
        Command::new("jar")
            .args([OsStr::new("--create"), "--file".as_ref(), jar.as_os_str()])
            .args(["-C".as_ref(), classes.as_os_str(), "keyward".as_ref()])
            .args(["-C".as_ref(), services.as_os_str(), "META-INF".as_ref()]),
    );
    succeed(kc(&home).args(["build", "--db=postgres"]));
    fs::write(built, sources).unwrap();
    Some(home)
}

#[track_caller]
fn succeed(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "{command:?}: {said}");
}

fn free_port() -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port()
}
