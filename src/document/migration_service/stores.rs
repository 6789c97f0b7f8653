//! `<target>` and `<store>`: credential stores of a migration service.

use std::path::Path;

use super::ServiceReader;
use crate::document::error::DocumentError;
use crate::document::location;
use crate::document::xml::Element;

/// What names a store and tells how it is read.
const STORE: [&str; 11] = [
    "store",
    "format",
    "dialect",
    "table",
    "id",
    "user",
    "password",
    "preset",
    "realm",
    "bindDn",
    "passwordAlias",
];
/// How a URL of a store begins.
const SCHEMES: [&str; 7] = [
    "sqlite:",
    "postgres:",
    "postgresql:",
    "mysql:",
    "mariadb:",
    "ldap:",
    "ldaps:",
];

/// A credential store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreSettings {
    /// A URL, or the path of a file, found from the document's place.
    pub store: String,
    /// The format of a file; none where its ending tells it.
    pub format: Option<String>,
    /// Whose conventions its values follow.
    pub dialect: Option<String>,
    /// The table of a database.
    pub table: Option<String>,
    /// The column of the key.
    pub id: Option<String>,
    /// The column or attribute of the user's name.
    pub user: Option<String>,
    /// The column of the stored password.
    pub password: Option<String>,
    /// The product whose tables they are.
    pub preset: Option<String>,
    /// The realm, where a database has several.
    pub realm: Option<String>,
    /// The DN that reads and changes the entries of a directory.
    pub bind_dn: Option<String>,
    /// The alias, in a keystore, of the password of that DN or of the database's user.
    pub password_alias: Option<String>,
    /// Line of the document; the first is 1.
    pub line: usize,
}

/// Where new values go, and in which function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetSettings {
    /// The store; none where the platform that asks stores the password itself.
    pub store: Option<StoreSettings>,
    /// The new function.
    pub to: String,
    /// Its cost; the usual one, if none.
    pub cost: Option<u32>,
    /// The stored text of a user who has not moved yet, beside the empty one.
    pub pending: Option<String>,
}

impl StoreSettings {
    /// The file that it is, or that an SQLite database is; none where it is reached over a network.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        let path = self.store.strip_prefix("sqlite:").unwrap_or(&self.store);
        (!is_url(path)).then(|| Path::new(path))
    }
}

fn is_url(store: &str) -> bool {
    SCHEMES.iter().any(|scheme| store.starts_with(scheme))
}

impl ServiceReader<'_> {
    pub(super) fn target(&self, root: &Element) -> Result<TargetSettings, DocumentError> {
        let problem = "there is one <target>. Delete the others";
        let Some(element) = self.only(root, "target", problem)? else {
            let problem = "a migration service needs to know the new function. Add <target to=\"argon2id\" store=\"…\"/>, without \
                           store where the platform that asks stores the password";
            return Err(self.contradiction(root, problem));
        };
        let attributes = &[
            "to",
            "cost",
            "pending",
            "store",
            "format",
            "dialect",
            "table",
            "id",
            "user",
            "password",
            "preset",
            "realm",
            "bindDn",
            "passwordAlias",
        ];
        self.check(element, attributes, &[])?;
        let store = element.attribute("store");
        let store = store.map(|_| self.store(element)).transpose()?;
        let pending = element.attribute("pending");
        Ok(TargetSettings {
            store,
            to: self.required(element, "to")?.value.trim().to_owned(),
            cost: self.number(element, "cost", u32::MAX)?,
            pending: pending.map(|pending| pending.value.to_string()),
        })
    }

    pub(super) fn legacy_store(&self, element: &Element) -> Result<StoreSettings, DocumentError> {
        self.check(element, &STORE, &[])?;
        self.store(element)
    }

    fn store(&self, element: &Element) -> Result<StoreSettings, DocumentError> {
        let text = |name: &str| {
            let attribute = element.attribute(name)?;
            Some(attribute.value.trim().to_owned()).filter(|text| !text.is_empty())
        };
        Ok(StoreSettings {
            store: self.store_name(element)?,
            format: text("format"),
            dialect: text("dialect"),
            table: text("table"),
            id: text("id"),
            user: text("user"),
            password: text("password"),
            preset: text("preset"),
            realm: text("realm"),
            bind_dn: text("bindDn"),
            password_alias: text("passwordAlias"),
            line: self.document.line(element.span.start),
        })
    }

    /// A path is found from the document's place, that of an SQLite database too.
    fn store_name(&self, element: &Element) -> Result<String, DocumentError> {
        let attribute = self.required(element, "store")?;
        let expanded = self.environment.expand(&attribute.value);
        let name = expanded.map_err(|error| {
            let setting = format!("{}.store", element.name);
            error.at(self.document.place(attribute.span.start), setting)
        })?;
        let name = name.trim();
        let resolved = |path: &str| {
            let path = location::resolve(self.document.path(), path);
            path.to_string_lossy().into_owned()
        };
        if let Some(path) = name.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            let is_relative = !path.starts_with(':') && Path::new(path).is_relative();
            let path = if is_relative {
                resolved(path)
            } else {
                path.to_owned()
            };
            return Ok(format!("sqlite:{path}"));
        }
        if is_url(name) {
            return Ok(name.to_owned());
        }
        Ok(resolved(name))
    }
}
