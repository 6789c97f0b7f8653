//! `check`: what would keep the server from its secrets.

use super::home::{CARBON, CIPHER_TEXT, CIPHER_TOOL, Home, SECRET_CONF};

fn kinds(home: &Home) -> Vec<String> {
    let report = home.json(&["check", "--json"]);
    let problems = report["problems"].as_array().unwrap().iter();
    let mut kinds: Vec<String> = problems
        .map(|it| {
            format!(
                "{} {}",
                it["kind"].as_str().unwrap(),
                it["alias"].as_str().unwrap_or("-")
            )
        })
        .collect();
    kinds.sort();
    kinds
}

#[test]
fn a_home_in_order_has_no_problem() {
    let home = Home::with_toml("[database]\npassword = \"$secret{a}\"\n[secrets]\na = \"[one]\"\n");
    home.run(&["reencrypt"], "").of_success();
    let output = home.run(&["check"], "").of_success();
    assert_eq!(output.stdout, "secrets: 1, references: 1: all in order\n");
}

#[test]
fn missing_plain_unreadable_and_disabled_are_told() {
    let home = Home::with_toml(
        "[database]\npassword = \"$secret{gone}\"\n[secrets]\na = \"[one]\"\nb = \"AAAA\"\nc = \"\"\n",
    );
    assert_eq!(home.run(&["check"], "").status, Some(1));
    assert_eq!(
        kinds(&home),
        [
            "disabled -",
            "missing gone",
            "plain a",
            "unreadable b",
            "unreadable c"
        ]
    );
    home.write("repository/conf/broken.xml", "<a svns:secretAlias='x'>");
    assert!(kinds(&home).contains(&"document -".to_owned()));
}

#[test]
fn a_value_under_another_algorithm_is_told_and_mended() {
    let home = Home::with_toml("[secrets]\na = \"[one]\"\n");
    home.run(&["reencrypt"], "").of_success();
    let conf = home.read(SECRET_CONF);
    home.write(
        SECRET_CONF,
        &format!("{conf}secretRepositories.file.algorithm=RSA/ECB/OAEPwithSHA1andMGF1Padding\n"),
    );
    assert_eq!(kinds(&home), ["algorithm a"]);
    assert_eq!(home.get("a"), "one");
    home.run(&["reencrypt", "--all"], "").of_success();
    assert_eq!(kinds(&home), [""; 0]);
    assert_eq!(home.get("a"), "one");
}

#[test]
fn an_unknown_algorithm_is_named_with_its_line() {
    let home = Home::with_toml("");
    home.write(
        SECRET_CONF,
        "secVault.enabled=true\nsecretRepositories.file.algorithm=ROT13\n",
    );
    let output = home.run(&["check"], "");
    assert_eq!(output.status, Some(1));
    assert!(
        output.stderr.contains(
            "secret-conf.properties:2: secretRepositories.file.algorithm: the transformation ROT13"
        ),
        "{output:?}"
    );
}

#[test]
fn the_places_of_the_cipher_tool_are_looked_at() {
    let home = Home::empty();
    home.write(
        CARBON,
        "<Server xmlns:svns='http://org.wso2.securevault/configuration'><Security><KeyStore><Location>repository/resources/security/server.p12</Location>\
         <Password>changeit</Password><KeyAlias>server</KeyAlias><KeyPassword svns:secretAlias='kp'>password</KeyPassword></KeyStore></Security></Server>",
    );
    let file = "repository/conf/carbon.xml//Server/Security/KeyStore";
    home.write(
        CIPHER_TOOL,
        &format!("kp={file}/KeyPassword,false\np={file}/Password,false\nq={file}/Nothing,false\nr={file}/*,false\nnot.used={file}/Else,false\n"),
    );
    home.write(CIPHER_TEXT, "kp=[1]\np=[2]\nq=[3]\nr=[4]\n");
    home.run(&["reencrypt"], "").of_success();
    assert_eq!(kinds(&home), ["place p", "place q", "place r"]);
}
