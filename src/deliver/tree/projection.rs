//! [`Projections`]: the trees of a configuration, kept as the service serves.
//!
//! ```text
//! a change of a secret -> all secrets of a tree, of one moment -> Tree::write; on failure again after a while
//! ```
//!
//! A tree holds what a reader of the service would get: an alias that is served no more (revoked, or gone for longer
//! than its grace) leaves the tree. A secret that cannot be read stays as it was written; as long as it was not written
//! yet, so does the whole tree. Each file that is written is an audit line.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tracing::{info, warn};

use super::{FileName, Owner, Tree, TreeError, TreeFiles, Written};
use crate::deliver::Secrets;
use crate::deliver::bell::Bell;
use crate::document::{TreeFileSettings, TreeSettings};
use crate::secret::Secret;
use crate::service::{GetError, SecretService, Served, View};

/// How long a set that could not be written waits for the next try.
const RETRY: Duration = Duration::from_secs(10);
/// How long a wait for a change lasts at most.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// The trees of a configuration.
pub struct Projections {
    trees: Vec<Projection>,
}

struct Projection {
    tree: Tree,
    files: Vec<(FileName, String)>,
    /// What the directory holds by the last write, by alias.
    written: Option<Secrets>,
    /// What has been said of it last.
    trouble: Option<String>,
}

impl Projections {
    /// The trees that `document` describes.
    ///
    /// # Errors
    /// When an owner does not exist, or a file's name cannot be one.
    pub fn of(trees: &[TreeSettings], document: &Path) -> Result<Self, TreeError> {
        let projection = |tree| Projection::of(tree, document);
        Ok(Self {
            trees: trees.iter().map(projection).collect::<Result<_, _>>()?,
        })
    }

    /// Makes the directories that do not exist; their parents must.
    ///
    /// # Errors
    /// When the system refuses, or a directory is not the service's own.
    pub fn make_directories(&self) -> Result<(), TreeError> {
        self.trees
            .iter()
            .try_for_each(|projection| projection.tree.make())
    }

    /// Writes every tree as the service serves now. What cannot be written is logged.
    ///
    /// Returns whether all of them are as they should be.
    pub fn write(&mut self, service: &SecretService) -> bool {
        let view = service.view();
        let mut is_current = true;
        for projection in &mut self.trees {
            is_current &= projection.write(&view, service);
        }
        is_current
    }

    /// Writes every change, until it is dropped. To be called in a tokio runtime.
    pub async fn follow(mut self, service: SecretService) {
        let bell = Bell::of(&service);
        let mut rung = bell.rung();
        loop {
            let of_service = service.clone();
            let written = spawn_blocking(move || {
                let is_current = self.write(&of_service);
                (self, is_current)
            });
            // Only the end of the runtime, or a defect that has been reported as a panic.
            let Ok((this, is_current)) = written.await else {
                return;
            };
            self = this;
            let longest = if is_current { LONGEST_WAIT } else { RETRY };
            let _ = timeout(longest, rung.changed()).await;
        }
    }
}

impl Projection {
    fn of(settings: &TreeSettings, document: &Path) -> Result<Self, TreeError> {
        let tree = Tree::at(&settings.path);
        let tree = match &settings.owner {
            Some(name) => tree.for_owner(owner(name, settings, document)?),
            None => tree,
        };
        let file = |file: &TreeFileSettings| match file.name.parse() {
            Ok(name) => Ok((name, file.alias.clone())),
            Err(reason) => Err(TreeError::FileName {
                document: document.to_owned(),
                line: file.line,
                name: file.name.clone(),
                reason,
            }),
        };
        Ok(Self {
            tree,
            files: settings.files.iter().map(file).collect::<Result<_, _>>()?,
            written: None,
            trouble: None,
        })
    }

    fn write(&mut self, view: &View, service: &SecretService) -> bool {
        let written = self.write_served(view, service);
        let path = self.tree.path().display();
        let (trouble, is_current) = match written {
            Ok(missing) => (missing.map(|reason| format!("{path}: {reason}")), true),
            Err(trouble) => (Some(trouble), false),
        };
        if trouble != self.trouble {
            if let Some(trouble) = &trouble {
                warn!("{trouble}");
            } else {
                info!("{path}: is current again");
            }
        }
        self.trouble = trouble;
        is_current
    }

    /// Writes the secrets that are served; why a file is missing, if one is.
    fn write_served(
        &mut self,
        view: &View,
        service: &SecretService,
    ) -> Result<Option<String>, String> {
        let path = self.tree.path().display();
        let mut secrets = Secrets::default();
        let mut served = Vec::new();
        let (mut missing, mut unreadable) = (None, None);
        for (name, alias) in &self.files {
            match view.get(alias) {
                Ok(found) => {
                    secrets.insert(alias, Arc::clone(&found.secret));
                    served.push((name, alias, found));
                }
                Err(error @ (GetError::NoSuchAlias { .. } | GetError::NotASecret { .. })) => {
                    missing = Some(format!("has no file {}: {error}", name.as_str()));
                }
                // Its last value stays; the others are not kept waiting for it.
                Err(error) => match self.last(alias) {
                    Some(last) => {
                        secrets.insert(alias, last);
                        unreadable =
                            Some(format!("{path}: {} stays as it is: {error}", name.as_str()));
                    }
                    None => return Err(format!("{path}: stays as it is: {error}")),
                },
            }
        }
        // Files that belong to another user may not even be readable.
        let is_written = self.written.as_ref();
        let is_written = is_written.is_some_and(|written| secrets.are_same_as(written));
        if !is_written || !self.tree.is_written() {
            self.record(&served, service)?;
            self.written = None;
            self.write_secrets(&secrets)?;
            self.written = Some(secrets);
        }
        unreadable.map_or(Ok(missing), Err)
    }

    /// What the tree holds under an alias.
    fn last(&self, alias: &str) -> Option<Arc<Secret>> {
        self.written.as_ref()?.shared(alias)
    }

    /// One audit line for each file that is written.
    fn record(
        &self,
        served: &[(&FileName, &String, Served)],
        service: &SecretService,
    ) -> Result<(), String> {
        let path = self.tree.path();
        for (name, alias, served) in served {
            let file = path.join(name.as_str());
            if service.audit().delivered(&file, alias, served).is_err() {
                return Err(format!(
                    "{}: stays as it is: its audit lines cannot be written, and audit=\"required\"",
                    path.display()
                ));
            }
        }
        Ok(())
    }

    fn write_secrets(&self, secrets: &Secrets) -> Result<(), String> {
        let mut files = TreeFiles::new();
        for (name, alias) in &self.files {
            files.extend(secrets.get(alias).map(|secret| (name, secret)));
        }
        match self.tree.write(&files) {
            Ok(Written::Replaced) => {
                let path = self.tree.path().display();
                info!("{path}: written, {} files", files.len());
                Ok(())
            }
            Ok(Written::Unchanged) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn owner(name: &str, settings: &TreeSettings, document: &Path) -> Result<Owner, TreeError> {
    let found = Owner::named(name)
        .map_err(|reason| TreeError::io(&settings.path, "be given to its owner", reason))?;
    found.ok_or_else(|| TreeError::UnknownOwner {
        document: document.to_owned(),
        line: settings.line,
        owner: name.to_owned(),
    })
}
