//! Secret keys: `encryptionMode` in `secret-conf.properties`.

use super::home::{Home, SECRET_CONF, TOML};

const HEXADECIMAL: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const MODE: &str = "secVault.enabled=true\nsecretRepositories.file.encryptionMode=";
/// Of a Java program: AES/GCM/NoPadding, the key above, a nonce of 128 bytes that count up from 0.
const OF_JAVA: &str = include_str!("gcm-of-java.txt");

#[test]
fn a_typed_key_encrypts_and_decrypts() {
    let home = Home::with_toml("[secrets]\na = \"[one]\"\n");
    home.write(
        SECRET_CONF,
        &format!("{MODE}key.based.symmetric.encryption\n"),
    );
    let key = ["--symmetric-key", HEXADECIMAL];
    home.run_with(&[&["reencrypt"][..], &key].concat(), "")
        .of_success();
    assert_eq!(
        home.run_with(&[&["get", "a"][..], &key].concat(), "")
            .of_success()
            .stdout,
        "one"
    );
    assert_eq!(
        home.run_with(&["get", "a"], &format!("{HEXADECIMAL}\n"))
            .of_success()
            .stdout,
        "one"
    );
    let wrong = home.run_with(
        &[
            "get",
            "a",
            "--symmetric-key",
            "0123456789abcdef0123456789abcdef",
        ],
        "",
    );
    assert_eq!(
        (wrong.status, wrong.stdout.as_str()),
        (Some(1), ""),
        "{wrong:?}"
    );
    let check = home.run_with(&["check"], "");
    assert!(check.stdout.contains("the key is not known"), "{check:?}");
}

#[test]
fn what_a_java_program_encrypted_is_read() {
    let home = Home::with_toml(&format!("[secrets]\na = \"{}\"\n", OF_JAVA.trim()));
    home.write(
        SECRET_CONF,
        &format!("{MODE}key.based.symmetric.encryption\n"),
    );
    let read = home
        .run_with(&["get", "a", "--symmetric-key", HEXADECIMAL], "")
        .of_success();
    assert_eq!(read.stdout, "geheim äöü");
}

#[test]
fn a_secret_key_of_the_keystore_is_taken() {
    let home = Home::with_toml("[secrets]\na = \"[one]\"\n");
    let toml = home.read(TOML).replace("\"server\"", "\"aeskey\"");
    home.write(TOML, &toml);
    for algorithm in ["AES/GCM/NoPadding", "AES"] {
        home.write(
            SECRET_CONF,
            &format!("{MODE}symmetric\nsecretRepositories.file.algorithm={algorithm}\n"),
        );
        home.write(TOML, &toml);
        home.run(&["reencrypt"], "").of_success();
        assert_eq!(home.get("a"), "one", "{algorithm}");
    }
    home.write(
        SECRET_CONF,
        &format!("{MODE}symmetric\nsecretRepositories.file.algorithm=RSA\n"),
    );
    let output = home.run(&["get", "a"], "");
    assert!(
        output.stderr.contains("RSA has no mode, AES has one"),
        "{output:?}"
    );
}
