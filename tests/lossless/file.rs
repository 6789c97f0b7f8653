//! [`File`]: a PKCS12 file under test, and what must survive every edit of it.

use keyward::Secret;
use keyward::keystore::{Alias, Keystore};

use crate::ber::{self, Form, oid};
use crate::pkcs12::{self, Mac, Sealed, Taken};
use crate::{DER, PASSWORD, find, reveal};

/// A file under test, and its units that no edit here touches.
pub(crate) struct File {
    pub(crate) bytes: Vec<u8>,
    pub(crate) password: Vec<u8>,
    pub(crate) mac: Mac,
    untouched: Vec<Vec<u8>>,
}

impl File {
    /// One plain container with `bags` between two secrets, `decoy` and `last`.
    pub(crate) fn of_bags(form: Form, bags: &[Vec<u8>]) -> Self {
        let all = [&[secret(form, "decoy")], bags, &[secret(form, "last")]].concat();
        Self::of_containers(form, &[pkcs12::plain(form, &all)], &all[1..])
    }

    pub(crate) fn of_containers(
        form: Form,
        content_infos: &[Vec<u8>],
        untouched: &[Vec<u8>],
    ) -> Self {
        Self::guarded(form, content_infos, untouched, Mac::of(PASSWORD, 1000))
    }

    pub(crate) fn guarded(
        form: Form,
        content_infos: &[Vec<u8>],
        untouched: &[Vec<u8>],
        mac: Mac,
    ) -> Self {
        Self {
            bytes: pkcs12::pfx(form, content_infos, &mac),
            password: PASSWORD.as_bytes().to_vec(),
            mac,
            untouched: untouched.to_vec(),
        }
    }

    pub(crate) fn open(&self) -> Keystore {
        self.reopen(&self.bytes)
    }

    #[track_caller]
    pub(crate) fn reopen(&self, bytes: &[u8]) -> Keystore {
        match Keystore::open(bytes, &Secret::copied_from(&self.password)) {
            Ok(store) => store,
            Err(error) => panic!("{error}"),
        }
    }

    /// Adds a secret, deletes it, deletes `decoy`; after each of these the rest is as it was.
    #[track_caller]
    pub(crate) fn survives_edits(&self) {
        let mut store = self.open();
        let entries = store.entries();
        let added = Alias::new("added");
        store
            .add_secret(&added, &Secret::copied_from(b"x34!2axf"))
            .unwrap();
        let written = store.to_bytes();
        self.assert_untouched(&written);
        let mut store = self.reopen(&written);
        assert_eq!(reveal(&store, "added"), b"x34!2axf");

        store.delete(&added).unwrap();
        let written = store.to_bytes();
        self.assert_untouched(&written);
        let mut store = self.reopen(&written);
        assert_eq!(store.entries(), entries);

        let decoy = Alias::new("decoy");
        if store.entry(&decoy).is_none() {
            return;
        }
        store.delete(&decoy).unwrap();
        let written = store.to_bytes();
        self.assert_untouched(&written);
        let kept: Vec<_> = entries
            .into_iter()
            .filter(|entry| entry.alias != decoy)
            .collect();
        assert_eq!(self.reopen(&written).entries(), kept);
    }

    #[track_caller]
    pub(crate) fn assert_untouched(&self, written: &[u8]) {
        let taken = Taken::apart(written);
        // Containers may be in pieces in the file; their own bytes may not.
        let mut rest = opened_containers(&taken);
        for (index, unit) in self.untouched.iter().enumerate() {
            let at = find(&rest, unit)
                .unwrap_or_else(|| panic!("unit {index} is not there, or not in its place"));
            rest.drain(..at + unit.len());
        }
        assert_eq!(
            taken.mac_parameters(),
            Taken::apart(&self.bytes).mac_parameters()
        );
        assert!(taken.mac_is(&self.mac), "the MAC does not match");
    }
}

/// Every ContentInfo, and for a plain one its content in one piece.
fn opened_containers(taken: &Taken) -> Vec<u8> {
    let mut opened = Vec::new();
    for info in &taken.content_infos {
        let children = ber::Read::first(info).children();
        if children[0].raw == oid(pkcs12::DATA) {
            opened.extend(children[1].children()[0].octets());
        } else {
            opened.extend_from_slice(info);
        }
    }
    opened
}

/// A secret as a JDK stores it; its value is its alias backwards.
pub(crate) fn secret(form: Form, alias: &str) -> Vec<u8> {
    let attributes = [
        pkcs12::friendly_name(form, alias),
        pkcs12::local_key_id(form, b"Time 1795281145928"),
    ];
    sealed(form, alias, PASSWORD, 100, &attributes)
}

pub(crate) fn sealed(
    form: Form,
    alias: &str,
    password: &str,
    iterations: u64,
    attributes: &[Vec<u8>],
) -> Vec<u8> {
    let plaintext = value_of(alias);
    let sealed = Sealed {
        plaintext: &plaintext,
        password,
        iterations,
    };
    pkcs12::secret_bag(form, &sealed, attributes)
}

pub(crate) fn value_of(alias: &str) -> Vec<u8> {
    alias.chars().rev().collect::<String>().into_bytes()
}

pub(crate) fn named(name: &str) -> Vec<Vec<u8>> {
    vec![pkcs12::friendly_name(DER, name)]
}
