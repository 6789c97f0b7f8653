//! keyward's own document: `<secret-service>`.
//!
//! ```xml
//! <secret-service start="fail" audit="log" auditFile="audit.jsonl">     start: or wait; audit: or required
//!   <keystore name="main" path="../keystores/secure.jks" type="PKCS12" retryDelay="10000" vanishGrace="30000"
//!             aliasPrefix="">
//!     <password env="KEY_PASS"/>            one of: env, file, the text itself
//!   </keystore>
//!   <secure-vault name="wso2" home="/opt/wso2is">     the secrets of a WSO2 server; the password as above, or of the home
//!   </secure-vault>
//!   <document path="app-datasource.xml" keystore="main"/>
//!   <group name="db" aliases="db1 db1pass"/>   change together
//!   <socket path="keyward.sock" mode="0660">
//!     <allow user="tomcat" aliases="db*"/>  user, group, or neither: who runs the service
//!   </socket>
//!   <https address="127.0.0.1:8443" keystore="tls" keyAlias="server" truststore="clients">
//!     <allow certificate="CN=tomcat, O=Example" aliases="db*"/>   or dns, uri, email, fingerprint
//!   </https>
//!   <credentials path="credentials.sock" mode="0600" manager="system">     for LoadCredential= of systemd; or user
//!     <allow unit="tomcat.service" aliases="db*"/>
//!     <credential name="db-password" alias="db1pass"/>    where the unit's name is not the alias
//!   </credentials>
//!   <tree path="/run/keyward/tomcat" owner="tomcat">    owner: who runs the service, unless named
//!     <file name="spring.datasource.password" alias="db1pass"/>
//!   </tree>
//! </secret-service>
//! ```
//!
//! Read strictly: what is not known is an error, so that a misspelt rule cannot be overlooked.
//! Placeholders (`${NAME}`) are replaced in paths. White space around a password's text does not
//! count; a password that begins or ends with a space comes from `env` or `file`.

mod attributes;
mod credentials;
mod groups;
mod https;
mod includes;
mod keystores;
mod sockets;
mod strictness;
mod trees;

use super::configuration::{Configuration, Dialect};
use super::error::DocumentError;
use super::placeholder::Environment;
use super::xml::{Document, Element};
pub(super) use https::SUBJECTS;

const ROOT: &str = "secret-service";

/// What `<secret-service>` may hold.
const PARTS: &[&str] = &[
    "keystore",
    "secure-vault",
    "document",
    "group",
    "socket",
    "https",
    "credentials",
    "tree",
];

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
    reader.check(root, &["start", "audit", "auditFile"], PARTS)?;
    let keystores = reader.keystores(root)?;
    let path = document.path().to_path_buf();
    let mut configuration = Configuration {
        documents: vec![path.clone()],
        socket: reader.socket(root)?,
        credential_socket: reader.credential_socket(root)?,
        groups: reader.groups(root)?,
        on_start: reader.on_start(root)?,
        audit: reader.audit(root)?,
        trees: reader.trees(root)?,
        ..Configuration::of_keystores(path, Dialect::Keyward, keystores)
    };
    configuration.https = reader.https(root, &configuration)?;
    for element in children(root, "document") {
        reader.include(element, &mut configuration)?;
    }
    Ok(configuration)
}

/// Reads the elements of a service, strictly.
pub(super) struct ServiceReader<'r> {
    pub(super) document: &'r Document,
    pub(super) environment: Environment,
}

pub(super) fn children<'e>(
    element: &'e Element,
    name: &'static str,
) -> impl Iterator<Item = &'e Element> {
    element
        .children
        .iter()
        .filter(move |child| child.name == name)
}

#[cfg(test)]
mod tests;
