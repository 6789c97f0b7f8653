//! WSO2's own Secure Vault reads what keyward wrote, and keyward what WSO2's cipher tool wrote.

use std::path::PathBuf;

use super::home::{CARBON, CIPHER_TEXT, CIPHER_TOOL, Home, SECRET_CONF, TOML};
use super::support::{Jdk, STORE_PASSWORD, jdk, leave_out, repository};

/// WSO2's jars with what they need, as an entry of a class path, and a JDK that is new enough for them.
fn peer() -> Option<(Jdk, PathBuf)> {
    let folder = repository().join("target/peers/wso2-securevault");
    if !folder.is_dir() {
        leave_out("WSO2's Secure Vault is not here (bash .ci/peers fetches it)");
        return None;
    }
    Some((jdk(21)?, folder.join("*")))
}

fn read_by_wso2(home: &Home, aliases: &[&str]) -> Option<Vec<String>> {
    let (jdk, jars) = peer()?;
    let arguments = [&[home.root(), STORE_PASSWORD][..], aliases].concat();
    let output = jdk.run_java_with(&[], Some(&jars), "ReadSecureVault", &arguments)?;
    let lines = output.of_success().stdout;
    let secrets = lines.lines().map(|line| line.split_once('\t').unwrap().1);
    Some(secrets.map(text_of_digits).collect())
}

fn text_of_digits(digits: &str) -> String {
    let pairs = digits.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap());
    String::from_utf8(bytes.collect()).unwrap()
}

#[test]
fn wso2_reads_the_secrets_of_deployment_toml() {
    let home = Home::with_toml("[secrets]\nplain = \"[one two]\"\n# end\n");
    home.run(&["set", "db.password"], "x34!2axf=:#\n")
        .of_success();
    home.run(&["reencrypt"], "").of_success();
    home.start();
    if let Some(secrets) = read_by_wso2(&home, &["plain", "db.password", "no.such"]) {
        // For what it does not have, it gives the alias.
        assert_eq!(secrets, ["one two", "x34!2axf=:#", "no.such"]);
    }
}

#[test]
fn wso2_reads_cipher_text_properties_and_oaep() {
    let home = Home::empty();
    home.write(CARBON, &carbon_xml());
    home.write(
        SECRET_CONF,
        "secretRepositories.file.algorithm=RSA/ECB/OAEPwithSHA1andMGF1Padding\n",
    );
    home.write(CIPHER_TEXT, "# kept\nA.b\\ c=[one]\nz:[two]\n");
    home.run(&["reencrypt"], "").of_success();
    home.run(&["set", "new=one"], "three\n").of_success();
    if let Some(secrets) = read_by_wso2(&home, &["A.b c", "z", "new=one"]) {
        assert_eq!(secrets, ["one", "two", "three"]);
    }
}

#[test]
fn keyward_reads_what_the_cipher_tool_wrote() {
    let home = Home::empty();
    home.write(CARBON, &carbon_xml());
    home.write(
        CIPHER_TEXT,
        "Carbon.Security.KeyStore.Password=[changeit]\nother=[x y=z]\n",
    );
    home.write(
        CIPHER_TOOL,
        "Carbon.Security.KeyStore.Password=repository/conf/carbon.xml//Server/Security/KeyStore/Password,false\n\
         other=repository/conf/carbon.xml//Server/Other,false\n",
    );
    let Some((jdk, jars)) = peer() else {
        return;
    };
    let home_option = format!("-Dcarbon.home={}", home.root());
    // The tool looks whether there is one.
    let toml = home.path(TOML);
    let toml_option = format!("-Ddeployment.config.file.path={}", toml.display());
    let password = format!("-Dpassword={STORE_PASSWORD}");
    let run = jdk.run_java_with(
        &[&home_option, &toml_option],
        Some(&jars),
        "org.wso2.ciphertool.CipherTool",
        &["-Dconfigure", &password],
    );
    let Some(output) = run else {
        return;
    };
    let output = output.of_success();
    assert!(
        home.read(SECRET_CONF).contains("secVault.enabled=true"),
        "{output:?}"
    );
    assert_eq!(home.get("other"), "x y=z");
    assert_eq!(
        home.get("Carbon.Security.KeyStore.Password"),
        STORE_PASSWORD
    );
    let check = home.run(&["check"], "");
    assert_eq!(check.status, Some(0), "{check:?}");
}

fn carbon_xml() -> String {
    format!(
        "<Server xmlns=\"http://wso2.org/projects/carbon/carbon.xml\"><Security><KeyStore><Location>${{carbon.home}}/repository/resources/security/server.p12</Location>\
         <Type>PKCS12</Type><Password>{STORE_PASSWORD}</Password><KeyAlias>server</KeyAlias><KeyPassword>{STORE_PASSWORD}</KeyPassword>\
         </KeyStore></Security><Other>x</Other></Server>"
    )
}
