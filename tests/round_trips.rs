//! Round trips: whatever is added, renamed, replaced, deleted, converted or put under another password, in whatever
//! order, the store that is opened afterwards holds exactly what a map of aliases to secrets would hold.

// All of this is test code.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use keyward::Secret;
use keyward::keystore::{
    Alias, EntryKind, KeyPasswords, Keystore, KeystoreError, NewProtection, StoreType,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// What may happen to a store. An [`Index`] picks one of the aliases that are there.
#[derive(Clone, Debug)]
enum Step {
    Add(String, Vec<u8>),
    /// Under an algorithm of its own, where the store type has more than one.
    AddProtected(String, Vec<u8>, &'static str),
    Replace(Index, Vec<u8>),
    Rename(Index, String),
    Delete(Index),
    /// Into a new store of the other type that holds secrets.
    Convert,
    StorePassword(String),
    Reopen,
}

const PROTECTIONS: [&str; 4] = [
    "PBEWithSHA1AndDESede",
    "PBEWithHmacSHA1AndAES_128",
    "PBEWithHmacSHA512AndAES_256",
    "PBEWithHmacSHA256AndAES_256",
];

fn any_alias() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        // Few, so that they meet; in cases that fold alike and cases that do not.
        "[a-cA-C]{1,2}",
        "[ΑΣσςİıǅß]{1,3}",
        // What modified UTF-8 and UTF-16 write otherwise than UTF-8: zero, and beyond the basic plane.
        "[\0\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}😀\u{10ffff}]{1,4}",
    ]
}

fn any_secret() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[ -~]{1,40}".prop_map(String::into_bytes),
        "\\PC{1,10}".prop_map(String::into_bytes),
        vec(any::<u8>(), 1..50),
    ]
}

/// Printable ASCII: what every JDK takes.
fn any_password() -> impl Strategy<Value = String> {
    "[ -~]{6,20}"
}

fn any_step() -> impl Strategy<Value = Step> {
    let protection = prop::sample::select(&PROTECTIONS[..]);
    prop_oneof![
        5 => (any_alias(), any_secret()).prop_map(|(alias, secret)| Step::Add(alias, secret)),
        1 => (any_alias(), any_secret(), protection)
            .prop_map(|(alias, secret, protection)| Step::AddProtected(alias, secret, protection)),
        2 => (any::<Index>(), any_secret()).prop_map(|(index, secret)| Step::Replace(index, secret)),
        3 => (any::<Index>(), any_alias()).prop_map(|(index, alias)| Step::Rename(index, alias)),
        2 => any::<Index>().prop_map(Step::Delete),
        1 => Just(Step::Convert),
        1 => any_password().prop_map(Step::StorePassword),
        1 => Just(Step::Reopen),
    ]
}

struct Modelled {
    store: Keystore,
    password: Secret,
    model: BTreeMap<Alias, Vec<u8>>,
}

impl Modelled {
    fn new(store_type: StoreType) -> Self {
        let password = Secret::copied_from(b"changeit");
        Self {
            store: Keystore::new(store_type, &password).unwrap(),
            password,
            model: BTreeMap::new(),
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Add(alias, secret) => self.add(&alias, secret, NewProtection::default()),
            Step::AddProtected(alias, secret, protection) => {
                let pkcs12 = self.store.store_type() == StoreType::Pkcs12;
                let protection = NewProtection {
                    algorithm: pkcs12.then_some(protection),
                    ..NewProtection::default()
                };
                self.add(&alias, secret, protection);
            }
            Step::Replace(index, secret) => {
                let Some(alias) = self.pick(index) else {
                    return;
                };
                let new = Secret::copied_from(&secret);
                self.store.set_secret(&alias, &new).unwrap();
                self.model.insert(alias, secret);
            }
            Step::Rename(index, to) => {
                let Some(from) = self.pick(index) else { return };
                self.rename(&from, &Alias::new(&to));
            }
            Step::Delete(index) => {
                let Some(alias) = self.pick(index) else {
                    return;
                };
                self.store.delete(&alias).unwrap();
                self.model.remove(&alias);
            }
            Step::Convert => self.convert(),
            Step::StorePassword(password) => {
                let password = Secret::copied_from(password.as_bytes());
                let left = self
                    .store
                    .change_store_password(&password, KeyPasswords::Follow);
                assert_eq!(left.unwrap(), []);
                self.password = password;
            }
            Step::Reopen => self.reopen(),
        }
    }

    fn pick(&self, index: Index) -> Option<Alias> {
        let aliases: Vec<&Alias> = self.model.keys().collect();
        (!aliases.is_empty()).then(|| (*index.get(&aliases)).clone())
    }

    fn add(&mut self, alias: &str, secret: Vec<u8>, protection: NewProtection<'_>) {
        let alias = Alias::new(alias);
        let new = Secret::copied_from(&secret);
        let added = self.store.add_secret_protected(&alias, &new, &protection);
        if self.model.contains_key(&alias) {
            assert!(matches!(added, Err(KeystoreError::AliasExists { .. })));
            return;
        }
        added.unwrap();
        self.model.insert(alias, secret);
    }

    fn rename(&mut self, from: &Alias, to: &Alias) {
        let renamed = self.store.change_alias(from, to);
        if self.model.contains_key(to) {
            assert!(matches!(renamed, Err(KeystoreError::AliasExists { .. })));
            return;
        }
        renamed.unwrap();
        let secret = self.model.remove(from).unwrap();
        self.model.insert(to.clone(), secret);
    }

    fn convert(&mut self) {
        let other = match self.store.store_type() {
            StoreType::Pkcs12 => StoreType::Jceks,
            _ => StoreType::Pkcs12,
        };
        let mut converted = Keystore::new(other, &self.password).unwrap();
        for entry in self.store.entries() {
            converted
                .copy_entry(&self.store, &entry.alias, &self.password)
                .unwrap();
        }
        self.store = converted;
    }

    fn reopen(&mut self) {
        self.store = Keystore::open(&self.store.to_bytes(), &self.password).unwrap();
    }

    fn assert_whole(mut self) {
        self.reopen();
        let mut read = BTreeMap::new();
        for entry in self.store.entries() {
            assert_eq!(entry.kind, EntryKind::Secret);
            let secret = self.store.secret(&entry.alias).unwrap();
            let before = read.insert(entry.alias, secret.expose_bytes().to_vec());
            assert_eq!(before, None, "one alias twice");
        }
        assert_eq!(read, self.model);
    }
}

fn assert_held(store_type: StoreType, steps: Vec<Step>) {
    let mut modelled = Modelled::new(store_type);
    for step in steps {
        modelled.take(step);
    }
    modelled.assert_whole();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(30) })]

    #[test]
    fn a_store_that_begins_as_pkcs12_holds_what_the_map_holds(steps in vec(any_step(), 1..12)) {
        assert_held(StoreType::Pkcs12, steps);
    }
}

proptest! {
    // A key in JCEKS costs 400,000 rounds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn a_store_that_begins_as_jceks_holds_what_the_map_holds(steps in vec(any_step(), 1..8)) {
        assert_held(StoreType::Jceks, steps);
    }
}
