//! A real systemd, as process 1 of namespaces of its own, with the units of `packaging/systemd`.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::fixture::{Fixture, repository};
use crate::left_out::leave_out;

const SYSTEMD: &str = "/lib/systemd/systemd";
const CONFIGURATION: &str = r#"<secret-service start="wait">
  <keystore name="main" path="/run/lab/secure.p12" retryDelay="1000"><password file="${CREDENTIALS_DIRECTORY}/keystore-password"/></keystore>
  <socket path="/run/keyward/http.sock" mode="0666"><allow user="root" aliases="*"/></socket>
  <credentials path="/run/keyward/credentials.sock">
    <allow unit="consumer.service" aliases="db*"/>
    <allow unit="late.service" aliases="later"/>
    <credential name="db-password" alias="db1pass"/>
  </credentials>
  <tree path="/run/keyward/tree" owner="games"><file name="password" alias="db1pass"/></tree>
</secret-service>
"#;
/// Runs in the namespaces; each line of its output is a thing seen.
const VERDICT: &str = r#"
say() { echo "$1: $2"; }
systemctl start keyward.socket keyward-credentials.socket
systemctl start consumer.service
say consumer "$(cat /run/lab/consumer.got)"
say state "$(systemctl show -P ActiveState keyward.service), $(systemctl show -P StatusText keyward.service)"
systemctl start denied.service && say denied started || say denied refused
say denied-got "$(cat /run/lab/denied.got 2>&1)"
systemctl start --no-block late.service
sleep 1
say late-before "$(systemctl show -P ActiveState late.service)"
echo 'it came' | /run/lab/program set later -keystore /run/lab/secure.p12 -storepass:file /run/lab/keystore-password
for tick in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do [ -e /run/lab/late.got ] && break; sleep 1; done
say late "$(cat /run/lab/late.got)"
systemctl reload keyward.service && say reload done
say tree "$(stat -Lc '%U %a' /run/keyward/tree/password) $(cat /run/keyward/tree/password)"
systemctl stop keyward.service keyward.socket keyward-credentials.socket
say stopped "$(systemctl show -P Result keyward.service)"
"#;
const EXPECTED: &str = "consumer: x34!2axf
state: active, main: fresh
denied: refused
denied-got: cat: /run/lab/denied.got: No such file or directory
late-before: activating
late: it came
reload: done
tree: games 400 x34!2axf
stopped: success
";

/// The namespaces; they end when dropped.
struct Booted(Child);

impl Booted {
    fn boot(lab: &Path) -> Self {
        let mut command = Command::new("unshare");
        command
            .args(["--fork", "--pid", "--mount", "--cgroup", "--mount-proc"])
            .args(["--kill-child", "sh"])
            .arg(repository("tests/systemd/boot.sh"))
            .arg(env!("CARGO_BIN_EXE_keyward"))
            .arg(repository("packaging/systemd"))
            .arg(lab)
            .stdin(Stdio::null())
            .stdout(fs::File::create(lab.with_extension("log")).unwrap())
            .stderr(fs::File::create(lab.with_extension("errors")).unwrap())
            .process_group(0);
        Self(command.spawn().unwrap())
    }

    /// A file of the namespaces.
    fn path(&self, path: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{path}", self.0.id()))
    }

    fn wait_for(&mut self, path: &str) -> Option<String> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_mins(2) {
            if let Ok(text) = fs::read_to_string(self.path(path)) {
                return Some(text);
            }
            if self.0.try_wait().unwrap().is_some() {
                return None;
            }
            thread::sleep(Duration::from_millis(100));
        }
        None
    }
}

impl Drop for Booted {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Why a systemd of our own cannot be booted here.
fn obstacle() -> Option<&'static str> {
    if !Path::new(SYSTEMD).exists() {
        return Some("systemd is not here");
    }
    if !nix::unistd::geteuid().is_root() {
        return Some("only root can boot a systemd");
    }
    if Path::new("/run/systemd/system").exists() {
        return Some("this machine is run by a systemd, beside which none is booted for a test");
    }
    let mut probe = Command::new("unshare");
    probe.args([
        "--fork",
        "--pid",
        "--mount",
        "--cgroup",
        "--mount-proc",
        "true",
    ]);
    let possible = probe.status().is_ok_and(|status| status.success());
    (!possible).then_some("namespaces cannot be made here")
}

fn unit(credential: &str, seconds: u32, got: &str) -> String {
    format!(
        "[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
LoadCredential={credential}:/run/keyward/credentials.sock
TimeoutStartSec={seconds}
ExecStart=/bin/sh -c 'cat $CREDENTIALS_DIRECTORY/{credential} >/run/lab/{got}'
"
    )
}

#[test]
fn systemd_starts_units_with_credentials_of_the_keystore() {
    if let Some(reason) = obstacle() {
        leave_out(reason);
        return;
    }
    let fixture = Fixture::new(&[
        ("db1", "sqluser"),
        ("db1pass", "x34!2axf"),
        ("mail", "post"),
    ]);
    let lab = fixture.path("lab");
    fs::create_dir(&lab).unwrap();
    fs::rename(fixture.path("secure.jks"), lab.join("secure.p12")).unwrap();
    fs::rename(fixture.path("password"), lab.join("keystore-password")).unwrap();
    for (name, content) in [
        ("secret-service.xml", CONFIGURATION),
        ("verdict.sh", VERDICT),
        ("consumer.service", &unit("db-password", 60, "consumer.got")),
        ("denied.service", &unit("db1pass", 3, "denied.got")),
        ("late.service", &unit("later", 60, "late.got")),
    ] {
        fs::write(lab.join(name), content).unwrap();
    }
    let mut booted = Booted::boot(&lab);
    let verdict = booted.wait_for("/run/lab/verdict");
    let read = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
    let context = format!(
        "{}\n{}\n{}",
        read(booted.path("/run/lab/log")),
        read(lab.with_extension("log")),
        read(lab.with_extension("errors"))
    );
    let verdict = verdict.unwrap_or_else(|| panic!("no verdict\n{context}"));
    let seen: Vec<&str> = verdict
        .lines()
        .filter(|line| !line.starts_with("Job for") && !line.starts_with("See "))
        .collect();
    assert_eq!(seen, EXPECTED.lines().collect::<Vec<_>>(), "{context}");
    assert!(
        !context.contains("x34!2axf") && !context.contains("keypass"),
        "{context}"
    );
}

/// `systemd-analyze` reads the units as systemd does, and judges how far the service is confined.
#[test]
fn the_units_are_what_systemd_reads_and_calls_confined() {
    let folder = tempfile::tempdir().unwrap();
    let units = repository("packaging/systemd");
    // The program is not installed here; everything else is as in the package.
    let service = fs::read_to_string(units.join("keyward.service")).unwrap();
    let program = env!("CARGO_BIN_EXE_keyward");
    let service = service.replace("/usr/bin/keyward", program);
    fs::write(folder.path().join("keyward.service"), service).unwrap();
    for name in ["keyward.socket", "keyward-credentials.socket"] {
        fs::copy(units.join(name), folder.path().join(name)).unwrap();
    }
    let analyze = |arguments: &[&str]| {
        let mut command = Command::new("systemd-analyze");
        command.args(arguments).current_dir(folder.path());
        command.output().ok()
    };
    let verify = [
        "verify",
        "--man=no",
        "./keyward.service",
        "./keyward.socket",
        "./keyward-credentials.socket",
    ];
    let Some(verified) = analyze(&verify) else {
        leave_out("systemd-analyze is not here");
        return;
    };
    let said = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success(), "{said}");
    let ours: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("keyward"))
        .collect();
    assert_eq!(ours, [""; 0], "{said}");
    // From 0 (confined) to 100.
    let exposure = [
        "security",
        "--offline=true",
        "--threshold=20",
        "./keyward.service",
    ];
    let judged = analyze(&exposure).unwrap();
    let table = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success(), "{table}");
}
