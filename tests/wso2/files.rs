//! What of a user store counts as encrypted, and what takes the place of a value.

use std::path::Path;

use keyward::userstore::{PropertyValue, UserStoreFile};
use proptest::prelude::*;

fn properties(text: &str) -> Vec<(String, usize, PropertyValue)> {
    let file = UserStoreFile::parse(Path::new("A.xml"), text.as_bytes());
    let file = file.unwrap_or_else(|error| panic!("{error}"));
    let properties = file.encrypted_properties().into_iter();
    properties
        .map(|found| (found.name, found.at.line, found.value))
        .collect()
}

fn text(value: &str) -> PropertyValue {
    PropertyValue::Text(value.to_owned())
}

#[test]
fn encrypted_are_the_direct_children_that_say_so() {
    let found = properties(
        "<UserStoreManager>\n<Property name='a' encrypted='True'> A </Property>\n<Property name='b' encrypted='false'>B</Property>\n\
         <Property name='c'>C</Property>\n<property encrypted='true'>D</property>\n\
         <Realm><Property name='e' encrypted='true'>E</Property></Realm>\n</UserStoreManager>",
    );
    assert_eq!(
        found,
        [
            ("a".to_owned(), 2, text("A")),
            (String::new(), 5, text("D"))
        ]
    );
}

#[test]
fn references_and_empty_values_are_told_apart() {
    let found = properties(
        "<UserStoreManager xmlns:svns='http://org.wso2.securevault/configuration'><Property name='a' encrypted='true' svns:secretAlias='x'>password</Property>\
         <Property name='b' encrypted='true'> $secret{y} </Property><Property name='c' encrypted='true'/>\
         <Property name='d' encrypted='true'>AB<!-- x -->CD</Property></UserStoreManager>",
    );
    let values: Vec<&PropertyValue> = found.iter().map(|(_, _, value)| value).collect();
    assert_eq!(
        *values[0],
        PropertyValue::Reference("$secret{x}".to_owned())
    );
    assert_eq!(
        *values[1],
        PropertyValue::Reference("$secret{y}".to_owned())
    );
    assert_eq!(*values[2], PropertyValue::Empty);
    assert!(matches!(values[3], PropertyValue::Unusable(_)));
}

proptest! {
    /// Whatever stands around them: values are replaced, and each byte beside them stays.
    #[test]
    fn only_values_are_replaced(
        pieces in proptest::collection::vec(
            ("[ \r\n\t]{0,3}", "(<!--[a-zé ]{0,9}-->|<b x='1>2'/>|[a-z&;=]{0}|<Property name=\"ü\">é</Property>)", "[A-Za-z0-9+/=]{1,40}", "[ \n]{0,2}"),
            0..6,
        ),
        mark in any::<bool>(),
        quote in "['\"]",
    ) {
        let render = |values: &dyn Fn(usize, &str) -> String| {
            let mut text = String::from(if mark { "\u{FEFF}<UserStoreManager>" } else { "<UserStoreManager>" });
            for (index, (space, other, value, inner)) in pieces.iter().enumerate() {
                let value = values(index, value);
                text = format!("{text}{space}{other}<Property name={quote}p{index}{quote} encrypted={quote}true{quote}>{inner}{value}{inner}</Property>");
            }
            text.push_str("</UserStoreManager>\n");
            text
        };
        let before = render(&|_, value| value.to_owned());
        let file = UserStoreFile::parse(Path::new("A.xml"), before.as_bytes()).unwrap();
        let properties = file.encrypted_properties();
        prop_assert_eq!(properties.len(), pieces.len());
        let new: Vec<_> = properties.iter().enumerate().map(|(index, property)| (property, format!("new{index}"))).collect();
        let after = file.with_values(&new).to_vec();
        prop_assert_eq!(String::from_utf8(after).unwrap(), render(&|index, _| format!("new{index}")));
    }
}
