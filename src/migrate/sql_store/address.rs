//! [`SqlAddress`]: the URL of a database.
//!
//! ```text
//! sqlite:PATH                           sqlite:users.db, sqlite:///var/lib/app/users.db?mode=ro
//! postgres://USER@HOST:PORT/DATABASE    ?sslmode=verify-full&sslrootcert=ca.pem, ?host=/run/postgresql
//! mysql://USER@HOST:PORT/DATABASE       ?ssl-mode=VERIFY_IDENTITY&ssl-ca=ca.pem, ?socket=/run/mysqld/mysqld.sock
//! ```
//! `postgresql:` and `mariadb:` mean the same databases. The parameters are those of the driver, sqlx.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use zeroize::Zeroizing;

use crate::Secret;

/// Another program's write to a SQLite file is waited for so long.
const BUSY_TIME: Duration = Duration::from_secs(30);

/// Which kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A SQLite file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL or MariaDB.
    Mysql,
}

/// Where a database is. Its text in messages has neither password nor parameters.
pub struct SqlAddress {
    kind: DatabaseKind,
    url: Zeroizing<String>,
    name: String,
    has_password: bool,
}

/// What the driver is told.
pub(super) enum Connect {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
    Mysql(MySqlConnectOptions),
}

impl SqlAddress {
    /// The address that this URL is; none if its scheme is another.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once(':')?;
        let kind = match scheme {
            "sqlite" => DatabaseKind::Sqlite,
            "postgres" | "postgresql" => DatabaseKind::Postgres,
            "mysql" | "mariadb" => DatabaseKind::Mysql,
            _ => return None,
        };
        let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let (user, place) = match place.rsplit_once('@') {
            _ if kind == DatabaseKind::Sqlite => ("", place),
            // A password with a question mark that is not written as %3F: what stands before the mark may be part of it.
            _ if parameters.contains('@') => (before_colon(place), "…"),
            Some((user, place)) => (user, place),
            None => ("", place),
        };
        let user = user.trim_start_matches('/');
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        let name = match user {
            "" => format!("{scheme}:{place}"),
            user => format!("{scheme}://{user}@{place}"),
        };
        let mut parameters = parameters.split('&');
        let has_password =
            !password.is_empty() || parameters.any(|parameter| parameter.starts_with("password="));
        Some(Self {
            kind,
            url: Zeroizing::new(url.to_owned()),
            name,
            has_password: has_password && kind != DatabaseKind::Sqlite,
        })
    }

    /// The address of a SQLite file.
    #[must_use]
    pub fn of_sqlite_file(path: &Path) -> Self {
        let text = path.to_string_lossy();
        let url = text.replace('%', "%25").replace('?', "%3f");
        Self {
            kind: DatabaseKind::Sqlite,
            url: Zeroizing::new(format!("sqlite:{url}")),
            name: text.into_owned(),
            has_password: false,
        }
    }

    /// Which kind of database it is.
    #[must_use]
    pub fn kind(&self) -> DatabaseKind {
        self.kind
    }

    /// Whether the password stands in the URL, where others can see it.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.has_password
    }

    /// The database user's `password` comes before that of the URL and of the environment.
    pub(super) fn connect(&self, password: Option<&Secret>) -> Result<Connect, sqlx::Error> {
        let password = password.map(Secret::expose_text).transpose();
        let password = password.map_err(|_| {
            sqlx::Error::Configuration("the password of the database's user is not UTF-8".into())
        })?;
        let connect = match self.kind {
            DatabaseKind::Sqlite => {
                let options: SqliteConnectOptions = self.url.parse()?;
                let options = options.busy_timeout(BUSY_TIME);
                Connect::Sqlite(options.disable_statement_logging())
            }
            DatabaseKind::Postgres => {
                let mut options: PgConnectOptions = self.url.parse()?;
                if let Some(password) = password {
                    options = options.password(password);
                }
                // PgBouncer refuses a connection that sets it.
                let options = options.extra_float_digits(None);
                Connect::Postgres(options.disable_statement_logging())
            }
            DatabaseKind::Mysql => {
                let mut options: MySqlConnectOptions = self.url.parse()?;
                let of_environment = || std::env::var("MYSQL_PWD").ok().map(Zeroizing::new);
                if let Some(password) = password {
                    options = options.password(password);
                } else if let (false, Some(password)) = (self.has_password, of_environment()) {
                    options = options.password(&password);
                }
                Connect::Mysql(options.disable_statement_logging())
            }
        };
        Ok(connect)
    }

    /// The file of a SQLite database.
    pub(super) fn file(&self) -> Option<PathBuf> {
        let options: SqliteConnectOptions = match self.kind {
            DatabaseKind::Sqlite => self.url.parse().ok()?,
            DatabaseKind::Postgres | DatabaseKind::Mysql => return None,
        };
        Some(options.get_filename().to_owned())
    }
}

fn before_colon(place: &str) -> &str {
    place.split_once(':').map_or(place, |(before, _)| before)
}

impl fmt::Display for SqlAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

impl fmt::Debug for SqlAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SqlAddress({self})")
    }
}

impl DatabaseKind {
    /// Its name, for messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
        }
    }

    /// An identifier, quoted.
    pub(super) fn quoted(self, identifier: &str) -> String {
        match self {
            Self::Mysql => format!("`{}`", identifier.replace('`', "``")),
            Self::Sqlite | Self::Postgres => format!("\"{}\"", identifier.replace('"', "\"\"")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_without_its_password() {
        for (url, name, has_password) in [
            ("sqlite:users.db", "sqlite:users.db", false),
            ("sqlite:///a@b/users.db", "sqlite:///a@b/users.db", false),
            (
                "postgres://app:s3cret@db.example.com:5432/accounts?sslmode=verify-full",
                "postgres://app@db.example.com:5432/accounts",
                true,
            ),
            (
                "postgresql:///accounts?host=/run/postgresql&password=s3cret",
                "postgresql:///accounts",
                true,
            ),
            (
                "mysql://app:pass/with@slash@db/accounts",
                "mysql://app@db/accounts",
                true,
            ),
            (
                "mariadb://app@db/accounts",
                "mariadb://app@db/accounts",
                false,
            ),
            (
                "postgres://app:s3cret?s3cret@db/accounts",
                "postgres://app@…",
                false,
            ),
            (
                "postgres://app:s3@s3cret?s3cret@db/accounts",
                "postgres://app@…",
                false,
            ),
        ] {
            let address = SqlAddress::parse(url).unwrap();
            assert_eq!(address.to_string(), name);
            assert_eq!(address.has_password(), has_password, "{url}");
            assert!(!format!("{address:?}").contains("s3cret"));
        }
        assert!(SqlAddress::parse("ldap://db/accounts").is_none());
        assert!(SqlAddress::parse("users.db").is_none());
    }

    #[test]
    fn an_identifier_cannot_leave_its_quotes() {
        let name = "a\"b`c";
        assert_eq!(DatabaseKind::Postgres.quoted(name), "\"a\"\"b`c\"");
        assert_eq!(DatabaseKind::Mysql.quoted(name), "`a\"b``c`");
    }

    #[test]
    fn a_path_of_a_file_is_no_url() {
        let path = Path::new("a%20b?c.db");
        assert_eq!(SqlAddress::of_sqlite_file(path).file().unwrap(), path);
    }
}
