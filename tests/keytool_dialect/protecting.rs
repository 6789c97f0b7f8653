//! `-J-Dkeystore.pkcs12.…`: how a keystore is protected.

use std::fs;

use keyward::Secret;
use keyward::keystore::{Integrity, Keystore, Protection};
use tempfile::TempDir;

use super::comparison::both;

const CERTIFICATE: &str = "root.pem";

/// What protects the keystore: as a whole, its certificates, its secrets.
type Protections = (Option<Integrity>, Vec<Protection>, Vec<Option<Protection>>);

#[test]
fn new_keystores_are_protected_as_the_properties_say() {
    let choices = [
        "-J-Dkeystore.pkcs12.legacy",
        "-J-Dkeystore.pkcs12.legacy=false -J-Dkeystore.pkcs12.macIterationCount=7",
        "-J-Dkeystore.pkcs12.macAlgorithm=HmacPBESHA512 -J-Dkeystore.pkcs12.macIterationCount=20000",
        "-J-Dkeystore.pkcs12.macAlgorithm=HmacPBESHA512/256",
        "-J-Dkeystore.pkcs12.macAlgorithm=NONE",
        "-J-Dkeystore.pkcs12.certProtectionAlgorithm=PBEWithHmacSHA512AndAES_128",
        "-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE -J-Dkeystore.pkcs12.certPbeIterationCount=3",
        "-J-Dkeystore.pkcs12.certPbeIterationCount=20000 -J-Dkeystore.pkcs12.keyProtectionAlgorithm=PBEWithSHA1AndDESede",
    ];
    for both in both(&[17]) {
        let both = both.with_certificates();
        for (index, properties) in choices.iter().enumerate() {
            let name = format!("{index}.p12");
            let store = format!("-keystore DIR/{name} -storepass changeit");
            let import = format!("{properties} -importpass {store} -alias secret");
            both.run(&import, "x34!2axf\n");
            // What is there already stays under another JDK's defaults.
            let import = format!("-importcert -noprompt {store} -alias ca -file DIR/{CERTIFICATE}");
            both.run(&format!("{properties} {import}"), "");
            both.assert_same_entries(&name);
            let protections = |folder: &TempDir| protections(folder, &name);
            let by_keytool = protections(&both.by_keytool);
            assert_eq!(protections(&both.by_keyward), by_keytool, "{properties}");
        }
    }
}

fn protections(folder: &TempDir, name: &str) -> Protections {
    let bytes = fs::read(folder.path().join(name)).unwrap();
    let store = Keystore::open(&bytes, &Secret::copied_from(b"changeit")).unwrap();
    let entries = store.entries().into_iter();
    let secrets = entries.map(|entry| entry.protection).collect();
    (store.integrity(), store.container_protections(), secrets)
}

/// No JDK before 26 writes PBMAC1; what it is named by there, keyward follows.
#[test]
fn pbmac1_is_written_on_request() {
    for both in both(&[17]) {
        let store = "-keystore DIR/new.p12 -storepass changeit";
        let properties = "-J-Dkeystore.pkcs12.macAlgorithm=PBEWithHmacSHA256";
        let import = format!("{properties} -importpass {store} -alias secret");
        let output = both.keyward(&import, "x34!2axf\n");
        assert_eq!(output.status, Some(0), "{output:?}");
        let (integrity, ..) = protections(&both.by_keyward, "new.p12");
        assert_eq!(integrity.unwrap().algorithm, "PBMAC1 with HmacSHA256");
    }
}

#[test]
fn a_property_that_a_new_password_does_not_follow_is_refused() {
    for both in both(&[17]) {
        let both = both.with_copy("jdk17.p12");
        let output = both.keyward(
            "-J-Dkeystore.pkcs12.legacy -storepasswd -keystore DIR/jdk17.p12 -storepass changeit -new changeme",
            "",
        );
        assert_eq!(output.status, Some(1));
        assert!(output.stdout.contains("-J-Dkeystore.pkcs12.legacy"));
        both.assert_untouched("jdk17.p12");
    }
}
