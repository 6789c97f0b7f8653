//! `exec --watch`: a program that is restarted, or told, when one of its secrets changes.

use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::folder::Folder;

/// Longer than keyward needs to notice a changed keystore.
const NOTICED: Duration = Duration::from_millis(900);

const WAIT: &str = "while :; do sleep 0.05; done";

#[test]
fn a_restart_follows_a_change_of_a_used_secret_and_of_no_other() {
    let folder = Folder::with(&[("used", "one"), ("other", "a")]);
    let script = format!("echo \"$PW\" >> log; {WAIT}");
    let mut keyward = folder.start(
        &["exec", "--watch", "--env", "PW=used"],
        &["sh", "-c", &script],
    );
    folder.eventually_reads("log", "one\n");
    folder.replace_keystore(&[("used", "one"), ("other", "b")]);
    thread::sleep(NOTICED);
    folder.replace_keystore(&[("used", "two"), ("other", "b")]);
    folder.eventually_reads("log", "one\ntwo\n");
    keyward.signal("TERM");
    assert_eq!(keyward.exit_code(), Some(128 + 15));
}

#[test]
fn a_signal_follows_a_change_of_a_file_and_a_restart_one_of_a_variable() {
    let folder = Folder::with(&[("user", "u1"), ("password", "p1")]);
    let script = format!(
        "say() {{ echo \"$1 $USER_NAME $(cat $PW)\" >> log; }}; trap 'say told' HUP; say started; {WAIT}"
    );
    let options = ["exec", "--watch", "--signal", "HUP"];
    let names = ["--env", "USER_NAME=user", "--file", "PW=password"];
    let mut keyward = folder.start(
        &[options.as_slice(), &names].concat(),
        &["sh", "-c", &script],
    );
    folder.eventually_reads("log", "started u1 p1\n");
    folder.replace_keystore(&[("user", "u1"), ("password", "p2")]);
    folder.eventually_reads("log", "started u1 p1\ntold u1 p2\n");
    folder.replace_keystore(&[("user", "u2"), ("password", "p2")]);
    folder.eventually_reads("log", "started u1 p1\ntold u1 p2\nstarted u2 p2\n");
    keyward.signal("TERM");
    assert_eq!(keyward.exit_code(), Some(128 + 15));
}

#[test]
fn signals_are_passed_on_once_and_the_exit_code_comes_back() {
    let folder = Folder::with(&[("a", "1")]);
    let traps = "for s in HUP INT QUIT USR1 USR2; do trap \"echo $s >> log\" $s; done";
    let script = format!("{traps}; trap 'exit 5' TERM; echo ready >> log; {WAIT}");
    let mut keyward = folder.start(&["exec", "--watch"], &["sh", "-c", &script]);
    let mut expected = "ready\n".to_owned();
    folder.eventually_reads("log", &expected);
    for name in ["HUP", "INT", "QUIT", "USR1", "USR2"] {
        keyward.signal(name);
        expected = format!("{expected}{name}\n");
        folder.eventually_reads("log", &expected);
    }
    keyward.signal("TERM");
    assert_eq!(keyward.exit_code(), Some(5));
    assert_eq!(folder.read("log"), expected);
}

#[test]
fn a_program_that_ends_by_itself_ends_keyward_and_its_files_go() {
    let folder = Folder::with(&[("a", "1")]);
    let options = ["exec", "--watch", "--file", "A=a"];
    let ended = folder.run(&options, &["sh", "-c", "echo $A; cat $A >&2; exit 7"]);
    assert_eq!((ended.status, &*ended.stderr), (Some(7), "1"));
    let directory = Path::new(ended.stdout.trim_end()).parent().unwrap();
    assert!(!directory.exists(), "{}", directory.display());

    let killed = folder.run(&options, &["sh", "-c", "kill -s KILL $$"]);
    assert_eq!(killed.status, Some(128 + 9));
}

#[test]
fn a_program_that_does_not_end_is_killed_after_its_grace() {
    let folder = Folder::with(&[("a", "one")]);
    let script = format!("trap '' TERM; echo $A >> log; {WAIT}");
    let options = ["exec", "--watch", "--grace", "1", "--env", "A=a"];
    let mut keyward = folder.start(&options, &["sh", "-c", &script]);
    folder.eventually_reads("log", "one\n");
    folder.replace_keystore(&[("a", "two")]);
    folder.eventually_reads("log", "one\ntwo\n");
    // Ended while the program is stopped for a restart, it is not started again.
    folder.replace_keystore(&[("a", "three")]);
    thread::sleep(NOTICED);
    keyward.signal("TERM");
    assert_eq!(keyward.exit_code(), Some(128 + 9));
    assert_eq!(folder.read("log"), "one\ntwo\n");
}

#[test]
fn the_program_keeps_its_secrets_while_the_keystore_has_none() {
    let folder = Folder::with(&[("a", "one")]);
    let script = format!("echo $A >> log; {WAIT}");
    let _keyward = folder.start(&["exec", "--watch", "--env", "A=a"], &["sh", "-c", &script]);
    folder.eventually_reads("log", "one\n");
    folder.write("store.p12", "no keystore");
    thread::sleep(NOTICED);
    folder.replace_keystore(&[("b", "x")]);
    thread::sleep(NOTICED);
    folder.replace_keystore(&[("a", "two")]);
    folder.eventually_reads("log", "one\ntwo\n");
}

#[test]
fn a_program_that_does_not_exist_is_a_shells_exit_code_and_leaves_nothing() {
    let folder = Folder::with(&[("a", "1")]);
    std::fs::create_dir(folder.path("runtime")).unwrap();
    let mut command = folder.command(&["exec", "--watch", "--file", "A=a"], &["./nowhere"]);
    command.env("XDG_RUNTIME_DIR", folder.path("runtime"));
    assert_eq!(crate::folder::end(&mut command).status, Some(127));
    assert_eq!(
        std::fs::read_dir(folder.path("runtime")).unwrap().count(),
        0
    );
}
