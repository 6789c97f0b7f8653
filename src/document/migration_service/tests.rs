use std::fs;
use std::path::Path;
use std::time::Duration;

use super::*;
use crate::document::CertificateSubject;

const KEYSTORE: &str = "<keystore name='main' path='a.p12'><password>x</password></keystore>";
const HTTPS: &str = "<https address='127.0.0.1:0' keystore='main' keyAlias='server' truststore='main'>
    <client name='kratos' tokenAlias='kratos-token'/><client name='keycloak' certificate='CN=keycloak'/></https>";
const TARGET: &str = "<target to='argon2id' store='users.csv'/>";

fn read(parts: &str) -> Result<(Configuration, MigrationServiceSettings), DocumentError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xml");
    fs::write(&path, parts).unwrap();
    MigrationServiceSettings::load(&path)
}

fn service(parts: &str) -> Result<(Configuration, MigrationServiceSettings), DocumentError> {
    read(&format!(
        "<migration-service>{KEYSTORE}{parts}</migration-service>"
    ))
}

fn legacy(source: &str) -> Result<(Configuration, MigrationServiceSettings), DocumentError> {
    service(&format!("{HTTPS}{TARGET}<legacy>{source}</legacy>"))
}

fn assert_refused(
    result: Result<(Configuration, MigrationServiceSettings), DocumentError>,
    expected: &str,
) {
    let message = result.err().unwrap().to_string();
    assert!(message.contains(expected), "{message}");
}

#[test]
fn a_service_is_read_with_its_clients_stores_apis_and_limits() {
    let read = service(&format!(
        "{HTTPS}
         <target to='bcrypt' cost='12' store='sqlite:users.db' table='app.users' pending='!'/>
         <legacy>
           <store store='old.ldif' dialect='openldap'/>
           <api url='https://old.example/{{user}}' method='PUT' passwordMember='pw' accepted='200 204' rejected='401'
                unknown='404 410' answerMember='data.ok' tokenAlias='old-token' keystore='main' keyAlias='client'
                truststore='main' timeout='250'/>
           <store store='postgres://db.example/users' passwordAlias='db-pass'/>
         </legacy>
         <limits userAttempts='3' clientAttempts='60' ban='9' hashing='2' waiting='7' answer='800'/>"
    ));
    let (configuration, settings) = read.ok().unwrap();
    let aliases: Vec<_> = configuration
        .references
        .iter()
        .map(|reference| reference.alias.as_str())
        .collect();
    assert_eq!(aliases, ["kratos-token", "old-token", "db-pass"]);
    assert!(matches!(
        &settings.clients[1].proof,
        ClientProof::Certificate(CertificateSubject::Name(name)) if name.to_string() == "CN=keycloak"
    ));
    let store = settings.target.store.unwrap();
    assert!(store.store.starts_with("sqlite:/"), "{}", store.store);
    assert!(store.file().unwrap().ends_with("users.db"));
    assert_eq!(store.table.as_deref(), Some("app.users"));
    assert_eq!(
        (settings.target.to.as_str(), settings.target.cost),
        ("bcrypt", Some(12))
    );
    assert_eq!(settings.target.pending.as_deref(), Some("!"));
    let [
        LegacySettings::Store(ldif),
        LegacySettings::Api(api),
        LegacySettings::Store(database),
    ] = settings.legacy.as_slice()
    else {
        panic!("{:?}", settings.legacy);
    };
    assert!(Path::new(&ldif.store).is_absolute());
    assert_eq!(ldif.dialect.as_deref(), Some("openldap"));
    assert_eq!(database.file(), None);
    assert_eq!(api.method, ApiMethod::Put);
    assert_eq!(
        (
            api.accepted.as_slice(),
            api.rejected.as_slice(),
            api.unknown.as_slice()
        ),
        (
            [200, 204].as_slice(),
            [401].as_slice(),
            [404, 410].as_slice()
        )
    );
    let answer = api.answer.as_ref().unwrap();
    assert_eq!(
        (answer.name.as_str(), answer.value.as_str()),
        ("data.ok", "true")
    );
    assert_eq!(api.key, Some(("main".to_owned(), "client".to_owned())));
    assert_eq!(api.timeout, Duration::from_millis(250));
    let limits = settings.limits;
    assert_eq!((limits.user_attempts, limits.client_attempts), (3, 60));
    assert_eq!((limits.hashing, limits.waiting), (Some(2), 7));
    assert_eq!(limits.ban, Duration::from_secs(9));
    assert_eq!(limits.answer, Duration::from_millis(800));
}

#[test]
fn a_password_goes_nowhere_in_the_clear() {
    let in_the_clear = "the password would go over the network in the clear";
    for url in [
        "http://old.example/check",
        "http://127.0.0.1.example/check",
        "http://localhost.example/",
        "http://127.0.0.1:80.example/",
        "http:/127.0.0.1/",
        "ftp://old.example/",
        "old.example/check",
    ] {
        assert_refused(legacy(&format!("<api url='{url}'/>")), in_the_clear);
    }
    for url in [
        "http://127.0.0.1:80@evil.example/",
        "http://127.0.0.1\\@evil.example/",
        "https://user:secret@old.example/check",
        "https://{user}.old.example/check",
    ] {
        let refused = legacy(&format!("<api url='{url}'/>")).err();
        let message = refused.unwrap().to_string();
        assert!(!message.contains("secret"), "{message}");
    }
    for url in [
        "http://127.0.0.1:8080/x",
        "http://[::1]/x",
        "http://localhost/x",
    ] {
        assert!(legacy(&format!("<api url='{url}'/>")).is_ok(), "{url}");
    }
    assert_refused(
        legacy("<api url='https://old.example/' method='GET'/>"),
        "method is neither POST nor PUT",
    );
}

#[test]
fn what_is_missing_or_misspelt_is_reported_with_its_line() {
    assert_refused(
        read("<beans/>"),
        "a.xml:1: <beans> is no migration service.",
    );
    assert_refused(service(TARGET), "a migration service needs an address");
    assert_refused(service(HTTPS), "needs to know the new function");
    assert_refused(
        service(&format!("{HTTPS}<target store='a.csv'/>")),
        "<target> needs the attribute to.",
    );
    let targets = [
        (
            "store='a.csv' table='users'",
            "table has no meaning here, for the store is a file",
        ),
        (
            "store='sqlite:a.db' bindDn='cn=a'",
            "bindDn has no meaning here, for the store is a database",
        ),
        (
            "store='ldaps://a/' format='ldif'",
            "format has no meaning here, for the store is a directory",
        ),
        (
            "pepperAlias='p'",
            "pepperAlias has no meaning here, for there is no store",
        ),
    ];
    for (attributes, problem) in targets {
        let target = format!("<target to='argon2id' {attributes}/>");
        assert_refused(service(&format!("{HTTPS}{target}")), problem);
    }
    assert_refused(
        service(&format!("{HTTPS}{TARGET}\n<limit/>")),
        "a.xml:3: <limit> is not known inside <migration-service>. Did you mean limits?",
    );
    assert_refused(
        service(&format!("{HTTPS}{TARGET}<limits ban='0'/>")),
        "ban is \"0\". Write a whole number from 1 to 86400",
    );
    assert_refused(
        legacy("<api url='https://a.example/' accepted='ok'/>"),
        "accepted, rejected and unknown are HTTP statuses",
    );
    let apis = [
        (
            "tokenAlias='t'",
            "401 and 403 may be about what keyward itself shows",
        ),
        (
            "keystore='main' keyAlias='c'",
            "401 and 403 may be about what keyward itself shows",
        ),
        ("accepted=''", "accepted is empty"),
        ("accepted='200 401'", "status 401 is named twice"),
        ("unknown='404 404'", "status 404 is named twice"),
        (
            "existsUrl='https://a.example/users'",
            "existsUrl does not say where the user's name belongs",
        ),
    ];
    for (attributes, problem) in apis {
        assert_refused(
            legacy(&format!("<api url='https://a.example/' {attributes}/>")),
            problem,
        );
    }
    assert_refused(
        legacy("<api url='https://a.example/' keystore='main'/>"),
        "needs both keystore and keyAlias",
    );
    assert_refused(
        legacy("<api url='https://a.example/' truststore='mian'/>"),
        "there is no keystore named mian.",
    );
}

#[test]
fn a_status_means_by_itself_what_it_can_mean_alone() {
    let unknown = |url: &str| {
        let (_, settings) = legacy(&format!("<api url='{url}'/>")).ok().unwrap();
        let [LegacySettings::Api(api)] = settings.legacy.as_slice() else {
            panic!("{:?}", settings.legacy);
        };
        assert_eq!(api.rejected, [401, 403]);
        api.unknown.clone()
    };
    assert_eq!(unknown("https://a.example/check"), [0; 0]);
    assert_eq!(unknown("https://a.example/{user}/check"), [404]);
}

#[test]
fn schemes_of_directories_are_known_and_capitals_make_no_difference() {
    for (url, plain) in [
        ("ldapi://%2frun%2fslapd/dc=A", "ldapi://%2frun%2fslapd/dc=A"),
        ("LDAPS://A.example/dc=a", "ldaps://A.example/dc=a"),
        ("Postgres://a/B", "postgres://a/B"),
    ] {
        let store = format!("<store store='{url}' passwordAlias='p'/>");
        let (_, settings) = legacy(&store).ok().unwrap();
        let [LegacySettings::Store(store)] = settings.legacy.as_slice() else {
            panic!("{:?}", settings.legacy);
        };
        assert_eq!((store.store.as_str(), store.file()), (plain, None));
    }
}

#[test]
fn somebody_may_ask_and_is_known_by_one_proof() {
    let https = |clients: &str, attributes: &str| {
        let https = format!(
            "<https address='127.0.0.1:0' keystore='main' keyAlias='server' {attributes}>{clients}</https>"
        );
        service(&format!("{https}{TARGET}"))
    };
    assert_refused(https("", ""), "nobody may ask.");
    assert_refused(
        https("<client name='a'/>", ""),
        "a client has one of tokenAlias, certificate",
    );
    assert_refused(
        https("<client name='a' tokenAlias='t' dns='a.example'/>", ""),
        "a client has one of tokenAlias, certificate",
    );
    assert_refused(
        https("<client name='a' dns='a.example'/>", ""),
        "there is no authority to trust. Add truststore",
    );
    assert_refused(
        https(
            "<client name='a' tokenAlias='t'/><client name='a' tokenAlias='u'/>",
            "",
        ),
        "a client of this name was there before",
    );
    assert_refused(
        https("<client tokenAlias='t'/>", ""),
        "<client> needs the attribute name.",
    );
}

#[test]
fn an_ended_migration_says_when() {
    let ended = read(&format!(
        "<migration-service ended='2026-11-22T10:00:00Z'>{KEYSTORE}{HTTPS}{TARGET}</migration-service>"
    ));
    let (_, settings) = ended.ok().unwrap();
    assert_eq!(settings.ended.as_deref(), Some("2026-11-22T10:00:00Z"));
    assert!(settings.legacy.is_empty());
}
