//! [`Census`]: how many stored values each encoder of a list has made.

use std::path::Path;

use super::super::stored_values::StoredValues;
use crate::cli::failure::Failure;
use crate::password::EncoderList;

/// The counts of a file of stored values.
pub(super) struct Census {
    /// For each encoder of the list, the values that it can have made.
    pub(super) values: Vec<usize>,
    /// For each, those of them that another can have made as well.
    pub(super) shared: Vec<usize>,
    /// All values.
    pub(super) total: usize,
    /// Those that no encoder can have made.
    pub(super) of_nobody: usize,
    /// The line of the first of these.
    pub(super) first_of_nobody: Option<usize>,
}

impl Census {
    /// Counts the values of the file at `path`.
    pub(super) fn of(list: &EncoderList, path: &Path) -> Result<Self, Failure> {
        let none = vec![0; list.encoders().len()];
        let mut census = Self {
            values: none.clone(),
            shared: none,
            total: 0,
            of_nobody: 0,
            first_of_nobody: None,
        };
        let mut values = StoredValues::open(path)?;
        while let Some(value) = values.next()? {
            let readings = match &value.text {
                Some(text) => list.readings(text),
                None => Vec::new(),
            };
            census.total += 1;
            if readings.is_empty() {
                census.of_nobody += 1;
                census.first_of_nobody.get_or_insert(value.line);
            }
            let is_shared = readings.len() > 1;
            for reading in readings {
                census.values[reading.index()] += 1;
                census.shared[reading.index()] += usize::from(is_shared);
            }
        }
        Ok(census)
    }
}
