//! `keyward migrate report`: which share of the users has moved, and who has not.

use std::cell::{Cell, OnceCell};
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::stores;
use crate::cli::failure::Failure;
use crate::cli::terminal::visible;
use crate::document::{Configuration, MigrationServiceSettings};
use crate::migrate::MigrationReport;
use crate::service::SecretService;

/// How many names a table lists.
const NAMES: usize = 20;

/// Say which share of the users of a migration service has moved, and who has not
#[derive(Args)]
#[command(
    after_help = "A user has moved when the target's value is in the new function. Wrapped values are out of the old function; they move at \
                  the next login. No password fits a locked one, such as !. Who is left needs the legacy source, or a new password when it ends: see keyward migrate end."
)]
pub(in crate::cli::migrate) struct Report {
    /// The `<migration-service>` document
    #[arg(value_name = "CONFIG")]
    configuration: PathBuf,

    /// List at most so many who have not moved [default: 20, or all with --json]
    #[arg(long, value_name = "NUMBER")]
    names: Option<usize>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Told<'a> {
    users: u64,
    moved: u64,
    wrapped: u64,
    /// No password fits the target's value.
    locked: u64,
    left: u64,
    /// Of all users, in percent with one digit behind the point.
    moved_percent: f64,
    unlisted: &'a [String],
    ended: Option<&'a str>,
    left_users: &'a [String],
}

impl Report {
    pub(in crate::cli::migrate) fn run(self) -> Result<(), Failure> {
        let (configuration, settings) = MigrationServiceSettings::load(&self.configuration)?;
        let most = self
            .names
            .unwrap_or(if self.json { usize::MAX } else { NAMES });
        let mut names = Vec::new();
        let report = look(configuration, &settings, |user| {
            if names.len() < most {
                names.push(user.to_owned());
            }
        })?;
        let mut output = io::stdout().lock();
        if self.json {
            let told = Told {
                users: report.users,
                moved: report.moved,
                wrapped: report.wrapped,
                locked: report.locked,
                left: report.left,
                moved_percent: f64::from(tenths(&report)) / 10.0,
                unlisted: &report.unlisted,
                ended: settings.ended.as_deref(),
                left_users: &names,
            };
            serde_json::to_writer(&mut output, &told).map_err(io::Error::from)?;
            writeln!(output)?;
        } else {
            write_table(&mut output, &settings, &report, &names)?;
        }
        Ok(output.flush()?)
    }
}

/// Looks at every user. The keystores are opened where a store's password is in one.
pub(super) fn look(
    configuration: Configuration,
    settings: &MigrationServiceSettings,
    each_left: impl FnMut(&str),
) -> Result<MigrationReport, Failure> {
    let configuration = Cell::new(Some(configuration));
    let service = OnceCell::new();
    let password = |alias: &str| {
        if let Some(configuration) = configuration.take() {
            let _ = service.set(SecretService::start(configuration)?);
        }
        let service = service.get();
        let closed = || Failure::new("the keystores cannot be opened. See the message before");
        stores::secret_of(service.ok_or_else(closed)?, alias)
    };
    let target = stores::target(settings, None, &password)?;
    let legacy = stores::legacy(settings, None, &password, stores::unasked)?;
    Ok(MigrationReport::of(&target, &legacy, each_left)?)
}

fn write_table(
    output: &mut impl Write,
    settings: &MigrationServiceSettings,
    report: &MigrationReport,
    names: &[String],
) -> io::Result<()> {
    let tenths = tenths(report);
    writeln!(
        output,
        "{} users, {}.{} % of them moved",
        report.users,
        tenths / 10,
        tenths % 10
    )?;
    let counts = [
        ("moved", report.moved),
        ("wrapped", report.wrapped),
        ("locked", report.locked),
        ("left", report.left),
    ];
    for (word, count) in counts {
        if word == "locked" && count == 0 {
            continue;
        }
        writeln!(output, "{count:>8} {word}")?;
    }
    for name in names {
        writeln!(output, "left: {}", visible(name))?;
    }
    let unnamed = report.left - names.len() as u64;
    if unnamed > 0 {
        writeln!(output, "and {unnamed} more: see --names")?;
    }
    for source in &report.unlisted {
        writeln!(
            output,
            "{source}: its users cannot be listed; who has not moved is known of the others alone"
        )?;
    }
    if settings.target.store.is_none() {
        writeln!(
            output,
            "no target store: the platform that asks stores the passwords, and knows who has moved"
        )?;
    }
    if let Some(ended) = &settings.ended {
        writeln!(output, "ended at {ended}: no legacy source is asked")?;
    }
    Ok(())
}

/// A tenth of a percent each; at most 1000.
fn tenths(report: &MigrationReport) -> u32 {
    let tenths = (report.moved * 1000).checked_div(report.users);
    u32::try_from(tenths.unwrap_or_default()).unwrap_or(1000)
}
