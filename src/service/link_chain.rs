//! [`LinkChain`]: the directories in which a path can come to mean another file.
//!
//! A path leads to its file over symbolic links, of the file and of directories above it (Kubernetes
//! swaps `..data`). Whoever watches the parent directory of every link, and of the file, sees each way
//! to replace the file; whoever watches the file itself misses all but rewriting in place.
//!
//! ```text
//! secrets/secure.jks -> ..data/secure.jks      watch secrets/ for secure.jks
//! secrets/..data     -> ..2026_11_21           watch secrets/ for ..data
//! secrets/..2026_11_21/secure.jks              watch secrets/..2026_11_21/ for secure.jks
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Linux follows no more links than this either (`path_resolution(7)`).
const MOST_LINKS: usize = 40;

/// Where a path leads at one moment.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct LinkChain {
    /// The directories to watch. Another directory under the same name is another chain.
    directories: BTreeMap<PathBuf, DirectoryIdentity>,
    /// The names in them that matter.
    members: BTreeSet<PathBuf>,
}

/// Device and inode; nothing where the system has no such thing.
type DirectoryIdentity = Option<(u64, u64)>;

impl LinkChain {
    /// Follows `path` as far as it leads. A missing part is a member too: it may appear.
    pub(super) fn follow(path: &Path) -> Self {
        let mut chain = Self::default();
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let mut ahead = components_reversed(&absolute);
        let mut behind = PathBuf::new();
        let mut links = 0;
        while let Some(component) = ahead.pop() {
            match component.components().next() {
                Some(Component::Prefix(_) | Component::RootDir) => behind.push(&component),
                Some(Component::ParentDir) => {
                    behind.pop();
                }
                Some(Component::Normal(name)) => {
                    let here = behind.join(name);
                    let metadata = fs::symlink_metadata(&here).ok();
                    let is_link = metadata.as_ref().is_some_and(fs::Metadata::is_symlink);
                    let leads_on = metadata.is_some_and(|metadata| metadata.is_dir());
                    if leads_on && !ahead.is_empty() {
                        behind = here;
                        continue;
                    }
                    chain.add(&behind, &here);
                    let target = is_link.then(|| fs::read_link(&here).ok()).flatten();
                    links += 1;
                    match target {
                        Some(target) if links <= MOST_LINKS => {
                            ahead.extend(components_reversed(&target));
                        }
                        _ => break,
                    }
                }
                Some(Component::CurDir) | None => {}
            }
        }
        chain
    }

    fn add(&mut self, directory: &Path, member: &Path) {
        self.directories
            .insert(directory.to_owned(), identity(directory));
        self.members.insert(member.to_owned());
    }

    /// The directories to watch.
    pub(super) fn directories(&self) -> impl Iterator<Item = &Path> {
        self.directories.keys().map(PathBuf::as_path)
    }

    /// Whether `path` is one of the directories.
    pub(super) fn watches(&self, path: &Path) -> bool {
        self.directories.contains_key(path)
    }

    /// Whether something that happened to `path` can mean that the chain leads to other content.
    pub(super) fn concerns(&self, path: &Path) -> bool {
        self.members.contains(path)
    }
}

fn components_reversed(path: &Path) -> Vec<PathBuf> {
    let own = |component: Component<'_>| PathBuf::from(component.as_os_str());
    path.components().rev().map(own).collect()
}

#[cfg(unix)]
fn identity(directory: &Path) -> DirectoryIdentity {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = fs::metadata(directory).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_directory: &Path) -> DirectoryIdentity {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn directories(chain: &LinkChain) -> Vec<&Path> {
        chain.directories().collect()
    }

    #[test]
    fn every_link_s_directory_is_watched() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (secrets, version) = (root.join("secrets"), root.join("secrets/..v1"));
        fs::create_dir_all(&version).unwrap();
        fs::write(version.join("secure.jks"), b"store").unwrap();
        symlink("..v1", secrets.join("..data")).unwrap();
        symlink("..data/secure.jks", secrets.join("secure.jks")).unwrap();

        let chain = LinkChain::follow(&secrets.join("secure.jks"));

        assert_eq!(directories(&chain), [secrets.as_path(), version.as_path()]);
        for member in ["secure.jks", "..data", "..v1/secure.jks"] {
            assert!(chain.concerns(&secrets.join(member)), "{member}");
        }
        assert!(!chain.concerns(&secrets.join("keyward.sock")));
    }

    #[test]
    fn what_is_missing_is_awaited_in_the_nearest_directory() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let chain = LinkChain::follow(&root.join("not/yet/there.jks"));
        assert_eq!(directories(&chain), [root.as_path()]);
        assert!(chain.concerns(&root.join("not")));
    }

    #[test]
    fn a_directory_replaced_under_the_same_name_is_another_chain() {
        let folder = tempfile::tempdir().unwrap();
        let stores = folder.path().join("stores");
        let other = folder.path().join("other");
        fs::create_dir(&stores).unwrap();
        fs::create_dir(&other).unwrap();
        let before = LinkChain::follow(&stores.join("secure.jks"));
        fs::rename(&stores, folder.path().join("old")).unwrap();
        fs::rename(&other, &stores).unwrap();
        assert_ne!(before, LinkChain::follow(&stores.join("secure.jks")));
    }

    #[test]
    fn a_ring_of_links_ends() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        symlink("two", root.join("one")).unwrap();
        symlink("one", root.join("two")).unwrap();
        let chain = LinkChain::follow(&root.join("one"));
        assert_eq!(directories(&chain), [root.as_path()]);
    }
}
