use proptest::prelude::*;

use super::*;

const EXAMPLES: [&str; 5] = [
    include_str!("../../xml-examples/app-email.xml"),
    include_str!("../../xml-examples/phixflow-datasource.xml"),
    include_str!("../../xml-examples/phixflow-instance.xml"),
    include_str!("../../xml-examples/phixflow-secret.xml"),
    include_str!("../../xml-examples/secret-service.xml"),
];

/// Everything that is done with the bytes of one document.
fn read(bytes: &[u8]) {
    let environment = Environment::of_test(|_| None);
    let Ok(document) = Document::parse(Path::new("a.xml"), bytes) else {
        return;
    };
    let _ = alias_reference::references(&document, environment);
    let _ = keystore_settings::keystores(&document, environment);
    let _ = secret_service::load(&document, environment);
}

fn damage(mut bytes: Vec<u8>, index: prop::sample::Index, byte: u8, kind: u8) -> Vec<u8> {
    if bytes.is_empty() {
        return bytes;
    }
    let at = index.index(bytes.len());
    match kind {
        0 => bytes.truncate(at),
        1 => bytes.insert(at, byte),
        2 => drop(bytes.remove(at)),
        _ => bytes[at] = byte,
    }
    bytes
}

#[test]
fn the_examples_are_read_before_they_are_damaged() {
    for example in EXAMPLES {
        assert!(Document::parse(Path::new("a.xml"), example.as_bytes()).is_ok());
    }
}

proptest! {
    #[test]
    fn damaged_examples_never_panic(
        example in prop::sample::select(EXAMPLES.to_vec()),
        damages in prop::collection::vec(
            (any::<prop::sample::Index>(), b'\t'..=0x80, 0..30_u8),
            1..8,
        ),
    ) {
        let mut bytes = example.as_bytes().to_vec();
        for (index, byte, kind) in damages {
            bytes = damage(bytes, index, byte, kind);
        }
        read(&bytes);
    }

    #[test]
    fn random_values_never_panic(
        value in prop::collection::vec(
            prop::sample::select(vec![
                "${", "#{", "}", ":", "?:", "'", "[", "]", "systemEnvironment", "environment", ".", "@",
                "A", "ä", " ", "file:", "//", "/C:", "classpath:", "..", "./", "0", "7", "9", "-",
            ]),
            0..12,
        )
    ) {
        let value = value.concat();
        let property = |name: &str| format!("<property name=\"{name}\" value=\"{value}\"/>");
        let names = ["keystore", "type", "password", "retryDelay", "aliasPrefix"].map(property);
        let beans = format!("<beans><bean>{}</bean>{}</beans>", names.concat(), property("user"));
        read(beans.as_bytes());
        let service = format!(
            "<secret-service><keystore name=\"a\" path=\"{value}\"><password>{value}</password></keystore>\
             <socket path=\"{value}\" mode=\"{value}\"><allow aliases=\"{value}\"/></socket></secret-service>"
        );
        read(service.as_bytes());
    }
}
