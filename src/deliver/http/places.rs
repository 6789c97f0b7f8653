//! [`Places`]: how many may be served at once, in all and of one user.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A number of places.
pub(super) struct Places {
    in_all: usize,
    of_one_peer: usize,
    taken: Mutex<HashMap<u32, usize>>,
}

/// A place that a user has until this is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    uid: u32,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Crowded {
    /// This user has as many as one may have.
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

    pub(super) fn take(self: &Arc<Self>, uid: u32) -> Result<Place, Crowded> {
        let mut taken = self.lock();
        let total: usize = taken.values().sum();
        let own = taken.get(&uid).copied().unwrap_or_default();
        if own >= self.of_one_peer {
            return Err(Crowded::Peer);
        }
        if total >= self.in_all {
            return Err(Crowded::All);
        }
        taken.insert(uid, own + 1);
        drop(taken);
        let places = Arc::clone(self);
        Ok(Place { places, uid })
    }

    pub(super) fn taken(&self) -> usize {
        self.lock().values().sum()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u32, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        match taken.get(&self.uid).copied() {
            Some(own) if own > 1 => taken.insert(self.uid, own - 1),
            _ => taken.remove(&self.uid),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_cannot_take_the_places_of_others() {
        let places = Places::new(3, 2);
        let first = places.take(1).ok().unwrap();
        let _second = places.take(1).ok().unwrap();
        assert_eq!(places.take(1).err(), Some(Crowded::Peer));
        let _other = places.take(2).ok().unwrap();
        assert_eq!(places.take(3).err(), Some(Crowded::All));
        drop(first);
        assert_eq!(places.taken(), 2);
        assert!(places.take(1).is_ok());
    }
}
