//! A tree whose writer is killed at every single system call.

use std::collections::HashMap;
use std::fs;
use std::process::{Command, Stdio};

use crate::folder::{Folder, end};
use crate::support::leave_out;

const OPTIONS: [&str; 6] = [
    "tree",
    "secrets",
    "--file",
    "kept=new1",
    "--file",
    "added=new2",
];

/// A tree with an older set than [`OPTIONS`] write.
fn written() -> Folder {
    let folder = Folder::with(&[("old1", "1"), ("new1", "2"), ("new2", "3")]);
    let options = [
        "tree",
        "secrets",
        "--file",
        "kept=old1",
        "--file",
        "gone=old1",
    ];
    folder.run(&options, &[]).of_success();
    folder
}

/// What a reader finds under the three names.
fn seen(folder: &Folder) -> [Option<String>; 3] {
    ["kept", "gone", "added"].map(|name| fs::read_to_string(folder.path("secrets").join(name)).ok())
}

/// Name and number of the calls from the first that names the directory.
fn calls_of_a_write() -> Vec<(String, usize)> {
    let folder = written();
    let trace = folder.path("trace");
    let under = ["strace", "-f", "-o", trace.to_str().unwrap()];
    let status = end(folder.command_under(&under, &OPTIONS).stdin(Stdio::null())).status;
    assert_eq!(status, Some(0));
    let (mut calls, mut counts, mut writing) = (Vec::new(), HashMap::new(), false);
    for line in folder.read("trace").lines() {
        let call = line.split_once(' ').unwrap().1.trim_start();
        let Some((name, arguments)) = call.split_once('(') else {
            continue;
        };
        if name.starts_with(['<', '+', '-']) {
            continue;
        }
        let count = counts.entry(name.to_owned()).or_insert(0);
        *count += 1;
        writing |= name != "execve" && arguments.contains("\"secrets");
        // The end of the process.
        if writing && name != "exit_group" {
            calls.push((name.to_owned(), *count));
        }
    }
    calls
}

#[test]
fn a_kill_at_every_system_call_leaves_the_old_or_the_new_set() {
    if Command::new("strace").arg("-V").output().is_err() {
        leave_out("strace is not here");
        return;
    }
    let text = |value: &str| Some(value.to_owned());
    let old = [text("1"), text("1"), None];
    let new = [text("2"), None, text("3")];
    let calls = calls_of_a_write();
    assert!(calls.len() > 20, "{calls:?}");
    let (mut olds, mut news) = (0, 0);
    for (name, number) in calls {
        let folder = written();
        let injection = format!("inject={name}:signal=SIGKILL:when={number}");
        let under = ["strace", "-f", "-o", "/dev/null", "-e", &injection];
        end(folder.command_under(&under, &OPTIONS).stdin(Stdio::null()));
        let found = seen(&folder);
        assert!(found == old || found == new, "{name} {number}: {found:?}");
        olds += usize::from(found == old);
        news += usize::from(found == new);
        // The next one takes away what was left behind.
        folder.run(&OPTIONS, &[]).of_success();
        assert_eq!(seen(&folder), new, "{name} {number}");
        let left = fs::read_dir(folder.path("secrets")).unwrap().count();
        assert_eq!(left, 4, "{name} {number}");
    }
    // Kills that came too early or too late alone would prove nothing.
    assert!(olds > 5 && news > 5, "{olds} {news}");
}
