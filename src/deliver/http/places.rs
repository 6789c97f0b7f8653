//! [`Places`]: how many may be served at once, in all and of one user, certificate or address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::service::Peer;

/// A number of places.
pub(super) struct Places {
    in_all: usize,
    of_one_peer: usize,
    taken: Mutex<HashMap<Holder, usize>>,
}

/// A place that is taken until this is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    holder: Holder,
}

/// Who takes places.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Holder {
    User(u32),
    /// By SHA-256 of the certificate.
    Certificate([u8; 32]),
    /// Who has not shown a certificate yet.
    Address(IpAddr),
}

impl Holder {
    /// Of IPv6 the network counts: one host has as many addresses of it as it likes.
    pub(super) fn of_address(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                Self::Address(IpAddr::V6(network.into()))
            }
            address @ IpAddr::V4(_) => Self::Address(address),
        }
    }

    pub(super) fn of(peer: &Peer) -> Self {
        match peer {
            Peer::Process(process) => Self::User(process.uid),
            Peer::Certificate(certificate) => Self::Certificate(certificate.digest()),
            Peer::Address(address) => Self::of_address(*address),
        }
    }
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Crowded {
    /// This one has as many as one may have.
    Peer,
    /// All are taken.
    All,
}

impl Places {
    pub(super) fn new(in_all: usize, of_one_peer: usize) -> Arc<Self> {
        Arc::new(Self {
            in_all,
            of_one_peer,
            taken: Mutex::default(),
        })
    }

    pub(super) fn take(self: &Arc<Self>, holder: Holder) -> Result<Place, Crowded> {
        let mut taken = self.lock();
        let total: usize = taken.values().sum();
        let own = taken.get(&holder).copied().unwrap_or_default();
        if own >= self.of_one_peer {
            return Err(Crowded::Peer);
        }
        if total >= self.in_all {
            return Err(Crowded::All);
        }
        taken.insert(holder, own + 1);
        drop(taken);
        let places = Arc::clone(self);
        Ok(Place { places, holder })
    }

    pub(super) fn taken(&self) -> usize {
        self.lock().values().sum()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Holder, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        match taken.get(&self.holder).copied() {
            Some(own) if own > 1 => taken.insert(self.holder, own - 1),
            _ => taken.remove(&self.holder),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_cannot_take_the_places_of_others() {
        let places = Places::new(3, 2);
        let first = places.take(Holder::User(1)).ok().unwrap();
        let _second = places.take(Holder::User(1)).ok().unwrap();
        assert_eq!(places.take(Holder::User(1)).err(), Some(Crowded::Peer));
        let _other = places.take(Holder::User(2)).ok().unwrap();
        assert_eq!(places.take(Holder::User(3)).err(), Some(Crowded::All));
        drop(first);
        assert_eq!(places.taken(), 2);
        assert!(places.take(Holder::User(1)).is_ok());
    }
}
