//! [`Fleet`]: what the processes of a job have done, and are doing.

use super::database::Columns;
use super::lease_table::LeaseTable;
use super::{ANSWER_TIME, SqlAddress, ask, connect, refused};
use crate::Secret;
use crate::migrate::MigrateError;

/// A job that processes share, as it stands now.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fleet {
    /// Its number.
    pub job: u64,
    /// The table and what is done with it.
    pub task: String,
    /// Parts that nobody works on yet.
    pub free: u64,
    /// Parts that a process works on.
    pub leased: u64,
    /// Parts whose process has been silent for too long: the next one that looks for work takes them over.
    pub expired: u64,
    /// Parts that are done.
    pub done: u64,
    /// How often a part was taken over from a process that was silent.
    pub taken_over: u64,
    /// About how many rows all parts have.
    pub expected_rows: u64,
    /// How many rows were looked at.
    pub seen: u64,
    /// How many values were replaced.
    pub replaced: u64,
    /// Rows a second, of those at work.
    pub rate: f64,
    /// Who has worked on it.
    pub workers: Vec<Worker>,
}

/// A process of a fleet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Worker {
    /// `host:pid`, and a few characters that tell processes of one name apart.
    pub owner: String,
    /// Parts that it has done.
    pub done: u64,
    /// Parts that it works on.
    pub leased: u64,
    /// Parts that it was silent about for too long.
    pub expired: u64,
    /// Rows that it has looked at.
    pub seen: u64,
    /// Values that it has replaced.
    pub replaced: u64,
    /// Rows a second, from its first sign of life to its last.
    pub rate: f64,
    /// Seconds since its last sign of life.
    pub silent: f64,
}

impl Fleet {
    /// The jobs of a table of leases that are not done, and the last one; none if there was never one.
    ///
    /// # Errors
    /// When the database is not reached, or is not PostgreSQL.
    pub fn find(
        address: SqlAddress,
        password: Option<&Secret>,
        lease_table: &str,
    ) -> Result<Vec<Self>, MigrateError> {
        let (reactor, database, address) = connect(address, password)?;
        let leases = LeaseTable::of(&database, lease_table);
        let leases = leases.map_err(|reason| refused(&address, reason))?;
        ask(&reactor, &address, ANSWER_TIME, async move {
            Self::read(&leases).await
        })
    }

    async fn read(leases: &LeaseTable) -> Result<Vec<Self>, sqlx::Error> {
        if !leases.exists().await? {
            return Ok(Vec::new());
        }
        let jobs = leases.statement(
            "SELECT job::text, max(task), count(*) FILTER (WHERE state = 'free')::text, \
             count(*) FILTER (WHERE state = 'leased' AND expires >= now())::text, \
             count(*) FILTER (WHERE state = 'leased' AND expires < now())::text, \
             count(*) FILTER (WHERE state = 'done')::text, sum(taken_over)::text, sum(expected)::text, \
             sum(seen)::text, sum(replaced)::text \
             FROM {leases} GROUP BY job HAVING bool_or(state <> 'done') OR job = (SELECT max(job) FROM {leases}) ORDER BY job",
        );
        let mut fleets = Vec::new();
        for job in leases.rows(&jobs).await? {
            fleets.push(Self::of(leases, &job).await?);
        }
        Ok(fleets)
    }

    async fn of(leases: &LeaseTable, parts: &Columns) -> Result<Self, sqlx::Error> {
        let mut workers = leases.statement(
            "SELECT owner, count(*) FILTER (WHERE state = 'done')::text, \
             count(*) FILTER (WHERE state = 'leased' AND expires >= now())::text, \
             count(*) FILTER (WHERE state = 'leased' AND expires < now())::text, sum(seen)::text, sum(replaced)::text, \
             (sum(seen) / GREATEST(extract(epoch FROM max(last_sign) - min(begun)), 0.001))::text, \
             extract(epoch FROM now() - max(last_sign))::text FROM {leases} WHERE job = ",
        );
        workers.bind(
            "{}::bigint AND owner IS NOT NULL GROUP BY owner ORDER BY owner",
            &parts.text(0),
        );
        let workers: Vec<Worker> = leases
            .rows(&workers)
            .await?
            .iter()
            .map(Worker::of)
            .collect();
        let at_work = workers.iter().filter(|worker| worker.leased > 0);
        let number = |column| number(parts, column);
        Ok(Self {
            job: number(0),
            task: parts.text(1),
            free: number(2),
            leased: number(3),
            expired: number(4),
            done: number(5),
            taken_over: number(6),
            expected_rows: number(7),
            seen: number(8),
            replaced: number(9),
            rate: at_work.map(|worker| worker.rate).sum(),
            workers,
        })
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.free + self.leased + self.expired == 0
    }

    /// Seconds until all is done, if those at work go on so; none if nobody works.
    #[must_use]
    pub fn seconds_left(&self) -> Option<f64> {
        let all = self.free + self.leased + self.expired + self.done;
        if self.rate <= 0.0 || all == 0 {
            return None;
        }
        let left = self.expected_rows.saturating_sub(self.seen);
        // Beyond 2^52 rows nobody asks for the second.
        #[expect(clippy::cast_precision_loss)]
        let left = left as f64;
        Some(left / self.rate)
    }
}

impl Worker {
    fn of(row: &Columns) -> Self {
        Self {
            owner: row.text(0),
            done: number(row, 1),
            leased: number(row, 2),
            expired: number(row, 3),
            seen: number(row, 4),
            replaced: number(row, 5),
            rate: row.text(6).parse().unwrap_or_default(),
            silent: row.text(7).parse().unwrap_or_default(),
        }
    }
}

fn number(row: &Columns, column: usize) -> u64 {
    row.text(column).parse().unwrap_or_default()
}
