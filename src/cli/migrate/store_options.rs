//! [`StoreOptions`]: which credential store, and what its values are moved to.

use std::path::{Path, PathBuf};

use clap::Args;

use super::ldap_options::LdapOptions;
use crate::cli::failure::Failure;
use crate::cli::password::{DialectOption, DirectoryOptions, PepperSource};
use crate::cli::terminal::Input;
use crate::document::RowFormat;
use crate::migrate::{
    CredentialStore, InvalidLdapUrl, KeycloakExport, LdapAddress, Migration, UserFile,
};
use crate::password::{Conventions, Dialect, Wrapping};

#[derive(Args)]
#[group(skip)]
pub(super) struct StoreOptions {
    /// A file: LDIF with userPassword, CSV with the columns username and password, or JSON lines with these members; or a
    /// realm export of Keycloak: a .json file, or a folder; or entries of a directory: ldaps://HOST/BASE?ATTRIBUTE?SCOPE?FILTER
    #[arg(value_name = "STORE")]
    store: String,

    /// The file's format: ldif, csv or jsonl [default: what its ending tells]
    #[arg(long, value_name = "FORMAT")]
    format: Option<RowFormat>,

    /// The new function: argon2id, bcrypt, scrypt, pbkdf2-sha256 or pbkdf2-sha512
    #[arg(long, value_name = "NAME", default_value = "argon2id")]
    to: String,

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
}

/// A store, and the dialect of its values.
type Opened = (Box<dyn CredentialStore>, Option<Dialect>);

/// A store that is there, and what its values are moved to.
pub(super) struct OpenedStore {
    store: Box<dyn CredentialStore>,
    conventions: Conventions,
    wrapping: Wrapping,
}

impl StoreOptions {
    /// The store; a file's changed copy goes to `output`.
    pub(super) fn open(self, output: Option<PathBuf>) -> Result<OpenedStore, Failure> {
        let dialect = self.dialect.dialect;
        let (store, dialect) = match LdapAddress::parse(&self.store) {
            Some(address) => self.entries(address, dialect)?,
            None => self.file(output, dialect)?,
        };
        let mut conventions = self.directory.conventions(dialect)?;
        let mut wrapping = Wrapping::in_dialect(&self.to, self.cost, dialect)?;
        conventions.layer_key = self.pepper.read(&mut Input::standard())?;
        if let Some(pepper) = &conventions.layer_key {
            wrapping = wrapping.under(pepper);
        }
        Ok(OpenedStore {
            store,
            conventions,
            wrapping,
        })
    }

    fn file(&self, output: Option<PathBuf>, dialect: Option<Dialect>) -> Result<Opened, Failure> {
        let path = Path::new(&self.store);
        if self.format.is_none() && KeycloakExport::is_at(path) {
            let export = KeycloakExport::open(path, output)?;
            return Ok((Box::new(export), dialect.or(Some(Dialect::Keycloak))));
        }
        let file = UserFile::open(path, self.format, output)?;
        Ok((Box::new(file), dialect))
    }

    /// A directory takes values that it does not know for passwords, so that it has to be known whose it is.
    fn entries(
        &self,
        address: Result<LdapAddress, InvalidLdapUrl>,
        dialect: Option<Dialect>,
    ) -> Result<Opened, Failure> {
        let address = address.map_err(|error| Failure::usage(error.to_string()))?;
        if dialect.is_none() {
            return Err(Failure::usage(
                "whose server is it? Add --dialect openldap, opendj or 389ds",
            ));
        }
        Ok((Box::new(self.ldap.open(address)?), dialect))
    }
}

impl OpenedStore {
    pub(super) fn migration(&self) -> Migration<'_> {
        Migration {
            store: self.store.as_ref(),
            conventions: &self.conventions,
            wrapping: &self.wrapping,
        }
    }
}
