//! [`Batch`]: what one thread derives at a time.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;

use zeroize::Zeroizing;

use super::key_derivation::KeyDerivation;
use super::pbkdf2_lanes::{Block, BlockLanes};
use super::processor::Vectors;
use super::{DigestAlgorithm, Iterations, jceks_pbe};

/// Fewer iterations than this in all are not worth a second thread.
const WORTH_A_THREAD: u64 = 5_000;

/// A derivation, and where its key goes.
type Work<'a> = (&'a KeyDerivation, &'a mut [u8]);

enum Batch<'a> {
    One(Work<'a>),
    SideBySide(Lanes, Vec<Work<'a>>),
}

/// What derivations must have in common to go side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Lanes {
    Pbkdf2(DigestAlgorithm, Iterations),
    Jceks(Iterations),
}

/// See [`KeyDerivation::derive_all`].
pub(super) fn derive_all(
    password: &[u8],
    derivations: &[KeyDerivation],
) -> Vec<Zeroizing<Vec<u8>>> {
    let of_length = |one: &KeyDerivation| Zeroizing::new(vec![0; one.key_length()]);
    let mut keys: Vec<Zeroizing<Vec<u8>>> = derivations.iter().map(of_length).collect();
    let slots = keys.iter_mut().map(|key| key.as_mut_slice());
    let vectors = Vectors::of_processor();
    let batches = Mutex::new(batches_of(derivations.iter().zip(slots), vectors));
    let work = || {
        let next = || batches.lock().ok()?.pop();
        while let Some(batch) = next() {
            batch.run(vectors, password);
        }
    };
    let iterations = |one: &KeyDerivation| u64::from(one.iterations().get());
    let threads = match derivations.iter().map(iterations).sum::<u64>() {
        ..WORTH_A_THREAD => 1,
        _ => thread::available_parallelism().map_or(1, usize::from),
    };
    thread::scope(|scope| {
        for _ in 1..threads.min(derivations.len()) {
            // Where the system gives no more threads, those that there are do the work.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    keys
}

fn batches_of<'a>(work: impl Iterator<Item = Work<'a>>, vectors: Vectors) -> Vec<Batch<'a>> {
    let mut batches = Vec::new();
    let mut side_by_side: HashMap<Lanes, Vec<Work<'a>>> = HashMap::new();
    for one in work {
        match Lanes::of(one.0) {
            Some(lanes) if lanes.pay(vectors) => side_by_side.entry(lanes).or_default().push(one),
            _ => batches.push(Batch::One(one)),
        }
    }
    for (lanes, mut group) in side_by_side {
        while !group.is_empty() {
            let rest = group.split_off(group.len().min(lanes.count(vectors)));
            // All lanes cost as much as one, and one by itself is quicker.
            if group.len() < lanes.worthwhile(vectors) {
                batches.extend(group.into_iter().map(Batch::One));
            } else {
                batches.push(Batch::SideBySide(lanes, group));
            }
            group = rest;
        }
    }
    batches
}

impl Batch<'_> {
    fn run(self, vectors: Vectors, password: &[u8]) {
        match self {
            Self::One((derivation, key)) => derivation.derive_into(password, key),
            Self::SideBySide(lanes, work) => lanes.derive(vectors, password, work),
        }
    }
}

impl Lanes {
    fn of(derivation: &KeyDerivation) -> Option<Self> {
        match derivation {
            KeyDerivation::Pbkdf2 {
                prf,
                iterations,
                length,
                ..
            } if *length <= prf.output_length() => Some(Self::Pbkdf2(*prf, *iterations)),
            KeyDerivation::Pbkdf2 { .. } => None,
            KeyDerivation::Jceks { iterations, .. } => Some(Self::Jceks(*iterations)),
        }
    }

    /// Whether they are quicker than one by one.
    fn pay(self, vectors: Vectors) -> bool {
        match self {
            Self::Pbkdf2(prf, _) => BlockLanes::of(prf, vectors).is_some_and(BlockLanes::pay),
            Self::Jceks(_) => vectors.pay(),
        }
    }

    fn count(self, vectors: Vectors) -> usize {
        match self {
            Self::Pbkdf2(prf, _) => BlockLanes::of(prf, vectors).map_or(1, BlockLanes::count),
            Self::Jceks(_) => jceks_pbe::SIDE_BY_SIDE,
        }
    }

    /// Fewer derivations are quicker one by one.
    fn worthwhile(self, vectors: Vectors) -> usize {
        match self {
            Self::Pbkdf2(prf, _) => BlockLanes::of(prf, vectors).map_or(2, BlockLanes::worthwhile),
            Self::Jceks(_) => 2,
        }
    }

    fn derive(self, vectors: Vectors, password: &[u8], work: Vec<Work<'_>>) {
        let (derivations, mut keys): (Vec<_>, Vec<_>) = work.into_iter().unzip();
        match self {
            Self::Pbkdf2(prf, iterations) => {
                let salts = derivations.into_iter().filter_map(salt_of);
                let block = |(salt, output)| Block {
                    password,
                    salt,
                    index: 1,
                    output,
                };
                let mut blocks: Vec<_> = salts.zip(keys).map(block).collect();
                if let Some(lanes) = BlockLanes::of(prf, vectors) {
                    lanes.derive(iterations, &mut blocks);
                }
            }
            Self::Jceks(iterations) => {
                let halves: Vec<_> = derivations.into_iter().filter_map(halves_of).collect();
                jceks_pbe::derive_side_by_side(vectors, password, &halves, iterations, &mut keys);
            }
        }
    }
}

fn salt_of(derivation: &KeyDerivation) -> Option<&[u8]> {
    match derivation {
        KeyDerivation::Pbkdf2 { salt, .. } => Some(salt),
        KeyDerivation::Jceks { .. } => None,
    }
}

fn halves_of(derivation: &KeyDerivation) -> Option<[[u8; 4]; 2]> {
    match derivation {
        KeyDerivation::Jceks { halves, .. } => Some(*halves),
        KeyDerivation::Pbkdf2 { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_every_kind() -> Vec<KeyDerivation> {
        let iterations = |count| Iterations::new(count).unwrap();
        let mut derivations = Vec::new();
        for index in 0..21_u8 {
            derivations.push(KeyDerivation::Pbkdf2 {
                prf: DigestAlgorithm::Sha256,
                salt: vec![index; 20],
                iterations: iterations(30 + u64::from(index % 2)),
                length: 32,
            });
            derivations.push(KeyDerivation::Jceks {
                halves: [[index; 4], [1, 2, 3, index]],
                iterations: iterations(20),
            });
        }
        derivations.push(KeyDerivation::Pbkdf2 {
            prf: DigestAlgorithm::Sha512,
            salt: b"salt".to_vec(),
            iterations: iterations(6_000),
            length: 40,
        });
        derivations
    }

    #[test]
    fn all_keys_are_those_of_one_by_one() {
        let derivations = of_every_kind();
        let keys = derive_all(b"changeit", &derivations);
        for (key, derivation) in keys.iter().zip(&derivations) {
            assert_eq!(**key, *derivation.derive(b"changeit"), "{derivation:?}");
        }
    }

    /// Whether they pay or not: what the compiler makes of them is the same.
    #[test]
    fn keys_side_by_side_are_those_of_one_by_one() {
        let derivations = of_every_kind();
        for vectors in [Vectors::None, Vectors::of_processor()] {
            for lanes in [
                Lanes::Pbkdf2(DigestAlgorithm::Sha256, Iterations::new(31).unwrap()),
                Lanes::Jceks(Iterations::new(20).unwrap()),
            ] {
                let alike: Vec<_> = derivations
                    .iter()
                    .filter(|one| Lanes::of(one) == Some(lanes))
                    .take((lanes.count(vectors) - 1).max(1))
                    .collect();
                let mut keys = vec![vec![0; 32]; alike.len()];
                let slots = keys.iter_mut().map(Vec::as_mut_slice);
                let work = alike.iter().copied().zip(slots).collect();
                lanes.derive(vectors, b"changeit", work);
                for (key, derivation) in keys.iter().zip(alike) {
                    assert_eq!(*key, *derivation.derive(b"changeit"));
                }
            }
        }
    }

    #[test]
    fn derivations_go_side_by_side_up_to_the_number_of_lanes() {
        let derivations = of_every_kind();
        let mut keys = vec![vec![0; 32]; derivations.len()];
        let work = derivations
            .iter()
            .zip(keys.iter_mut().map(Vec::as_mut_slice));
        let vectors = Vectors::of_processor();
        let batches = batches_of(work, vectors);
        let sizes = batches.iter().map(|batch| match batch {
            Batch::One(_) => 1,
            Batch::SideBySide(lanes, work) => {
                assert!((lanes.worthwhile(vectors)..=lanes.count(vectors)).contains(&work.len()));
                work.len()
            }
        });
        assert_eq!(sizes.sum::<usize>(), derivations.len());
    }
}
