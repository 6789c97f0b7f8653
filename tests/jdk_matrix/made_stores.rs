//! The stores that a JDK's keytool makes for the matrix.

use crate::keytool_script::KeytoolScript;

const PASSWORDS: [(&str, &str); 4] = [
    ("db1pass", "x34!2axf"),
    ("Email Pass", "  spaces and $ \" ' \\ around  "),
    ("пароль 😀", "~!@#%^&*()_+|`"),
    ("zz-last", "1"),
];

/// Secret keys that a PKCS12 store of every JDK holds, with their size in bits.
const KEYS: [&str; 6] = [
    "AES 128",
    "AES 192",
    "AES 256",
    "HmacSHA1 160",
    "HmacSHA256 256",
    "HmacSHA512 512",
];

/// What `-keyalg` of `-importpass` selects, in every JDK.
const PROTECTIONS: [&str; 11] = [
    "PBEWithMD5AndDES",
    "PBEWithSHA1AndDESede",
    "PBEWithSHA1AndRC2_40",
    "PBEWithSHA1AndRC2_128",
    "PBEWithSHA1AndRC4_40",
    "PBEWithSHA1AndRC4_128",
    "PBEWithHmacSHA1AndAES_128",
    "PBEWithHmacSHA224AndAES_256",
    "PBEWithHmacSHA256AndAES_128",
    "PBEWithHmacSHA384AndAES_256",
    "PBEWithHmacSHA512AndAES_256",
];

pub(crate) fn write(script: &mut KeytoolScript, version: u32) {
    passwords(script);
    secret_keys(script, version);
    protections(script, version);
    private_keys(script, version);
    chains(script);
    legacy(script);
    properties(script);
    without_mac(script);
    key_passwords(script);
    // keytool copies from the stores above: the same entries in the other store types.
    let copies = [
        ("chains", "JCEKS"),
        ("chains", "JKS"),
        ("private-keys", "JKS"),
    ];
    for (name, store_type) in copies {
        script.store(name, store_type);
        script.import_store(name, "PKCS12");
    }
}

fn passwords(script: &mut KeytoolScript) {
    for store_type in ["PKCS12", "JCEKS"] {
        script.store("passwords", store_type);
        for (alias, password) in PASSWORDS {
            script.pipe_to_store(password, "-importpass -alias", &[alias]);
        }
    }
}

fn secret_keys(script: &mut KeytoolScript, version: u32) {
    script.store("secret-keys", "PKCS12");
    let since_17 = ["DES 56", "DESede 168", "ARCFOUR 128"];
    let since_21 = ["Blowfish 128", "RC2 128"];
    let since_17_here = since_17.iter().filter(|_| version >= 17);
    let since_21_here = since_21.iter().filter(|_| version >= 21);
    for key in KEYS.iter().chain(since_17_here).chain(since_21_here) {
        generate_secret(script, key);
    }
    // JCEKS takes every key, those without an object identifier as well.
    script.store("secret-keys", "JCEKS");
    let nameless = ["ChaCha20 256", "HmacMD5 128"];
    let keys = [KEYS[0], since_17[0], since_21[0]];
    for key in keys.iter().chain(&nameless) {
        generate_secret(script, key);
    }
}

fn generate_secret(script: &mut KeytoolScript, algorithm_and_size: &str) {
    let (algorithm, size) = algorithm_and_size.split_once(' ').unwrap();
    script.run_on_store(&format!(
        "-genseckey -alias {algorithm}-{size} -keyalg {algorithm} -keysize {size}"
    ));
}

fn protections(script: &mut KeytoolScript, version: u32) {
    script.store("protections", "PKCS12");
    let since_21 = [
        "PBEWithHmacSHA512/224AndAES_128",
        "PBEWithHmacSHA512/256AndAES_256",
    ];
    let since_21 = since_21.iter().filter(|_| version >= 21);
    for protection in PROTECTIONS.iter().chain(since_21) {
        let words = format!("-importpass -alias {protection} -keyalg {protection}");
        script.pipe_to_store(&format!("under {protection}"), &words, &[]);
    }
}

fn private_keys(script: &mut KeytoolScript, version: u32) {
    script.store("private-keys", "PKCS12");
    let since_17 = ["Ed25519", "Ed448"];
    let sized = [
        "RSA -keysize 2048",
        "EC -keysize 256",
        "EC -keysize 384",
        "DSA -keysize 1024",
        // Shorter than anyone should want, and quick to make.
        "RSASSA-PSS -keysize 1024",
    ];
    let since_17 = since_17.iter().filter(|_| version >= 17);
    for key in sized.iter().chain(since_17) {
        let alias = key.replace(" -keysize ", "-");
        script.run_on_store(&format!(
            "-genkeypair -alias {alias} -keyalg {key} -dname CN={alias}"
        ));
    }
}

/// Three private keys whose chains share certificates, and a trusted certificate of the same root.
fn chains(script: &mut KeytoolScript) {
    script.store("chains", "PKCS12");
    script
        .run_on_store("-genkeypair -alias root -keyalg RSA -keysize 2048 -dname CN=root -ext bc:c");
    for (alias, issuer) in [("intermediate", "root"), ("leaf", "intermediate")] {
        let extension = if alias == "leaf" { "" } else { " -ext bc:c" };
        let (request, certificate) = (script.file("csr"), script.file(&format!("{alias}.crt")));
        script.run_on_store(&format!(
            "-genkeypair -alias {alias} -keyalg EC -keysize 256 -dname CN={alias}"
        ));
        script.run_on_store(&format!("-certreq -alias {alias} -file {request}"));
        script.run_on_store(&format!(
            "-gencert -alias {issuer} -infile {request} -outfile {certificate}{extension}"
        ));
        script.run_on_store(&format!(
            "-importcert -noprompt -alias {alias} -file {certificate}"
        ));
    }
    let root = script.file("root.crt");
    script.run_on_store(&format!("-exportcert -alias root -file {root}"));
    script.run_on_store(&format!(
        "-importcert -noprompt -alias Root-CA -file {root}"
    ));
}

/// As a JDK 8 writes them: 3DES, RC2-40, SHA-1.
fn legacy(script: &mut KeytoolScript) {
    script.property("keystore.pkcs12.legacy", "true");
    script.store("legacy", "PKCS12");
    script.pipe_to_store("from JDK 8", "-importpass -alias db1pass", &[]);
    a_key_and_a_certificate(script);
    script.clear_property("keystore.pkcs12.legacy");
}

fn properties(script: &mut KeytoolScript) {
    let sets: [(&str, &[(&str, &str)]); 3] = [
        (
            "strong",
            &[
                ("keyProtectionAlgorithm", "PBEWithHmacSHA512AndAES_256"),
                ("certProtectionAlgorithm", "PBEWithHmacSHA384AndAES_128"),
                ("macAlgorithm", "HmacPBESHA512"),
                ("keyPbeIterationCount", "20001"),
                ("certPbeIterationCount", "1"),
                ("macIterationCount", "1"),
            ],
        ),
        (
            "weak",
            &[
                ("keyProtectionAlgorithm", "PBEWithSHA1AndRC4_128"),
                ("certProtectionAlgorithm", "PBEWithSHA1AndRC4_40"),
                ("macAlgorithm", "HmacPBESHA384"),
            ],
        ),
        (
            "plain-certificates",
            &[
                ("certProtectionAlgorithm", "NONE"),
                ("macAlgorithm", "HmacPBESHA224"),
            ],
        ),
    ];
    for (name, properties) in sets {
        with_properties(script, properties, |script| {
            script.store(name, "PKCS12");
            script.pipe_to_store("a secret", "-importpass -alias db1pass", &[]);
            a_key_and_a_certificate(script);
        });
    }
}

fn without_mac(script: &mut KeytoolScript) {
    with_properties(script, &[("macAlgorithm", "NONE")], |script| {
        script.store("no-mac", "PKCS12");
        script.pipe_to_store("a secret", "-importpass -alias db1pass", &[]);
        a_key_and_a_certificate(script);
    });
    let nothing = [
        ("macAlgorithm", "NONE"),
        ("certProtectionAlgorithm", "NONE"),
    ];
    with_properties(script, &nothing, |script| {
        script.store("open-trust", "PKCS12");
        let root = script.file("root.crt");
        for alias in ["one", "Two"] {
            script.run_on_store(&format!(
                "-importcert -noprompt -alias {alias} -file {root}"
            ));
        }
    });
}

fn with_properties(
    script: &mut KeytoolScript,
    properties: &[(&str, &str)],
    make: impl FnOnce(&mut KeytoolScript),
) {
    for (name, value) in properties {
        script.property(&format!("keystore.pkcs12.{name}"), value);
    }
    make(script);
    for (name, _) in properties {
        script.clear_property(&format!("keystore.pkcs12.{name}"));
    }
}

fn a_key_and_a_certificate(script: &mut KeytoolScript) {
    let root = script.file("root.crt");
    script.run_on_store("-genkeypair -alias server -keyalg EC -keysize 256 -dname CN=server");
    script.run_on_store(&format!(
        "-importcert -noprompt -alias Trusted-CA -file {root}"
    ));
}

/// Entries under passwords of their own.
fn key_passwords(script: &mut KeytoolScript) {
    for store_type in ["JCEKS", "JKS"] {
        script.store("key-passwords", store_type);
        for alias in ["a-server", "b-server", "c-server"] {
            script.run_on_store(&format!(
                "-genkeypair -alias {alias} -keyalg EC -keysize 256 -dname CN={alias} -keypass of-{alias}"
            ));
            script.key_password(alias, &format!("of-{alias}"));
        }
        if store_type == "JCEKS" {
            let words = "-importpass -alias db1pass -keypass of-db1pass";
            script.pipe_to_store("x34!2axf", words, &[]);
            script.key_password("db1pass", "of-db1pass");
            script.run_on_store("-genseckey -alias aes -keyalg AES -keysize 128 -keypass of-aes");
            script.key_password("aes", "of-aes");
        }
    }
}
