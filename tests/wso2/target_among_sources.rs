//! The target key is one of those that values may be under: a second run changes nothing all the same.

use keyward::userstore::{
    Destination, EncryptionKey, KeyRing, Layout, PropertyState, Provider, Reencryption,
    UserStoreLocations,
};

use crate::home::{Home, SUPER, value};
use crate::{SYMMETRIC, primary, symmetric};

const OTHER: &str = "f7b2b39207523b43a56540d30656b19b";

pub(crate) fn run(home: &Home, from: &KeyRing, to: &EncryptionKey) -> Vec<PropertyState> {
    let reencryption = Reencryption {
        home: home.root(),
        from,
        to,
        transformation: None,
        provider: Provider::BouncyCastle,
        destination: Destination::InPlace { backup: None },
    };
    let mut states = Vec::new();
    let locations = UserStoreLocations::find(home.root(), &[]).unwrap();
    reencryption.run(locations, |outcome| {
        let properties = outcome.properties.into_iter();
        states.extend(properties.map(|property| property.state));
    });
    states
}

#[test]
fn values_under_the_target_are_left_alone_though_it_is_a_source_too() {
    let home = Home::empty();
    let write = |name: &str, value: &str| {
        home.write(
            &format!("{SUPER}/{name}"),
            format!("<UserStoreManager><Property name=\"p\" encrypted=\"true\">{value}</Property></UserStoreManager>").as_bytes(),
        );
    };
    let (target, gcm) = (symmetric(SYMMETRIC), "AES/GCM/NoPadding");
    write("A.xml", &value(&target, gcm, Layout::SelfContained, "one"));
    write("B.xml", &value(&target, "AES", Layout::Bare, "two"));
    write(
        "C.xml",
        &value(&symmetric(OTHER), gcm, Layout::SelfContained, "three"),
    );
    let from = KeyRing::new(vec![primary(), symmetric(SYMMETRIC), symmetric(OTHER)]);
    let first = run(&home, &from, &target);
    let expected = [
        PropertyState::UnderTarget,
        PropertyState::UnderTarget,
        PropertyState::Reencrypted,
    ];
    assert_eq!(first, expected);
    let after_first = home.content();
    assert_eq!(
        run(&home, &from, &target),
        [const { PropertyState::UnderTarget }; 3]
    );
    assert!(
        home.content() == after_first,
        "a second run changed something"
    );
}
