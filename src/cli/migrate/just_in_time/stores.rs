//! The target and the legacy stores that a `<migration-service>` names, opened.

use std::path::Path;

use crate::cli::failure::Failure;
use crate::document::{
    ApiSettings, LegacySettings, MigrationServiceSettings, RowFormat, StoreSettings,
};
use crate::migrate::{
    ApiCredentials, ApiIdentity, CredentialStore, LegacySource, LegacyStore, Preset, SqlAddress,
    SqlStore, SqlTable, Target, UserFile, ValidationApi,
};
use crate::password::{Conventions, Dialect, Wrapping};
use crate::secret::Secret;

/// Where new values go.
pub(super) fn target(settings: &MigrationServiceSettings) -> Result<Target, Failure> {
    let target = &settings.target;
    let store = target.store.as_ref();
    let conventions = store.map_or_else(|| Ok(Conventions::default()), conventions)?;
    Ok(Target {
        wrapping: Wrapping::in_dialect(&target.to, target.cost, conventions.dialect)?,
        store: store.map(open).transpose()?,
        conventions,
        pending: target.pending.clone(),
    })
}

/// Who knows the old passwords; `api` makes what asks an API.
pub(super) fn legacy(
    settings: &MigrationServiceSettings,
    mut api: impl FnMut(&ApiSettings) -> ValidationApi,
) -> Result<Vec<Box<dyn LegacySource>>, Failure> {
    let sources = settings.legacy.iter().map(|source| match source {
        LegacySettings::Api(settings) => Ok(Box::new(api(settings)) as Box<dyn LegacySource>),
        LegacySettings::Store(settings) => {
            let conventions = conventions(settings)?;
            let store = open(settings)?;
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

fn conventions(settings: &StoreSettings) -> Result<Conventions, Failure> {
    let dialect = settings.dialect.as_deref();
    let dialect = dialect.map(str::parse::<Dialect>).transpose();
    let of_preset = preset(settings)?.map(Preset::dialect);
    Ok(Conventions::of(
        dialect.map_err(Failure::new)?.or(of_preset),
    ))
}

fn preset(settings: &StoreSettings) -> Result<Option<Preset>, Failure> {
    let preset = settings.preset.as_deref();
    let preset = preset.map(str::parse::<Preset>).transpose();
    preset.map_err(Failure::new)
}

fn open(settings: &StoreSettings) -> Result<Box<dyn CredentialStore>, Failure> {
    if let Some(address) = SqlAddress::parse(&settings.store) {
        let table = SqlTable {
            preset: preset(settings)?,
            table: settings.table.clone(),
            id: settings.id.clone(),
            user: settings.user.clone(),
            password: settings.password.clone(),
            realm: settings.realm.clone(),
            password_digest: None,
        };
        return Ok(Box::new(SqlStore::open(address, None, &table)?));
    }
    let format = settings.format.as_deref();
    let format = format.map(str::parse::<RowFormat>).transpose();
    let format = format.map_err(Failure::new)?;
    let path = Path::new(&settings.store);
    Ok(Box::new(UserFile::open(path, format, None)?))
}
