//! Peppers from keystores and documents, and answers to security questions.

use keyward::Secret;
use keyward::password::{normalised_answer, recognise};

use crate::secret;
use crate::support::{Output, jdk, keyward, keyward_command, repository};

/// The pepper of `keystores/secure.jks`.
const PEPPER: &str = "q7#Vt9!mZ2@xL4$wR8^kB6&n";
/// That of `keystores/hidden.jks`, which `xml-examples/phixflow-secret.xml` names.
const HIDDEN_PEPPER: &str = "H3!dT8%pY5+sK1=uG9~cF7?j";

/// keyward in the repository, with the store password of a sample keystore in `KEY_PASS`.
fn with_store(store_password: &str, arguments: &[&str], stdin: &str) -> Output {
    let mut command = keyward_command();
    command.current_dir(repository()).args(arguments);
    command.env("KEY_PASS", store_password);
    crate::support::run(command, stdin)
}

fn with_pepper(command: &str, more: &[&str], stdin: &str) -> Output {
    let keystore = [
        "password",
        command,
        "--pepper",
        "pepperKey",
        "-keystore",
        "keystores/secure.jks",
        "-storepass:env",
        "KEY_PASS",
    ];
    with_store("keypass", &[&keystore, more].concat(), stdin)
}

const BCRYPT: [&str; 6] = ["--scheme", "bcrypt", "--dialect", "crypt", "--cost", "4"];

#[test]
fn what_is_hashed_is_the_password_with_the_pepper() {
    for (position, joined) in [
        (&[][..], format!("x34!2axf{PEPPER}")),
        (&["--pepper-position", "after"], format!("x34!2axf{PEPPER}")),
        (
            &["--pepper-position", "before"],
            format!("{PEPPER}x34!2axf"),
        ),
    ] {
        let made = with_pepper("hash", &[&BCRYPT, position].concat(), "x34!2axf\n").of_success();
        assert_eq!(made.stderr, "");
        let stored = made.stdout.trim_end();
        let read = recognise(stored, None).unwrap();
        assert!(read.verify(&secret(&joined)).unwrap());
        assert!(!read.verify(&secret("x34!2axf")).unwrap());
        let arguments = [&[stored], position].concat();
        let right = with_pepper("verify", &arguments, "x34!2axf\n").of_success();
        assert_eq!(right.stdout, "bcrypt: the password is right\n");
        let wrong = with_pepper("verify", &arguments, "x34!2axF\n");
        assert_eq!(wrong.status, Some(1));
        let without = keyward(&["password", "verify", stored], "x34!2axf\n");
        assert_eq!(without.status, Some(1));
    }
}

#[test]
fn the_documents_name_keystore_and_pepper() {
    let config = ["--config", "xml-examples/phixflow-secret.xml"];
    let hash = [&["password", "hash"][..], &BCRYPT, &config].concat();
    let made = with_store("storepw", &hash, "x34!2axf\n").of_success();
    let stored = made.stdout.trim_end();
    let read = recognise(stored, None).unwrap();
    assert!(
        read.verify(&secret(&format!("x34!2axf{HIDDEN_PEPPER}")))
            .unwrap()
    );
    let verify = [&["password", "verify", stored][..], &config].concat();
    with_store("storepw", &verify, "x34!2axf\n").of_success();
    // The documents of the other keystore, by its configuration and by an alias of the user's.
    let other = ["--config", "xml-examples/secret-service.xml"];
    let verify = [&["password", "verify", stored][..], &other].concat();
    assert_eq!(with_store("keypass", &verify, "x34!2axf\n").status, Some(1));
    let named = [&verify[..], &["--pepper", "pepperkey"]].concat();
    assert_eq!(with_store("keypass", &named, "x34!2axf\n").status, Some(1));
    let missing = [&verify[..], &["--pepper", "no-such-alias"]].concat();
    let missing = with_store("keypass", &missing, "x34!2axf\n");
    assert_eq!(missing.status, Some(3), "{missing:?}");
    assert!(missing.stderr.contains("no-such-alias"), "{missing:?}");
}

#[test]
fn a_pepper_that_is_not_there_is_no_empty_pepper() {
    let stored = "$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG";
    let verify = |more: &[&str]| {
        let arguments = [&["password", "verify", stored][..], more].concat();
        with_store("keypass", &arguments, "password\n")
    };
    let store = [
        "-keystore",
        "keystores/secure.jks",
        "-storepass:env",
        "KEY_PASS",
    ];
    let missing = verify(&[&store[..], &["--pepper", "nobody"]].concat());
    assert_eq!(missing.status, Some(3), "{missing:?}");
    let unnamed = verify(&store);
    assert_eq!(unnamed.status, Some(2), "{unnamed:?}");
    assert!(unnamed.stderr.contains("--pepper ALIAS"), "{unnamed:?}");
    let sideless = verify(&["--pepper-position", "before"]);
    assert_eq!(sideless.status, Some(2), "{sideless:?}");
    let no_pepper = verify(&["--config", "xml-examples/app-datasource.xml"]);
    assert_ne!(no_pepper.status, Some(0), "{no_pepper:?}");
    let answer = verify(&["--answer", "--pepper", "pepperkey"]);
    assert_eq!(answer.status, Some(2), "{answer:?}");
}

#[test]
fn nothing_is_cut_off_at_72_bytes_and_little_room_is_warned_of() {
    let password = format!("{}\n", "x".repeat(49));
    let refused = with_pepper("hash", &BCRYPT, &password);
    assert_eq!(refused.status, Some(1));
    let counts = "the password has 49 bytes and the pepper 24, together 73, and only 72 are taken";
    assert!(refused.stderr.contains(counts), "{refused:?}");
    assert!(!refused.stderr.contains(PEPPER));
    // A pepper of 50 bytes leaves 22.
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("long.p12");
    let store = store.to_str().unwrap();
    let import = [
        "importpass",
        "-alias",
        "p",
        "-keystore",
        store,
        "-storepass:env",
        "KEY_PASS",
    ];
    let long = "p".repeat(50);
    with_store("changeit", &import, &format!("{long}\n{long}\n")).of_success();
    let options = [
        "--pepper",
        "p",
        "-keystore",
        store,
        "-storepass:env",
        "KEY_PASS",
    ];
    let hash = [&["password", "hash"][..], &BCRYPT, &options].concat();
    let warned = with_store("changeit", &hash, "x34!2axf\n").of_success();
    assert!(
        warned.stderr.contains("and 22 are left for the password"),
        "{warned:?}"
    );
    let identify = [
        &["password", "identify", warned.stdout.trim_end()][..],
        &options,
    ]
    .concat();
    let identified = with_store("changeit", &identify, "").of_success();
    assert!(
        identified.stderr.contains("and 22 are left"),
        "{identified:?}"
    );
    let argon2 = [&["password", "hash", "--cost", "1"][..], &options].concat();
    let silent = with_store("changeit", &argon2, "x34!2axf\n").of_success();
    assert_eq!(silent.stderr, "", "Argon2 takes more than 72 bytes");
}

#[test]
fn a_batch_has_one_pepper() {
    let made = with_pepper("hash", &BCRYPT, "x34!2axf\n").of_success();
    let line = |password: &str| {
        serde_json::json!({"stored": made.stdout.trim_end(), "password": password}).to_string()
    };
    let lines = format!("{}\n{}\n", line("x34!2axf"), line("x34!2axF"));
    let answers = with_pepper("verify", &["--batch", "-"], &lines);
    assert_eq!(
        answers.stdout,
        "{\"line\":1,\"ok\":true,\"scheme\":\"bcrypt\"}\n{\"line\":2,\"ok\":false,\"scheme\":\"bcrypt\"}\n"
    );
}

#[test]
fn an_answer_counts_without_case_and_white_space() {
    let hash = [&["password", "hash", "--answer"][..], &BCRYPT].concat();
    let made = keyward(&hash, " Fluffy THE  Cat\n").of_success();
    let stored = made.stdout.trim_end();
    assert!(
        recognise(stored, None)
            .unwrap()
            .verify(&secret("fluffythecat"))
            .unwrap()
    );
    let verify = ["password", "verify", stored, "--answer"];
    let right = keyward(&verify, "fluffy the cat\n").of_success();
    assert_eq!(right.stdout, "bcrypt: the answer is right\n");
    let wrong = keyward(&verify, "fluffy the dog\n");
    assert_eq!(wrong.stderr, "keyward: bcrypt: the answer is wrong\n");
    assert_eq!(keyward(&verify[..3], "Fluffy the Cat\n").status, Some(1));
}

/// Every character that JDK 17 knows, alone and in a word, and what depends on its neighbours.
#[test]
fn lower_case_is_that_of_java() {
    let Some(jdk) = jdk(17) else { return };
    let Some(output) = jdk.run_java("LowerCase", &[]) else {
        return;
    };
    let mut compared = 0;
    for line in output.of_success().stdout.lines() {
        let (original, lower) = line.split_once('\t').unwrap();
        let [original, lower] = [original, lower].map(of_hexadecimal);
        let found = normalised_answer(&Secret::copied_from(original.as_bytes())).unwrap();
        let expected: String = lower.chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(found.expose_text(), Ok(expected.as_str()), "{original:?}");
        compared += 1;
    }
    assert!(compared > 140_000, "{compared}");
}

fn of_hexadecimal(text: &str) -> String {
    let digits = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    String::from_utf8(digits.map(byte).collect()).unwrap()
}
