//! `keyward migrate end`: ends a just-in-time migration once few enough users are left.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::SystemTime;

use clap::Args;

use super::report;
use crate::cli::failure::Failure;
use crate::document::MigrationServiceSettings;
use crate::migrate::mark_ended;
use crate::service::rfc3339;

/// End a just-in-time migration: no legacy source is asked any more
#[derive(Args)]
#[command(
    after_help = "It writes ended=\"…\" into CONFIG, and nothing else there changes; a running service takes it up at SIGHUP. To go back, delete \
                  the attribute.\n\
                  Exit code: 1 if more users are left than allowed; nothing is changed then."
)]
pub(in crate::cli::migrate) struct End {
    /// The `<migration-service>` document
    #[arg(value_name = "CONFIG")]
    configuration: PathBuf,

    /// End although so many users are left: they need a new password then
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    allow: u64,

    /// End although there is a legacy source whose users cannot be listed
    #[arg(long)]
    unlisted: bool,
}

impl End {
    pub(in crate::cli::migrate) fn run(self) -> Result<(), Failure> {
        let (configuration, settings) = MigrationServiceSettings::load(&self.configuration)?;
        let document = self.configuration.display();
        let mut output = io::stdout().lock();
        if let Some(ended) = &settings.ended {
            writeln!(
                output,
                "{document}: ended at {ended} already; nothing was changed"
            )?;
            return Ok(output.flush()?);
        }
        let found = report::look(configuration, &settings, |_| {})?;
        if found.left > self.allow {
            return Err(Failure::new(format!(
                "{document}: {} have not moved, and --allow is {}. `keyward migrate report {document}` lists them. Wait for their logins, or \
                 allow them and let them choose new passwords. Nothing was changed",
                counted(found.left),
                self.allow
            )));
        }
        if let Some(source) = found.unlisted.first()
            && !self.unlisted
        {
            return Err(Failure::new(format!(
                "{document}: {source}: its users cannot be listed, so that nobody knows how many have not moved. See how seldom it is \
                 still asked in the audit lines, and add --unlisted. Nothing was changed"
            )));
        }
        mark_ended(&self.configuration, &rfc3339(SystemTime::now()))?;
        writeln!(output, "{document}: ended. {} left", counted(found.left))?;
        writeln!(
            output,
            "Send SIGHUP to the running service (systemctl reload), or start it again: it asks the target alone then."
        )?;
        writeln!(
            output,
            "When no client needs it any more, remove the legacy sources and their passwords."
        )?;
        Ok(output.flush()?)
    }
}

fn counted(users: u64) -> String {
    match users {
        1 => "1 user".to_owned(),
        users => format!("{users} users"),
    }
}
