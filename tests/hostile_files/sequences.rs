//! Any sequence of imports and deletions leaves exactly what a map of aliases to secrets would hold.

use std::collections::BTreeMap;

use keyward::Secret;
use keyward::keystore::{Alias, Keystore, KeystoreError, StoreType};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::PASSWORD;

#[derive(Clone, Debug)]
enum Step {
    Add(String, Vec<u8>),
    /// The n-th of the aliases that are there, in another case.
    Delete(usize),
    DeleteUnknown(String),
    Reopen,
}

impl Step {
    fn any() -> impl Strategy<Value = Self> {
        let alias = prop_oneof![
            any::<String>(),
            "[a-cA-C]{1,2}",
            "\\PC{0,8}",
            "[ΑΣσςİı😀ǅ]{1,4}"
        ];
        prop_oneof![
            5 => (alias, vec(any::<u8>(), 0..50)).prop_map(|(alias, secret)| Self::Add(alias, secret)),
            2 => any::<usize>().prop_map(Self::Delete),
            1 => any::<String>().prop_map(Self::DeleteUnknown),
            2 => Just(Self::Reopen),
        ]
    }
}

struct Modelled {
    store: Keystore,
    model: BTreeMap<Alias, Vec<u8>>,
    order: Vec<Alias>,
}

impl Modelled {
    fn new(store_type: StoreType) -> Self {
        let store = Keystore::new(store_type, &password()).ok().unwrap();
        Self {
            store,
            model: BTreeMap::new(),
            order: Vec::new(),
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Add(alias, secret) => self.add(&Alias::new(&alias), secret),
            Step::Delete(_) if self.order.is_empty() => {}
            Step::Delete(number) => {
                let alias = self.order.remove(number % self.order.len());
                self.model.remove(&alias);
                self.store.delete(&alias).unwrap();
            }
            Step::DeleteUnknown(alias) => {
                let alias = Alias::new(&alias);
                if !self.model.contains_key(&alias) {
                    assert!(matches!(
                        self.store.delete(&alias),
                        Err(KeystoreError::NoSuchAlias { .. })
                    ));
                }
            }
            Step::Reopen => {
                let bytes = self.store.to_bytes();
                self.store = Keystore::open(&bytes, &password()).ok().unwrap();
            }
        }
        let listed: Vec<Alias> = self
            .store
            .entries()
            .into_iter()
            .map(|entry| entry.alias)
            .collect();
        assert_eq!(listed, self.order);
    }

    fn add(&mut self, alias: &Alias, secret: Vec<u8>) {
        let outcome = self.store.add_secret(alias, &Secret::copied_from(&secret));
        if secret.is_empty() {
            assert!(matches!(outcome, Err(KeystoreError::EmptySecret { .. })));
        } else if self.model.contains_key(alias) {
            assert!(matches!(outcome, Err(KeystoreError::AliasExists { .. })));
        } else {
            outcome.unwrap();
            self.order.push(alias.clone());
            self.model.insert(alias.clone(), secret);
        }
    }

    fn assert_whole(mut self) {
        self.take(Step::Reopen);
        for (alias, secret) in &self.model {
            assert_eq!(
                self.store.secret(alias).ok().unwrap().expose_bytes(),
                secret
            );
        }
    }
}

fn password() -> Secret {
    Secret::copied_from(PASSWORD.as_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn a_pkcs12_store_holds_what_a_map_would(steps in vec(Step::any(), 1..12)) {
        let mut modelled = Modelled::new(StoreType::Pkcs12);
        for step in steps {
            modelled.take(step);
        }
        modelled.assert_whole();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(6) })]

    #[test]
    fn a_jceks_store_holds_what_a_map_would(steps in vec(Step::any(), 1..9)) {
        let mut modelled = Modelled::new(StoreType::Jceks);
        for step in steps {
            modelled.take(step);
        }
        modelled.assert_whole();
    }
}
