//! [`SqlOptions`]: which table of a database, and how processes share it. [`DatabasePassword`]: that of its user.

use std::io::{self, IsTerminal};
use std::time::Duration;

use clap::Args;

use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::store_options::StoreOptions;
use crate::cli::terminal::{Input, note};
use crate::keystore::Alias;
use crate::migrate::{Beginning, Preset, Sharing, SqlAddress, SqlStore, SqlTable};

#[derive(Args)]
#[command(next_help_heading = "Databases")]
pub(super) struct SqlOptions {
    /// The product whose table it is: keycloak, wso2 or spring
    #[arg(long, value_name = "PRODUCT")]
    preset: Option<Preset>,

    /// The table, or SCHEMA.TABLE
    #[arg(long, value_name = "TABLE")]
    table: Option<String>,

    /// The column that tells rows apart [default: the primary key]
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,

    /// The column of the user's name [default: username, or that of --id]
    #[arg(long, value_name = "COLUMN")]
    user: Option<String>,

    /// The column of the stored password [default: password]
    #[arg(long, value_name = "COLUMN")]
    password: Option<String>,

    /// Keycloak's realm by name, or WSO2's tenant by number
    #[arg(long, value_name = "REALM", allow_hyphen_values = true)]
    realm: Option<String>,

    /// WSO2: PasswordDigest of the user store, with Hash.Algorithm.Properties behind PBKDF2 [default: SHA-256]
    #[arg(long, value_name = "DIGEST")]
    password_digest: Option<String>,

    #[command(flatten)]
    database_password: DatabasePassword,
}

/// How processes share the work on a PostgreSQL table.
#[derive(Args)]
#[command(next_help_heading = "Many machines (PostgreSQL)")]
pub(super) struct SharingOptions {
    /// Share the work with nobody, and create no table of leases
    #[arg(long, conflicts_with_all = ["lease_table", "lease", "new_job"])]
    alone: bool,

    /// Begin anew instead of going on with a job that others have begun: its parts are forgotten. For one process alone
    #[arg(long)]
    new_job: bool,

    #[command(flatten)]
    leases: LeaseOptions,

    /// A process that is silent for so long loses its part to another one [default: 60]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(2..))]
    lease: Option<u16>,
}

#[derive(Args)]
pub(super) struct LeaseOptions {
    /// The table of leases; it is created [default: keyward_lease]
    #[arg(long, value_name = "TABLE")]
    lease_table: Option<String>,
}

impl LeaseOptions {
    /// The name of the table.
    pub(super) fn table(&self) -> &str {
        self.lease_table.as_deref().unwrap_or(Sharing::TABLE)
    }
}

/// The password of the database's user, where it is neither in the URL nor in PGPASSWORD, PGPASSFILE or MYSQL_PWD.
#[derive(Args)]
pub(super) struct DatabasePassword {
    /// The entry of the keystore that holds the password of the database's user
    #[arg(long, value_name = "ALIAS")]
    db_password_alias: Option<String>,
}

impl SqlOptions {
    /// Whose table it is.
    pub(super) fn preset(&self) -> Option<Preset> {
        self.preset
    }

    /// Whether an option names the password of the database's user.
    pub(super) fn names_password(&self) -> bool {
        self.database_password.is_named()
    }

    /// Whether one of them is on the command line.
    pub(super) fn is_given(&self) -> bool {
        let texts = [
            &self.table,
            &self.id,
            &self.user,
            &self.password,
            &self.realm,
            &self.password_digest,
        ];
        self.preset.is_some() || self.names_password() || texts.into_iter().any(Option::is_some)
    }

    /// An option that would have no effect is one that was meant otherwise.
    fn refuse_options_of_others(&self) -> Result<(), Failure> {
        let preset = self.preset;
        let has_own_columns = matches!(preset, Some(Preset::Keycloak | Preset::Wso2));
        if let (true, Some(preset)) = (has_own_columns, preset)
            && [&self.id, &self.user, &self.password]
                .into_iter()
                .any(Option::is_some)
        {
            return Err(Failure::usage(format!(
                "--preset {preset} knows its columns: leave --id, --user and --password out, or the preset"
            )));
        }
        if !has_own_columns && self.realm.is_some() {
            return Err(Failure::usage(
                "--realm goes with --preset keycloak or wso2: leave it out, or add the preset",
            ));
        }
        if preset != Some(Preset::Wso2) && self.password_digest.is_some() {
            return Err(Failure::usage(
                "--password-digest goes with --preset wso2: leave it out, or add the preset",
            ));
        }
        Ok(())
    }

    pub(super) fn open(
        &self,
        address: SqlAddress,
        keystore: &StoreOptions,
    ) -> Result<SqlStore, Failure> {
        self.refuse_options_of_others()?;
        let password = self.database_password.read(&address, keystore)?;
        let table = SqlTable {
            preset: self.preset,
            table: self.table.clone(),
            id: self.id.clone(),
            user: self.user.clone(),
            password: self.password.clone(),
            realm: self.realm.clone(),
            password_digest: self.password_digest.clone(),
        };
        Ok(SqlStore::open(address, password.as_ref(), &table)?)
    }
}

impl SharingOptions {
    /// Whether one of them is on the command line.
    pub(super) fn is_given(&self) -> bool {
        let has_lease = self.lease.is_some() || self.leases.lease_table.is_some();
        self.alone || self.new_job || has_lease
    }

    /// How the work is shared; none if it is not to be.
    pub(super) fn sharing(&self, task: String) -> Option<Sharing> {
        let lease = self.lease.map(|lease| Duration::from_secs(lease.into()));
        (!self.alone).then(|| Sharing {
            table: self.leases.table().to_owned(),
            task,
            lease: lease.unwrap_or(Sharing::LEASE),
            beginning: if self.new_job {
                Beginning::Anew
            } else {
                Beginning::GoOn
            },
        })
    }
}

impl DatabasePassword {
    /// Whether an entry of a keystore is named.
    pub(super) fn is_named(&self) -> bool {
        self.db_password_alias.is_some()
    }

    pub(super) fn read(
        &self,
        address: &SqlAddress,
        keystore: &StoreOptions,
    ) -> Result<Option<Secret>, Failure> {
        if address.has_password() && io::stderr().is_terminal() {
            note(
                "warning: other users can see a password on the command line; --db-password-alias ALIAS with -keystore FILE, \
                 or PGPASSFILE, keeps it to yourself",
            );
        }
        let Some(alias) = &self.db_password_alias else {
            return Ok(None);
        };
        let expected = [Alias::new(alias)];
        let opened = keystore.open_expecting(&expected, &mut Input::standard())?;
        let found = opened.store.secret_key(&expected[0], &opened.password);
        Ok(Some(found.map_err(|error| opened.failure(error))?.secret))
    }
}
