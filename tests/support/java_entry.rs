//! [`JavaEntry`]: an entry of a keystore as a JDK sees it, read from a line of `tests/java/ReadEntries.java`.

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JavaEntry {
    pub(crate) alias: String,
    /// secret, private-key, certificate or unreadable.
    pub(crate) kind: String,
    /// The key's algorithm, X.509 for a certificate.
    pub(crate) algorithm: String,
    /// The key or the certificate.
    pub(crate) encoded: Vec<u8>,
    /// What a `PBEKeySpec` gives back, for a PBE key; the error, for an unreadable entry.
    pub(crate) text: String,
}

impl JavaEntry {
    pub(crate) fn from_line(line: &str) -> Self {
        let columns: Vec<&str> = line.splitn(5, '\t').collect();
        let [alias, kind, algorithm, hex, text] = columns[..] else {
            panic!("ReadEntries printed {line:?}");
        };
        Self {
            alias: alias.to_owned(),
            kind: kind.to_owned(),
            algorithm: algorithm.to_owned(),
            encoded: from_hex(hex),
            text: text.to_owned(),
        }
    }

    /// The entry that `keytool -importpass` makes.
    pub(crate) fn of_password(alias: &str, password: &str) -> Self {
        Self {
            alias: alias.to_owned(),
            kind: "secret".to_owned(),
            algorithm: "PBEWithMD5AndDES".to_owned(),
            encoded: password.as_bytes().to_vec(),
            text: password.to_owned(),
        }
    }
}

pub(super) fn from_hex(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
