//! `keyward audit`: grades keystores.

mod examination;
mod expiry;
mod finding;
mod grade;
mod key_check;
mod report;
mod weakness;

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::Args;

use super::failure::Failure;
use super::store_password::StorePassword;
use super::terminal::Input;
use examination::{Examination, Keys, Scope};
use grade::{Concern, EXPLANATION};
use report::{AuditedKeystore, write_text};

const A_DAY: Duration = Duration::from_hours(24);

/// Grade keystores: algorithms, iteration counts, unreadable entries, certificates near expiry
#[derive(Args)]
#[command(
    after_help = "--help tells the rules of the grade.\n\
                  Example: keyward audit keystores/*.p12 -storepass:env KEY_PASS --fail-on weak,expired",
    after_long_help = format!(
        "{EXPLANATION}\n\
         Example: keyward audit keystores/*.p12 -storepass:env KEY_PASS --fail-on weak,expired"
    )
)]
pub(super) struct Audit {
    /// The keystores, all under one password
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// How many days before its end a certificate is reported
    #[arg(long, value_name = "N", default_value_t = 30)]
    days: u32,

    /// Exit code 1 where there is such a finding
    #[arg(long, value_name = "CONCERN", value_delimiter = ',')]
    fail_on: Vec<Concern>,

    /// Decrypt no key: empty secrets are then not found
    #[arg(long)]
    quick: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    password: StorePassword,
}

impl Audit {
    pub(super) fn run(self) -> Result<(), Failure> {
        let password = self.password.read(&mut Input::standard())?;
        let scope = Scope {
            now: SystemTime::now(),
            notice: A_DAY.saturating_mul(self.days),
            keys: if self.quick {
                Keys::Closed
            } else {
                Keys::Decrypted
            },
        };
        let examinations: Vec<_> = self
            .files
            .iter()
            .map(|path| {
                Examination::of_file(path, &password, &scope).map_err(|error| (path, error))
            })
            .collect();
        let mut output = io::stdout().lock();
        if self.json {
            let keystores: Vec<AuditedKeystore<'_>> = examinations
                .iter()
                .map(|examined| match examined {
                    Ok(examination) => AuditedKeystore::of(examination),
                    Err((path, error)) => AuditedKeystore::unreadable(path, error.to_string()),
                })
                .collect();
            serde_json::to_writer_pretty(&mut output, &keystores).map_err(io::Error::from)?;
            writeln!(output)?;
        } else {
            for (index, examination) in examinations.iter().flatten().enumerate() {
                if index > 0 {
                    writeln!(output)?;
                }
                write_text(&mut output, examination)?;
            }
        }
        output.flush()?;
        let concern =
            |examination: &Examination| examination.findings.concern_one_of(&self.fail_on);
        let alarming = examinations.iter().flatten().any(concern);
        let failures = examinations.into_iter().filter_map(Result::err);
        let mut failures = failures.map(|(_, error)| Failure::from(error));
        if let Some(last) = failures.next() {
            for failure in failures {
                let _ = failure.report();
            }
            return Err(last);
        }
        if alarming {
            return Err(Failure::silent());
        }
        Ok(())
    }
}
