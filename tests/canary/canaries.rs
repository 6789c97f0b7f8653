//! The canaries. In the test program they stand masked, so that a scan of its memory does not find the
//! program's own constants.

use keyward::Secret;
use zeroize::{Zeroize, Zeroizing};

/// Each canary is 32 printable characters of ASCII.
pub(crate) const LENGTH: usize = 32;
const MASK: u8 = 0xa5;

/// A password or a secret, masked.
#[derive(Clone, Copy)]
pub(crate) struct Canary([u8; LENGTH]);

/// The password of the keystores.
pub(crate) const STORE_PASSWORD: Canary = Canary::masked(b"Wy5sPq8Ru3Tk6Jd1Zx9Hc4Vm7Bn2Lf0G");
/// What a store is put under.
pub(crate) const OTHER_PASSWORD: Canary = Canary::masked(b"Ej2aSg7Vo4Cq1Xi8Yb5Mk3Wt9Pu6Dn0R");
/// A secret. Half of it is what URLs, XML and JSON escape.
pub(crate) const SECRET: Canary = Canary::masked(b"Kq7vT2mZ9wL4xR8bN3/%+&jF6#hD1=cG");
/// What it is replaced by.
pub(crate) const NEW_SECRET: Canary = Canary::masked(b"Ue4iOa7Yg1Xp5Nk8Qt2Mw6Rz3Bs9Fd0L");

pub(crate) const ALL: [Canary; 4] = [STORE_PASSWORD, OTHER_PASSWORD, SECRET, NEW_SECRET];

impl Canary {
    const fn masked(text: &[u8; LENGTH]) -> Self {
        let mut masked = [0; LENGTH];
        let mut index = 0;
        while index < LENGTH {
            masked[index] = mask(text[index]);
            index += 1;
        }
        Self(masked)
    }

    /// The bytes as they stand in the program.
    pub(crate) fn masked_bytes(self) -> [u8; LENGTH] {
        self.0
    }

    /// The text itself, wiped when dropped.
    pub(crate) fn text(self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH));
        text.extend(self.0.iter().map(|&byte| char::from(mask(byte))));
        text
    }

    pub(crate) fn secret(self) -> Secret {
        let mut bytes = self.0.map(mask);
        let secret = Secret::copied_from(&bytes);
        bytes.zeroize();
        secret
    }

    /// Whether `bytes` is this canary.
    pub(crate) fn is(self, bytes: &[u8]) -> bool {
        bytes.len() == LENGTH
            && bytes
                .iter()
                .zip(self.0)
                .all(|(&byte, own)| mask(byte) == own)
    }

    /// Whether this canary stands in `bytes`.
    pub(crate) fn stands_in(self, bytes: &[u8]) -> bool {
        bytes.windows(LENGTH).any(|window| self.is(window))
    }
}

/// Masks a byte, or takes the mask away.
pub(crate) const fn mask(byte: u8) -> u8 {
    byte ^ MASK
}
