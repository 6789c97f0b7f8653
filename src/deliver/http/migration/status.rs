//! `GET /v1/status` of a migration service. The field names are stable.

use std::collections::BTreeMap;

use hyper::StatusCode;
use serde::Serialize;

use super::endpoints::MigrationEndpoints;
use crate::deliver::http::reply::{self, Reply};
use crate::deliver::http::tls::TlsStatus;
use crate::service::ServiceStatus;

#[derive(Serialize)]
struct Status {
    #[serde(flatten)]
    service: ServiceStatus,
    https: Vec<TlsStatus>,
    migration: MigrationStatus,
}

/// How the migration stands, as far as this run of the service has seen it.
#[derive(Serialize)]
struct MigrationStatus {
    target: Option<String>,
    /// In the order in which they are asked; none once the migration has ended.
    legacy: Vec<String>,
    has_ended: bool,
    /// Logins by outcome, since the start.
    logins: BTreeMap<&'static str, u64>,
    under_way: usize,
    most_under_way: usize,
}

pub(super) fn reply(endpoints: &MigrationEndpoints) -> Reply {
    let hall = &endpoints.hall;
    let just_in_time = &endpoints.just_in_time;
    let status = Status {
        service: hall.service.status(),
        https: hall.tls.iter().map(|identity| identity.status()).collect(),
        migration: MigrationStatus {
            target: just_in_time.target_name(),
            legacy: just_in_time.legacy_names(),
            has_ended: just_in_time.has_ended(),
            logins: endpoints.counters.by_outcome(),
            under_way: endpoints.under_way(),
            most_under_way: endpoints.waiting,
        },
    };
    reply::json(StatusCode::OK, &status)
}
