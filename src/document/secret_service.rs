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

use std::path::PathBuf;

use super::alias_reference::{AliasReference, references};
use super::configuration::{Configuration, Dialect};
use super::error::DocumentError;
use super::included::Included;
use super::keystore_settings::{
    DEFAULT_RETRY_DELAY, KeystoreSettings, check_keystore_names, default_vanish_grace,
    parse_retry_delay,
};
use super::location;
use super::placeholder::Environment;
use super::socket::{AllowRule, DEFAULT_MODE, SocketSettings, parse_mode};
use super::suggestion;
use super::xml::{Attribute, Document, Element};
use crate::secret::{Secret, SecretSource};

const ROOT: &str = "secret-service";
const KEYSTORE_EXAMPLE: &str =
    "<keystore name=\"main\" path=\"…\"><password env=\"KEY_PASS\"/></keystore>";
const PASSWORD_EXAMPLE: &str = "<password env=\"KEY_PASS\"/>";

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

impl ServiceReader<'_> {
    fn keystores(&self, root: &Element) -> Result<Vec<KeystoreSettings>, DocumentError> {
        let keystores = children(root, "keystore");
        let keystores = keystores
            .map(|element| self.keystore(element))
            .collect::<Result<Vec<_>, _>>()?;
        if keystores.is_empty() {
            return Err(DocumentError::NoKeystore {
                path: self.document.path().to_path_buf(),
                example: KEYSTORE_EXAMPLE,
            });
        }
        check_keystore_names(&keystores)?;
        Ok(keystores)
    }

    fn keystore(&self, element: &Element) -> Result<KeystoreSettings, DocumentError> {
        let attributes = &[
            "name",
            "path",
            "type",
            "retryDelay",
            "vanishGrace",
            "aliasPrefix",
        ];
        self.check(element, attributes, &["password"], &[])?;
        let name = self.required(element, "name")?.value.trim();
        let text = |name| {
            element
                .attribute(name)
                .map(|found| found.value.trim().to_owned())
        };
        let retry_delay = match element.attribute("retryDelay") {
            Some(delay) => parse_retry_delay(&delay.value, self.document.place(delay.span.start))?,
            None => DEFAULT_RETRY_DELAY,
        };
        Ok(KeystoreSettings {
            name: name.to_owned(),
            path: self.path(element)?,
            store_type: text("type").filter(|store_type| !store_type.is_empty()),
            password: self.password(element, name)?,
            retry_delay,
            vanish_grace: self
                .vanish_grace(element)?
                .unwrap_or_else(|| default_vanish_grace(retry_delay)),
            alias_prefix: text("aliasPrefix").unwrap_or_default(),
            document: self.document.path().to_path_buf(),
            line: self.document.line(element.span.start),
        })
    }

    fn password(&self, keystore: &Element, name: &str) -> Result<SecretSource, DocumentError> {
        let mut passwords = children(keystore, "password");
        let no_password = || DocumentError::NoPassword {
            at: self.document.place(keystore.span.start),
            keystore: name.to_owned(),
            example: PASSWORD_EXAMPLE,
        };
        let element = passwords.next().ok_or_else(no_password)?;
        if let Some(second) = passwords.next() {
            return Err(
                self.contradiction(second, "a keystore has one password. Delete the others")
            );
        }
        self.check_attributes(element, &["env", "file"])?;
        self.check_children(element, &[], &[])?;
        let text = element.text.trim();
        let attributes = (element.attribute("env"), element.attribute("file"));
        match attributes {
            (None, None) if text.is_empty() => Err(no_password()),
            (None, None) => Ok(SecretSource::Inline(Secret::copied_from(text.as_bytes()))),
            (Some(_), None) if text.is_empty() => {
                let variable = self.required(element, "env")?.value.trim();
                Ok(SecretSource::Environment(variable.to_owned()))
            }
            (None, Some(_)) if text.is_empty() => {
                let file = self.required(element, "file")?;
                Ok(SecretSource::File(self.located(element, file)?))
            }
            _ => Err(self.contradiction(
                element,
                "a password comes from env, from file, or is the text itself. Keep one of them",
            )),
        }
    }

    fn include(
        &self,
        element: &Element,
        configuration: &mut Configuration,
    ) -> Result<(), DocumentError> {
        self.check(element, &["path", "keystore"], &[], &[])?;
        let path = self.path(element)?;
        let keystore = element.attribute("keystore");
        let keystore = keystore
            .map(|name| self.known_keystore(name, configuration))
            .transpose()?;
        let place = self.document.place(element.span.start);
        for document in Included::new(self.environment).read(&path, Some(&place))? {
            let is_known = |known: &AliasReference| {
                known.document == document.path() && known.keystore == keystore
            };
            if !configuration.references.iter().any(is_known) {
                let found = references(&document, self.environment)?.into_iter();
                let found = found.map(|reference| AliasReference {
                    keystore: keystore.clone(),
                    ..reference
                });
                configuration.references.extend(found);
            }
            let path = document.path().to_path_buf();
            if !configuration.documents.contains(&path) {
                configuration.documents.push(path);
            }
        }
        Ok(())
    }

    fn known_keystore(
        &self,
        attribute: &Attribute,
        configuration: &Configuration,
    ) -> Result<String, DocumentError> {
        let name = attribute.value.trim().to_owned();
        let known = configuration
            .keystores
            .iter()
            .map(|keystore| keystore.name.clone());
        let known: Vec<String> = known.collect();
        if known.contains(&name) {
            return Ok(name);
        }
        let at = self.document.place(attribute.span.start);
        Err(DocumentError::UnknownKeystore { at, name, known })
    }

    fn socket(&self, root: &Element) -> Result<Option<SocketSettings>, DocumentError> {
        let mut sockets = children(root, "socket");
        let Some(element) = sockets.next() else {
            return Ok(None);
        };
        if let Some(second) = sockets.next() {
            return Err(self.contradiction(second, "a service has one socket. Delete the others"));
        }
        self.check(element, &["path", "mode"], &["allow"], &[])?;
        let mode = match element.attribute("mode") {
            Some(mode) => parse_mode(&mode.value, self.document.place(mode.span.start))?,
            None => DEFAULT_MODE,
        };
        let rules = children(element, "allow").map(|rule| self.rule(rule));
        Ok(Some(SocketSettings {
            path: self.path(element)?,
            mode,
            rules: rules.collect::<Result<_, _>>()?,
            line: self.document.line(element.span.start),
        }))
    }

    fn rule(&self, element: &Element) -> Result<AllowRule, DocumentError> {
        self.check(element, &["user", "group", "aliases"], &[], &[])?;
        let name = |attribute| match element.attribute(attribute) {
            // An empty name must not become a rule for whoever runs the service.
            Some(_) => self
                .required(element, attribute)
                .map(|name| Some(name.value.trim().to_owned())),
            None => Ok(None),
        };
        let (user, group) = (name("user")?, name("group")?);
        if user.is_some() && group.is_some() {
            let problem = "a rule is for a user or for a group. Write two rules, one for each";
            return Err(self.contradiction(element, problem));
        }
        let aliases = self.required(element, "aliases")?;
        Ok(AllowRule {
            user,
            group,
            aliases: aliases
                .value
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            line: self.document.line(element.span.start),
        })
    }

    /// The attribute `path`, resolved.
    fn path(&self, element: &Element) -> Result<PathBuf, DocumentError> {
        self.located(element, self.required(element, "path")?)
    }

    fn located(&self, element: &Element, attribute: &Attribute) -> Result<PathBuf, DocumentError> {
        let document = self.document.path();
        match self.environment.expand(&attribute.value) {
            Ok(path) => Ok(location::resolve(document, path.trim())),
            Err(error) => {
                let setting = format!("{}.{}", element.name, attribute.name);
                Err(error.at(self.document.place(attribute.span.start), setting))
            }
        }
    }

    /// The attribute of that name, which must be there and not be empty.
    fn required<'e>(
        &self,
        element: &'e Element,
        name: &'static str,
    ) -> Result<&'e Attribute, DocumentError> {
        let attribute = element.attribute(name);
        let attribute = attribute.filter(|attribute| !attribute.value.trim().is_empty());
        attribute.ok_or_else(|| DocumentError::MissingAttribute {
            at: self.document.place(element.span.start),
            element: element.name.clone(),
            attribute: name,
        })
    }

    /// Refuses attributes, children and text that have no meaning in `element`.
    fn check(
        &self,
        element: &Element,
        attributes: &'static [&'static str],
        known: &'static [&'static str],
        later: &'static [&'static str],
    ) -> Result<(), DocumentError> {
        self.check_attributes(element, attributes)?;
        self.check_children(element, known, later)?;
        if element.text.trim().is_empty() {
            return Ok(());
        }
        Err(DocumentError::StrayText {
            at: self.document.place(element.span.start),
            element: element.name.clone(),
        })
    }

    fn check_attributes(
        &self,
        element: &Element,
        known: &'static [&'static str],
    ) -> Result<(), DocumentError> {
        let unknown = element.attributes.iter().find(|attribute| {
            let is_known = attribute.prefix.is_none() && known.contains(&attribute.name.as_str());
            !is_known && !concerns_xml_itself(attribute)
        });
        let Some(attribute) = unknown else {
            return Ok(());
        };
        Err(DocumentError::UnknownAttribute {
            at: self.document.place(attribute.span.start),
            element: element.name.clone(),
            attribute: attribute.name.clone(),
            suggestion: suggestion::nearest(&attribute.name, known),
            known,
        })
    }

    fn check_children(
        &self,
        element: &Element,
        known: &'static [&'static str],
        later: &'static [&'static str],
    ) -> Result<(), DocumentError> {
        let mut children = element.children.iter();
        let Some(child) = children.find(|child| !known.contains(&child.name.as_str())) else {
            return Ok(());
        };
        let at = self.document.place(child.span.start);
        if later.contains(&child.name.as_str()) {
            return Err(DocumentError::NotSupported {
                at,
                what: format!("<{}>", child.name),
                next: "Delete it, or use a later version",
            });
        }
        Err(DocumentError::UnknownElement {
            at,
            element: child.name.clone(),
            parent: element.name.clone(),
            suggestion: suggestion::nearest(&child.name, known),
            known,
        })
    }

    fn contradiction(&self, element: &Element, problem: &'static str) -> DocumentError {
        DocumentError::Contradiction {
            at: self.document.place(element.span.start),
            problem,
        }
    }
}

fn children<'e>(element: &'e Element, name: &'static str) -> impl Iterator<Item = &'e Element> {
    element
        .children
        .iter()
        .filter(move |child| child.name == name)
}

/// `xmlns`, `xmlns:xsi`, `xsi:schemaLocation`, `xml:space`.
fn concerns_xml_itself(attribute: &Attribute) -> bool {
    match attribute.prefix.as_deref() {
        None => attribute.name == "xmlns",
        Some(prefix) => matches!(prefix, "xmlns" | "xsi" | "xml"),
    }
}

#[cfg(test)]
mod tests;
