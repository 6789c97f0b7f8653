//! `set`, `get`, `list` and `reencrypt`, in `deployment.toml` and in `cipher-text.properties`.

use std::fs;

use super::home::{CARBON, CIPHER_TEXT, Home, KEYSTORE, SECRET_CONF, TOML};
use super::support::{Output, STORE_PASSWORD, fixture};

const CARBON_XML: &str = "<Server><Security><KeyStore><Location>${carbon.home}/repository/resources/security/server.p12</Location>\
    <Type>PKCS12</Type><Password>changeit</Password><KeyAlias>server</KeyAlias><KeyPassword>changeit</KeyPassword></KeyStore></Security></Server>";

#[test]
fn a_secret_is_stored_encrypted_and_read_back() {
    let home = Home::with_toml("");
    let set = home
        .run(&["set", "db.password"], "pä]s\"s=\\ 😀\n")
        .of_success();
    assert!(set.stderr.contains("Secure Vault is on now"), "{set:?}");
    assert_eq!(home.get("db.password"), "pä]s\"s=\\ 😀");
    let text = home.read(TOML);
    assert!(
        text.starts_with(&format!("{KEYSTORE}\n[secrets]\n\"db.password\" = \"")),
        "{text}"
    );
    assert!(!text.contains("pä]s"));
    home.run(&["set", "db.password"], "other\n").of_success();
    assert_eq!(home.get("db.password"), "other");
    assert_eq!(home.read(TOML).lines().count(), text.lines().count());
}

#[test]
fn an_empty_secret_and_one_too_long_for_the_key_are_refused() {
    let home = Home::with_toml("");
    for (secret, expected) in [
        ("\n".to_owned(), "is empty"),
        ("x".repeat(246), "takes at most 245"),
    ] {
        let output = home.run(&["set", "a"], &secret);
        assert_eq!(output.status, Some(1), "{output:?}");
        assert!(output.stderr.contains(expected), "{output:?}");
        assert_eq!(home.read(TOML), KEYSTORE);
    }
    home.run(&["set", "a"], &"x".repeat(245)).of_success();
}

#[test]
fn plain_values_are_encrypted_and_encrypted_ones_left() {
    let home = Home::with_toml("[secrets]\na = \"[one]\"\nb = \"[t]w[o]\"\n");
    home.run(&["reencrypt"], "").of_success();
    let first = home.read(TOML);
    assert_eq!([home.get("a"), home.get("b")], ["one", "t]w[o"]);
    let report = home.json(&["reencrypt", "--json"]);
    assert_eq!(report["encrypted"].as_array().unwrap().len(), 0);
    assert_eq!(report["unchanged"].as_array().unwrap().len(), 2);
    assert_eq!(home.read(TOML), first);

    let dry = home.json(&["reencrypt", "--all", "--dry-run", "--json"]);
    assert_eq!(dry["encrypted"].as_array().unwrap().len(), 2);
    assert_eq!(home.read(TOML), first);
    home.run(&["reencrypt", "--all"], "").of_success();
    assert_ne!(home.read(TOML), first);
    assert_eq!([home.get("a"), home.get("b")], ["one", "t]w[o"]);
}

#[test]
fn properties_keep_their_order_comments_and_line_ends() {
    let home = Home::empty();
    home.write(CARBON, CARBON_XML);
    home.write(
        CIPHER_TEXT,
        "#Tue\r\nz=[one]\r\n\r\n! mid\r\na = [t\\=wo]\r\nold=\r\n",
    );
    let output = home.run(&["reencrypt"], "");
    assert_eq!(output.status, Some(1), "{output:?}");
    assert!(
        output
            .stderr
            .contains("cipher-text.properties:6: the secret old has no value"),
        "{output:?}"
    );
    home.run(&["set", "old"], "three\n").of_success();
    home.run(&["reencrypt"], "").of_success();
    assert_eq!(
        [home.get("z"), home.get("a"), home.get("old")],
        ["one", "t=wo", "three"]
    );
    let after = home.read(CIPHER_TEXT);
    let shape: Vec<&str> = after
        .split("\r\n")
        .map(|line| &line[..line.len().min(5)])
        .collect();
    assert_eq!(shape[0], "#Tue");
    assert!(
        shape[1].starts_with("z=") && shape[4].starts_with("a = "),
        "{shape:?}"
    );
    assert_eq!([shape[2], shape[3], shape[6]], ["", "! mid", ""]);
}

#[test]
fn a_plain_value_that_java_would_read_differently_is_refused() {
    let home = Home::empty();
    home.write(CARBON, CARBON_XML);
    home.write(CIPHER_TEXT, "a=[pässwort]\n");
    let output = home.run(&["reencrypt"], "");
    assert_eq!(output.status, Some(1), "{output:?}");
    assert!(
        output.stderr.contains("characters beyond ASCII"),
        "{output:?}"
    );
    assert_eq!(home.read(CIPHER_TEXT), "a=[pässwort]\n");
    home.write(CIPHER_TEXT, "a=[p\\u00e4sswort]\n");
    home.run(&["reencrypt"], "").of_success();
    assert_eq!(home.get("a"), "pässwort");
}

#[test]
fn everything_moves_to_another_keystore() {
    let home = Home::with_toml("[secrets]\na = \"[one]\"\nb = \"[two]\"\n");
    home.run(&["reencrypt"], "").of_success();
    let store = home.path("repository/resources/security/new.jks");
    fs::copy(fixture("key-and-certificate.jks"), &store).unwrap();
    let to = [
        "-destkeystore",
        store.to_str().unwrap(),
        "-destalias",
        "server",
        "-deststorepass",
        STORE_PASSWORD,
    ];
    let moved = home
        .run(&[&["reencrypt"][..], &to].concat(), "")
        .of_success();
    assert!(
        moved.stderr.contains("names the new keystore now"),
        "{moved:?}"
    );
    let conf = home.read(SECRET_CONF);
    assert!(
        conf.contains("new.jks") && conf.contains("keystore.identity.type=JKS"),
        "{conf}"
    );
    assert_eq!([home.get("a"), home.get("b")], ["one", "two"]);
}

/// Moves the secrets of `home` to the key of another keystore.
fn move_to_new_keystore(home: &Home) -> Output {
    let store = home.path("repository/resources/security/new.jks");
    fs::copy(fixture("key-and-certificate.jks"), &store).unwrap();
    let to = [
        "reencrypt",
        "-destkeystore",
        store.to_str().unwrap(),
        "-destalias",
        "server",
        "-deststorepass",
        STORE_PASSWORD,
    ];
    home.run(&to, "")
}

#[test]
fn a_move_that_cannot_write_secret_conf_moves_nothing() {
    let home = Home::with_toml("[secrets]\na = \"[one]\"\nb = \"[two]\"\n");
    home.run(&["reencrypt"], "").of_success();
    let before = home.read(TOML);
    // Where the new file would be written first; not even root can write there.
    let obstacle = home.path("repository/conf/security/.secret-conf.properties.keyward-new");
    fs::create_dir_all(obstacle.join("full")).unwrap();
    let refused = move_to_new_keystore(&home);
    assert_eq!(refused.status, Some(1), "{refused:?}");
    assert_eq!(home.read(TOML), before);
    assert_eq!([home.get("a"), home.get("b")], ["one", "two"]);
    fs::remove_dir_all(obstacle).unwrap();
    move_to_new_keystore(&home).of_success();
    assert_eq!([home.get("a"), home.get("b")], ["one", "two"]);
}

#[test]
fn a_move_that_was_killed_between_its_files_is_completed_by_the_next_run() {
    let home = Home::with_toml("[secrets]\na = \"[one]\"\nb = \"[two]\"\n");
    home.run(&["reencrypt"], "").of_success();
    let conf = home.read(SECRET_CONF);
    move_to_new_keystore(&home).of_success();
    let moved = home.read(TOML);
    home.write(SECRET_CONF, &conf);
    assert_eq!(home.run(&["get", "a"], "").status, Some(1));
    move_to_new_keystore(&home).of_success();
    assert_eq!(home.read(TOML), moved);
    assert_eq!([home.get("a"), home.get("b")], ["one", "two"]);
}

#[test]
fn a_wrong_password_or_key_is_an_error_and_never_the_alias() {
    let home = Home::with_toml("[secrets]\na = \"[one]\"\n");
    home.run(&["reencrypt"], "").of_success();
    let wrong = home.run_with(&["get", "a", "-storepass", "wrong"], "");
    assert_eq!(
        (wrong.status, wrong.stdout.as_str()),
        (Some(1), ""),
        "{wrong:?}"
    );
    assert!(
        wrong.stderr.contains("Tried: the password of the options"),
        "{wrong:?}"
    );

    let other = fs::read(fixture("jdk21-mixed.p12")).unwrap();
    home.write_bytes("repository/resources/security/server.p12", &other);
    let wrong = home.run(&["get", "a"], "");
    assert_eq!(
        (wrong.status, wrong.stdout.as_str()),
        (Some(1), ""),
        "{wrong:?}"
    );
    assert!(
        wrong
            .stderr
            .contains("deployment.toml:6: the secret a: it cannot be decrypted with"),
        "{wrong:?}"
    );
    let list = home.json(&["list", "--json"]);
    assert_eq!(list["secrets"][0]["readable"], false);

    let missing = home.run(&["get", "A"], "");
    assert_eq!(missing.status, Some(3), "{missing:?}");
}

#[test]
fn the_password_comes_from_the_files_that_servers_read() {
    let home = Home::with_toml("[secrets]\na = \"[one]\"\n");
    home.run(&["reencrypt"], "").of_success();
    let asked = home.run_with(&["get", "a"], "changeit\n").of_success();
    assert_eq!(asked.stdout, "one");
    let unasked = home.run_with(&["list"], "").of_success();
    assert!(unasked.stdout.contains("not tried"), "{unasked:?}");
    for (name, content) in [
        ("password-persist", "changeit\n"),
        ("password-tmp", "changeit\r\nchangeit\r\n"),
    ] {
        home.write(name, content);
        assert_eq!(
            home.run_with(&["get", "a"], "").of_success().stdout,
            "one",
            "{name}"
        );
        assert_eq!(home.read(name), content);
        fs::remove_file(home.path(name)).unwrap();
    }
    home.write("password", "wrong");
    home.write("password-persist", "changeit");
    assert_eq!(home.run_with(&["get", "a"], "").of_success().stdout, "one");
}

#[test]
fn list_says_where_each_secret_is_used_and_shows_no_value() {
    let home = Home::with_toml(
        "[database.identity_db]\npassword = \"$secret{a}\"\n[secrets]\na = \"[one two]\"\nb = \"[x y z]\"\n",
    );
    home.write("repository/conf/tomcat/catalina-server.xml", "<Server xmlns:svns='http://org.wso2.securevault/configuration'>\n<Connector keystorePass='secretAlias:a'/></Server>");
    let list = home.json(&["list", "--json"]);
    let uses = list["secrets"][0]["uses"].as_array().unwrap();
    let settings: Vec<&str> = uses
        .iter()
        .map(|it| it["setting"].as_str().unwrap())
        .collect();
    assert_eq!(
        settings,
        [
            "database.identity_db.password",
            "Server/Connector@keystorePass"
        ]
    );
    assert_eq!(list["secrets"][1]["stored"], "plain");
    let table = home.run(&["list"], "").of_success();
    for output in [table.stdout, table.stderr, list.to_string()] {
        assert!(
            !output.contains("one two") && !output.contains("x y z"),
            "{output}"
        );
    }
}
