//! A program in keyward's place.

use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Stdio;

use crate::folder::{Folder, remove_closed};
use crate::support::{STORE_PASSWORD, STORE_PASSWORD_VARIABLE};

const NASTY: &str = " \"quoted\" 'single' \\ $HOME `id` ünï 😀\n]]> ";

#[test]
fn a_variable_holds_the_secret_byte_for_byte() {
    let folder = Folder::with(&[("db1pass", NASTY)]);
    let output = folder.run(
        &["exec", "--env", "PW=DB1pass"],
        &["sh", "-c", "printf %s \"$PW\""],
    );
    assert_eq!(output.of_success().stdout, NASTY);
}

#[test]
fn a_file_is_for_its_user_alone_and_its_path_is_in_the_variable() {
    let folder = Folder::with(&[("cert", NASTY)]);
    let script = "echo $CERT; stat -L -c %a $CERT $(dirname $CERT); cat $CERT";
    let output = folder.run(&["exec", "--file", "CERT=cert"], &["sh", "-c", script]);
    let text = output.of_success().stdout;
    let (path, rest) = text.split_once('\n').unwrap();
    assert_eq!(rest, format!("400\n700\n{NASTY}"));
    assert!(path.ends_with("/CERT"), "{path}");
    // keyward is no more, so that nobody has removed it.
    remove_closed(Path::new(path).parent().unwrap());
}

#[test]
fn the_store_password_is_not_inherited_unless_a_secret_has_its_name() {
    let folder = Folder::with(&[("db1pass", "secret")]);
    let print = format!("printf %s \"${STORE_PASSWORD_VARIABLE}\"");
    let run = |options: &[&str]| folder.run(options, &["sh", "-c", &print]).of_success();
    assert_eq!(run(&["exec"]).stdout, "");
    let named = format!("{STORE_PASSWORD_VARIABLE}=db1pass");
    assert_eq!(run(&["exec", "--env", &named]).stdout, "secret");
}

#[test]
fn the_password_variable_of_a_configuration_is_not_inherited_either() {
    let folder = Folder::with(&[("db1pass", "secret")]);
    folder.write(
        "service.xml",
        "<secret-service><keystore name=\"main\" path=\"store.p12\"><password env=\"KEY_PASS\"/></keystore></secret-service>",
    );
    let mut command = crate::support::keyward_command();
    command
        .args(["exec", "--config", "service.xml", "--env", "PW=db1pass"])
        .args(["--", "sh", "-c", "printf %s \"$PW,$KEY_PASS\""])
        .env("KEY_PASS", STORE_PASSWORD)
        .current_dir(folder.path("."));
    assert_eq!(
        crate::folder::end(&mut command).of_success().stdout,
        "secret,"
    );
}

#[test]
fn the_program_has_keywards_process_number_and_its_own_end() {
    let folder = Folder::with(&[("a", "1")]);
    let mut command = folder.command(&["exec"], &["sh", "-c", "echo $$; exit 41"]);
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    let number = child.id();
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        format!("{number}\n")
    );
    assert_eq!(output.status.code(), Some(41));

    let killed = folder
        .command(&["exec"], &["sh", "-c", "kill -s USR1 $$"])
        .status();
    assert_eq!(killed.unwrap().signal(), Some(10));
}

#[test]
fn no_program_is_started_without_all_its_secrets() {
    let folder = Folder::with(&[("a", "1")]);
    let output = folder.run(
        &["exec", "--env", "A=a", "--env", "B=nope"],
        &["touch", "started"],
    );
    assert_eq!(output.status, Some(3));
    assert!(
        output.stderr.contains("<nope> does not exist"),
        "{}",
        output.stderr
    );
    assert!(!folder.path("started").exists());
}

#[test]
fn a_program_that_cannot_run_has_a_shells_exit_codes() {
    let folder = Folder::with(&[("a", "1")]);
    folder.write("plain", "text");
    let status = |program| folder.run(&["exec"], &[program]).status;
    assert_eq!(status("./plain"), Some(126));
    assert_eq!(status("./nowhere"), Some(127));
    assert_eq!(status("keyward-has-no-such-program"), Some(127));
}

#[test]
fn a_nul_fits_into_a_file_and_not_into_a_variable() {
    let folder = Folder::with(&[("a", "be\0hind")]);
    let refused = folder.run(&["exec", "--env", "A=a"], &["touch", "started"]);
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains("--file A=a"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("hind"), "{}", refused.stderr);
    assert!(!folder.path("started").exists());

    let script = "cat $A; echo; echo $A";
    let output = folder.run(&["exec", "--file", "A=a"], &["sh", "-c", script]);
    let text = output.of_success().stdout;
    let (secret, path) = text.trim_end().split_once('\n').unwrap();
    assert_eq!(secret, "be\0hind");
    remove_closed(Path::new(path).parent().unwrap());
}

#[test]
fn what_is_left_of_the_input_is_the_programs() {
    let folder = Folder::with(&[("a", "1")]);
    let mut command = crate::support::keyward_command();
    command
        .args([
            "exec",
            "-keystore",
            "store.p12",
            "--env",
            "A=a",
            "--",
            "cat",
        ])
        .current_dir(folder.path("."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let input = format!("{STORE_PASSWORD}\nfor the program\n");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.stdout, b"for the program\n");
}

#[test]
fn a_name_is_given_once_and_has_a_form() {
    let folder = Folder::with(&[("a", "1")]);
    let status = |options: &[&str]| {
        let output = folder.run(&[&["exec"], options].concat(), &["true"]);
        (output.status, output.stderr)
    };
    let (code, message) = status(&["--env", "A=a", "--file", "A=a"]);
    assert_eq!(code, Some(2));
    assert!(message.contains("A: is given twice"), "{message}");
    assert_eq!(status(&["--env", "A"]).0, Some(2));
    assert_eq!(status(&["--file", "../A=a"]).0, Some(2));
    assert_eq!(status(&["--signal", "HUP"]).0, Some(2));
}
