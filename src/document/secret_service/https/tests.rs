use std::path::Path;

use super::*;
use crate::document::placeholder::Environment;
use crate::document::secret_service::load;
use crate::document::xml::Document;

const KEYSTORES: &str = "<keystore name='tls' path='a'><password>x</password></keystore>
<keystore name='trust' path='b'><password>x</password></keystore>";

fn read(https: &str) -> Result<Vec<HttpsSettings>, DocumentError> {
    let xml = format!("<secret-service>{KEYSTORES}\n{https}</secret-service>");
    let document = Document::parse(Path::new("a.xml"), xml.as_bytes())?;
    Ok(load(&document, Environment::of_test(|_| None))?.https)
}

fn with_rule(rule: &str) -> Result<Vec<HttpsSettings>, DocumentError> {
    read(&format!(
        "<https address='127.0.0.1:8443' keystore='tls' keyAlias='server' truststore='trust'>{rule}</https>"
    ))
}

fn assert_refused(result: Result<Vec<HttpsSettings>, DocumentError>, expected: &str) {
    let message = result.err().unwrap().to_string();
    assert!(message.starts_with(expected), "{message}\n{expected}");
}

#[test]
fn all_that_it_says_is_read() {
    let all = read(
        "<https address=' [::1]:8443 ' keystore='tls' keyAlias=' Server ' truststore='trust'>
           <allow certificate='CN=tomcat, O=&quot;Muster, GmbH&quot;' aliases='db* mail'/>
           <allow dns='host.example' aliases='*'/>
         </https>
         <https address='0.0.0.0:0' keystore='tls' keyAlias='server' truststore='tls'/>
         <https address='0.0.0.0:0' keystore='tls' keyAlias='server' truststore='tls'/>",
    );
    let all = all.ok().unwrap();
    assert_eq!(all.len(), 3);
    let https = &all[0];
    assert_eq!(https.address, "[::1]:8443".parse().unwrap());
    assert_eq!(
        (https.keystore.as_str(), https.key_alias.as_str()),
        ("tls", "Server")
    );
    assert_eq!((https.truststore.as_str(), https.line), ("trust", 3));
    let name = r"CN=tomcat,O=Muster\, GmbH".parse().unwrap();
    assert_eq!(
        https.rules[0],
        CertificateRule {
            subject: CertificateSubject::Name(name),
            aliases: vec!["db*".to_owned(), "mail".to_owned()],
            line: 4,
        }
    );
    let host = CertificateSubject::Dns("host.example".to_owned());
    assert_eq!(https.rules[1].subject, host);
    assert_eq!(all[1].rules, []);
}

#[test]
fn what_is_missing_or_unknown_is_said() {
    assert_refused(
        read("<https keystore='tls' keyAlias='server' truststore='trust'/>"),
        "a.xml:3: <https> needs the attribute address.",
    );
    assert_refused(
        read("<https address='localhost:1' keystore='tls' keyAlias='server' truststore='trust'/>"),
        "a.xml:3: address is \"localhost:1\". Write an IP address",
    );
    assert_refused(
        read("<https address='[::]:1' keystore='tls' keyAlias='server' truststore='other'/>"),
        "a.xml:3: there is no keystore named other. The keystores here: tls, trust",
    );
    assert_refused(
        read("<https address='[::]:1' keystore='tls' keyAlias='server' trustStore='trust'/>"),
        "a.xml:3: <https> has no attribute trustStore. Did you mean truststore?",
    );
    let same = "<https address='[::]:1' keystore='tls' keyAlias='s' truststore='trust'/>";
    assert_refused(
        read(&format!("{same}\n{same}")),
        "a.xml:4: an <https> of this address was there before.",
    );
}

#[test]
fn a_rule_names_one_certificate_in_one_way() {
    for rule in [
        "<allow aliases='*'/>",
        "<allow dns='a' uri='b' aliases='*'/>",
    ] {
        assert_refused(
            with_rule(rule),
            "a.xml:3: a rule of <https> names one of certificate, dns, uri, email and fingerprint.",
        );
    }
    assert_refused(
        with_rule("<allow certificate='tomcat' aliases='*'/>"),
        "a.xml:3: certificate is \"tomcat\": \"tomcat\" has no = after an attribute's keyword. Write it as",
    );
    assert_refused(
        with_rule("<allow certificate=' ' aliases='*'/>"),
        "a.xml:3: <allow> needs the attribute certificate.",
    );
    assert_refused(
        with_rule("<allow fingerprint='AB:CD' aliases='*'/>"),
        "a.xml:3: fingerprint is \"AB:CD\".",
    );
    assert_refused(
        with_rule("<allow dns='a'/>"),
        "a.xml:3: <allow> needs the attribute aliases.",
    );
    assert_refused(
        with_rule("<allow user='tomcat' aliases='*'/>"),
        "a.xml:3: <allow> has no attribute user.",
    );
}
