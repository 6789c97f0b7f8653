//! What the processor offers for key derivation, found out when the program runs.
//!
//! | processor | one SHA chain | many chains |
//! |---|---|---|
//! | with SHA instructions | `sha1`, `sha2` use them | in the lanes of AVX-512; in those of AVX2 only SHA-512 |
//! | with AVX-512 or AVX2 | SHA-2 in `ring`'s assembly | in vector lanes |
//! | other | `sha1`, and `sha2` or `ring` | one by one |
//!
//! Never decided when the program is compiled: code for one processor's SHA instructions is 90
//! times slower where their use leaves dirty upper halves of vector registers behind.

use std::sync::OnceLock;

/// Whether the processor computes SHA-256 itself.
pub(super) fn has_sha_instructions() -> bool {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    let has = std::arch::is_x86_feature_detected!("sha");
    #[cfg(target_arch = "aarch64")]
    let has = std::arch::is_aarch64_feature_detected!("sha2");
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
    let has = false;
    has
}

/// Vector registers that hold a word of each of several chains.
#[derive(Clone, Copy)]
pub(super) enum Vectors {
    #[cfg(target_arch = "x86_64")]
    Avx512(pulp::x86::V4),
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp::x86::V3),
    /// Computed one after the other: slower than one by one, but the same.
    None,
}

impl Vectors {
    /// The widest that the processor has.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn of_processor() -> Self {
        static FOUND: OnceLock<Vectors> = OnceLock::new();
        *FOUND.get_or_init(|| {
            pulp::x86::V4::try_new()
                .map(Self::Avx512)
                .or_else(|| pulp::x86::V3::try_new().map(Self::Avx2))
                .unwrap_or(Self::None)
        })
    }

    /// None: only those of x86-64 are used.
    #[cfg(not(target_arch = "x86_64"))]
    pub(super) fn of_processor() -> Self {
        Self::None
    }

    /// Every kind that the processor has, none included.
    #[cfg(test)]
    pub(super) fn all_of_processor() -> Vec<Self> {
        #[cfg(target_arch = "x86_64")]
        let narrow = pulp::x86::V3::try_new().map(Self::Avx2);
        #[cfg(not(target_arch = "x86_64"))]
        let narrow = None;
        let all = [Self::None, Self::of_processor()];
        all.into_iter().chain(narrow).collect()
    }

    /// Whether they are 512 bits long and turn words in one instruction.
    pub(super) fn are_wide(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        let wide = matches!(self, Self::Avx512(_));
        #[cfg(not(target_arch = "x86_64"))]
        let wide = false;
        wide
    }

    /// Whether chains in lanes are quicker than one by one. Without optimisation, as tests
    /// are compiled, they are not.
    pub(super) fn pay(self) -> bool {
        !matches!(self, Self::None) && !cfg!(debug_assertions)
    }

    /// Runs `work`, compiled for these registers.
    pub(super) fn run<W: pulp::NullaryFnOnce>(self, work: W) -> W::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(vectors) => vectors.vectorize(work),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(vectors) => vectors.vectorize(work),
            Self::None => work.call(),
        }
    }
}
