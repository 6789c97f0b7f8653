//! [`DocumentError`]: why a document could not be read, where, and what to do about it.

use std::borrow::Cow;
use std::path::PathBuf;

use thiserror::Error;

use super::Place;
use super::limits::{
    LARGEST_DOCUMENT, LONGEST_NAME, MOST_FILES, MOST_NODES, MOST_OPEN_ELEMENTS, MOST_SETTINGS,
};
use crate::keystore::DistinguishedNameError;

/// Why a document could not be read. No message holds the value of a password.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// There is no file of that name.
    #[error("{}: there is no such file{}. Check the path", path.display(), naming(named_by.as_ref()))]
    Missing {
        /// The file that was looked for.
        path: PathBuf,
        /// The line that names it, unless it was named by the caller.
        named_by: Option<Place>,
    },
    /// The path is that of a directory.
    #[error("{}: this is a directory. Name an XML document in it, or a WSO2 server's directory, which has repository/conf/deployment.toml or carbon.xml", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// The system refuses to read the file or directory.
    #[error("{}: cannot be read: {reason}. Check its owner and mode", path.display())]
    Unreadable {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The file has no bytes, or nothing but white space.
    #[error("{}: the file is empty. Restore it from a backup or start from a copy of an example", path.display())]
    Empty {
        /// The document.
        path: PathBuf,
    },
    /// The file is larger than any configuration.
    #[error("{}: the file has more than {LARGEST_DOCUMENT} bytes: is it a configuration document?", path.display())]
    TooLarge {
        /// The document.
        path: PathBuf,
    },
    /// An encoding that is not read.
    #[error("{}: the encoding {encoding} is not read. Save the document as UTF-8", path.display())]
    Encoding {
        /// The document.
        path: PathBuf,
        /// The encoding, as declared or as recognised.
        encoding: String,
    },
    /// Bytes that are not of the document's encoding.
    #[error(
        "{at}: this line is not {encoding}. Save the document as UTF-8, or declare its real encoding in its first line: <?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
    )]
    WrongEncoding {
        /// The first such line.
        at: Place,
        /// The encoding that the document should have.
        encoding: &'static str,
    },
    /// Not well-formed XML.
    #[error("{at}:{column}: not well-formed XML: {problem}")]
    Malformed {
        /// The line.
        at: Place,
        /// The character within the line; the first is 1.
        column: usize,
        /// What is wrong, and what to write instead.
        problem: String,
    },
    /// Not TOML, or a key that is set twice.
    #[error("{at}:{column}: not TOML: {problem}. Correct the line; nothing was changed")]
    MalformedToml {
        /// The line.
        at: Place,
        /// The character within the line; the first is 1.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// Bytes that are not UTF-8 in a file that has to be.
    #[error("{at}: this line is not UTF-8, which TOML has to be. Save the file as UTF-8")]
    NotUtf8 {
        /// The first such line.
        at: Place,
    },
    /// An escape that no `java.util.Properties` reads.
    #[error(
        "{at}: \\u is not followed by four hexadecimal digits. Write \\\\ for a backslash itself"
    )]
    MalformedUnicodeEscape {
        /// The line where the entry begins.
        at: Place,
    },
    /// An `XPath` beyond what is read.
    #[error(
        "the XPath {path} is not read here: {problem}. Steps may be element names, with [name='value'], [@name='value'] or a last [@name]"
    )]
    LocationPath {
        /// The path as written.
        path: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A document type declaration, which could name other files and define entities.
    #[error(
        "{at}: document type declarations are not read. Delete <!DOCTYPE …>; Spring needs only the xsi:schemaLocation of <beans>"
    )]
    Doctype {
        /// Where it stands.
        at: Place,
        /// The root element that it declares.
        root: String,
    },
    /// Elements nested too deep.
    #[error(
        "{at}: more than {MOST_OPEN_ELEMENTS} elements are nested here: is a closing tag missing, or is this no configuration document?"
    )]
    TooDeep {
        /// The element that is one too deep.
        at: Place,
    },
    /// More elements, attributes and texts than any configuration has.
    #[error(
        "{at}: the document has more than {MOST_NODES} elements, attributes and texts: is it a configuration document?"
    )]
    TooManyNodes {
        /// Where the limit was reached.
        at: Place,
    },
    /// More settings or tables than any `deployment.toml` has.
    #[error(
        "{at}: the file has more than {MOST_SETTINGS} settings or tables: is it a deployment.toml?"
    )]
    TooManySettings {
        /// Where the limit was reached.
        at: Place,
    },
    /// A setting or table whose full name is longer than any that a server has.
    #[error(
        "{at}: the name of this setting has more than {LONGEST_NAME} bytes, tables included. Shorten it"
    )]
    LongName {
        /// The line of its key.
        at: Place,
    },
    /// More files than any server has.
    #[error("{}: only the first {MOST_FILES} XML and properties files of the server were looked at for secrets. Move away what it does not read", path.display())]
    TooManyFiles {
        /// The first file that was not looked at.
        path: PathBuf,
    },
    /// Neither Spring beans nor a secret service.
    #[error(
        "{at}: <{root}> is not a document that is read here. Name one whose root is <beans> (Spring, PhixFlow) or <secret-service>"
    )]
    UnknownRoot {
        /// Where the root element begins.
        at: Place,
        /// Its local name.
        root: String,
    },
    /// Not a document of a just-in-time migration.
    #[error(
        "{at}: <{root}> is no migration service. Name a document whose root is <migration-service>"
    )]
    NoMigrationService {
        /// Where the root element begins.
        at: Place,
        /// Its local name.
        root: String,
    },
    /// Not a whole number within bounds.
    #[error("{at}: {attribute} is \"{value}\". Write a whole number from 1 to {most}")]
    Number {
        /// The line of the value.
        at: Place,
        /// The attribute.
        attribute: &'static str,
        /// The value.
        value: String,
        /// The highest.
        most: u32,
    },
    /// A document without a keystore, and none beside it that has one.
    #[error(
        "{}: the document names no keystore, and there is no {} beside it. Name the document that holds the keystore's path and password", path.display(), secret_document.display()
    )]
    NoSecretDocument {
        /// The document.
        path: PathBuf,
        /// The secret document that was looked for.
        secret_document: PathBuf,
    },
    /// A secret document or a secret service without a keystore.
    #[error("{}: the document names no keystore. Add {example}", path.display())]
    NoKeystore {
        /// The document.
        path: PathBuf,
        /// What a keystore looks like in this dialect.
        example: &'static str,
    },
    /// A keystore without a password.
    #[error("{at}: the keystore {keystore} has no password. Add {example}")]
    NoPassword {
        /// Where the keystore begins.
        at: Place,
        /// Its name.
        keystore: String,
        /// What a password looks like in this dialect.
        example: &'static str,
    },
    /// Two keystores of one name.
    #[error("{at}: the name {name} was given to the keystore of line {first}. Choose another")]
    DuplicateKeystore {
        /// The second keystore.
        at: Place,
        /// The name of both.
        name: String,
        /// Line of the first.
        first: usize,
    },
    /// A document refers to a keystore that is not there.
    #[error("{at}: there is no keystore named {name}. The keystores here: {}", known.join(", "))]
    UnknownKeystore {
        /// Where the name is used.
        at: Place,
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// A placeholder whose environment variable is not there, without a default.
    #[error(
        "{at}: {setting} needs the environment variable {name}, which is not set. Set it (export {name}=…), or write a default: ${{{name}:…}}"
    )]
    UnsetVariable {
        /// The line of the value.
        at: Place,
        /// The setting whose value it is.
        setting: String,
        /// The variable.
        name: String,
    },
    /// An expression that only Spring could evaluate.
    #[error(
        "{at}: {setting} holds an expression that is not evaluated here. Write the value, ${{NAME}}, ${{NAME:default}} or #{{systemEnvironment['NAME']}}"
    )]
    Expression {
        /// The line of the value.
        at: Place,
        /// The setting whose value it is.
        setting: String,
    },
    /// Not a number of milliseconds.
    #[error(
        "{at}: retryDelay is \"{value}\". Write the milliseconds as a whole number from 1 to 86400000, such as 10000"
    )]
    RetryDelay {
        /// The line of the value.
        at: Place,
        /// The value.
        value: String,
    },
    /// Not a time that a vanished alias may be served for.
    #[error(
        "{at}: vanishGrace is \"{value}\". Write the milliseconds as a whole number from 0 to 86400000, such as 30000"
    )]
    VanishGrace {
        /// The line of the value.
        at: Place,
        /// The value.
        value: String,
    },
    /// Not a file mode.
    #[error("{at}: mode is \"{value}\". Write it in octal from 0000 to 0777, such as 0660")]
    Mode {
        /// The line of the value.
        at: Place,
        /// The value.
        value: String,
    },
    /// Not an address to listen at.
    #[error(
        "{at}: address is \"{value}\". Write an IP address of this machine and a port, such as 127.0.0.1:8443 or [::1]:8443"
    )]
    Address {
        /// The line of the value.
        at: Place,
        /// The value.
        value: String,
    },
    /// Not the subject of a certificate.
    #[error("{at}: certificate is \"{value}\": {reason}")]
    CertificateName {
        /// The line of the value.
        at: Place,
        /// The value.
        value: String,
        /// What is wrong with it, and what to write.
        reason: DistinguishedNameError,
    },
    /// Not the fingerprint of a certificate.
    #[error(
        "{at}: fingerprint is \"{value}\". Write the certificate's SHA-256 fingerprint, 64 hexadecimal digits, as keyward printcert shows it"
    )]
    Fingerprint {
        /// The line of the value.
        at: Place,
        /// The value.
        value: String,
    },
    /// An attribute that has to be there, and not be empty.
    #[error("{at}: <{element}> needs the attribute {attribute}. Add {attribute}=\"…\"")]
    MissingAttribute {
        /// Where the element begins.
        at: Place,
        /// Its name.
        element: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// An element that has no meaning there.
    #[error("{at}: <{element}> is not known inside <{parent}>. {}", hint(*suggestion, known))]
    UnknownElement {
        /// Where the element begins.
        at: Place,
        /// Its name.
        element: String,
        /// The element that it is in.
        parent: String,
        /// What was probably meant.
        suggestion: Option<&'static str>,
        /// What may stand there.
        known: &'static [&'static str],
    },
    /// An attribute that has no meaning there.
    #[error("{at}: <{element}> has no attribute {attribute}. {}", hint(*suggestion, known))]
    UnknownAttribute {
        /// The line of the attribute.
        at: Place,
        /// The element.
        element: String,
        /// The attribute.
        attribute: String,
        /// What was probably meant.
        suggestion: Option<&'static str>,
        /// What may stand there.
        known: &'static [&'static str],
    },
    /// Something that has a meaning, but not yet in this version.
    #[error("{at}: {what} is not supported by this version. {next}")]
    NotSupported {
        /// The line.
        at: Place,
        /// What is not supported.
        what: String,
        /// What to do instead.
        next: &'static str,
    },
    /// Text where only elements may stand.
    #[error("{at}: <{element}> holds text, which has no meaning there. Delete it")]
    StrayText {
        /// Where the element begins.
        at: Place,
        /// Its name.
        element: String,
    },
    /// Things that exclude each other.
    #[error("{at}: {problem}")]
    Contradiction {
        /// The line.
        at: Place,
        /// What excludes what, and what to do.
        problem: Cow<'static, str>,
    },
}

fn naming(place: Option<&Place>) -> String {
    place.map_or_else(String::new, |place| format!(", named by {place}"))
}

fn hint(suggestion: Option<&str>, known: &[&str]) -> String {
    if let Some(suggestion) = suggestion {
        return format!("Did you mean {suggestion}?");
    }
    if known.is_empty() {
        return "Delete it".to_owned();
    }
    format!("Known there: {}", known.join(", "))
}
