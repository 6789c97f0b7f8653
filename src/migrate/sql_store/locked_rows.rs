//! Changes in batches, and rows that another transaction holds.
//!
//! While a batch waits for one row, it has locked the others, whose users cannot log in or change their passwords
//! meanwhile. It therefore waits for a second at most; then its rows are replaced one by one, and those that are locked
//! yet are tried again and again.

use std::slice::from_ref;
use std::time::{Duration, Instant};

use super::address::DatabaseKind;
use super::database::Database;
use super::failure::{is_conflict, is_locked};
use super::layout::Layout;
use super::update::NewValues;
use crate::migrate::Replaced;

/// How many rows one statement or transaction changes at most: nobody waits long for one that it has locked.
const BATCH: usize = 1000;
/// MySQL looks for a row's new value among all of a statement.
const MYSQL_BATCH: usize = 200;
/// How often a transaction that was ended for the sake of another one is tried.
const TRIES: usize = 5;
/// So long locked rows are tried.
const PATIENCE: Duration = Duration::from_mins(2);

impl Layout {
    /// Replaces values; what became of each is told in their order.
    pub(super) async fn replace(
        &self,
        database: &Database,
        changes: &[NewValues],
    ) -> Result<Vec<Replaced>, sqlx::Error> {
        let size = match database.kind() {
            DatabaseKind::Mysql => MYSQL_BATCH,
            DatabaseKind::Sqlite | DatabaseKind::Postgres => BATCH,
        };
        let mut replaced = Vec::with_capacity(changes.len());
        for batch in changes.chunks(size) {
            replaced.extend(match self.replace_together(database, batch).await {
                Err(error) if is_locked(database.kind(), &error) => {
                    self.replace_one_by_one(database, batch).await?
                }
                replaced => replaced?,
            });
        }
        Ok(replaced)
    }

    async fn replace_one_by_one(
        &self,
        database: &Database,
        batch: &[NewValues],
    ) -> Result<Vec<Replaced>, sqlx::Error> {
        let begun = Instant::now();
        let mut replaced = vec![None; batch.len()];
        loop {
            let mut locked = None;
            let left = batch.iter().zip(&mut replaced);
            for (change, replaced) in left.filter(|(_, replaced)| replaced.is_none()) {
                match self.replace_together(database, from_ref(change)).await {
                    Ok(one) => *replaced = one.first().copied(),
                    Err(error) if is_locked(database.kind(), &error) => locked = Some(error),
                    Err(error) => return Err(error),
                }
            }
            match locked {
                None => return Ok(replaced.into_iter().flatten().collect()),
                Some(error) if begun.elapsed() >= PATIENCE => return Err(error),
                Some(_) => {}
            }
        }
    }

    async fn replace_together(
        &self,
        database: &Database,
        batch: &[NewValues],
    ) -> Result<Vec<Replaced>, sqlx::Error> {
        let mut tries = 1;
        loop {
            match self.replace_batch(database, batch).await {
                Err(error) if tries < TRIES && is_conflict(database.kind(), &error) => tries += 1,
                replaced => return replaced,
            }
        }
    }
}
