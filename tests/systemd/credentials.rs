//! The socket that `LoadCredential=` reads from, asked as systemd asks, and as others might.

use std::io::{ErrorKind, Read as _};
use std::net::Shutdown;
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use nix::sys::socket::{AddressFamily, SockFlag, SockType, UnixAddr, bind, connect, socket};

use crate::fixture::{Fixture, Secrets, eventually};
use crate::left_out::leave_out;
use crate::program::{Program, SOMEBODY};

const SECRETS: Secrets<'_> = &[
    ("db1", "sqluser"),
    ("db1pass", "x34!2axf"),
    ("mail", "post"),
];
const CREDENTIALS: &str = r#"<credentials path="credentials.sock" mode="0666" manager="MANAGER">
    <allow unit="tomcat@*.service" aliases="db*"/>
    <allow unit="later.service" aliases="later"/>
    <credential name="spring.datasource.password" alias="DB1pass"/>
  </credentials>"#;
/// So long is waited before a connection counts as held.
const HELD: Duration = Duration::from_millis(400);

fn fixture() -> Fixture {
    let fixture = Fixture::new(SECRETS);
    let is_root = nix::unistd::geteuid().is_root();
    let manager = if is_root { "system" } else { "user" };
    let credentials = CREDENTIALS.replace("MANAGER", manager);
    fixture.write(
        "service.xml",
        format!(
            r#"<secret-service>
                 <keystore name="main" path="secure.jks" retryDelay="50"><password file="password"/></keystore>
                 {credentials}
               </secret-service>"#
        ),
    );
    fixture
}

fn start(fixture: &Fixture) -> Program<'_> {
    let program = Program::serve_as_oneself(fixture, &[]);
    eventually("it listens", || fixture.path("credentials.sock").exists());
    program
}

/// Connects under a name in the abstract namespace, and closes the own direction, as systemd does.
fn ask(socket_file: &Path, name: &str) -> UnixStream {
    let end = socket(
        AddressFamily::Unix,
        SockType::Stream,
        SockFlag::SOCK_CLOEXEC,
        None,
    )
    .unwrap();
    let own = UnixAddr::new_abstract(name.as_bytes()).unwrap();
    bind(end.as_raw_fd(), &own).unwrap();
    connect(end.as_raw_fd(), &UnixAddr::new(socket_file).unwrap()).unwrap();
    let stream = UnixStream::from(end);
    stream.shutdown(Shutdown::Write).unwrap();
    stream
}

fn name(unit: &str, credential: &str) -> String {
    format!("{:x}/unit/{unit}/{credential}", rand())
}

/// Names in the abstract namespace are the whole machine's.
fn rand() -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    u64::from_ne_bytes(bytes)
}

fn answer(mut stream: UnixStream) -> String {
    let patience = Some(Duration::from_secs(10));
    stream.set_read_timeout(patience).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

/// Whether nothing comes, and no end either: an end would be an empty credential.
fn is_held(stream: &mut UnixStream) -> bool {
    stream.set_read_timeout(Some(HELD)).unwrap();
    let read = stream.read(&mut [0]);
    read.is_err_and(|reason| reason.kind() == ErrorKind::WouldBlock)
}

#[test]
fn a_unit_gets_the_credentials_that_a_rule_allows() {
    let fixture = fixture();
    let program = start(&fixture);
    let socket = fixture.path("credentials.sock");
    let get = |credential| answer(ask(&socket, &name("tomcat@prod.service", credential)));
    assert_eq!(get("db1"), "sqluser");
    assert_eq!(get("spring.datasource.password"), "x34!2axf");
    let log = program.log();
    let line = log.lines().find(|line| line.contains("\"read\"")).unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["unit"], "tomcat@prod.service");
    assert_eq!(
        (&line["alias"], &line["outcome"]),
        (&"db1".into(), &"served".into())
    );
    assert!(!log.contains("sqluser") && !log.contains("x34!2axf"));
}

#[test]
fn what_cannot_be_granted_is_held_open_and_never_answered_with_nothing() {
    let fixture = fixture();
    let program = start(&fixture);
    let socket = fixture.path("credentials.sock");
    for name in [
        name("tomcat@prod.service", "mail"),
        name("other.service", "db1"),
        name("Tomcat@prod.service", "db1"),
        "nonsense".to_owned(),
    ] {
        assert!(is_held(&mut ask(&socket, &name)), "{name}");
    }
    let log = program.log();
    assert!(
        log.contains("<allow unit=\"other.service\" aliases=\"db1\"/>"),
        "{log}"
    );
    assert!(log.contains("\"denied\""), "{log}");
}

#[test]
fn a_unit_waits_for_an_alias_that_comes_later() {
    let fixture = fixture();
    let program = start(&fixture);
    let mut stream = ask(
        &fixture.path("credentials.sock"),
        &name("later.service", "later"),
    );
    assert!(is_held(&mut stream));
    assert!(program.log().contains("no keystore has alias later"));
    fixture.replace(&[("later", "it came")]);
    assert_eq!(answer(stream), "it came");
}

#[test]
fn a_manager_that_gives_up_leaves_nothing_behind() {
    let fixture = fixture();
    let program = start(&fixture);
    let socket = fixture.path("credentials.sock");
    let open_files = || {
        let listing = std::fs::read_dir(format!("/proc/{}/fd", program.child.id()));
        listing.unwrap().count()
    };
    drop(answer(ask(&socket, &name("tomcat@a.service", "db1"))));
    let before = open_files();
    // More than are held at a time, so that places must come free.
    for round in 0..6 {
        let held: Vec<_> = (0..100)
            .map(|_| ask(&socket, &name("later.service", "later")))
            .collect();
        drop(held);
        let get = ask(&socket, &name("tomcat@a.service", "db1"));
        assert_eq!(answer(get), "sqluser", "round {round}");
    }
    eventually("all are closed", || open_files() <= before + 1);
}

/// The name is chosen by whoever connects; what the kernel says of the user is not.
#[test]
fn a_name_that_another_user_forged_gets_nothing() {
    if !nix::unistd::geteuid().is_root() {
        println!("not tested: only root can act as another user");
        return;
    }
    let fixture = fixture();
    let program = start(&fixture);
    std::fs::set_permissions(
        fixture.path(""),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    let script = r#"
        use Socket;
        socket(my $end, AF_UNIX, SOCK_STREAM, 0) or die;
        bind($end, pack("S a*", AF_UNIX, "\0$ARGV[0]")) or die;
        connect($end, sockaddr_un($ARGV[1])) or die $!;
        print "got ", sysread($end, my $bytes, 100), " bytes";
    "#;
    let mut command = Command::new("perl");
    command.uid(SOMEBODY).gid(SOMEBODY).current_dir("/");
    command.args(["-e", script, &name("tomcat@prod.service", "db1")]);
    let Ok(output) = command.arg(fixture.path("credentials.sock")).output() else {
        leave_out("perl is not here");
        return;
    };
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "got 0 bytes",
        "{errors}"
    );
    let log = program.log();
    assert!(log.contains("only the service manager may ask"), "{log}");
    assert!(log.contains(&format!("\"uid\":{SOMEBODY}")), "{log}");
}

/// An end of the stream would be an empty credential: an operator who mends a rule starts the service again.
#[test]
fn the_service_ends_after_those_who_wait() {
    let fixture = fixture();
    let mut program = start(&fixture);
    let socket = fixture.path("credentials.sock");
    let mut held = ask(&socket, &name("later.service", "later"));
    let mut denied = ask(&socket, &name("other.service", "db1"));
    assert!(is_held(&mut held) && is_held(&mut denied));
    program.signal("-TERM");
    eventually("nobody new is heard", || !socket.exists());
    assert!(is_held(&mut held) && is_held(&mut denied));
    assert!(program.child.try_wait().unwrap().is_none());
    // What comes at last is still handed over.
    fixture.replace(&[("later", "it came")]);
    assert_eq!(answer(held), "it came");
    drop(denied);
    assert!(program.child.wait().unwrap().success());
}

#[test]
fn who_asks_twice_does_not_wait() {
    let fixture = fixture();
    let mut program = start(&fixture);
    let socket = fixture.path("credentials.sock");
    let mut held = ask(&socket, &name("later.service", "later"));
    assert!(is_held(&mut held));
    program.signal("-INT");
    eventually("nobody new is heard", || !socket.exists());
    let said = || program.log().contains("have given up");
    eventually("it says why it waits", said);
    program.signal("-INT");
    assert!(program.child.wait().unwrap().success());
}
