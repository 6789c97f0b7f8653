use std::path::Path;
use std::time::Duration;

use super::*;
use crate::document::audit_settings::{AuditDuty, AuditSettings};
use crate::document::keystore_settings::KeystoreSettings;
use crate::document::on_start::OnStart;
use crate::document::socket::AllowRule;
use crate::secret::SecretSource;

pub(super) const KEYSTORE: &str =
    "<keystore name='main' path='a.jks'><password>keypass</password></keystore>";

pub(super) fn read(parts: &str) -> Result<Configuration, DocumentError> {
    let xml = format!("<secret-service>\n{parts}\n</secret-service>");
    let document = Document::parse(Path::new("conf/a.xml"), xml.as_bytes())?;
    let environment =
        Environment::of_test(|name| (name == "SECURE").then(|| "/opt/secure".to_owned()));
    load(&document, environment)
}

fn message(parts: &str) -> String {
    match read(parts) {
        Ok(_) => panic!("accepted: {parts}"),
        Err(error) => error.to_string(),
    }
}

pub(super) fn assert_refused(parts: &str, expected: &str) {
    let message = message(parts);
    assert!(message.starts_with(expected), "{message}\n{expected}");
}

fn keystore(xml: &str) -> KeystoreSettings {
    read(xml).ok().unwrap().keystores.remove(0)
}

#[test]
fn everything_that_a_service_says_is_read() {
    let configuration = read(
        "<keystore name='main' path='${SECURE}/secure.jks' type='PKCS12' retryDelay='500' aliasPrefix='Prod'>
           <password env='KEY_PASS'/></keystore>
         <keystore name='other' path='../b.jks'><password file='b.pass'/></keystore>
         <socket path='./keyward.sock' mode='0660'>
           <allow user='tomcat' aliases='db* mail*'/>
           <allow group='ops' aliases='*'/>
           <allow aliases='pepperKey'/>
         </socket>",
    );
    let configuration = configuration.ok().unwrap();
    assert_eq!(configuration.path, Path::new("conf/a.xml"));
    assert_eq!(configuration.dialect, Dialect::Keyward);
    let [main, other] = configuration.keystores.as_slice() else {
        panic!("two keystores");
    };
    assert_eq!((main.name.as_str(), main.line), ("main", 2));
    assert_eq!(main.path, Path::new("/opt/secure/secure.jks"));
    assert_eq!(main.store_type.as_deref(), Some("PKCS12"));
    assert_eq!(main.retry_delay, Duration::from_millis(500));
    assert_eq!(main.alias_prefix, "Prod");
    assert!(matches!(&main.password, SecretSource::Environment(name) if name == "KEY_PASS"));
    assert_eq!(other.path, Path::new("conf/../b.jks"));
    assert_eq!(other.store_type, None);
    assert_eq!(other.retry_delay, Duration::from_secs(10));
    assert!(
        matches!(&other.password, SecretSource::File(path) if path == Path::new("conf/b.pass"))
    );
    let socket = configuration.socket.unwrap();
    assert_eq!(socket.path, Path::new("conf/keyward.sock"));
    assert_eq!((socket.mode, socket.line), (0o660, 5));
    let rule = |user: Option<&str>, group: Option<&str>, aliases: &[&str], line| AllowRule {
        user: user.map(str::to_owned),
        group: group.map(str::to_owned),
        aliases: aliases.iter().copied().map(str::to_owned).collect(),
        line,
    };
    assert_eq!(
        socket.rules,
        [
            rule(Some("tomcat"), None, &["db*", "mail*"], 6),
            rule(None, Some("ops"), &["*"], 7),
            rule(None, None, &["pepperKey"], 8),
        ]
    );
}

#[test]
fn the_text_of_a_password_is_taken_as_it_is() {
    let xml = KEYSTORE.replace("keypass", " x34!2axf ${HOME} &amp; ");
    let SecretSource::Inline(secret) = keystore(&xml).password else {
        panic!("not inline");
    };
    assert_eq!(secret.expose_text(), Ok("x34!2axf ${HOME} &"));
}

#[test]
fn a_socket_is_for_its_owner_unless_the_document_says_otherwise() {
    assert!(read(KEYSTORE).ok().unwrap().socket.is_none());
    let socket = read(&format!("{KEYSTORE}<socket path='s'/>"));
    let socket = socket.ok().unwrap().socket.unwrap();
    assert_eq!(socket.mode, 0o600);
    assert_eq!(socket.rules, []);
}

#[test]
fn a_keystore_must_be_there_and_complete() {
    assert_refused(
        "",
        "conf/a.xml: the document names no keystore. Add <keystore",
    );
    assert_refused(
        "<keystore path='a'><password>x</password></keystore>",
        "conf/a.xml:2: <keystore> needs the attribute name. Add name=\"…\"",
    );
    assert_refused(
        "<keystore name='main'><password>x</password></keystore>",
        "conf/a.xml:2: <keystore> needs the attribute path.",
    );
    assert_refused(
        "<keystore name='main' path=' '><password>x</password></keystore>",
        "conf/a.xml:2: <keystore> needs the attribute path.",
    );
    assert_refused(
        "<keystore name='main' path='${NOT_SET}/a'><password>x</password></keystore>",
        "conf/a.xml:2: keystore.path needs the environment variable NOT_SET, which is not set.",
    );
    assert_refused(
        "<keystore name='main' path='a' \nretryDelay='soon'><password>x</password></keystore>",
        "conf/a.xml:3: retryDelay is \"soon\".",
    );
    assert_refused(
        &format!("{KEYSTORE}\n{KEYSTORE}"),
        "conf/a.xml:3: the name main was given to the keystore of line 2. Choose another",
    );
}

#[test]
fn a_password_comes_from_one_place() {
    for password in ["", "<password/>", "<password> </password>"] {
        assert_refused(
            &format!("<keystore name='main' path='a'>{password}</keystore>"),
            "conf/a.xml:2: the keystore main has no password. Add <password env=\"KEY_PASS\"/>",
        );
    }
    for password in [
        "<password env='A' file='b'/>",
        "<password env='A'>secret</password>",
        "<password file='b'>secret</password>",
    ] {
        let message = message(&format!(
            "<keystore name='main' path='a'>{password}</keystore>"
        ));
        assert!(message.contains("Keep one of them"), "{message}");
        assert!(!message.contains("secret"), "{message}");
    }
    assert_refused(
        "<keystore name='main' path='a'><password env=''/></keystore>",
        "conf/a.xml:2: <password> needs the attribute env.",
    );
    assert_refused(
        "<keystore name='main' path='a'><password>x</password>\n<password>y</password></keystore>",
        "conf/a.xml:3: a keystore has one password.",
    );
}

#[test]
fn misspelt_names_are_reported_with_what_was_meant() {
    for (parts, expected) in [
        (
            "\n<keystores/>",
            "conf/a.xml:3: <keystores> is not known inside <secret-service>. Did you mean keystore?",
        ),
        (
            "<deliver/>",
            "conf/a.xml:2: <deliver> is not known inside <secret-service>. Known there: keystore, secure-vault, document, group, socket, https",
        ),
        (
            "<keystore name='main'\n retrydelay='1' path='a'/>",
            "conf/a.xml:3: <keystore> has no attribute retrydelay. Did you mean retryDelay?",
        ),
        (
            "<keystore name='main' password='x' path='a'/>",
            "conf/a.xml:2: <keystore> has no attribute password. Known there: name, path, type, retryDelay, vanishGrace, aliasPrefix",
        ),
        (
            "<keystore name='main' path='a'>keypass</keystore>",
            "conf/a.xml:2: <keystore> holds text, which has no meaning there. Delete it",
        ),
    ] {
        assert_refused(parts, expected);
    }
    let socket = |rule: &str| format!("{KEYSTORE}<socket path='s'>{rule}</socket>");
    assert_refused(
        &socket("<allow alias='*'/>"),
        "conf/a.xml:2: <allow> has no attribute alias. Did you mean aliases?",
    );
    assert_refused(
        &socket("<alow/>"),
        "conf/a.xml:2: <alow> is not known inside <socket>. Did you mean allow?",
    );
    assert_refused(
        &socket("<allow aliases='*'><x/></allow>"),
        "conf/a.xml:2: <x> is not known inside <allow>. Delete it",
    );
}

#[test]
fn a_rule_names_aliases_and_at_most_one_of_user_and_group() {
    let socket = |rule: &str| format!("{KEYSTORE}<socket path='s'>\n{rule}</socket>");
    assert_refused(
        &socket("<allow user='tomcat'/>"),
        "conf/a.xml:3: <allow> needs the attribute aliases.",
    );
    assert_refused(
        &socket("<allow user='' aliases='*'/>"),
        "conf/a.xml:3: <allow> needs the attribute user.",
    );
    assert_refused(
        &socket("<allow user='a' group='b' aliases='*'/>"),
        "conf/a.xml:3: a rule is for a user or for a group.",
    );
}

#[test]
fn a_socket_has_a_path_and_an_octal_mode() {
    assert_refused(
        &format!("{KEYSTORE}<socket/>"),
        "conf/a.xml:2: <socket> needs the attribute path.",
    );
    assert_refused(
        &format!("{KEYSTORE}<socket path='s'\nmode='0690'/>"),
        "conf/a.xml:3: mode is \"0690\".",
    );
    assert_refused(
        &format!("{KEYSTORE}<socket path='s'/>\n<socket path='t'/>"),
        "conf/a.xml:3: a service has one socket.",
    );
}

#[test]
fn a_document_must_be_there_and_its_keystore_known() {
    assert_refused(
        &format!("{KEYSTORE}\n<document path='none.xml'/>"),
        "conf/none.xml: there is no such file, named by conf/a.xml:3.",
    );
    assert_refused(
        &format!("{KEYSTORE}\n<document path='none.xml' keystore='mian'/>"),
        "conf/a.xml:3: there is no keystore named mian. The keystores here: main",
    );
    assert_refused(
        &format!("{KEYSTORE}<document/>"),
        "conf/a.xml:2: <document> needs the attribute path.",
    );
}

#[test]
fn namespaces_of_xml_itself_are_no_attributes() {
    let xml = "<secret-service xmlns='urn:x' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'
        xsi:schemaLocation='a b' xml:lang='en'>";
    let xml = format!("{xml}{KEYSTORE}</secret-service>");
    let document = Document::parse(Path::new("a.xml"), xml.as_bytes())
        .ok()
        .unwrap();
    assert!(is_root(&document));
    assert!(load(&document, Environment::of_process()).is_ok());
}

#[test]
fn a_group_names_at_least_two_aliases_and_each_alias_has_one_group() {
    let read = read(&format!(
        "{KEYSTORE}<group name='db' aliases='db1 DB1pass db1'/><group name='m' aliases='a b'/>"
    ));
    let groups = read.ok().unwrap().groups;
    assert_eq!(groups[0].name, "db");
    assert_eq!(groups[0].aliases, ["db1", "DB1pass"]);
    for (parts, expected) in [
        (
            "<group name='db' aliases='db1'/>",
            "a group has at least two",
        ),
        (
            "<group name='db' aliases='db1 DB1'/>",
            "a group has at least two",
        ),
        (
            "<group name='db' aliases='db*  x'/>",
            "a group names its aliases one by one",
        ),
        (
            "<group name='a' aliases='x y'/><group name='b' aliases='z X'/>",
            "an alias is in one group at most",
        ),
        (
            "<group name='a' aliases='x y'/><group name='a' aliases='z w'/>",
            "a group of this name was there before",
        ),
        ("<group aliases='x y'/>", "<group> needs the attribute name"),
    ] {
        let message = message(&format!("{KEYSTORE}{parts}"));
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_vanished_alias_is_served_for_three_retry_delays_unless_the_document_says_otherwise() {
    let grace = |attributes: &str| {
        let xml = KEYSTORE.replace("name=", &format!("{attributes} name="));
        keystore(&xml).vanish_grace
    };
    assert_eq!(grace(""), Duration::from_secs(30));
    assert_eq!(grace("retryDelay='500'"), Duration::from_millis(1500));
    assert_eq!(grace("vanishGrace='0'"), Duration::ZERO);
    assert_refused(
        &KEYSTORE.replace("name=", "vanishGrace='long' name="),
        "conf/a.xml:2: vanishGrace is \"long\".",
    );
}

#[test]
fn start_and_audit_are_chosen_on_the_root() {
    let load_with = |attributes: &str| {
        let xml = format!("<secret-service {attributes}>{KEYSTORE}</secret-service>");
        let document = Document::parse(Path::new("conf/a.xml"), xml.as_bytes())?;
        load(&document, Environment::of_process())
    };
    let usual = load_with("").ok().unwrap();
    assert_eq!(
        (usual.on_start, usual.audit),
        (OnStart::Fail, AuditSettings::default())
    );
    let chosen = load_with("start='wait' audit='required' auditFile='a.jsonl'");
    let chosen = chosen.ok().unwrap();
    assert_eq!(chosen.on_start, OnStart::Wait);
    assert_eq!(chosen.audit.duty, AuditDuty::Required);
    assert_eq!(chosen.audit.path.unwrap(), Path::new("conf/a.jsonl"));
    for wrong in ["start='later'", "audit='yes'", "auditFile=''"] {
        assert!(load_with(wrong).is_err(), "{wrong}");
    }
}
