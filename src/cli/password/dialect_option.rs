//! [`DialectOption`]: whose conventions a stored value follows.

use clap::Args;

use crate::password::Dialect;

#[derive(Args)]
pub(in crate::cli) struct DialectOption {
    #[arg(long, value_name = "DIALECT", help = help())]
    pub(in crate::cli) dialect: Option<Dialect>,
}

fn help() -> String {
    let names = Dialect::ALL.map(Dialect::name).join(", ");
    format!("Whose conventions apply: {names} [default: any]")
}
