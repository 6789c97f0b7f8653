//! [`EqualCost`]: who asks about a user learns nothing from how long the answer takes.
//!
//! ```text
//! current value    its function
//! cheaper value    its function | the difference, in computations of the current function
//! unknown user                    all of the current function
//! ```
//! The idea is that of Django's `harden_runtime`, which knows iterations of one hasher alone. What is compared is
//! [`HashFunction::work`]; the difference is made up of the current function with a smaller cost, with as little left
//! over as its steps allow. A value that costs more than a current one is not made cheaper.

use std::hint::black_box;

use zeroize::Zeroizing;

use super::{
    Argon2, Bcrypt, HashFunction, PasswordError, Pbkdf2, PepperedPassword, Refusal, Scheme, Scrypt,
    ShaCrypt, StoredHash, Wrapping, Yescrypt,
};
use crate::Secret;

/// The cost that every answer has at least: that of a new value of one scheme.
pub struct EqualCost {
    current: HashFunction,
}

/// The least logarithm that is computed for yescrypt.
const LEAST_YESCRYPT: u32 = 4;

/// A digest, or why the function does not take the password.
pub(crate) type Digest = Result<Zeroizing<Vec<u8>>, Refusal>;

impl EqualCost {
    /// That of new values of `scheme`, with this cost or the usual one.
    ///
    /// # Errors
    /// When the scheme makes no new values, or not with this cost.
    pub fn of(scheme: &Scheme, cost: Option<u32>) -> Result<Self, PasswordError> {
        let current = scheme.new_function(cost)?;
        Ok(Self { current })
    }

    /// That of new values of `wrapping`.
    ///
    /// # Errors
    /// When there is no randomness for a salt.
    pub fn of_wrapping(wrapping: &Wrapping) -> Result<Self, PasswordError> {
        let current = wrapping.new_function()?;
        Ok(Self { current })
    }

    /// The function of new values.
    #[must_use]
    pub fn current(&self) -> &HashFunction {
        &self.current
    }

    /// Does the work of a verification for a user who does not exist, or whose stored value cannot be read.
    pub fn verify_unknown(&self, password: &Secret) {
        self.fill(0, password, &mut HashFunction::apply);
    }

    /// What is computed beside `function`, which has been computed; without one, beside nothing.
    #[must_use]
    pub fn difference(&self, function: Option<&HashFunction>) -> Vec<HashFunction> {
        self.missing(function.map_or(0, HashFunction::work))
    }

    /// What is computed beside so much work.
    fn missing(&self, done: u64) -> Vec<HashFunction> {
        let missing = self.current.work().saturating_sub(done);
        match &self.current {
            HashFunction::Pbkdf2(current) => of_pbkdf2(current, missing),
            HashFunction::Bcrypt(current) => of_bcrypt(current, missing),
            HashFunction::ShaCrypt(current) => of_sha_crypt(current, missing),
            HashFunction::Argon2(current) => of_argon2(current, missing),
            HashFunction::Scrypt(current) => of_scrypt(current, missing),
            HashFunction::Yescrypt(current) => of_yescrypt(current, missing),
            current if missing > 0 => vec![current.clone()],
            _ => Vec::new(),
        }
    }

    /// Whether `password` is the one that was stored, with the work of a current value; `compute` does all of it.
    pub(crate) fn verify(
        &self,
        stored: &StoredHash,
        password: &Secret,
        compute: &mut impl FnMut(&HashFunction, &Secret) -> Digest,
    ) -> Result<bool, PasswordError> {
        let digest = compute(stored.function(), password);
        // A password that is refused has cost nothing yet.
        let done = digest.as_ref().map_or(0, |_| stored.function().work());
        self.fill(done, password, compute);
        stored.is_of(digest)
    }

    /// Does what is missing beside so much work.
    pub(crate) fn fill(
        &self,
        done: u64,
        password: &Secret,
        compute: &mut impl FnMut(&HashFunction, &Secret) -> Digest,
    ) {
        // The current function may not take the password; one as long costs the same.
        let length = password.len().min(self.current.longest_password());
        let password = Secret::new(vec![b'x'; length]);
        for function in self.missing(done) {
            let _ = black_box(compute(&function, &password));
        }
    }
}

impl StoredHash {
    /// As [`Self::verify`], with the work of a current value: how long it takes does not tell an obsolete one.
    ///
    /// # Errors
    /// As [`Self::verify`], after the same work.
    pub fn verify_hardened(
        &self,
        password: &Secret,
        cost: &EqualCost,
    ) -> Result<bool, PasswordError> {
        cost.verify(self, password, &mut HashFunction::apply)
    }

    /// As [`Self::verify_hardened`], with a pepper.
    ///
    /// # Errors
    /// As [`Self::verify_peppered`], after the same work.
    pub fn verify_peppered_hardened(
        &self,
        password: &PepperedPassword,
        cost: &EqualCost,
    ) -> Result<bool, PasswordError> {
        let verified = self.verify_hardened(password.of(self.function()), cost);
        // What is refused takes as long as what is judged.
        self.check_length(password)?;
        verified.map_err(|error| password.explain(error))
    }
}

fn of_pbkdf2(current: &Pbkdf2, missing: u64) -> Vec<HashFunction> {
    let iteration = one(current, |one| {
        Pbkdf2::new(one.prf, one.salt.clone(), 1, one.length).map(HashFunction::Pbkdf2)
    });
    let iterations = missing.checked_div(iteration).unwrap_or(0);
    let function = Pbkdf2::new(
        current.prf,
        current.salt.clone(),
        iterations,
        current.length,
    );
    function.map(HashFunction::Pbkdf2).into_iter().collect()
}

fn of_sha_crypt(current: &ShaCrypt, missing: u64) -> Vec<HashFunction> {
    let all = HashFunction::ShaCrypt(current.clone()).work();
    let rounds = missing
        .saturating_mul(current.rounds.into())
        .checked_div(all);
    let rounds = rounds.and_then(|rounds| u32::try_from(rounds).ok());
    let function = ShaCrypt::new(current.digest, current.salt.clone(), rounds.unwrap_or(0));
    function.map(HashFunction::ShaCrypt).into_iter().collect()
}

/// Whole passes, and one over less memory.
fn of_argon2(current: &Argon2, missing: u64) -> Vec<HashFunction> {
    let with = |memory: u32, passes: u32| {
        let current = current.clone();
        HashFunction::Argon2(Argon2 {
            memory,
            passes,
            ..current
        })
    };
    let pass = with(current.memory, 1).work();
    let passes = u32::try_from(missing / pass.max(1)).unwrap_or(u32::MAX);
    let kibibyte = with(1, 1).work();
    let rest = u32::try_from(missing % pass.max(1) / kibibyte.max(1)).unwrap_or(u32::MAX);
    let mut functions = Vec::new();
    if passes > 0 {
        functions.push(with(current.memory, passes.min(current.passes)));
    }
    // Argon2 has at least two blocks in each of four slices of a lane.
    if rest >= 8 * current.lanes {
        functions.push(with(rest, 1));
    }
    functions
}

fn of_bcrypt(current: &Bcrypt, missing: u64) -> Vec<HashFunction> {
    let costs = (4..=current.cost).rev();
    of_powers(costs, missing, |cost| {
        HashFunction::Bcrypt(Bcrypt {
            cost,
            ..current.clone()
        })
    })
}

fn of_scrypt(current: &Scrypt, missing: u64) -> Vec<HashFunction> {
    let costs = (1..=u32::from(current.log_n)).rev();
    of_powers(costs, missing, |cost| {
        HashFunction::Scrypt(Scrypt {
            log_n: u8::try_from(cost).unwrap_or(current.log_n),
            ..current.clone()
        })
    })
}

fn of_yescrypt(current: &Yescrypt, missing: u64) -> Vec<HashFunction> {
    let costs = (LEAST_YESCRYPT..=current.log_n).rev();
    of_powers(costs, missing, |log_n| {
        HashFunction::Yescrypt(Yescrypt {
            log_n,
            ..current.clone()
        })
    })
}

/// Costs are logarithms, so that the difference is a sum of different ones, as a number is of its bits.
fn of_powers(
    costs: impl Iterator<Item = u32>,
    missing: u64,
    with: impl Fn(u32) -> HashFunction,
) -> Vec<HashFunction> {
    let mut missing = missing;
    let mut functions = Vec::new();
    for function in costs.map(with) {
        let work = function.work();
        if work <= missing {
            missing -= work;
            functions.push(function);
        }
    }
    functions
}

/// The work of the function that `make` makes of `current`, at least one.
fn one<F>(current: &F, make: impl Fn(&F) -> Result<HashFunction, Refusal>) -> u64 {
    make(current).map_or(1, |function| function.work().max(1))
}

#[cfg(test)]
mod tests;
