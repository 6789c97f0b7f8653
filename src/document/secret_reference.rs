//! References to secrets of WSO2's Secure Vault, in any of the files that name them.
//!
//! ```text
//! password = "$secret{db_password}"                       deployment.toml, and other text
//! <Password svns:secretAlias="db_password">password</…>   XML: the element's text is of no meaning
//! keystorePass="secretAlias:tls_password"                 XML attributes, properties
//! ```
//! Source: `org.wso2.securevault.commons.MiscellaneousUtil`, `SecretResolverFactory`.

use std::ffi::OsStr;
use std::path::Path;

use super::alias_reference::AliasReference;
use super::deployment_toml::DeploymentToml;
use super::error::DocumentError;
use super::java_properties::JavaProperties;
use super::xml::{Document, Element, read_bytes};
use super::xml_file::secret_alias;

const OPENING: &str = "$secret{";
const ALIAS_PREFIX: &str = "secretAlias:";

/// Whether `bytes` hold anything that could be a reference: most files of an installation do not.
fn may_name_secrets(bytes: &[u8]) -> bool {
    let holds = |needle: &str| {
        let mut parts = bytes.windows(needle.len());
        parts.any(|part| part == needle.as_bytes())
    };
    holds(OPENING) || holds("secretAlias")
}

/// The aliases that the file at `path` names: `deployment.toml` (`.toml`), XML (`.xml`), and properties.
///
/// # Errors
/// When the file cannot be read in its format.
pub fn read_secret_references(path: &Path) -> Result<Vec<AliasReference>, DocumentError> {
    let bytes = read_bytes(path)?;
    if !may_name_secrets(&bytes) {
        return Ok(Vec::new());
    }
    match path.extension().and_then(OsStr::to_str) {
        Some("toml") => Ok(of_toml(&DeploymentToml::parse(path, &bytes)?)),
        Some("xml") => Ok(of_xml(&Document::parse(path, &bytes)?)),
        _ => Ok(of_properties(&JavaProperties::parse(path, &bytes)?)),
    }
}

/// The aliases that a text names.
pub(crate) fn aliases_in(text: &str) -> Vec<String> {
    let mut aliases = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once(OPENING) {
        let Some((alias, behind)) = behind.split_once('}') else {
            break;
        };
        aliases.push(alias.trim().to_owned());
        rest = behind;
    }
    if let Some(alias) = text.trim().strip_prefix(ALIAS_PREFIX) {
        aliases.push(alias.trim().to_owned());
    }
    aliases
}

fn of_toml(toml: &DeploymentToml) -> Vec<AliasReference> {
    let mut references = Vec::new();
    for setting in toml.settings() {
        for alias in setting.text().map(aliases_in).unwrap_or_default() {
            let (line, name) = (setting.line, setting.name.clone());
            references.push(reference(toml.path(), line, name, alias));
        }
    }
    references
}

fn of_properties(properties: &JavaProperties) -> Vec<AliasReference> {
    let mut references = Vec::new();
    for property in properties.properties() {
        for alias in aliases_in(&property.value) {
            let (line, key) = (property.line, property.key.clone());
            references.push(reference(properties.path(), line, key, alias));
        }
    }
    references
}

fn of_xml(document: &Document) -> Vec<AliasReference> {
    let mut references = Vec::new();
    collect(document, document.root(), "", &mut references);
    references
}

fn collect(
    document: &Document,
    element: &Element,
    parent: &str,
    references: &mut Vec<AliasReference>,
) {
    let line = document.line(element.span.start);
    let name = if parent.is_empty() {
        element.name.clone()
    } else {
        format!("{parent}/{}", element.name)
    };
    let mut add = |setting: &str, alias: String| {
        let setting = setting.to_owned();
        references.push(reference(document.path(), line, setting, alias));
    };
    if let Some(alias) = secret_alias(element) {
        add(&name, alias.to_owned());
    }
    for alias in aliases_in(&element.text) {
        add(&name, alias);
    }
    for attribute in element.attributes.iter().filter(|it| it.prefix.is_none()) {
        for alias in aliases_in(&attribute.value) {
            add(&format!("{name}@{}", attribute.name), alias);
        }
    }
    for child in &element.children {
        collect(document, child, &element.name, references);
    }
}

fn reference(document: &Path, line: usize, setting: String, alias: String) -> AliasReference {
    AliasReference {
        document: document.to_path_buf(),
        line,
        setting,
        alias,
        keystore: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, text: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let references = read_secret_references(&path).unwrap().into_iter();
        references
            .map(|it| format!("{} {} {}", it.line, it.setting, it.alias))
            .collect()
    }

    #[test]
    fn references_are_found_in_each_format() {
        let toml = "[database]\npassword = \"$secret{db}\"\nurl = 'a$secret{b}c$secret{d}'\n[secrets]\ndb = \"[x]\"\n";
        let expected = [
            "2 database.password db",
            "3 database.url b",
            "3 database.url d",
        ];
        assert_eq!(found("deployment.toml", toml), expected);
        let xml = "<Server xmlns:svns='http://org.wso2.securevault/configuration'>\n<KeyStore>\n\
            <Password svns:secretAlias='ks'>password</Password></KeyStore>\n\
            <Connector keystorePass='secretAlias:tls'>$secret{x}</Connector></Server>";
        let expected = [
            "3 KeyStore/Password ks",
            "4 Server/Connector x",
            "4 Server/Connector@keystorePass tls",
        ];
        assert_eq!(found("carbon.xml", xml), expected);
        let properties = found("jndi.properties", "a=secretAlias:b\nc=$secret{d}\n");
        assert_eq!(properties, ["1 a b", "2 c d"]);
        assert_eq!(found("other.xml", "<not well-formed>"), [""; 0]);
    }
}
