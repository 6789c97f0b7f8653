//! [`DialectOption`]: whose conventions a stored value follows.

use clap::Args;

use crate::password::Dialect;

#[derive(Args)]
pub(in crate::cli) struct DialectOption {
    /// Whose conventions apply: opendj, openldap, 389ds, ibm, aix, keycloak, spring, django, passlib, crypt or phc [default: any]
    #[arg(long, value_name = "DIALECT")]
    pub(in crate::cli) dialect: Option<Dialect>,
}
