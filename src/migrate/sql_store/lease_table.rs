//! [`LeaseTable`]: the parts of a table of stored passwords, shared by the processes of a job.
//!
//! ```text
//! job | part | task | after_id, until_id | expected | state free/leased/done | owner, expires | reached | seen, replaced …
//! ```
//! A part is the rows behind one id up to another. A process leases one with `FOR UPDATE SKIP LOCKED` in a short
//! transaction, renews the lease while it works, and says how far it has come; once a lease has expired anybody takes the
//! part over there. All times are the server's. No session locks, `SET` or `LISTEN`: it works behind PgBouncer in its
//! transaction mode. That two processes work on one part for a while does no harm: every update is a compare-and-swap.

use std::time::Duration;

use sqlx::PgPool;
use zeroize::Zeroizing;

use super::address::DatabaseKind;
use super::catalogue::TableName;
use super::database::{Columns, Database, postgres_rows};
use super::layout::{Filters, Layout};
use super::shared_job::{Beginning, JoinedJob};
use super::statement::Statement;

/// How many rows a part has: few enough that each process gets several, and little is begun anew.
const PART_ROWS: std::ops::RangeInclusive<u64> = 500..=20_000;
const PARTS: u64 = 64;
/// A larger table is not read as a whole to find the bounds of its parts: so many rows of each part are looked at.
const READ_WHOLE: u64 = 2_000_000;
const SAMPLED: u64 = 100;

/// The table of leases in PostgreSQL.
#[derive(Clone)]
pub(super) struct LeaseTable {
    pool: PgPool,
    /// As it is written in statements.
    quoted: String,
}

/// A part of a job that this process works on.
pub(super) struct Part {
    pub(super) number: String,
    /// Behind it the part begins, or goes on.
    pub(super) after: Option<String>,
    /// Its last id.
    pub(super) until: Option<String>,
}

/// Where the parts of a table end.
struct Bounds {
    /// The last id of each part but the last one.
    ids: Vec<Zeroizing<String>>,
    /// How many rows a part has.
    size: u64,
    /// How many rows all have.
    rows: u64,
}

/// A job to work on.
pub(super) enum Job {
    /// The number of one that was just begun.
    New(String),
    /// One that others have begun.
    Joined(JoinedJob),
}

/// What became of a claim.
pub(super) enum Claim {
    Part(Part),
    /// Others hold what is left.
    Wait,
    /// All parts are done.
    Done,
}

/// How far a process has come with its part.
#[derive(Clone, Default)]
pub(super) struct Progress {
    pub(super) reached: Option<String>,
    pub(super) seen: u64,
    pub(super) replaced: u64,
}

impl LeaseTable {
    /// The table of this name; else why there is none.
    pub(super) fn of(database: &Database, name: &str) -> Result<Self, String> {
        let Database::Postgres(pool) = database else {
            let kind = database.kind().name();
            return Err(format!(
                "{kind} has no leases: many processes share PostgreSQL alone"
            ));
        };
        let parsed = TableName::parse(name);
        let no_name = || format!("{name} is no name of a table: check --lease-table");
        let TableName { schema, table } = parsed.ok_or_else(no_name)?;
        let quoted = |name: &str| DatabaseKind::Postgres.quoted(name);
        let schema = schema.map(|schema| quoted(&schema) + ".");
        Ok(Self {
            pool: pool.clone(),
            quoted: schema.unwrap_or_default() + &quoted(&table),
        })
    }

    /// A statement in which `{leases}` is the table.
    pub(super) fn statement(&self, text: &str) -> Statement {
        let text = text.replace("{leases}", &self.quoted);
        Statement::new(DatabaseKind::Postgres, text)
    }

    pub(super) async fn rows(&self, statement: &Statement) -> Result<Vec<Columns>, sqlx::Error> {
        Database::Postgres(self.pool.clone()).rows(statement).await
    }

    /// Whether the table is there.
    pub(super) async fn exists(&self) -> Result<bool, sqlx::Error> {
        let mut statement = self.statement("SELECT '1' WHERE to_regclass(");
        statement.bind("{}) IS NOT NULL", &self.quoted);
        Ok(!self.rows(&statement).await?.is_empty())
    }

    /// The job of this task that is not done: one that others have begun, or a new one.
    pub(super) async fn job(
        &self,
        layout: &Layout,
        task: &str,
        beginning: Beginning,
    ) -> Result<Job, sqlx::Error> {
        if !self.exists().await? {
            self.create().await?;
        }
        let open = self.open_job(task);
        if beginning == Beginning::GoOn
            && let Some(job) = self.rows(&open).await?.first()
        {
            return Ok(Job::Joined(joined(job)));
        }
        let bounds = self.bounds(layout).await?;
        let mut transaction = self.pool.begin().await?;
        // Others who begin at the same time wait here, and then find the job.
        let lock = self.statement("LOCK TABLE {leases} IN SHARE ROW EXCLUSIVE MODE");
        postgres_rows(&mut transaction, &lock).await?;
        let open = match beginning {
            Beginning::GoOn => postgres_rows(&mut transaction, &open).await?,
            Beginning::Anew => postgres_rows(&mut transaction, &self.forgetting(task)).await?,
        };
        let job = if let Some(job) = open.first() {
            Job::Joined(joined(job))
        } else {
            let new = postgres_rows(&mut transaction, &self.insert(task, &bounds)).await?;
            Job::New(new.first().map(|job| job.text(0)).unwrap_or_default())
        };
        transaction.commit().await?;
        Ok(job)
    }

    async fn create(&self) -> Result<(), sqlx::Error> {
        let statement = self.statement(
            "CREATE TABLE IF NOT EXISTS {leases} (\
             job bigint NOT NULL, part integer NOT NULL, task text NOT NULL, after_id text, until_id text, \
             expected bigint NOT NULL, state text NOT NULL CHECK (state IN ('free', 'leased', 'done')), \
             owner text, expires timestamptz, reached text, seen bigint NOT NULL DEFAULT 0, \
             replaced bigint NOT NULL DEFAULT 0, taken_over integer NOT NULL DEFAULT 0, \
             created timestamptz NOT NULL DEFAULT now(), begun timestamptz, last_sign timestamptz, \
             PRIMARY KEY (job, part))",
        );
        match self.rows(&statement).await {
            Ok(_) => Ok(()),
            // Two that create it at the same time: the other one was first.
            Err(_) if self.exists().await? => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn open_job(&self, task: &str) -> Statement {
        let mut statement = self.statement(
            "SELECT job::text, to_char(min(created), 'YYYY-MM-DD HH24:MI:SS TZ'), count(*)::text, \
             count(*) FILTER (WHERE state = 'done')::text FROM {leases} WHERE task = ",
        );
        statement.bind(
            "{} GROUP BY job HAVING bool_or(state <> 'done') ORDER BY job DESC LIMIT 1",
            task,
        );
        statement
    }

    /// Removes the jobs of a task that are not done.
    fn forgetting(&self, task: &str) -> Statement {
        let mut statement = self.statement(
            "DELETE FROM {leases} WHERE job IN (SELECT job FROM {leases} WHERE state <> 'done' AND task = ",
        );
        statement.bind("{})", task);
        statement
    }

    async fn bounds(&self, layout: &Layout) -> Result<Bounds, sqlx::Error> {
        let estimated = layout.table.estimated_rows.unwrap_or_default();
        let is_sampled = estimated > READ_WHOLE;
        let rows = if is_sampled {
            estimated
        } else {
            let counted = self.rows(&layout.count()).await?;
            let count = counted.first().and_then(|row| row.text(0).parse().ok());
            count.unwrap_or_default()
        };
        let size = (rows / PARTS).clamp(*PART_ROWS.start(), *PART_ROWS.end());
        let (id, read) = (&layout.id.column, &layout.id.read);
        let (every, statement) = if is_sampled {
            let percent = SAMPLED * 100;
            let table = layout.table.quoted(DatabaseKind::Postgres);
            let sample = format!("{table} k TABLESAMPLE SYSTEM ({percent}.0 / {size})");
            (SAMPLED, self.statement(&inner(id, &sample)))
        } else {
            let mut statement = self.statement(&inner(id, &layout.from));
            layout.push_filters(&mut statement, "WHERE", Filters::All);
            (size, statement)
        };
        let mut outer = self.statement(&format!("SELECT {read} FROM ("));
        outer.push(&statement.text);
        outer.push(&format!(") k WHERE k.nth % {every} = 0 ORDER BY k.nth"));
        outer.bound = statement.bound;
        let bounds = self.rows(&outer).await?;
        let bounds = bounds.iter().map(|row| Zeroizing::new(row.text(0)));
        Ok(Bounds {
            ids: bounds.collect(),
            size,
            rows,
        })
    }

    fn insert(&self, task: &str, bounds: &Bounds) -> Statement {
        let parts = bounds.ids.len() as u64;
        let in_last = bounds.rows.saturating_sub(parts * bounds.size);
        let mut statement = self.statement(
            "WITH new AS (SELECT COALESCE(max(job), 0) + 1 AS job FROM {leases}), inserted AS (\
             INSERT INTO {leases} (job, part, task, after_id, until_id, expected, state) SELECT new.job, b.part, ",
        );
        statement.bind("{}", task);
        statement.bind(", lag(b.until_id) OVER (ORDER BY b.part), b.until_id, CASE WHEN b.until_id IS NULL THEN {}::bigint", &in_last.to_string());
        statement.bind(" ELSE {}::bigint END", &bounds.size.to_string());
        statement.push(", 'free' FROM new, (SELECT u.part, u.until_id FROM ");
        statement.bind_all(
            "unnest({}) WITH ORDINALITY AS u(until_id, part) UNION ALL SELECT ",
            bounds.ids.clone(),
        );
        statement.bind(
            "{}::bigint, NULL) b) SELECT job::text FROM new",
            &(parts + 1).to_string(),
        );
        statement
    }

    /// A part that is free, or whose lease has expired.
    pub(super) async fn claim(
        &self,
        job: &str,
        owner: &str,
        lease: Duration,
    ) -> Result<Claim, sqlx::Error> {
        let mut statement = self.statement("WITH next AS (SELECT part FROM {leases} WHERE job = ");
        statement.bind("{}::bigint", job);
        statement.push(
            " AND (state = 'free' OR state = 'leased' AND expires < now()) ORDER BY part LIMIT 1 FOR UPDATE SKIP LOCKED)",
        );
        statement.push(&format!(
            " UPDATE {} l SET state = 'leased', begun = COALESCE(l.begun, now()), last_sign = now(), \
             taken_over = l.taken_over + CASE WHEN l.state = 'leased' THEN 1 ELSE 0 END, owner = ",
            self.quoted
        ));
        statement.bind("{}, expires = now() + ", owner);
        statement.bind("{}::interval", &interval(lease));
        statement.bind(
            " FROM next WHERE l.part = next.part AND l.job = {}::bigint",
            job,
        );
        statement.push(" RETURNING l.part::text, COALESCE(l.reached, l.after_id), l.until_id");
        if let Some(row) = self.rows(&statement).await?.first() {
            let id = |column| row.bytes(column).map(|_| row.text(column));
            return Ok(Claim::Part(Part {
                number: row.text(0),
                after: id(1),
                until: id(2),
            }));
        }
        let mut left = self.statement("SELECT '1' FROM {leases} WHERE state <> 'done' AND job = ");
        left.bind("{}::bigint LIMIT 1", job);
        if self.rows(&left).await?.is_empty() {
            return Ok(Claim::Done);
        }
        Ok(Claim::Wait)
    }

    /// Leases of this owner hold on.
    pub(super) async fn renew(
        &self,
        job: &str,
        owner: &str,
        lease: Duration,
    ) -> Result<(), sqlx::Error> {
        let mut statement =
            self.statement("UPDATE {leases} SET last_sign = now(), expires = now() + ");
        statement.bind("{}::interval", &interval(lease));
        statement.bind(" WHERE state = 'leased' AND job = {}::bigint", job);
        statement.bind(" AND owner = {}", owner);
        self.rows(&statement).await.map(|_| ())
    }

    /// Notes how far a part is, and leaves it in `state`. False if another process holds it by now.
    pub(super) async fn note(
        &self,
        (job, owner, part): (&str, &str, &str),
        progress: &Progress,
        state: State,
    ) -> Result<bool, sqlx::Error> {
        let mut statement = self.statement("UPDATE {leases} SET last_sign = now(), seen = seen + ");
        statement.bind(
            "{}::bigint, replaced = replaced + ",
            &progress.seen.to_string(),
        );
        statement.bind("{}::bigint", &progress.replaced.to_string());
        if let Some(reached) = &progress.reached {
            statement.bind(", reached = {}", reached);
        }
        statement.push(match state {
            State::Leased => "",
            State::Free => ", state = 'free', expires = NULL",
            State::Done => ", state = 'done', expires = NULL",
        });
        statement.bind(" WHERE state = 'leased' AND job = {}::bigint", job);
        statement.bind(" AND owner = {}", owner);
        statement.bind(" AND part = {}::integer RETURNING '1'", part);
        Ok(!self.rows(&statement).await?.is_empty())
    }
}

/// What becomes of a part that a process holds.
#[derive(Clone, Copy)]
pub(super) enum State {
    Leased,
    Free,
    Done,
}

fn joined(job: &Columns) -> JoinedJob {
    let number = |column| job.text(column).parse().unwrap_or_default();
    JoinedJob {
        number: job.text(0),
        begun: job.text(1),
        parts: number(2),
        done: number(3),
    }
}

fn inner(id: &str, source: &str) -> String {
    format!("SELECT {id}, row_number() OVER (ORDER BY {id}) AS nth FROM {source}")
}

fn interval(time: Duration) -> String {
    format!("{} milliseconds", time.as_millis())
}
