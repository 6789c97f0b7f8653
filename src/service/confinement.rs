//! [`Confinement`]: the files that a process may use from now on, enforced by the kernel (Landlock).
//!
//! | what | may be |
//! |---|---|
//! | the directories on the way to each keystore and password file, and their parents | read |
//! | the home of a WSO2 server whose secrets are served | read |
//! | the user database and what looks it up: `/etc`, the libraries, `/var/lib/sss`, `/run` | read, if rules name groups |
//! | what says how many processors there are: `/proc/self`, `/sys/fs/cgroup` | read |
//! | the directories of the sockets | given sockets, and relieved of files |
//! | the directories that are trees of secrets | read and written |
//! | the directory of the audit file | written, not read |
//! | all other files, programs, devices, TCP, signals to others | not used at all |
//!
//! A rule holds for a directory and whatever is beneath, not for its name. So the parents are readable too: a directory
//! that is removed and made again, or that `..data` leads to from now on, is reached through them. What a keystore is
//! moved to farther away than that is out of reach until the next start. Looking at names and links is not restricted.
//!
//! Landlock confines the thread that asks for it and those that it starts later: to be called before any other thread is
//! started. Source: <https://docs.kernel.org/userspace-api/landlock.html>.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::hardening::Sandbox;
use super::link_chain::LinkChain;
use crate::document::{Configuration, StoreFormat};
use crate::safe_file::directory_of;
use crate::secret::SecretSource;
#[cfg(feature = "wso2")]
use crate::userstore::OpenVault;

/// How many processors this process may use, which cgroups say.
const PROCESSORS: [&str; 2] = ["/proc/self", "/sys/fs/cgroup"];
/// What looks up users and groups: files, plug-ins of the C library, caches.
const USER_DATABASE: [&str; 8] = [
    "/etc",
    "/lib",
    "/lib64",
    "/run",
    "/usr/lib",
    "/usr/lib64",
    "/var/lib/sss",
    "/var/run",
];

/// Where `/etc/ssl` leads to.
const AUTHORITIES: [&str; 2] = [
    "/usr/local/share/ca-certificates",
    "/usr/share/ca-certificates",
];

/// What a process may use from now on.
#[derive(Clone, Debug, Default)]
pub struct Confinement {
    directories: BTreeMap<PathBuf, BTreeSet<Use>>,
    ports: BTreeSet<u16>,
    connects: bool,
}

/// What a directory is for.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Use {
    Read,
    Sockets,
    Append,
    Write,
}

impl Confinement {
    /// What the service of this configuration needs: keystores and password files, the audit file, the socket
    /// for credentials, TCP ports, and trees, which are there already.
    #[must_use]
    pub fn of(configuration: &Configuration) -> Self {
        let mut confinement = Self::default();
        for directory in PROCESSORS {
            confinement.allow(Path::new(directory), Use::Read);
        }
        for keystore in &configuration.keystores {
            confinement.follow(&keystore.path);
            if let StoreFormat::SecureVault { home } = &keystore.format {
                confinement = confinement.with_home(home);
            }
            if let SecretSource::File(path) = &keystore.password {
                confinement.follow(path);
            }
        }
        if let Some(path) = &configuration.audit.path {
            confinement.allow(directory_of(path), Use::Append);
        }
        if let Some(socket) = &configuration.credential_socket {
            confinement.allow(directory_of(&socket.path), Use::Sockets);
        }
        for https in &configuration.https {
            confinement = confinement.with_port(https.address.port());
        }
        for tree in &configuration.trees {
            confinement = confinement.with_written(&tree.path);
        }
        confinement
    }

    /// A WSO2 server's own files, and the keystore of its Secure Vault wherever that is.
    fn with_home(mut self, home: &Path) -> Self {
        self.allow(home, Use::Read);
        #[cfg(feature = "wso2")]
        if let Some(keystore) = OpenVault::keystore_of(home) {
            self.follow(&keystore);
        }
        self
    }

    /// A socket is put at `path`, and removed.
    #[must_use]
    pub fn with_socket(mut self, path: &Path) -> Self {
        self.allow(directory_of(path), Use::Sockets);
        self
    }

    /// Users and their groups are looked up, perhaps in a directory server.
    #[must_use]
    pub fn with_user_database(mut self) -> Self {
        for directory in USER_DATABASE {
            self.allow(Path::new(directory), Use::Read);
        }
        self.connects = true;
        self
    }

    /// Other hosts are connected to, by name, and known by the system's authorities.
    #[must_use]
    pub fn with_network(mut self) -> Self {
        for directory in USER_DATABASE.iter().chain(&AUTHORITIES) {
            self.allow(Path::new(directory), Use::Read);
        }
        self.connects = true;
        self
    }

    /// The file at `path` is read, now and later.
    #[must_use]
    pub fn with_read(mut self, path: &Path) -> Self {
        self.follow(path);
        self
    }

    /// Files, directories and links are made, written and removed in `directory`, at any depth.
    #[must_use]
    pub fn with_written(mut self, directory: &Path) -> Self {
        self.allow(directory, Use::Write);
        self
    }

    /// This TCP port is listened at.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.ports.insert(port);
        self
    }

    /// Every directory in which `path` can come to mean another file, and its parent, unless that is the root.
    fn follow(&mut self, path: &Path) {
        for directory in LinkChain::follow(path).directories() {
            self.allow(directory, Use::Read);
            let parent = directory.parent();
            if let Some(parent) = parent.filter(|parent| parent.parent().is_some()) {
                self.allow(parent, Use::Read);
            }
        }
    }

    fn allow(&mut self, directory: &Path, to: Use) {
        let absolute = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
        self.directories.entry(absolute).or_default().insert(to);
    }

    /// Confines the calling thread, and every thread that it starts from now on. This cannot be undone.
    #[must_use]
    pub fn enforce(&self) -> Sandbox {
        #[cfg(target_os = "linux")]
        return landlocked::enforce(self).unwrap_or(Sandbox::Unavailable);
        #[cfg(not(target_os = "linux"))]
        return Sandbox::Unavailable;
    }
}

#[cfg(target_os = "linux")]
mod landlocked {
    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, BitFlags, NetPort, PathBeneath, PathFd, Ruleset,
        RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope,
    };

    use super::{Confinement, Sandbox, Use};

    /// What is confined, as far as the kernel can. Connecting to the sockets of other services, which ABI 9 could
    /// confine, is left free: systemd and the user database are told and asked through them.
    const NEWEST: ABI = ABI::V8;

    pub(super) fn enforce(confinement: &Confinement) -> Result<Sandbox, RulesetError> {
        let mut ruleset = Ruleset::default()
            .handle_access(AccessFs::from_all(NEWEST))?
            .handle_access(AccessNet::BindTcp)?
            .scope(Scope::Signal)?;
        if !confinement.connects {
            ruleset = ruleset.handle_access(AccessNet::ConnectTcp)?;
        }
        let mut ruleset = ruleset.create()?;
        for (directory, uses) in &confinement.directories {
            // What is not there is found missing by who looks for it.
            let Ok(opened) = PathFd::new(directory) else {
                continue;
            };
            let access = uses.iter().map(|to| access(*to));
            let access = access.fold(BitFlags::EMPTY, |all, one| all | one);
            ruleset = ruleset.add_rule(PathBeneath::new(opened, access))?;
        }
        for port in &confinement.ports {
            ruleset = ruleset.add_rule(NetPort::new(*port, AccessNet::BindTcp))?;
        }
        Ok(match ruleset.restrict_self()?.ruleset {
            RulesetStatus::FullyEnforced => Sandbox::Enforced,
            RulesetStatus::PartiallyEnforced => Sandbox::Partial,
            RulesetStatus::NotEnforced => Sandbox::Unavailable,
        })
    }

    fn access(to: Use) -> BitFlags<AccessFs> {
        let read = AccessFs::ReadFile | AccessFs::ReadDir;
        match to {
            Use::Read => read,
            Use::Sockets => AccessFs::ReadDir | AccessFs::MakeSock | AccessFs::RemoveFile,
            Use::Append => AccessFs::WriteFile | AccessFs::MakeReg,
            Use::Write => {
                let files = AccessFs::WriteFile | AccessFs::Truncate | AccessFs::MakeReg;
                let others = AccessFs::MakeDir | AccessFs::MakeSym | AccessFs::Refer;
                let removal = AccessFs::RemoveFile | AccessFs::RemoveDir;
                read | files | others | removal
            }
        }
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::ErrorKind;
    use std::net::TcpListener;
    use std::os::unix::net::UnixListener;
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    /// On a thread of its own: a thread stays confined. `None` where the kernel has no Landlock.
    fn confined<T: Send>(confinement: &Confinement, act: impl FnOnce() -> T + Send) -> Option<T> {
        thread::scope(|scope| {
            let thread = scope.spawn(|| match confinement.enforce() {
                Sandbox::Unavailable => None,
                _ => Some(act()),
            });
            thread.join().unwrap()
        })
    }

    #[test]
    fn what_is_not_allowed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["stores/in", "sockets", "written", "elsewhere"] {
            fs::create_dir_all(path(name)).unwrap();
        }
        for name in ["stores/in/store", "elsewhere/file", "sockets/file"] {
            fs::write(path(name), "content").unwrap();
        }
        let mut confinement = Confinement::default()
            .with_socket(&path("sockets/keyward.sock"))
            .with_written(&path("written"));
        confinement.follow(&path("stores/in/store"));
        let refused = |done: std::io::Result<()>| {
            done.is_err_and(|reason| reason.kind() == ErrorKind::PermissionDenied)
        };
        let acted = confined(&confinement, || {
            assert_eq!(fs::read(path("stores/in/store")).unwrap(), b"content");
            assert!(refused(fs::write(path("stores/in/store"), "x")));
            assert!(refused(fs::write(path("stores/new"), "x")));
            assert!(refused(fs::read(path("elsewhere/file")).map(drop)));
            assert!(refused(fs::write(path("sockets/file"), "x")));
            drop(UnixListener::bind(path("sockets/keyward.sock")).unwrap());
            fs::remove_file(path("sockets/keyward.sock")).unwrap();
            fs::create_dir(path("written/set")).unwrap();
            fs::write(path("written/set/file"), "x").unwrap();
            fs::rename(path("written/set/file"), path("written/file")).unwrap();
            assert!(refused(fs::rename(
                path("written/file"),
                path("stores/in/store")
            )));
        });
        if acted.is_none() {
            println!("left out: this kernel has no Landlock");
        }
    }

    #[test]
    fn a_directory_that_is_made_again_is_reached() {
        let folder = tempfile::tempdir().unwrap();
        let stores = folder.path().join("app/stores");
        fs::create_dir_all(&stores).unwrap();
        let store = stores.join("store");
        fs::write(&store, "old").unwrap();
        let mut confinement = Confinement::default();
        confinement.follow(&store);
        let (confined_now, is_confined) = mpsc::channel();
        let (made_again, may_go_on) = mpsc::channel();
        let acted = thread::scope(|scope| {
            let (confinement, store) = (&confinement, &store);
            let reader = scope.spawn(move || {
                confined(confinement, move || {
                    confined_now.send(()).unwrap();
                    may_go_on.recv().unwrap();
                    fs::read(store).unwrap()
                })
            });
            // An error says that there is no Landlock here.
            let _ = is_confined.recv();
            fs::remove_dir_all(&stores).unwrap();
            fs::create_dir(&stores).unwrap();
            fs::write(store, "new").unwrap();
            let _ = made_again.send(());
            reader.join().unwrap()
        });
        assert!(acted.is_none_or(|read| read == b"new"));
    }

    #[test]
    fn a_port_is_listened_at_only_if_it_is_named() {
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let other = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let confinement = Confinement::default().with_port(free.port());
        let acted = confined(&confinement, || {
            (
                TcpListener::bind(free).is_ok(),
                TcpListener::bind(other).is_ok(),
            )
        });
        assert!(acted.is_none_or(|acted| acted == (true, false)));
    }
}
