//! The tables of products, as their own scripts make them.

use keyward::Secret;
use keyward::migrate::{CredentialStore, Preset, Replaced, SqlTable};
use keyward::password::{Conventions, keycloak_row};

use crate::database::{Database, all_credentials, replace, stored};

const CREDENTIAL_DATA: &str =
    r#"{"hashIterations":1,"algorithm":"pbkdf2-sha256","additionalParameters":{}}"#;

fn preset(preset: Preset, realm: Option<&str>) -> SqlTable {
    SqlTable {
        preset: Some(preset),
        realm: realm.map(str::to_owned),
        ..SqlTable::default()
    }
}

/// The columns that matter, as Keycloak's change logs make them. `VERSION` came with 26.2.
fn make_keycloak(database: &Database, version: &str) {
    // Keycloak writes its names in capital letters; MySQL keeps them so.
    let text = if database.is_mariadb() {
        "LONGTEXT"
    } else {
        "TEXT"
    };
    database.sql(&format!(
        "CREATE TABLE REALM (ID varchar(36) PRIMARY KEY, NAME varchar(255) UNIQUE);
         CREATE TABLE USER_ENTITY (ID varchar(36) PRIMARY KEY, USERNAME varchar(255), REALM_ID varchar(255));
         CREATE TABLE CREDENTIAL (ID varchar(36) PRIMARY KEY, TYPE varchar(255), USER_ID varchar(36) REFERENCES USER_ENTITY (ID),
             CREATED_DATE bigint, SECRET_DATA {text}, CREDENTIAL_DATA {text}, PRIORITY integer{version});
         INSERT INTO REALM VALUES ('r1', 'staff'), ('r2', 'customers');
         INSERT INTO USER_ENTITY VALUES ('u1', 'jane', 'r1'), ('u2', 'jane', 'r2'), ('u3', 'max', 'r2');"
    ));
    for (id, kind, user) in [
        ("c1", "password", "u1"),
        ("c2", "password", "u2"),
        ("c3", "password", "u3"),
        ("c4", "otp", "u3"),
    ] {
        let secret = format!(r#"{{"value":"{id}","salt":"AAAA","additionalParameters":{{}}}}"#);
        database.sql(&format!(
            "INSERT INTO CREDENTIAL (ID, TYPE, USER_ID, CREATED_DATE, SECRET_DATA, CREDENTIAL_DATA, PRIORITY)
             VALUES ('{id}', '{kind}', '{user}', 1, '{secret}', '{CREDENTIAL_DATA}', 10)"
        ));
    }
}

#[test]
fn a_keycloak_row_changes_both_columns_and_its_version_together() {
    for database in Database::all() {
        make_keycloak(&database, ", VERSION integer");
        database.sql("UPDATE CREDENTIAL SET VERSION = 4 WHERE ID = 'c2'");
        let store = database.open(&preset(Preset::Keycloak, None));
        let all = all_credentials(&store);
        assert_eq!(all.len(), 3, "the one-time password is none");
        let new = keycloak_row(r#"{"algorithm":"new"}"#, r#"{"value":"new"}"#);
        let before = store.of_user("max").unwrap();
        assert!(stored(&before[0]).contains("pbkdf2-sha256"));
        // Of one of two columns another value: nothing is replaced.
        database.sql("UPDATE CREDENTIAL SET CREDENTIAL_DATA = '{}' WHERE ID = 'c3'");
        assert_eq!(
            replace(&store, &before, |_| new.clone()),
            [Replaced::ChangedMeanwhile]
        );
        let replaced = replace(&store, &all, |_| new.clone());
        let done = replaced
            .iter()
            .filter(|one| **one == Replaced::Done)
            .count();
        assert_eq!(done, 2);
        let rows = database.column(
            "SELECT ID, SECRET_DATA, CREDENTIAL_DATA, COALESCE(VERSION, -1) FROM CREDENTIAL ORDER BY ID",
        );
        let new = r#"{"value":"new"}|{"algorithm":"new"}"#;
        assert_eq!(rows[0], format!("c1|{new}|1"), "no version counts as 0");
        assert_eq!(rows[1], format!("c2|{new}|5"));
        assert!(rows[2].ends_with("|{}|-1"), "{rows:?}");
        assert!(
            rows[3].contains("c4") && rows[3].ends_with("|-1"),
            "{rows:?}"
        );
    }
}

#[test]
fn a_keycloak_without_versions_and_a_user_of_two_realms() {
    for database in Database::all() {
        make_keycloak(&database, "");
        let store = database.open(&preset(Preset::Keycloak, None));
        let several = store.of_user("jane").err().unwrap().to_string();
        assert!(several.contains("--realm NAME"), "{several}");
        let store = database.open(&preset(Preset::Keycloak, Some("customers")));
        let jane = store.of_user("jane").unwrap();
        assert_eq!(jane[0].place.0, "c2");
        assert_eq!(all_credentials(&store).len(), 2);
        let new = keycloak_row("{}", "{}");
        assert_eq!(replace(&store, &jane, |_| new.clone()), [Replaced::Done]);
        let refused = database.refusal(&preset(Preset::Keycloak, Some("nowhere")));
        assert!(refused.contains("no realm nowhere"), "{refused}");
    }
}

#[test]
fn what_is_no_row_of_keycloak_is_not_written_there() {
    let database = Database::sqlite();
    make_keycloak(&database, "");
    let store = database.open(&preset(Preset::Keycloak, None));
    let all = all_credentials(&store);
    let change = keyward::migrate::Change {
        credential: &all[0],
        new: Secret::copied_from(b"$2b$12$plain"),
    };
    let refused = store.replace(&[change]).err().unwrap().to_string();
    assert!(refused.contains("--dialect"), "{refused}");
    assert_eq!(
        database.column("SELECT count(*) FROM CREDENTIAL WHERE SECRET_DATA LIKE '%plain%'"),
        ["0"]
    );
}

/// The columns that matter of WSO2 Carbon's script.
fn make_wso2(database: &Database) {
    database.sql(
        "CREATE TABLE UM_USER (UM_ID integer NOT NULL, UM_USER_ID char(36) NOT NULL, UM_USER_NAME varchar(255) NOT NULL,
             UM_USER_PASSWORD varchar(255) NOT NULL, UM_SALT_VALUE varchar(31), UM_TENANT_ID integer DEFAULT 0 NOT NULL,
             PRIMARY KEY (UM_ID, UM_TENANT_ID), UNIQUE (UM_USER_NAME, UM_TENANT_ID))",
    );
    // base64( SHA-256( "password" ‖ "salt" ) )
    database.sql(
        "INSERT INTO UM_USER VALUES
         (1, 'a', 'jane', 'eje4XIkY6sGakInA+loqtNzj+QUo3N7sEIsj3fNge5k=', 'salt', -1234),
         (2, 'b', 'jane', 'eje4XIkY6sGakInA+loqtNzj+QUo3N7sEIsj3fNge5k=', 'salt', 1)",
    );
}

#[test]
fn a_wso2_row_has_its_digest_and_salt_and_takes_a_marked_value() {
    for database in Database::all() {
        make_wso2(&database);
        let store = database.open(&preset(Preset::Wso2, Some("-1234")));
        let conventions = Conventions::of(Some(Preset::Wso2.dialect()));
        let jane = store.of_user("jane").unwrap();
        let read = conventions.recognise(stored(&jane[0])).unwrap();
        assert!(read.verify(&Secret::copied_from(b"password")).unwrap());
        let bcrypt = "$2b$04$iJgSN6fKiJ2FhFM4jZYB6.oU1dkTg.H4l7Cl4vx3Cc0oGlsfUBbHi";
        assert_eq!(
            replace(&store, &jane, |_| bcrypt.to_owned()),
            [Replaced::Done]
        );
        let jane = store.of_user("jane").unwrap();
        assert_eq!(stored(&jane[0]), bcrypt);
        let read = conventions.recognise(stored(&jane[0])).unwrap();
        assert_eq!(read.scheme().name, "bcrypt");
        let others =
            database.column("SELECT count(*) FROM UM_USER WHERE UM_USER_PASSWORD LIKE '$2b$%'");
        assert_eq!(others, ["1"]);
        let all = database.open(&preset(Preset::Wso2, None));
        let several = all.of_user("jane").err().unwrap().to_string();
        assert!(several.contains("--realm TENANT_ID"), "{several}");
        database.sql("UPDATE UM_USER SET UM_ID = 1");
        let refused = database.refusal(&preset(Preset::Wso2, None));
        assert!(refused.contains("--realm TENANT_ID"), "{refused}");
    }
}

#[test]
fn a_row_of_another_tenant_with_the_same_number_stays() {
    for database in Database::all() {
        make_wso2(&database);
        database.sql("UPDATE UM_USER SET UM_ID = 1");
        let store = database.open(&preset(Preset::Wso2, Some("-1234")));
        let all = all_credentials(&store);
        assert_eq!(
            replace(&store, &all, |_| "$new".to_owned()),
            [Replaced::Done]
        );
        assert_eq!(
            database.column("SELECT UM_TENANT_ID FROM UM_USER WHERE UM_USER_PASSWORD = '$new'"),
            ["-1234"],
            "{}",
            store.name()
        );
    }
}

#[test]
fn springs_table_needs_no_names() {
    for database in Database::all() {
        database.sql(
            "CREATE TABLE users (username varchar(50) NOT NULL PRIMARY KEY, password varchar(500) NOT NULL, enabled boolean NOT NULL)",
        );
        database.sql("INSERT INTO users VALUES ('jane', '{noop}password', true)");
        let store = database.open(&preset(Preset::Spring, None));
        let jane = store.of_user("jane").unwrap();
        assert_eq!(stored(&jane[0]), "{noop}password");
        assert_eq!(
            replace(&store, &jane, |_| "{bcrypt}x".to_owned()),
            [Replaced::Done]
        );
        assert_eq!(database.column("SELECT password FROM users"), ["{bcrypt}x"]);
    }
}
