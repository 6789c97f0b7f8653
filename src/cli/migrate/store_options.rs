//! [`StoreOptions`]: which credential store, and what its values are moved to.

use std::path::{Path, PathBuf};

use clap::Args;

use super::ldap_options::LdapOptions;
use super::sql_options::SqlOptions;
use crate::cli::failure::Failure;
use crate::cli::password::{DialectOption, DirectoryOptions, PepperSource};
use crate::cli::terminal::Input;
use crate::document::RowFormat;
use crate::migrate::{
    CredentialStore, DatabaseKind, JoinedJob, KeycloakExport, LdapAddress, Migration, Moved,
    Preset, SharedJob, Sharing, SqlAddress, SqlStore, Task, UserFile,
};
use crate::password::{Conventions, Dialect, Wrapping};

#[derive(Args)]
#[group(skip)]
pub(super) struct StoreOptions {
    /// A file: LDIF with userPassword, CSV with the columns username and password, or JSON lines with these members; or a
    /// realm export of Keycloak: a .json file, or a folder; or entries of a directory: ldaps://HOST/BASE?ATTRIBUTE?SCOPE?FILTER;
    /// or a table: sqlite:FILE, postgres://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE
    #[arg(value_name = "STORE")]
    store: String,

    /// The file's format: ldif, csv or jsonl [default: what its ending tells]
    #[arg(long, value_name = "FORMAT")]
    format: Option<RowFormat>,

    /// The new function: argon2id, bcrypt, scrypt, pbkdf2-sha256 or pbkdf2-sha512 [default: the first of
    /// these that the server knows]
    #[arg(long, value_name = "NAME")]
    to: Option<String>,

    /// Iterations (PBKDF2), logarithm (bcrypt, scrypt) or passes (Argon2) [default: OWASP's figure]
    #[arg(long, value_name = "NUMBER")]
    cost: Option<u32>,

    #[command(flatten)]
    dialect: DialectOption,

    #[command(flatten)]
    directory: DirectoryOptions,

    #[command(flatten)]
    pepper: PepperSource,

    #[command(flatten)]
    ldap: LdapOptions,

    // Behind the others: they would stand under its heading.
    #[command(flatten)]
    sql: SqlOptions,
}

/// A store, and the dialect of its values.
type Opened = (Kept, Option<Dialect>);

/// A store that is there, and what its values are moved to.
pub(super) struct OpenedStore {
    store: Kept,
    /// What is to be looked at where no stored password is in it.
    no_value: &'static str,
    conventions: Conventions,
    wrapping: Wrapping,
    /// Of the new function, where it is not the usual one.
    cost: Option<u32>,
}

/// What a store is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Look,
    Change,
}

/// Where a store is.
enum Location {
    Directory(LdapAddress),
    Database(SqlAddress),
    File,
}

impl Location {
    /// What is to be looked at where no stored password is there.
    fn no_value(&self) -> &'static str {
        match self {
            Self::Directory(_) => {
                "Check base and filter of the URL, and that the bind DN may read the attribute"
            }
            Self::Database(_) => {
                "Check --table, --password and --realm: rows without a password do not count"
            }
            Self::File => {
                "Is it the right one? An LDIF entry has userPassword; a CSV record or JSON line has password or stored"
            }
        }
    }
}

enum Kept {
    Table(Box<SqlStore>),
    Shared(Box<SharedJob>),
    Elsewhere(Box<dyn CredentialStore>),
}

impl StoreOptions {
    /// The store, to be looked at.
    pub(super) fn open(self) -> Result<OpenedStore, Failure> {
        self.open_for(Purpose::Look, None)
    }

    /// The store, to be changed; a file's changed copy goes to `output`.
    pub(super) fn open_to_change(self, output: Option<PathBuf>) -> Result<OpenedStore, Failure> {
        self.open_for(Purpose::Change, output)
    }

    fn open_for(self, purpose: Purpose, output: Option<PathBuf>) -> Result<OpenedStore, Failure> {
        let dialect = self.dialect.dialect;
        let location = self.location()?;
        self.refuse_options_of_others(&location)?;
        let no_value = location.no_value();
        let (store, dialect) = match location {
            Location::Directory(_) | Location::Database(_) if output.is_some() => {
                return Err(Failure::usage(
                    "a directory or a database is changed where it is: leave -o out",
                ));
            }
            Location::Directory(address) => self.entries(address, dialect)?,
            Location::Database(_) if self.names_keystore_alone() => {
                return Err(Failure::usage(
                    "which entry of the keystore? Add --db-password-alias ALIAS for the password of the database's user, or --pepper ALIAS",
                ));
            }
            Location::Database(address) => {
                let table = self.sql.open(address, self.pepper.keystore())?;
                let of_preset = self.sql.preset().map(Preset::dialect);
                (Kept::Table(Box::new(table)), dialect.or(of_preset))
            }
            Location::File => self.file(purpose, output, dialect)?,
        };
        let mut conventions = self.directory.conventions(dialect)?;
        let best = Wrapping::names_in(dialect).first().copied();
        let to = self.to.as_deref().or(best).unwrap_or_default();
        let mut wrapping = Wrapping::in_dialect(to, self.cost, dialect)?;
        if self.pepper.is_named() || !self.sql.names_password() {
            conventions.layer_key = self.pepper.read(&mut Input::standard())?;
        }
        if let Some(pepper) = &conventions.layer_key {
            if dialect == Some(Dialect::Keycloak) {
                return Err(Failure::usage(
                    "Keycloak's provider has no pepper, so that it could not verify such rows. Leave --pepper out",
                ));
            }
            wrapping = wrapping.under(pepper);
        }
        Ok(OpenedStore {
            store,
            no_value,
            conventions,
            wrapping,
            cost: self.cost,
        })
    }

    fn location(&self) -> Result<Location, Failure> {
        if let Some(address) = LdapAddress::parse(&self.store) {
            let address = address.map_err(|error| Failure::usage(error.to_string()))?;
            return Ok(Location::Directory(address));
        }
        if let Some(address) = SqlAddress::parse(&self.store) {
            return Ok(Location::Database(address));
        }
        // Behind a scheme that is only mistyped there may be a password.
        if self.store.contains("://") {
            return Err(Failure::usage(
                "STORE is a URL, and its scheme is none of ldap:, ldaps:, ldapi:, sqlite:, postgres: and mysql:. Check how it is spelt",
            ));
        }
        Ok(Location::File)
    }

    /// An option that would have no effect is one that was meant otherwise.
    fn refuse_options_of_others(&self, location: &Location) -> Result<(), Failure> {
        let is_file = matches!(location, Location::File);
        let is_directory = matches!(location, Location::Directory(_));
        let is_database = matches!(location, Location::Database(_));
        if !is_file && self.format.is_some() {
            return Err(Failure::usage(
                "--format is that of a file: leave it out, or name the file",
            ));
        }
        if !is_directory && self.ldap.is_given() {
            return Err(Failure::usage(
                "--bind-dn, its password and --user-attribute are of a directory: leave them out, or name the directory: ldaps://HOST/BASE",
            ));
        }
        if !is_database && self.sql.is_given() {
            return Err(Failure::usage(
                "--preset, --table, its columns and --db-password-alias are of a database: leave them out, or name the database: \
                 postgres://USER@HOST/DATABASE",
            ));
        }
        Ok(())
    }

    /// Whether a keystore is named, and no entry of it.
    fn names_keystore_alone(&self) -> bool {
        self.pepper.keystore().names_keystore()
            && !self.pepper.is_named()
            && !self.sql.names_password()
    }

    /// A directory takes values that it does not know for passwords: before an LDIF file is changed it has to be known whose it is.
    fn file(
        &self,
        purpose: Purpose,
        output: Option<PathBuf>,
        dialect: Option<Dialect>,
    ) -> Result<Opened, Failure> {
        let path = Path::new(&self.store);
        if self.format.is_none() && KeycloakExport::is_at(path) {
            let export = KeycloakExport::open(path, output)?;
            let export = Kept::Elsewhere(Box::new(export));
            return Ok((export, dialect.or(Some(Dialect::Keycloak))));
        }
        let file = UserFile::open(path, self.format, output)?;
        if purpose == Purpose::Change && dialect.is_none() && file.format() == RowFormat::Ldif {
            return Err(unknown_server());
        }
        Ok((Kept::Elsewhere(Box::new(file)), dialect))
    }

    /// A directory takes values that it does not know for passwords, so that it has to be known whose it is.
    fn entries(&self, address: LdapAddress, dialect: Option<Dialect>) -> Result<Opened, Failure> {
        if dialect.is_none() {
            return Err(unknown_server());
        }
        let entries = Kept::Elsewhere(Box::new(self.ldap.open(address)?));
        Ok((entries, dialect))
    }
}

fn unknown_server() -> Failure {
    Failure::usage(
        "whose directory is it? It takes a value that it does not know for the password itself: add --dialect openldap, opendj or 389ds",
    )
}

impl OpenedStore {
    pub(super) fn migration(&self) -> Migration<'_> {
        let store: &dyn CredentialStore = match &self.store {
            Kept::Table(store) => store.as_ref(),
            Kept::Shared(store) => store.as_ref(),
            Kept::Elsewhere(store) => store.as_ref(),
        };
        Migration {
            store,
            conventions: &self.conventions,
            wrapping: &self.wrapping,
        }
    }

    /// What is done with the values. Who works with other settings does other work, so that all that count are in it.
    pub(super) fn words(&self, task: Task) -> String {
        let verb = match task {
            Task::Wrap => "wrap in",
            Task::Convert => "hash with",
        };
        let cost = self.cost.map(|cost| format!("cost {cost}"));
        let dialect = self.conventions.dialect;
        let dialect = dialect.map(|dialect| format!("dialect {}", dialect.name()));
        let pepper = self.conventions.layer_key.as_ref();
        let pepper = pepper.map(|pepper| format!("pepper {}", pepper.alias()));
        let function = format!("{verb} {}", self.wrapping.name());
        let settings = [Some(function), cost, dialect, pepper];
        settings
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// Whether other processes may work on the same store at the same time, each on its part.
    pub(super) fn can_be_shared(&self) -> bool {
        matches!(&self.store, Kept::Table(store) if store.kind() == DatabaseKind::Postgres)
    }

    /// Joins those that work on it already.
    pub(super) fn share(mut self, sharing: &Sharing) -> Result<Self, Failure> {
        self.store = match self.store {
            Kept::Table(store) => Kept::Shared(Box::new(store.share(sharing)?)),
            other => other,
        };
        Ok(self)
    }

    /// Whether other processes have done all that there was.
    pub(super) fn is_done_by_others(&self, done: &Moved) -> Result<bool, Failure> {
        match &self.store {
            Kept::Shared(job) if done.census.all() == 0 => Ok(job.has_rows()?),
            _ => Ok(false),
        }
    }

    /// What is to be looked at where no stored password is in it.
    pub(super) fn no_value(&self) -> &'static str {
        self.no_value
    }

    /// The number of the job that others have begun and this process goes on with, and since when.
    pub(super) fn joined(&self) -> Option<&JoinedJob> {
        match &self.store {
            Kept::Shared(job) => job.joined(),
            Kept::Table(_) | Kept::Elsewhere(_) => None,
        }
    }
}
