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
    CredentialStore, DatabaseKind, InvalidLdapUrl, KeycloakExport, LdapAddress, Migration, Preset,
    SharedJob, Sharing, SqlAddress, SqlStore, UserFile,
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
    conventions: Conventions,
    wrapping: Wrapping,
}

/// What a store is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Look,
    Change,
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
        let ldap = LdapAddress::parse(&self.store);
        let (store, dialect) = match (ldap, SqlAddress::parse(&self.store)) {
            (Some(address), _) => self.entries(address, dialect)?,
            (None, Some(_)) if output.is_some() => {
                return Err(Failure::usage(
                    "a database is changed where it is: leave -o out",
                ));
            }
            (None, Some(_)) if self.names_keystore_alone() => {
                return Err(Failure::usage(
                    "which entry of the keystore? Add --db-password-alias ALIAS for the password of the database's user, or --pepper ALIAS",
                ));
            }
            (None, Some(address)) => {
                let table = self.sql.open(address, self.pepper.keystore())?;
                let of_preset = self.sql.preset().map(Preset::dialect);
                (Kept::Table(Box::new(table)), dialect.or(of_preset))
            }
            (None, None) => self.file(purpose, output, dialect)?,
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
            conventions,
            wrapping,
        })
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
    fn entries(
        &self,
        address: Result<LdapAddress, InvalidLdapUrl>,
        dialect: Option<Dialect>,
    ) -> Result<Opened, Failure> {
        let address = address.map_err(|error| Failure::usage(error.to_string()))?;
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

    pub(super) fn is_shared(&self) -> bool {
        matches!(self.store, Kept::Shared(_))
    }
}
