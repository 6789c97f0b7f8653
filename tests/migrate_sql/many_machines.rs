//! Many processes on one PostgreSQL table, while users log in and change their passwords.

use std::collections::HashMap;
use std::fs;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use keyward::Secret;
use keyward::migrate::{Change, CredentialStore, Replaced, SqlAddress, SqlStore};
use keyward::password::{Conventions, HashFunction, Wrapping};

use crate::accounts::{FILL_POSTGRES, all_have_moved, ended, migrate};
use crate::database::table;
use crate::support::database_server::{as_nobody, folder_of_nobody, started, wait_for};
use crate::support::{Postgres, leave_out, repository};

const ROWS: usize = 4000;
/// Slow enough that there is a middle.
const SLOWLY: [&str; 4] = ["--rate", "200", "--lease", "2"];

fn filled() -> Option<Postgres> {
    let server = Postgres::start()?;
    server.sql("postgres", "CREATE DATABASE accounts");
    server.sql(
        "accounts",
        &FILL_POSTGRES.replace("ROWS", &ROWS.to_string()),
    );
    Some(server)
}

fn wrap(url: &str, more: &[&str]) -> Child {
    migrate("wrap", url, more).spawn().unwrap()
}

/// Sends a signal to a process of this test.
fn signal(process: &Child, signal: nix::sys::signal::Signal) {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(process.id()).unwrap());
    nix::sys::signal::kill(pid, signal).unwrap();
}

/// Waits until rows were replaced, and a process is in the middle of a part.
fn is_at_work(server: &Postgres, process: &Child) {
    wait_for("a part of it", || {
        let parts = format!(
            "SELECT count(*) FROM keyward_lease WHERE state = 'leased' AND owner LIKE '%:{}#%' \
             AND EXISTS (SELECT 1 FROM users WHERE password LIKE '$keyward%')",
            process.id()
        );
        server
            .sql(
                "accounts",
                "SELECT to_regclass('keyward_lease') IS NOT NULL",
            )
            .trim()
            == "t"
            && server.sql("accounts", &parts).trim() == "1"
    });
}

/// Sets a flag when it is dropped, also by a test that fails.
struct SetAtEnd<'a>(&'a AtomicBool);

impl Drop for SetAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Users log in, which moves them for good, and others change their passwords, until `stop`. Which password each has now.
fn users_at_work(url: &str, stop: &AtomicBool) -> HashMap<usize, String> {
    let users = table("users", "id", "username", "password");
    let store = SqlStore::open(SqlAddress::parse(url).unwrap(), None, &users).unwrap();
    let wrapping = Wrapping::new("pbkdf2-sha256", Some(1000)).unwrap();
    let hash = |password: &str| {
        wrapping
            .hash(&Secret::copied_from(password.as_bytes()))
            .unwrap()
    };
    let mut passwords = HashMap::new();
    let mut moved = 0;
    for step in 0_usize.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        // All over the table, and now and then the same user again.
        let number = step * 7919 % ROWS + 1;
        let user = format!("user{number}");
        let password = passwords
            .get(&number)
            .cloned()
            .unwrap_or_else(|| format!("pass{number}"));
        loop {
            let found = store.of_user(&user).unwrap();
            let read = Conventions::default()
                .recognise(found[0].stored.expose_text().unwrap())
                .unwrap();
            let right = read
                .verify(&Secret::copied_from(password.as_bytes()))
                .unwrap();
            assert!(right, "{user} cannot log in");
            let (new, is_change) = match step % 3 {
                0 => (format!("changed{step}"), true),
                _ if matches!(read.function(), HashFunction::Wrapped(_)) => {
                    (password.clone(), false)
                }
                _ => break,
            };
            let change = Change {
                credential: &found[0],
                new: Secret::new(hash(&new).into_bytes()),
            };
            if store.replace(&[change]).unwrap() == [Replaced::Done] {
                moved += usize::from(!is_change);
                passwords.insert(number, new);
                break;
            }
        }
    }
    assert!(
        passwords.len() > 20 && moved > 0,
        "{} users, {moved} moved",
        passwords.len()
    );
    passwords
}

#[test]
fn four_processes_one_of_them_killed_and_users_at_work_lose_nothing() {
    let Some(server) = filled() else { return };
    let url = server.url("accounts");
    let stop = AtomicBool::new(false);
    let passwords = thread::scope(|scope| {
        let users = scope.spawn(|| users_at_work(&url, &stop));
        let at_end = SetAtEnd(&stop);
        let mut processes: Vec<Child> = (0..4).map(|_| wrap(&url, &SLOWLY)).collect();
        is_at_work(&server, &processes[0]);
        let mut killed = processes.remove(0);
        signal(&killed, nix::sys::signal::Signal::SIGKILL);
        killed.wait().unwrap();
        for process in processes {
            let output = ended(process);
            assert_eq!(output.status, Some(0), "{output:#?}");
        }
        drop(at_end);
        users.join().unwrap()
    });
    let expected = |number: usize| {
        let changed = passwords.get(&number).cloned();
        changed.unwrap_or_else(|| format!("pass{number}"))
    };
    all_have_moved(&url, ROWS, expected);
    let lease = |what: &str| {
        server
            .sql("accounts", &format!("SELECT {what} FROM keyward_lease"))
            .trim()
            .to_owned()
    };
    assert_eq!(lease("count(*) FILTER (WHERE state <> 'done')"), "0");
    assert_ne!(lease("sum(taken_over)"), "0");
    assert_eq!(lease("count(DISTINCT job)"), "1");
    // Each row was looked at once, but what the killed one had begun and not noted.
    assert_eq!(lease("sum(seen)"), ROWS.to_string());
    let fleet = ended(migrate("fleet", &url, &[]).spawn().unwrap()).of_success();
    assert!(
        fleet.stdout.starts_with(
            "job 1, done: public.users password by id: wrap in pbkdf2-sha256, cost 1000\n"
        ),
        "{}",
        fleet.stdout
    );
    assert!(
        fleet
            .stdout
            .contains(&format!("rows: {ROWS} of about {ROWS} seen")),
        "{}",
        fleet.stdout
    );
}

#[test]
fn a_process_that_is_asked_to_end_gives_its_part_back() {
    let Some(server) = filled() else { return };
    let url = server.url("accounts");
    let process = wrap(&url, &["--rate", "300"]);
    is_at_work(&server, &process);
    let fleet = ended(migrate("fleet", &url, &["--json"]).spawn().unwrap()).of_success();
    assert!(
        fleet.stdout.contains("\"is_done\":false") && fleet.stdout.contains("\"leased\":1"),
        "{}",
        fleet.stdout
    );
    signal(&process, nix::sys::signal::Signal::SIGTERM);
    let output = ended(process);
    assert_eq!(output.status, Some(1), "{output:#?}");
    assert!(
        output.stderr.contains("The same command goes on"),
        "{output:#?}"
    );
    assert_eq!(
        server
            .sql(
                "accounts",
                "SELECT count(*) FROM keyward_lease WHERE state = 'leased'"
            )
            .trim(),
        "0"
    );
    let fleet = ended(migrate("fleet", &url, &[]).spawn().unwrap());
    assert_eq!(fleet.status, Some(1), "nobody works on it: {fleet:#?}");
    let output = ended(wrap(&url, &[])).of_success();
    let done: usize = output.stdout.split(' ').next().unwrap().parse().unwrap();
    assert!(done > 0 && done < ROWS, "{output:#?}");
    all_have_moved(&url, ROWS, |number| format!("pass{number}"));
    // Later rows are another job's.
    server.sql(
        "accounts",
        "INSERT INTO users VALUES (0, 'user0', '{CLEAR}x')",
    );
    let seeds = "UPDATE users SET password = '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=' WHERE id = 0";
    server.sql("accounts", seeds);
    let output = ended(wrap(&url, &[])).of_success();
    assert!(output.stdout.starts_with("1 wrapped\n"), "{output:#?}");
    assert_eq!(
        server
            .sql("accounts", "SELECT max(job) FROM keyward_lease")
            .trim(),
        "2"
    );
}

#[test]
fn a_fleet_that_never_was_is_missing() {
    let Some(server) = Postgres::start() else {
        return;
    };
    let fleet = ended(
        migrate("fleet", &server.url("postgres"), &[])
            .spawn()
            .unwrap(),
    );
    assert_eq!(fleet.status, Some(3), "{fleet:#?}");
    assert!(fleet.stderr.contains("there was never a job"), "{fleet:#?}");
    let fleet = ended(migrate("fleet", "sqlite::memory:", &[]).spawn().unwrap());
    assert!(fleet.stderr.contains("PostgreSQL alone"), "{fleet:#?}");
}

#[test]
fn two_that_share_nothing_wrap_no_value_twice() {
    let Some(server) = filled() else { return };
    let url = server.url("accounts");
    let processes = [wrap(&url, &["--alone"]), wrap(&url, &["--alone"])];
    let moved = processes.map(|process| {
        let output = ended(process).of_success();
        output
            .stdout
            .split(' ')
            .next()
            .unwrap()
            .parse::<usize>()
            .unwrap()
    });
    assert_eq!(moved[0] + moved[1], ROWS, "{moved:?}");
    all_have_moved(&url, ROWS, |number| format!("pass{number}"));
    assert_eq!(
        server
            .sql("accounts", "SELECT to_regclass('keyward_lease') IS NULL")
            .trim(),
        "t"
    );
}

#[test]
fn a_database_that_goes_away_in_the_middle_loses_nothing() {
    let Some(mut server) = filled() else { return };
    let url = server.url("accounts");
    let process = wrap(&url, &["--rate", "300"]);
    is_at_work(&server, &process);
    server.kill();
    let output = ended(process);
    assert_eq!(output.status, Some(1), "{output:#?}");
    assert!(
        output
            .stderr
            .contains("run the command again when it is back"),
        "{output:#?}"
    );
    server.restart();
    let left = server.sql(
        "accounts",
        "SELECT count(*) FROM users WHERE password LIKE '{SSHA256}%'",
    );
    let left: usize = left.trim().parse().unwrap();
    assert!(left > 0 && left < ROWS, "{left}");
    // The lease of the one that could not give its part back expires.
    server.sql(
        "accounts",
        "UPDATE keyward_lease SET expires = now() WHERE state = 'leased'",
    );
    let output = ended(wrap(&url, &[])).of_success();
    assert!(
        output.stdout.starts_with(&format!("{left} wrapped\n")),
        "{output:#?}"
    );
    all_have_moved(&url, ROWS, |number| format!("pass{number}"));
}

#[test]
fn it_works_behind_pgbouncer_in_transaction_mode() {
    let home = repository().join("target/peers/pgbouncer");
    if !home.exists() {
        leave_out("PgBouncer is not here (bash .ci/peers fetches it)");
        return;
    }
    let Some(server) = filled() else { return };
    let folder = folder_of_nobody();
    let settings = folder.path().join("pgbouncer.ini");
    let text = format!(
        "[databases]\naccounts = host={} port={} user=postgres\n\
         [pgbouncer]\nlisten_addr =\nunix_socket_dir = {}\nlisten_port = 6432\nauth_type = any\n\
         pool_mode = transaction\ndefault_pool_size = 2\n",
        server.socket().display(),
        server.port(),
        folder.path().display()
    );
    fs::write(&settings, text).unwrap();
    let mut pooler = as_nobody(&home.join("usr/sbin/pgbouncer"));
    find_libraries(&mut pooler, &home);
    pooler.arg("-q").arg(&settings);
    let mut pooler = started(pooler, &folder.path().join("log"));
    wait_for("PgBouncer", || folder.path().join(".s.PGSQL.6432").exists());
    let url = format!(
        "postgres://postgres@localhost:6432/accounts?host={}",
        folder.path().display()
    );
    let processes = [wrap(&url, &[]), wrap(&url, &[]), wrap(&url, &[])];
    for process in processes {
        ended(process).of_success();
    }
    all_have_moved(&url, ROWS, |number| format!("pass{number}"));
    pooler.kill().unwrap();
    pooler.wait().unwrap();
}

fn find_libraries(command: &mut Command, home: &std::path::Path) {
    let folders = fs::read_dir(home.join("usr/lib")).unwrap();
    let mut folders = folders.map(|folder| folder.unwrap().path());
    if let Some(libraries) = folders.find(|folder| folder.join("libcares.so.2").exists()) {
        command.env("LD_LIBRARY_PATH", libraries);
    }
}
