//! keyward's own document: `<secret-service>`.
//!
//! ```xml
//! <secret-service start="fail" audit="log" auditFile="audit.jsonl">     start: or wait; audit: or required
//!   <keystore name="main" path="../keystores/secure.jks" type="PKCS12" retryDelay="10000" vanishGrace="30000"
//!             aliasPrefix="">
//!     <password env="KEY_PASS"/>            one of: env, file, the text itself
//!   </keystore>
//!   <document path="app-datasource.xml" keystore="main"/>
//!   <group name="db" aliases="db1 db1pass"/>   change together
//!   <socket path="keyward.sock" mode="0660">
//!     <allow user="tomcat" aliases="db*"/>  user, group, or neither: who runs the service
//!   </socket>
//! </secret-service>
//! ```
//!
//! Read strictly: what is not known is an error, so that a misspelt rule cannot be overlooked.
//! Placeholders (`${NAME}`) are replaced in paths. White space around a password's text does not
//! count; a password that begins or ends with a space comes from `env` or `file`.

mod attributes;
mod groups;
mod includes;
mod keystores;
mod sockets;
mod strictness;

use super::configuration::{Configuration, Dialect};
use super::error::DocumentError;
use super::placeholder::Environment;
use super::xml::{Document, Element};

const ROOT: &str = "secret-service";

/// What `<secret-service>` may hold.
const PARTS: &[&str] = &["keystore", "document", "group", "socket"];
/// What it will be able to hold.
const LATER_PARTS: &[&str] = &["tree"];

/// Whether the document is a `<secret-service>`.
pub(super) fn is_root(document: &Document) -> bool {
    document.root().name == ROOT
}

/// Loads the service that `document` describes, and the documents that it names.
pub(super) fn load(
    document: &Document,
    environment: Environment,
) -> Result<Configuration, DocumentError> {
    let reader = ServiceReader {
        document,
        environment,
    };
    let root = document.root();
    reader.check(root, &["start", "audit", "auditFile"], PARTS, LATER_PARTS)?;
    let keystores = reader.keystores(root)?;
    let socket = reader.socket(root)?;
    let mut configuration = Configuration {
        path: document.path().to_path_buf(),
        dialect: Dialect::Keyward,
        keystores,
        references: Vec::new(),
        documents: vec![document.path().to_path_buf()],
        socket,
        groups: reader.groups(root)?,
        on_start: reader.on_start(root)?,
        audit: reader.audit(root)?,
    };
    for element in children(root, "document") {
        reader.include(element, &mut configuration)?;
    }
    Ok(configuration)
}

struct ServiceReader<'r> {
    document: &'r Document,
    environment: Environment,
}

fn children<'e>(element: &'e Element, name: &'static str) -> impl Iterator<Item = &'e Element> {
    element
        .children
        .iter()
        .filter(move |child| child.name == name)
}

#[cfg(test)]
mod tests;
