//! Many passwords at once: functions of one kind and cost go through the processor together.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::{HashFunction, taken};
use crate::Secret;
use crate::kdf::{BcryptInput, DigestAlgorithm, Iterations, Pbkdf2Task, bcrypt_many, pbkdf2_many};
use crate::password::Refusal;

type Digest = Result<Zeroizing<Vec<u8>>, Refusal>;

/// What goes together, and where its digests go.
#[derive(Default)]
struct Groups<'a> {
    pbkdf2: HashMap<(DigestAlgorithm, Iterations), Vec<Pbkdf2Task<'a>>>,
    /// By cost.
    bcrypt: HashMap<u32, (Vec<BcryptInput>, Vec<&'a mut Digest>)>,
}

/// See [`HashFunction::apply_side_by_side`].
pub(super) fn apply(work: &[(&HashFunction, &Secret)]) -> Vec<Digest> {
    let mut digests: Vec<Digest> = work.iter().map(alone_or_empty).collect();
    let mut groups = Groups::default();
    for ((function, password), digest) in work.iter().zip(&mut digests) {
        groups.take(function, password.expose_bytes(), digest);
    }
    groups.fill();
    digests
}

/// The digest where nothing can go together, or room for it.
fn alone_or_empty((function, password): &(&HashFunction, &Secret)) -> Digest {
    match function {
        HashFunction::Pbkdf2(function) => {
            taken(password).map(|_| Zeroizing::new(vec![0; function.length]))
        }
        HashFunction::Bcrypt(_) => taken(password).map(|_| Zeroizing::default()),
        _ => function.apply(password),
    }
}

impl<'a> Groups<'a> {
    fn take(&mut self, function: &'a HashFunction, password: &'a [u8], digest: &'a mut Digest) {
        match (function, digest) {
            (HashFunction::Pbkdf2(function), Ok(key)) => {
                let alike = (function.prf, function.iterations);
                self.pbkdf2.entry(alike).or_default().push(Pbkdf2Task {
                    password,
                    salt: &function.salt,
                    key,
                });
            }
            (HashFunction::Bcrypt(function), digest @ Ok(_)) => match function.input(password) {
                Ok(input) => {
                    let (inputs, digests) = self.bcrypt.entry(function.cost).or_default();
                    inputs.push(input);
                    digests.push(digest);
                }
                Err(refusal) => *digest = Err(refusal),
            },
            _ => {}
        }
    }

    fn fill(self) {
        for ((prf, iterations), mut tasks) in self.pbkdf2 {
            pbkdf2_many(prf, iterations, &mut tasks);
        }
        for (cost, (inputs, digests)) in self.bcrypt {
            for (digest, hashed) in digests.into_iter().zip(bcrypt_many(cost, &inputs)) {
                *digest = Ok(hashed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::{Bcrypt, BcryptVariant, MessageDigest, Pbkdf2, PreHash, SaltedDigest};
    use proptest::prelude::*;

    fn bytes(lengths: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(prop_oneof![1 => Just(0_u8), 9 => any::<u8>()], lengths)
    }

    fn pbkdf2() -> impl Strategy<Value = HashFunction> {
        let prf = prop::sample::select(vec![
            DigestAlgorithm::Sha1,
            DigestAlgorithm::Sha224,
            DigestAlgorithm::Sha256,
            DigestAlgorithm::Sha384,
            DigestAlgorithm::Sha512,
            DigestAlgorithm::Sha512Trunc256,
        ]);
        (prf, bytes(0..200), 1..4_u64, 10..150_usize).prop_map(|(prf, salt, iterations, length)| {
            HashFunction::Pbkdf2(Pbkdf2::new(prf, salt, iterations, length).unwrap())
        })
    }

    fn bcrypt() -> impl Strategy<Value = HashFunction> {
        let variant = prop::sample::select(vec![BcryptVariant::X, BcryptVariant::B]);
        let pre_hash = prop::sample::select(vec![
            PreHash::None,
            PreHash::HexSha256,
            PreHash::Base64Sha256,
            PreHash::Base64HmacSha256,
        ]);
        (variant, pre_hash, 4..6_u32, any::<[u8; 16]>()).prop_map(
            |(variant, pre_hash, cost, salt)| {
                let bcrypt = Bcrypt::new(variant, cost, salt).unwrap();
                HashFunction::Bcrypt(bcrypt.with_pre_hash(pre_hash))
            },
        )
    }

    fn other() -> impl Strategy<Value = HashFunction> {
        bytes(0..20).prop_map(|salt| {
            HashFunction::Digest(SaltedDigest {
                digest: MessageDigest::Sha256,
                before: salt,
                after: Vec::new(),
                times: 1,
            })
        })
    }

    /// Among them with zero bytes, beyond bcrypt's 72 bytes and beyond all that is taken.
    fn password() -> impl Strategy<Value = Vec<u8>> {
        let text = prop::collection::vec(1..=255_u8, 0..80);
        prop_oneof![8 => text, 8 => bytes(0..200), 1 => Just(vec![b'x'; 4097])]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn digests_are_those_of_one_by_one(
            work in prop::collection::vec(
                (prop_oneof![3 => pbkdf2(), 2 => bcrypt(), 1 => other()], password()),
                0..40,
            ),
        ) {
            let work: Vec<_> = work
                .iter()
                .map(|(function, password)| (function, Secret::copied_from(password)))
                .collect();
            let work: Vec<_> = work.iter().map(|(function, password)| (*function, password)).collect();
            let digests = HashFunction::apply_side_by_side(&work);
            prop_assert_eq!(digests.len(), work.len());
            for ((function, password), digest) in work.iter().zip(digests) {
                prop_assert_eq!(function.apply(password), digest, "{}", function);
            }
        }
    }
}
