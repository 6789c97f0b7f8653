//! [`Pool`]: the certificates that a chain may be built of.

use std::env;
use std::path::{Path, PathBuf};

use super::{Certificate, Marks};
use crate::keystore::{Entry, EntryKind, Keystore, UnverifiedKeystore};

/// Which keystore a certificate is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Origin {
    /// The keystore that the command works with.
    Keystore,
    /// The `cacerts` of a JDK.
    Cacerts,
}

/// The first certificate of every entry of a keystore, and where asked for those of a JDK's
/// `cacerts`, in the order of the files.
#[derive(Default)]
pub(in crate::cli) struct Pool {
    members: Vec<Member>,
}

/// A certificate of the pool.
pub(in crate::cli) struct Member {
    pub(in crate::cli) alias: String,
    pub(in crate::cli) origin: Origin,
    kind: EntryKind,
    der: Vec<u8>,
}

impl Pool {
    /// Those of an opened keystore.
    pub(in crate::cli) fn of(store: &Keystore) -> Self {
        let mut pool = Self::default();
        pool.add_all(Origin::Keystore, &store.entries(), |entry| {
            store.certificates(&entry.alias).unwrap_or_default()
        });
        pool
    }

    /// Those of a keystore without its password, as far as they are not encrypted.
    pub(in crate::cli) fn of_unverified(store: &UnverifiedKeystore, origin: Origin) -> Self {
        let mut pool = Self::default();
        pool.add_all(origin, &store.entries(), |entry| {
            store.certificates(&entry.alias)
        });
        pool
    }

    /// Adds the first certificate of every entry; `certificates` gives those of one entry.
    fn add_all(
        &mut self,
        origin: Origin,
        entries: &[Entry],
        certificates: impl Fn(&Entry) -> Vec<Vec<u8>>,
    ) {
        for entry in entries {
            if !matches!(
                entry.kind,
                EntryKind::PrivateKey | EntryKind::TrustedCertificate
            ) {
                continue;
            }
            let own = certificates(entry).into_iter().next();
            let Some(der) = own.filter(|der| Certificate::read(der).is_some()) else {
                continue;
            };
            self.members.push(Member {
                alias: entry.alias.as_str().to_owned(),
                origin,
                kind: entry.kind.clone(),
                der,
            });
        }
    }

    /// Adds the members of another pool behind those of this one.
    pub(in crate::cli) fn append(&mut self, other: Self) {
        self.members.extend(other.members);
    }

    /// The member that is this very certificate.
    pub(in crate::cli) fn find(
        &self,
        certificate: &Certificate<'_>,
        origin: Origin,
    ) -> Option<&Member> {
        self.members_from(origin)
            .find(|member| member.der == certificate.der())
    }

    /// Whether the certificate itself is trusted, so that its signature does not matter.
    pub(in crate::cli) fn trusts(&self, certificate: &Certificate<'_>) -> bool {
        let in_keystore = self.find(certificate, Origin::Keystore);
        self.find(certificate, Origin::Cacerts).is_some()
            || in_keystore.is_some_and(|member| member.kind == EntryKind::TrustedCertificate)
    }

    /// Which marks the certificate gets.
    pub(in crate::cli) fn marks(&self, certificate: &Certificate<'_>) -> Marks {
        if self.trusts(certificate) {
            Marks::KeyAlone
        } else {
            Marks::All
        }
    }

    /// The member that has signed the certificate, by its key alone.
    pub(in crate::cli) fn signer_of(
        &self,
        certificate: &Certificate<'_>,
        origin: Origin,
    ) -> Option<&Member> {
        self.members_from(origin).find(|member| {
            let signer = member.certificate();
            signer.is_some_and(|signer| certificate.is_verified_by(&signer))
        })
    }

    /// The members that have signed the certificate, by name and key.
    pub(super) fn issuers_of(
        &self,
        certificate: &Certificate<'_>,
    ) -> impl Iterator<Item = (&Member, Certificate<'_>)> {
        let all = self.members.iter();
        all.filter_map(|member| {
            let issuer = member.certificate()?;
            certificate
                .is_signed_by(&issuer)
                .then_some((member, issuer))
        })
    }

    fn members_from(&self, origin: Origin) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .filter(move |member| member.origin == origin)
    }
}

impl Member {
    /// The bytes (DER).
    pub(in crate::cli) fn der(&self) -> &[u8] {
        &self.der
    }

    /// Taken apart; a pool takes nothing else than certificates.
    pub(in crate::cli) fn certificate(&self) -> Option<Certificate<'_>> {
        Certificate::read(&self.der)
    }

    /// As keytool's warnings name it.
    pub(in crate::cli) fn label(&self) -> String {
        match self.origin {
            Origin::Keystore => format!("Issuer <{}>", self.alias),
            Origin::Cacerts => format!("Issuer <{}> in cacerts", self.alias),
        }
    }
}

/// The `cacerts` of the JDK that `JAVA_HOME` names.
pub(in crate::cli) fn cacerts_file() -> Option<PathBuf> {
    let home = env::var_os("JAVA_HOME")?;
    Some(Path::new(&home).join("lib/security/cacerts"))
}
