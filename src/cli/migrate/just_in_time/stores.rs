//! The target and the legacy stores that a `<migration-service>` names, opened.

use std::path::Path;
use std::time::Duration;

use crate::cli::failure::Failure;
use crate::document::{
    ApiSettings, LegacySettings, MigrationServiceSettings, RowFormat, StoreSettings,
};
use crate::migrate::{
    ApiCredentials, ApiIdentity, CredentialStore, KeycloakExport, LdapAddress, LdapBind, LdapStore,
    LegacySource, LegacyStore, Preset, SqlAddress, SqlStore, SqlTable, Target, UserFile,
    ValidationApi,
};
use crate::password::{Conventions, Dialect, LayerKey, Wrapping};
use crate::secret::Secret;
use crate::service::SecretService;

/// What the keystores have under an alias.
pub(super) type Passwords<'p> = &'p dyn Fn(&str) -> Result<Secret, Failure>;

/// What the keystores of `service` have under an alias.
pub(super) fn secret_of(service: &SecretService, alias: &str) -> Result<Secret, Failure> {
    let served = service.get(alias).map_err(Failure::new)?;
    Ok(Secret::copied_from(served.secret.expose_bytes()))
}

/// Where new values go. A server is waited for as long as `patience`.
pub(super) fn target(
    settings: &MigrationServiceSettings,
    patience: Option<Duration>,
    password: Passwords<'_>,
) -> Result<Target, Failure> {
    let target = &settings.target;
    let opened = target.store.as_ref();
    let opened = opened
        .map(|store| open(store, patience, password))
        .transpose()?;
    let (store, conventions) = opened.map_or((None, Conventions::default()), |opened| {
        (Some(opened.0), opened.1)
    });
    let mut wrapping = Wrapping::in_dialect(&target.to, target.cost, conventions.dialect)?;
    if let Some(pepper) = &conventions.layer_key {
        if conventions.dialect == Some(Dialect::Keycloak) {
            return Err(Failure::new(
                "<target>: Keycloak's provider has no pepper, so that it could not verify new values. Delete pepperAlias",
            ));
        }
        wrapping = wrapping.under(pepper);
    }
    Ok(Target {
        wrapping,
        conventions,
        store,
        pending: target.pending.clone(),
    })
}

/// Who knows the old passwords; `api` makes what asks an API.
pub(super) fn legacy(
    settings: &MigrationServiceSettings,
    patience: Option<Duration>,
    password: Passwords<'_>,
    mut api: impl FnMut(&ApiSettings) -> ValidationApi,
) -> Result<Vec<Box<dyn LegacySource>>, Failure> {
    let sources = settings.legacy.iter().map(|source| match source {
        LegacySettings::Api(settings) => Ok(Box::new(api(settings)) as Box<dyn LegacySource>),
        LegacySettings::Store(settings) => {
            let (store, conventions) = open(settings, patience, password)?;
            Ok(Box::new(LegacyStore { store, conventions }) as Box<dyn LegacySource>)
        }
    });
    sources.collect()
}

/// An API that is not asked: a report names it alone.
pub(super) fn unasked(settings: &ApiSettings) -> ValidationApi {
    ValidationApi::new(settings.clone(), Box::new(NoCredentials))
}

struct NoCredentials;

impl ApiCredentials for NoCredentials {
    fn revision(&self) -> u64 {
        0
    }

    fn token(&self) -> Result<Option<Secret>, String> {
        Ok(None)
    }

    fn identity(&self) -> Result<Option<ApiIdentity>, String> {
        Ok(None)
    }

    fn authorities(&self) -> Result<Option<Vec<Vec<u8>>>, String> {
        Ok(None)
    }
}

/// A store, and the dialect of its values.
type Opened = (Box<dyn CredentialStore>, Option<Dialect>);

/// Opens the store, and tells how its values are read; `password` gives what the keystores have under an alias.
fn open(
    settings: &StoreSettings,
    patience: Option<Duration>,
    password: Passwords<'_>,
) -> Result<(Box<dyn CredentialStore>, Conventions), Failure> {
    let (store, dialect) = open_store(settings, patience, password)?;
    let mut conventions = Conventions::of(dialect);
    if let Some(alias) = &settings.pepper_alias {
        conventions.layer_key = Some(LayerKey::new(alias, password(alias)?));
    }
    Ok((store, conventions))
}

fn open_store(
    settings: &StoreSettings,
    patience: Option<Duration>,
    password: Passwords<'_>,
) -> Result<Opened, Failure> {
    let dialect = settings.dialect.as_deref();
    let dialect = dialect.map(str::parse::<Dialect>).transpose();
    let dialect = dialect.map_err(Failure::new)?;
    if let Some(address) = SqlAddress::parse(&settings.store) {
        let (store, dialect) = table(address, settings, dialect, password)?;
        return Ok(match patience {
            Some(patience) => (Box::new(store.with_patience(patience)), dialect),
            None => (Box::new(store), dialect),
        });
    }
    match LdapAddress::parse(&settings.store) {
        Some(Ok(address)) => {
            let store = entries(address, settings, dialect, password)?;
            Ok(match patience {
                Some(patience) => (Box::new(store.with_patience(patience)), dialect),
                None => (Box::new(store), dialect),
            })
        }
        Some(Err(error)) => Err(Failure::new(error)),
        None => file(settings, dialect),
    }
}

fn table(
    address: SqlAddress,
    settings: &StoreSettings,
    dialect: Option<Dialect>,
    password: Passwords<'_>,
) -> Result<(SqlStore, Option<Dialect>), Failure> {
    let preset = settings.preset.as_deref();
    let preset = preset.map(str::parse::<Preset>).transpose();
    let preset = preset.map_err(Failure::new)?;
    let table = SqlTable {
        preset,
        table: settings.table.clone(),
        id: settings.id.clone(),
        user: settings.user.clone(),
        password: settings.password.clone(),
        realm: settings.realm.clone(),
        password_digest: settings.password_digest.clone(),
    };
    let alias = settings.password_alias.as_deref();
    let password = alias.map(password).transpose()?;
    let store = SqlStore::open(address, password.as_ref(), &table)?;
    Ok((store, dialect.or(preset.map(Preset::dialect))))
}

fn file(settings: &StoreSettings, dialect: Option<Dialect>) -> Result<Opened, Failure> {
    let path = Path::new(&settings.store);
    if settings.format.is_none() && KeycloakExport::is_at(path) {
        let export = KeycloakExport::open(path, None)?;
        let export = match &settings.realm {
            Some(realm) => export.of_realm(realm),
            None => export,
        };
        return Ok((Box::new(export), dialect.or(Some(Dialect::Keycloak))));
    }
    if settings.realm.is_some() {
        return Err(Failure::new(format!(
            "{}: realm has no meaning for a file that is no realm export of Keycloak. Delete it",
            settings.store
        )));
    }
    let format = settings.format.as_deref();
    let format = format.map(str::parse::<RowFormat>).transpose();
    let file = UserFile::open(path, format.map_err(Failure::new)?, None)?;
    Ok((Box::new(file), dialect))
}

/// A directory takes values that it does not know for passwords, so that it has to be known whose it is.
fn entries(
    address: LdapAddress,
    settings: &StoreSettings,
    dialect: Option<Dialect>,
    password: Passwords<'_>,
) -> Result<LdapStore, Failure> {
    let store = &settings.store;
    if dialect.is_none() {
        return Err(Failure::new(format!(
            "{store}: whose server is it? Add dialect=\"openldap\", opendj or 389ds"
        )));
    }
    let bind = match (&settings.bind_dn, &settings.password_alias) {
        (Some(dn), Some(alias)) => Some(LdapBind {
            dn: dn.clone(),
            password: password(alias)?,
        }),
        (None, None) => None,
        _ => {
            return Err(Failure::new(format!(
                "{store}: a DN has a password. Write both bindDn and passwordAlias"
            )));
        }
    };
    let user = settings.user.as_deref().unwrap_or("uid");
    Ok(LdapStore::open(address, bind, user)?)
}
