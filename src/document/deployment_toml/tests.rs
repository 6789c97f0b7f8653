use super::*;

fn parse(text: &str) -> DeploymentToml {
    DeploymentToml::parse(Path::new("deployment.toml"), text.as_bytes()).unwrap()
}

fn edited(text: &str, values: &[(&str, &str)]) -> String {
    let bytes = parse(text).with_secrets(values).unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn message(text: &[u8]) -> String {
    let parsed = DeploymentToml::parse(Path::new("deployment.toml"), text);
    parsed.err().unwrap().to_string()
}

#[test]
fn settings_are_named_as_wso2_names_them() {
    let toml = parse(
        "offset = 1\n[keystore]\nuserstore_password_encryption = \"InternalKeyStore\"\n[keystore.primary]\n\
         file_name = 'a.p12'\n[system.parameter]\n\"org.wso2.CipherTransformation\" = \"RSA\"\n\
         [[keystore.custom]]\nfile_name = \"c.p12\"\n[secrets]\na.b = \"[x]\"\n\"c.d\" = \"[y]\"\n[e]\nf = { g = true }\n",
    );
    let text = |name| toml.setting(name).unwrap().text().unwrap().to_owned();
    assert_eq!(
        text("keystore.userstore_password_encryption"),
        "InternalKeyStore"
    );
    assert_eq!(text("keystore.primary.file_name"), "a.p12");
    assert_eq!(
        text("system.parameter.org.wso2.CipherTransformation"),
        "RSA"
    );
    assert_eq!(text("keystore.custom[0].file_name"), "c.p12");
    assert_eq!(text("secrets.a.b"), "[x]");
    assert_eq!(text("secrets.c.d"), "[y]");
    let flag = toml.setting("e.f.g").unwrap();
    assert!(matches!(flag.value, TomlValue::Boolean(true)));
    assert_eq!(toml.setting("secrets.c.d").unwrap().line, 12);
    let offset = toml.setting("offset").unwrap();
    assert_eq!(toml.place(offset).to_string(), "deployment.toml:1");
}

#[test]
fn a_replaced_value_is_the_only_change() {
    let text = "\u{feff}# top\r\n[ secrets ]  \r\n\"a\"  =  '[x]'   # keep\r\n\r\nb=\"[y]\"\r\n[next] # sec\r\nc = 1\r\n";
    let expected = text.replace("'[x]'", "'AA=='");
    let expected = expected.replace("\"[y]\"", "\"B\\\"B\"");
    assert_eq!(edited(text, &[("a", "AA=="), ("b", "B\"B")]), expected);
}

#[test]
fn a_new_secret_stands_behind_the_last_one() {
    let text = "[secrets]\na = \"x\" # of a\n# of the next section\n[next]\nb = 1\n";
    assert_eq!(
        edited(text, &[("n.1", "v"), ("m", "w")]),
        "[secrets]\na = \"x\" # of a\n\"n.1\" = \"v\"\nm = \"w\"\n# of the next section\n[next]\nb = 1\n"
    );
    for (text, expected) in [
        ("[secrets]\n\n[b]\n", "[secrets]\nn = \"v\"\n\n[b]\n"),
        ("[secrets]\r\na='x'", "[secrets]\r\na='x'\r\nn = \"v\""),
        (
            "secrets.a = 'x'\n[b]\n",
            "secrets.a = 'x'\nsecrets.n = \"v\"\n[b]\n",
        ),
        (
            "[secrets.db]\na = 'x'\n",
            "[secrets.db]\na = 'x'\n\n[secrets]\nn = \"v\"\n",
        ),
    ] {
        assert_eq!(edited(text, &[("n", "v")]), expected);
    }
}

#[test]
fn the_table_is_made_where_there_is_none() {
    for (text, expected) in [
        ("", "[secrets]\nn = \"v\"\n"),
        ("[a]\nb = 1\n", "[a]\nb = 1\n\n[secrets]\nn = \"v\"\n"),
        ("[a]\r\nb = 1", "[a]\r\nb = 1\r\n\r\n[secrets]\r\nn = \"v\""),
    ] {
        assert_eq!(edited(text, &[("n", "v")]), expected);
    }
}

#[test]
fn an_inline_table_is_refused_with_the_next_step() {
    for text in [
        "secrets = { a = 'x' }\n",
        "secrets = 'x'\n",
        "a = 1\nsecrets = { a = 'x', b = 'y' }\n",
    ] {
        let refused = parse(text).with_secrets(&[("n", "v")]);
        let message = refused.err().unwrap().to_string();
        assert!(
            message.contains("Write [secrets] on a line of its own"),
            "{message}"
        );
    }
}

#[test]
fn what_is_no_toml_is_reported_with_its_line_and_without_its_value() {
    let twice = message(b"[secrets]\na = \"hidden1\"\na = \"hidden2\"\n");
    assert!(
        twice.starts_with("deployment.toml:3:1: not TOML: duplicate key"),
        "{twice}"
    );
    let open = message(b"[secrets]\na = \"hidden1\n");
    assert!(open.starts_with("deployment.toml:2:"), "{open}");
    assert!(!twice.contains("hidden") && !open.contains("hidden"));
    let bytes = message(b"a = 1\nb = \"\xE4\"\n");
    assert!(
        bytes.starts_with("deployment.toml:2: this line is not UTF-8"),
        "{bytes}"
    );
}
