//! What is made is recognised and verified; what is anything at all is no reason to panic.

use keyward::password::{Dialect, identify, recognise, schemes};
use proptest::prelude::*;

use crate::{least_cost, secret};

#[test]
fn every_scheme_that_is_made_is_recognised_and_verified() {
    let mut made = 0;
    for scheme in schemes().filter(|scheme| scheme.produces()) {
        let stored = scheme
            .hash(&secret("x34!2axf"), least_cost(scheme))
            .unwrap();
        let again = scheme
            .hash(&secret("x34!2axf"), least_cost(scheme))
            .unwrap();
        assert_ne!(stored, again, "{scheme:?}: the salt is not fresh");
        let hash = recognise(&stored, Some(scheme.dialects[0])).unwrap();
        assert_eq!(hash.scheme().name, scheme.name, "{stored}");
        assert!(hash.verify(&secret("x34!2axf")).unwrap(), "{stored}");
        assert!(!hash.verify(&secret("x34!2axF")).unwrap(), "{stored}");
        assert!(recognise(&stored, None).is_ok(), "{stored}");
        made += 1;
    }
    assert!(made >= 25, "{made}");
}

#[test]
fn names_are_unique_within_a_dialect() {
    for dialect in Dialect::ALL {
        let of_dialect = schemes().filter(|scheme| scheme.dialects.contains(&dialect));
        let mut names: Vec<_> = of_dialect
            .map(|scheme| scheme.name.to_lowercase())
            .collect();
        names.sort();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "{dialect}: {names:?}");
        assert!(all > 0, "{dialect}");
    }
}

/// The marks of every scheme, so that what follows them is read.
const MARKS: [&str; 54] = [
    "{SSHA}",
    "{SMD5}",
    "{BASE64}",
    "{PBKDF2}",
    "{PBKDF2-SHA256}1000$",
    "{PKCS5S2}",
    "{CRYPT}$6$",
    "{CRYPT}$1$",
    "{BCRYPT}$2b$10$",
    "{ARGON2}$argon2id$",
    "{pbkdf2}",
    "{scrypt}$",
    "{sha256}",
    "{MD5}{",
    "{MD4}",
    "{ldap}{SSHA}",
    "{ldap}",
    "{bcrypt}$2x$",
    "pbkdf2_sha256$1$",
    "scrypt$16$s$",
    "md5$",
    "argon2$argon2i$v=19$m=8,t=1,p=1$",
    "$pbkdf2$1$",
    "grub.pbkdf2.sha512.1.",
    "$bcrypt-sha256$v=2,t=2b,r=4$",
    "$5$rounds=1000$",
    "$apr1$",
    "$2y$04$",
    "$argon2d$v=16$m=8,",
    "$scrypt$ln=1,r=1,",
    "_J9..rasm",
    "$sha1$1$salt$",
    "$7$4/..../....",
    "$y$j9T$",
    "$2$04$",
    "$3$$",
    "{NT}",
    "$P$9",
    "U$S$C",
    "AQAAAAIAAAAyAAAAEOMw",
    "{\"UM_USER_PASSWORD\":\"x\",\"PasswordDigest\":\"",
    "{\"passwordHash\":\"\",\"hash_config\":{\"algorithm\":\"",
    "{\"algorithm\":\"md5\",\"hash\":{\"value\":\"",
    "{\"encryptionScheme\":\"bcrypt\",\"factor\":4,\"password\":\"",
    "$scrypt$ln=16,r=1,p=1$",
    "$sha1$pf=",
    "$hmac-md5$",
    "$firescrypt$ln=",
    "$pbkdf2-sha224$i=",
    "$md5salted-prefix$",
    "PBKDF2WithHmacSHA256:",
    "pbkdf2:sha256:",
    "scrypt:16:",
    "pbkdf2(1,1,sha1)$",
];

proptest! {
    #[test]
    fn no_text_makes_keyward_panic(
        mark in prop::sample::select(&MARKS[..]),
        rest in prop_oneof![".{0,80}", "[A-Za-z0-9./+=$,:]{0,120}"],
    ) {
        for text in [rest.clone(), format!("{mark}{rest}")] {
            let _ = identify(&text, None);
            for dialect in [Dialect::Raw, Dialect::Nt, Dialect::AspNet] {
                let _ = identify(&text, Some(dialect));
            }
            let _ = recognise(&text, None);
        }
    }

    /// A stored value with one byte changed is refused or is another; it never panics.
    #[test]
    fn a_changed_value_does_not_verify(place in 0_usize..60, letter in "[A-Za-z0-9]") {
        let stored = "{SSHA}NqbHBcmvOVvZPRG0BQm2Ka0v+bNzYWx0";
        let mut changed = stored.to_owned();
        let place = 6 + place % (stored.len() - 6);
        changed.replace_range(place..=place, &letter);
        if let (Ok(one), Ok(other)) = (recognise(stored, None), recognise(&changed, None)) {
            prop_assert_eq!(one.is_same_as(&other), changed == stored);
        }
    }
}
