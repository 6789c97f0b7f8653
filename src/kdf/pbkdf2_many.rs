//! [`pbkdf2_many`]: PBKDF2 of many passwords, each with a salt of its own.

use super::pbkdf2_lanes::{Block, BlockLanes};
use super::processor::Vectors;
use super::{DigestAlgorithm, Iterations, pbkdf2};

/// A password, a salt, and the key to be filled.
pub struct Pbkdf2Task<'a> {
    /// The password, of any length.
    pub password: &'a [u8],
    /// The salt, of any length.
    pub salt: &'a [u8],
    /// Where the key goes, in all its length.
    pub key: &'a mut [u8],
}

/// Fills the keys of all `tasks` on the thread that calls it, with several blocks of keys at a time
/// in vector registers where that is quicker. The keys are those of [`pbkdf2()`].
pub fn pbkdf2_many(prf: DigestAlgorithm, iterations: Iterations, tasks: &mut [Pbkdf2Task<'_>]) {
    match BlockLanes::of(prf, Vectors::of_processor()) {
        Some(lanes) if lanes.pay() => fill_in_lanes(lanes, iterations, tasks),
        _ => fill_one_by_one(prf, iterations, tasks),
    }
}

fn fill_one_by_one(prf: DigestAlgorithm, iterations: Iterations, tasks: &mut [Pbkdf2Task<'_>]) {
    for task in tasks {
        pbkdf2(prf, task.password, task.salt, iterations, task.key);
    }
}

fn fill_in_lanes(lanes: BlockLanes, iterations: Iterations, tasks: &mut [Pbkdf2Task<'_>]) {
    let (side_by_side, alone) = tasks.split_at_mut(worthwhile_in_lanes(lanes, tasks));
    let blocks = side_by_side
        .iter_mut()
        .flat_map(|task| blocks_of(lanes, task));
    let mut blocks: Vec<Block<'_>> = blocks.collect();
    for chunk in blocks.chunks_mut(lanes.count()) {
        lanes.derive(iterations, chunk);
    }
    fill_one_by_one(lanes.prf, iterations, alone);
}

/// How many of the first tasks go in lanes: all, but for a few that would leave most lanes empty.
fn worthwhile_in_lanes(lanes: BlockLanes, tasks: &[Pbkdf2Task<'_>]) -> usize {
    let blocks = |task: &Pbkdf2Task<'_>| task.key.len().div_ceil(lanes.prf.output_length());
    let over = tasks.iter().map(blocks).sum::<usize>() % lanes.count();
    if over >= lanes.worthwhile() {
        return tasks.len();
    }
    let last_blocks = tasks.iter().rev().map(blocks).scan(0, |sum, blocks| {
        *sum += blocks;
        Some(*sum)
    });
    tasks.len() - last_blocks.take_while(|sum| *sum <= over).count()
}

fn blocks_of<'a>(
    lanes: BlockLanes,
    task: &'a mut Pbkdf2Task<'_>,
) -> impl Iterator<Item = Block<'a>> {
    let (password, salt) = (task.password, task.salt);
    let outputs = task.key.chunks_mut(lanes.prf.output_length());
    outputs.zip(1..).map(move |(output, index)| Block {
        password,
        salt,
        index,
        output,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PRFS: [DigestAlgorithm; 3] = [
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha512,
    ];

    /// A password, a salt and the length of a key, zero bytes and long ones among them.
    fn row() -> impl Strategy<Value = (Vec<u8>, Vec<u8>, usize)> {
        let bytes = || prop::collection::vec(prop_oneof![Just(0), any::<u8>()], 0..200);
        (bytes(), bytes(), 0..150_usize)
    }

    type Fill<'a> = &'a dyn Fn(&mut [Pbkdf2Task<'_>]);

    fn keys(rows: &[(Vec<u8>, Vec<u8>, usize)], fill: Fill<'_>) -> Vec<Vec<u8>> {
        let mut keys: Vec<_> = rows.iter().map(|row| vec![0; row.2]).collect();
        let mut tasks: Vec<_> = rows
            .iter()
            .zip(&mut keys)
            .map(|((password, salt, _), key)| Pbkdf2Task {
                password,
                salt,
                key,
            })
            .collect();
        fill(&mut tasks);
        keys
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Whether they pay or not: what the compiler makes of them is the same.
        #[test]
        fn keys_in_lanes_are_those_of_one_by_one(
            rows in prop::collection::vec(row(), 1..40),
            count in 1..9_u64,
        ) {
            let iterations = Iterations::new(count).unwrap();
            for prf in PRFS {
                let expected = keys(&rows, &|tasks| fill_one_by_one(prf, iterations, tasks));
                for vectors in Vectors::all_of_processor() {
                    let lanes = BlockLanes::of(prf, vectors).unwrap();
                    let found = keys(&rows, &|tasks| fill_in_lanes(lanes, iterations, tasks));
                    prop_assert_eq!(&found, &expected, "{:?}", prf);
                }
                let found = keys(&rows, &|tasks| pbkdf2_many(prf, iterations, tasks));
                prop_assert_eq!(&found, &expected, "{:?}", prf);
            }
        }
    }

    #[test]
    fn what_would_leave_most_lanes_empty_goes_one_by_one() {
        for prf in PRFS {
            let lanes = BlockLanes::of(prf, Vectors::of_processor()).unwrap();
            if lanes.count() == 1 {
                continue;
            }
            let in_lanes = |blocks: &[usize]| {
                let mut keys: Vec<_> = blocks
                    .iter()
                    .map(|blocks| vec![0; blocks * prf.output_length()])
                    .collect();
                let tasks = keys.iter_mut().map(|key| Pbkdf2Task {
                    password: b"password",
                    salt: b"salt",
                    key,
                });
                worthwhile_in_lanes(lanes, &tasks.collect::<Vec<_>>())
            };
            assert!(lanes.worthwhile() > 1);
            assert_eq!(in_lanes(&[1]), 0);
            assert_eq!(in_lanes(&vec![1; lanes.worthwhile() - 1]), 0);
            assert_eq!(in_lanes(&vec![1; lanes.worthwhile()]), lanes.worthwhile());
            assert_eq!(in_lanes(&vec![1; lanes.count() + 1]), lanes.count());
            assert_eq!(in_lanes(&[lanes.count(), 1]), 1);
            assert_eq!(in_lanes(&[1, lanes.count()]), 2);
        }
    }
}
