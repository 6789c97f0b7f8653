//! What a driver's error means for a user: what is wrong, and the next step.

use std::fmt::Display;
use std::io::ErrorKind;

use sqlx::error::DatabaseError;

use super::address::{DatabaseKind, SqlAddress};
use super::database::CONNECT_TIME;
use crate::migrate::MigrateError;

/// Said wherever the work was interrupted.
const GO_ON: &str =
    "What was replaced stays; run the command again when it is back, and it goes on";

/// The sort of an error that a server answers with.
enum Answer {
    /// It stops, starts, or is full.
    NotNow,
    NoLogin,
    NoDatabase,
    Forbidden,
    ReadOnly,
    /// Two transactions waited for each other: the same may be asked again.
    Conflict,
    /// Another transaction holds a row.
    Locked,
    /// A value does not fit into its column.
    TooLong,
    /// A text is no value of a column's type.
    NotOfType,
    Other,
}

fn answer(kind: DatabaseKind, error: &dyn DatabaseError) -> Answer {
    let code = error.code().unwrap_or_default();
    match (kind, code.as_ref()) {
        (DatabaseKind::Postgres, "28P01" | "28000") => Answer::NoLogin,
        (DatabaseKind::Postgres, "3D000") => Answer::NoDatabase,
        (DatabaseKind::Postgres, "42501") => Answer::Forbidden,
        (DatabaseKind::Postgres, "25006") => Answer::ReadOnly,
        (DatabaseKind::Postgres, "40001" | "40P01") => Answer::Conflict,
        (DatabaseKind::Postgres, "55P03") => Answer::Locked,
        (DatabaseKind::Postgres, "22001") => Answer::TooLong,
        (DatabaseKind::Postgres, "22P02" | "22003" | "22007" | "22008") => Answer::NotOfType,
        (DatabaseKind::Postgres, code)
            if code.starts_with("57P") || code.starts_with("08") || code == "53300" =>
        {
            Answer::NotNow
        }
        (DatabaseKind::Mysql, _) => of_mysql(error),
        // The extended codes keep the plain one in their low byte.
        (DatabaseKind::Sqlite, code) => match code.parse::<u32>().unwrap_or_default() & 0xff {
            5 | 6 => Answer::NotNow,
            8 => Answer::ReadOnly,
            14 => Answer::NoDatabase,
            _ => Answer::Other,
        },
        _ => Answer::Other,
    }
}

fn of_mysql(error: &dyn DatabaseError) -> Answer {
    let error = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>();
    match error.map(sqlx::mysql::MySqlDatabaseError::number) {
        Some(1045 | 1698) => Answer::NoLogin,
        Some(1049 | 1044) => Answer::NoDatabase,
        Some(1142 | 1143) => Answer::Forbidden,
        Some(1290 | 1792 | 1836) => Answer::ReadOnly,
        Some(1205) => Answer::Locked,
        Some(1213) => Answer::Conflict,
        Some(1406) => Answer::TooLong,
        Some(1040 | 1053 | 1077 | 1079 | 1203 | 1927) => Answer::NotNow,
        _ => Answer::Other,
    }
}

/// Whether the same may be asked once more.
pub(super) fn is_conflict(kind: DatabaseKind, error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(|error| matches!(answer(kind, error), Answer::Conflict))
}

/// Whether another transaction holds a row for too long.
pub(super) fn is_locked(kind: DatabaseKind, error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(|error| matches!(answer(kind, error), Answer::Locked))
}

/// Whether a bound text is no value of the type that it is compared with.
pub(super) fn is_not_of_type(kind: DatabaseKind, error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(|error| matches!(answer(kind, error), Answer::NotOfType))
}

/// The error of a store.
pub(super) fn failure(address: &SqlAddress, error: &sqlx::Error) -> MigrateError {
    let store = address.to_string();
    let refused = |reason: String| MigrateError::Store {
        store: address.to_string(),
        reason,
    };
    let unavailable = |reason: String| MigrateError::Unavailable { store, reason };
    match error {
        sqlx::Error::Database(error) => {
            let message = error.message();
            match answer(address.kind(), error.as_ref()) {
                Answer::NotNow | Answer::Conflict => {
                    unavailable(format!("the database cannot do it now: {message}. {GO_ON}"))
                }
                Answer::Locked => unavailable(format!(
                    "another transaction has locked a row for minutes: {message}. End it, or wait for it. {GO_ON}"
                )),
                Answer::NoLogin => refused(format!(
                    "the database does not let this user in: {message}. {}",
                    password_advice(address.kind())
                )),
                Answer::NoDatabase => match address.file() {
                    Some(path) if !path.exists() => MigrateError::Missing { path },
                    _ => refused(format!("{message}. Check the name of the database")),
                },
                Answer::Forbidden => refused(format!(
                    "{message}. This user needs SELECT and UPDATE on the table, and CREATE in its schema for the table of leases, or --alone"
                )),
                Answer::ReadOnly => refused(format!(
                    "{message}. Give the address of the server that takes writes"
                )),
                Answer::TooLong => refused(format!(
                    "{message}. Make the column of the passwords longer: 500 characters are enough for any function, and a pepper"
                )),
                Answer::NotOfType | Answer::Other => refused(message.to_owned()),
            }
        }
        sqlx::Error::PoolTimedOut => unavailable(format!(
            "no connection within {} seconds. Is the server running, and does its address reach it? {GO_ON}",
            CONNECT_TIME.as_secs()
        )),
        // What TLS says of the other side's certificate.
        sqlx::Error::Io(error) if error.kind() == ErrorKind::InvalidData => no_tls(address, error),
        sqlx::Error::Io(error) => unavailable(format!(
            "the database is not reached, or the connection was lost: {error}. Check host and port. {GO_ON}"
        )),
        sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) => {
            unavailable(format!("the connection was lost: {error}. {GO_ON}"))
        }
        sqlx::Error::Tls(error) => no_tls(address, error),
        sqlx::Error::Configuration(error) => {
            refused(format!("this address cannot be used: {error}"))
        }
        error => refused(error.to_string()),
    }
}

fn no_tls(address: &SqlAddress, error: &impl Display) -> MigrateError {
    MigrateError::Store {
        store: address.to_string(),
        reason: format!(
            "no TLS with the database: {error}. Name the file of its certificate authority in the URL: {}",
            tls_advice(address.kind())
        ),
    }
}

fn password_advice(kind: DatabaseKind) -> &'static str {
    match kind {
        DatabaseKind::Mysql => {
            "Give the password with --db-password-alias and a keystore, or in MYSQL_PWD"
        }
        DatabaseKind::Sqlite | DatabaseKind::Postgres => {
            "Give the password with --db-password-alias and a keystore, or in the file that PGPASSFILE names"
        }
    }
}

fn tls_advice(kind: DatabaseKind) -> &'static str {
    match kind {
        DatabaseKind::Mysql => "?ssl-mode=VERIFY_IDENTITY&ssl-ca=FILE",
        DatabaseKind::Sqlite | DatabaseKind::Postgres => "?sslmode=verify-full&sslrootcert=FILE",
    }
}
