//! Runs over a file of users that are ended, meet others, or find no room: no password is lost.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::support::{in_a_mount_namespace, keyward, keyward_command};
use super::{File, QUICK, SHA};

/// More than one page of the file.
const USERS: usize = 5000;

fn users(count: usize) -> File {
    let mut text = "username,password\n".to_owned();
    for number in 0..count {
        writeln!(text, "user{number},{SHA}").unwrap();
    }
    File::new("users.csv", &text)
}

/// A wrap of the file that would take minutes.
fn slow_wrap(file: &File) -> Child {
    slow_wrap_command(file).spawn().unwrap()
}

fn slow_wrap_command(file: &File) -> Command {
    let mut command = keyward_command();
    command.args(["migrate", "wrap", file.path().to_str().unwrap()]);
    command.args(QUICK).args(["--rate", "20"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn send(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(child.id().try_into().unwrap());
    kill(pid, signal).unwrap();
}

/// Until the run listens to signals: it opens its file after that.
fn wait_until_begun(child: &Child, path: &Path) {
    let files = format!("/proc/{}/fd", child.id());
    let has_file = || {
        let links = fs::read_dir(&files).unwrap().flatten();
        let mut targets = links.filter_map(|link| fs::read_link(link.path()).ok());
        targets.any(|target| target == path)
    };
    while !has_file() {
        sleep(Duration::from_millis(5));
    }
}

/// A run that gets a signal so long after it began.
fn ended_after(wait: Duration, signal: Signal) -> (File, Output) {
    let file = users(USERS);
    let run = slow_wrap(&file);
    wait_until_begun(&run, &file.path());
    sleep(wait);
    send(&run, signal);
    let output = run.wait_with_output().unwrap();
    (file, output)
}

fn all_verify(file: &File) {
    let right = file.verify("password");
    assert_eq!(right.status, Some(0), "{}", right.stderr);
    assert_eq!(
        file.text().matches("$keyward$1$").count(),
        file.text().lines().count() - 1
    );
    let folder = fs::read_dir(file.folder.path()).unwrap();
    assert_eq!(folder.count(), 1, "nothing is left behind");
}

#[test]
fn what_was_begun_is_stored_when_a_run_is_ended_and_a_second_one_goes_on() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        // A busy machine needs longer until the first values are hashed.
        let mut wait = Duration::from_millis(300);
        let (file, output, done) = loop {
            let (file, output) = ended_after(wait, signal);
            let done = file.text().matches("$keyward$1$").count();
            if done > 0 {
                break (file, output, done);
            }
            wait *= 3;
        };
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains("The same command goes on"), "{stderr}");
        assert!(done < USERS, "{done}");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.starts_with(&format!("{done} wrapped\n")), "{said}");
        let second = file.migrate("wrap", &[]);
        assert!(
            second
                .stdout
                .starts_with(&format!("{} wrapped\n", USERS - done)),
            "{second:#?}"
        );
        all_verify(&file);
    }
}

#[test]
fn a_run_into_another_file_is_gone_on_with_there() {
    let file = users(USERS);
    let new = file.folder.path().join("new.csv");
    let mut run = slow_wrap_command(&file);
    let run = run.arg("-o").arg(&new).spawn().unwrap();
    wait_until_begun(&run, &file.path());
    send(&run, Signal::SIGTERM);
    let output = run.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    let said = format!("Go on with {} as STORE", new.display());
    assert!(stderr.contains(&said), "{stderr}");
}

#[test]
fn a_killed_run_leaves_the_file_whole() {
    let file = users(USERS);
    let before = file.text();
    let mut run = slow_wrap(&file);
    wait_until_begun(&run, &file.path());
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(file.text(), before);
    assert!(
        file.migrate("wrap", &[])
            .stdout
            .starts_with("5000 wrapped\n")
    );
    all_verify(&file);
}

#[test]
fn two_runs_at_once_wrap_each_value_once() {
    let file = users(USERS);
    let path = file.path();
    let start = || {
        let mut command = keyward_command();
        command.args(["migrate", "wrap", path.to_str().unwrap(), "--json"]);
        command.args(QUICK).stdout(Stdio::piped());
        command.spawn().unwrap()
    };
    let runs = [start(), start()];
    let outputs = runs.map(|run| run.wait_with_output().unwrap());
    let moved = |output: &Output| {
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        report["moved"].as_u64().unwrap()
    };
    assert_eq!(outputs.iter().map(moved).sum::<u64>(), 5000);
    all_verify(&file);
}

#[test]
fn a_password_that_is_changed_meanwhile_stays() {
    let file = users(50);
    let run = slow_wrap(&file);
    wait_until_begun(&run, &file.path());
    let text = file.text().replace(
        &format!("user7,{SHA}"),
        "user7,{SHA}C+7Hteo/D9vJXQ3UfzxbwnXaijM=",
    );
    let new = file.folder.path().join("new");
    fs::write(&new, text).unwrap();
    fs::rename(&new, file.path()).unwrap();
    let output = run.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.starts_with("49 wrapped\n"), "{said}");
    assert!(said.contains("1 changed meanwhile"), "{said}");
    assert!(
        file.text()
            .contains("user7,{SHA}C+7Hteo/D9vJXQ3UfzxbwnXaijM=\n")
    );
    let verified = file.verify("foo");
    let user = verified.stdout.lines().find(|line| line.contains("user7,"));
    assert!(user.unwrap().contains("the password is right"), "{user:?}");
}

#[test]
fn a_full_disk_leaves_the_old_file_and_is_told() {
    let file = users(600);
    fs::create_dir(file.folder.path().join("disk")).unwrap();
    let script = "mount -t tmpfs -o size=64k,nr_inodes=20 keyward \"$1\"/disk
        cp \"$1\"/users.csv \"$1\"/disk/users.csv
        status=0
        \"$0\" migrate wrap \"$1\"/disk/users.csv --to pbkdf2-sha256 --cost 1000 || status=$?
        cp \"$1\"/disk/users.csv \"$1\"/kept.csv
        [ \"$(ls -A \"$1\"/disk)\" = users.csv ] || exit 99
        exit $status";
    let Some((status, stderr)) = in_a_mount_namespace(script, file.folder.path()) else {
        return;
    };
    assert_eq!(status, Some(1), "{stderr}");
    assert!(stderr.contains("nothing was changed"), "{stderr}");
    assert!(stderr.contains("No space left"), "{stderr}");
    let kept = fs::read_to_string(file.folder.path().join("kept.csv")).unwrap();
    assert_eq!(kept, file.text());
}

#[test]
fn a_rate_of_nothing_is_refused() {
    let file = users(1);
    let output = keyward(
        &[
            "migrate",
            "wrap",
            file.path().to_str().unwrap(),
            "--rate",
            "0",
        ],
        "",
    );
    assert_eq!(output.status, Some(2), "{output:#?}");
}
