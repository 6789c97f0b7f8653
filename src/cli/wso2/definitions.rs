//! `-D NAME=VALUE`: what a server is started with.

use clap::Args;

use crate::userstore::StartOptions;

#[derive(Args)]
pub(super) struct Definitions {
    /// A system property that the server is started with, for $sys{…} in its configuration
    #[arg(short = 'D', value_name = "NAME=VALUE", value_parser = definition)]
    definitions: Vec<(String, String)>,
}

impl Definitions {
    /// What the server is started with.
    pub(super) fn start_options(&self) -> StartOptions {
        StartOptions {
            system_properties: self.definitions.iter().cloned().collect(),
        }
    }
}

fn definition(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write -DNAME=VALUE".to_owned()),
    }
}
