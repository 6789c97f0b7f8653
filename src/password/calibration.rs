//! [`Calibration`]: the cost at which a function takes a given time on this machine.
//!
//! ```text
//! the least cost ──measure──> iterations, rounds, passes: in proportion, measured again, smaller if it is too long
//!                       └───> logarithms: one more, until it is too long
//! ```
//! The cost that is chosen was measured itself, on one core. It is the highest that was found to take no longer than
//! asked for, and never below the usual one, which is OWASP's figure or the product's: where that takes longer, it is chosen all the same.
//! Of bcrypt, whose usual cost is higher than OWASP's, it is OWASP's.

use std::time::{Duration, Instant};

use super::{HashFunction, PasswordError, Refusal, Scheme};
use crate::Secret;

/// The longest time that can be asked for.
pub const LONGEST_TARGET: Duration = Duration::from_secs(10);
/// OWASP's least for bcrypt; the usual cost of new values is higher.
const LEAST_BCRYPT_COST: u32 = 10;
/// The shortest of so many computations counts, unless they take too long.
const MOST_REPETITIONS: u32 = 5;
/// How often a cost in proportion is made smaller.
const MOST_CORRECTIONS: u32 = 4;

/// The cost of a function for a time, and what was measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calibration {
    /// The cost to give to [`Scheme::hash`].
    pub cost: u32,
    /// What one computation takes with it.
    pub takes: Duration,
    /// The least cost that is chosen.
    pub least: u32,
    /// All costs that were measured, in their order, with the shortest time of each.
    pub measured: Vec<(u32, Duration)>,
}

/// How the work grows with the cost.
#[derive(Clone, Copy)]
enum Growth {
    Proportional,
    Doubling,
}

impl Calibration {
    /// Whether even the least cost takes longer than `target`.
    #[must_use]
    pub fn is_beyond(&self, target: Duration) -> bool {
        self.takes > target
    }
}

impl Scheme {
    /// Measures at which cost a new value takes `target` on this machine, at most [`LONGEST_TARGET`]. Takes some times as
    /// long as that.
    ///
    /// # Errors
    /// When the scheme makes no new values, or its cost is fixed.
    pub fn calibrate(&self, target: Duration) -> Result<Calibration, PasswordError> {
        let target = target.min(LONGEST_TARGET);
        self.calibrate_by(target, |function| shortest(function, target))
    }

    fn calibrate_by(
        &self,
        target: Duration,
        measure: impl FnMut(&HashFunction) -> Result<Duration, Refusal>,
    ) -> Result<Calibration, PasswordError> {
        let fixed = || self.refused(Refusal::FixedCost);
        let usual = self.new_function(None)?;
        let (least, growth) = match &usual {
            HashFunction::Bcrypt(_) => (LEAST_BCRYPT_COST, Growth::Doubling),
            HashFunction::Scrypt(_) | HashFunction::Yescrypt(_) => {
                (usual.cost().ok_or_else(fixed)?, Growth::Doubling)
            }
            _ => (usual.cost().ok_or_else(fixed)?, Growth::Proportional),
        };
        let mut search = Search {
            function: |cost| self.new_function(Some(cost)),
            measure,
            measured: Vec::new(),
        };
        let takes = search.take(least).map_err(|error| self.explained(error))?;
        let (cost, takes) = match growth {
            Growth::Proportional => search.in_proportion((least, takes), target),
            Growth::Doubling => search.by_doubling((least, takes), target),
        };
        Ok(Calibration {
            cost,
            takes,
            least,
            measured: search.measured,
        })
    }

    fn explained(&self, error: SearchError) -> PasswordError {
        match error {
            SearchError::NoFunction(error) => error,
            SearchError::NotComputed(refusal) => self.refused(refusal),
        }
    }
}

enum SearchError {
    NoFunction(PasswordError),
    NotComputed(Refusal),
}

struct Search<F, M> {
    function: F,
    measure: M,
    measured: Vec<(u32, Duration)>,
}

impl<F, M> Search<F, M>
where
    F: Fn(u32) -> Result<HashFunction, PasswordError>,
    M: FnMut(&HashFunction) -> Result<Duration, Refusal>,
{
    fn take(&mut self, cost: u32) -> Result<Duration, SearchError> {
        let function = (self.function)(cost).map_err(SearchError::NoFunction)?;
        let takes = (self.measure)(&function).map_err(SearchError::NotComputed)?;
        self.measured.push((cost, takes));
        Ok(takes)
    }

    /// One more, as long as twice the time is not too long.
    fn by_doubling(&mut self, start: (u32, Duration), target: Duration) -> (u32, Duration) {
        let (mut cost, mut takes) = start;
        while let Ok(next) = self.take(cost + 1) {
            if next > target {
                break;
            }
            (cost, takes) = (cost + 1, next);
        }
        (cost, takes)
    }

    fn in_proportion(&mut self, least: (u32, Duration), target: Duration) -> (u32, Duration) {
        let mut best = least;
        let mut tried = least;
        for _ in 0..MOST_CORRECTIONS {
            let cost = self.highest_up_to(best.0, proportional(tried, target));
            if cost <= best.0 {
                break;
            }
            let Ok(takes) = self.take(cost) else {
                break;
            };
            tried = (cost, takes);
            if takes <= target {
                best = tried;
                break;
            }
        }
        best
    }

    /// The highest cost that is within the function's bounds, from `low`, which is, to `high`.
    fn highest_up_to(&self, low: u32, high: u32) -> u32 {
        let is_within = |cost| (self.function)(cost).is_ok();
        if high <= low || is_within(high) {
            return high;
        }
        let (mut within, mut beyond) = (low, high);
        while beyond - within > 1 {
            let middle = within + (beyond - within) / 2;
            if is_within(middle) {
                within = middle;
            } else {
                beyond = middle;
            }
        }
        within
    }
}

/// The cost that takes `target`, if the time grows as the cost does.
fn proportional((cost, takes): (u32, Duration), target: Duration) -> u32 {
    let nanoseconds = takes.as_nanos().max(1);
    let cost = u128::from(cost) * target.as_nanos() / nanoseconds;
    u32::try_from(cost).unwrap_or(u32::MAX)
}

/// The shortest of some computations, which together take about as long as `target`.
fn shortest(function: &HashFunction, target: Duration) -> Result<Duration, Refusal> {
    let password = Secret::copied_from(b"a password of the usual length");
    let mut shortest = Duration::MAX;
    let started = Instant::now();
    for _ in 0..MOST_REPETITIONS {
        let began = Instant::now();
        std::hint::black_box(function.apply(&password)?);
        shortest = shortest.min(began.elapsed());
        if started.elapsed() > target {
            break;
        }
    }
    Ok(shortest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::{Dialect, scheme, schemes};

    fn on(function: &HashFunction, slowness: f64) -> Duration {
        Duration::from_nanos(function.work()).mul_f64(slowness)
    }

    /// On a machine on which a unit of work takes so many nanoseconds: nothing is computed.
    fn on_machine(name: &str, dialect: Dialect, slowness: f64, target: Duration) -> Calibration {
        let measure = |function: &HashFunction| Ok(on(function, slowness));
        let scheme = scheme(name, Some(dialect)).unwrap();
        scheme.calibrate_by(target, measure).unwrap()
    }

    const SCHEMES: [(&str, Dialect); 7] = [
        ("pbkdf2-sha256", Dialect::Keycloak),
        ("pbkdf2-sha512", Dialect::Passlib),
        ("PBKDF2-SHA256", Dialect::OpenLdap),
        ("sha512-crypt", Dialect::Crypt),
        ("bcrypt", Dialect::Crypt),
        ("scrypt", Dialect::Phc),
        ("argon2id", Dialect::Phc),
    ];

    #[test]
    fn the_highest_cost_that_takes_no_longer_is_chosen() {
        for (name, dialect) in SCHEMES {
            for slowness in [3.0, 1.0, 0.3] {
                let mut before = 0;
                for milliseconds in [1, 50, 100, 250, 500, 1000, 5000, 10_000] {
                    let target = Duration::from_millis(milliseconds);
                    let found = on_machine(name, dialect, slowness, target);
                    let what = format!("{name} {milliseconds} ms, slowness {slowness}: {found:?}");
                    assert!(
                        found.measured.contains(&(found.cost, found.takes)),
                        "{what}"
                    );
                    assert!(found.cost >= found.least.max(before), "{what}");
                    assert!(
                        !found.is_beyond(target) || found.cost == found.least,
                        "{what}"
                    );
                    before = found.cost;
                    // A tenth at most is left, unless a bound or a step of the cost is more than that.
                    let scheme = scheme(name, Some(dialect)).unwrap();
                    let step = found.cost + (found.cost / 10).max(1);
                    if let Ok(dearer) = scheme.new_function(Some(step)) {
                        assert!(on(&dearer, slowness) > target, "{what}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_cost_beyond_the_bounds_is_never_chosen() {
        let fast = on_machine(
            "PBKDF2-SHA256",
            Dialect::OpenLdap,
            0.000_001,
            LONGEST_TARGET,
        );
        assert_eq!(fast.cost, 5_000_000);
        let fast = on_machine("bcrypt", Dialect::Crypt, 0.000_001, LONGEST_TARGET);
        assert_eq!(fast.cost, 18);
    }

    /// A machine that is disturbed takes longer at random; what is chosen was measured within the target all the same.
    #[test]
    fn a_disturbed_measurement_lowers_the_cost() {
        let mut times = [100_u64, 900, 480, 240].into_iter();
        let measure = |_: &HashFunction| Ok(Duration::from_millis(times.next().unwrap()));
        let scheme = scheme("pbkdf2-sha256", Some(Dialect::Keycloak)).unwrap();
        let found = scheme.calibrate_by(Duration::from_millis(500), measure);
        let found = found.unwrap();
        // 600,000 take 100 ms: 3,000,000 are tried, take 900, and 1,666,666 of them 480.
        assert_eq!(found.cost, 1_666_666);
        assert_eq!(found.takes, Duration::from_millis(480));
    }

    #[test]
    fn every_scheme_that_is_made_is_calibrated_or_says_why_not() {
        for scheme in schemes().filter(|scheme| scheme.produces()) {
            let measure = |function: &HashFunction| Ok(Duration::from_nanos(function.work()));
            match scheme.calibrate_by(Duration::from_millis(250), measure) {
                Ok(found) => assert!(scheme.new_function(Some(found.cost)).is_ok(), "{scheme:?}"),
                Err(PasswordError::Refused {
                    refusal: Refusal::FixedCost,
                    ..
                }) => assert!(
                    scheme.cost.contains("fixed") || scheme.cost == "none",
                    "{scheme:?}"
                ),
                Err(error) => panic!("{scheme:?}: {error}"),
            }
        }
    }

    #[test]
    fn this_machine_is_measured() {
        let scheme = scheme("bcrypt", Some(Dialect::Crypt)).unwrap();
        let found = scheme.calibrate(Duration::from_millis(1)).unwrap();
        assert_eq!(
            found.cost, LEAST_BCRYPT_COST,
            "no machine computes 1024 expansions in it"
        );
        assert!(found.takes > Duration::ZERO);
    }
}
