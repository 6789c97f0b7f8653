//! `<target>` and `<store>`: credential stores of a migration service.

use std::borrow::Cow;
use std::path::Path;

use super::ServiceReader;
use crate::document::error::DocumentError;
use crate::document::location;
use crate::document::xml::Element;

/// What a target says: of new values, and then of a store.
const TARGET: &[&str] = &[
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
    "passwordDigest",
    "bindDn",
    "passwordAlias",
    "pepperAlias",
];
/// What names a store and tells how it is read.
const STORE: &[&str] = TARGET.split_at(3).1;
const ANY: [&str; 3] = ["store", "dialect", "pepperAlias"];
/// `realm` is that of a Keycloak export.
const FILE: [&str; 2] = ["format", "realm"];
const DATABASE: [&str; 8] = [
    "table",
    "id",
    "user",
    "password",
    "preset",
    "realm",
    "passwordDigest",
    "passwordAlias",
];
const DIRECTORY: [&str; 3] = ["user", "bindDn", "passwordAlias"];
/// How a URL of a store begins.
const SCHEMES: [&str; 8] = [
    "sqlite:",
    "postgres:",
    "postgresql:",
    "mysql:",
    "mariadb:",
    "ldap:",
    "ldaps:",
    "ldapi:",
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
    /// The `PasswordDigest` of WSO2's user store.
    pub password_digest: Option<String>,
    /// The DN that reads and changes the entries of a directory.
    pub bind_dn: Option<String>,
    /// The alias, in a keystore, of the password of that DN or of the database's user.
    pub password_alias: Option<String>,
    /// The alias, in a keystore, of the pepper of the keyed layer of its values.
    pub pepper_alias: Option<String>,
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

/// With its scheme in small letters: capitals mean the same.
fn with_plain_scheme(name: &str) -> Cow<'_, str> {
    let is_of = |scheme: &&&str| {
        let start = name.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    match SCHEMES.iter().find(is_of) {
        Some(scheme) => Cow::Owned(format!("{scheme}{}", &name[scheme.len()..])),
        None => Cow::Borrowed(name),
    }
}

impl ServiceReader<'_> {
    pub(super) fn target(&self, root: &Element) -> Result<TargetSettings, DocumentError> {
        let problem = "there is one <target>. Delete the others";
        let Some(element) = self.only(root, "target", problem)? else {
            let problem = "a migration service needs to know the new function. Add <target to=\"argon2id\" store=\"…\"/>, without \
                           store where the platform that asks stores the password";
            return Err(self.contradiction(root, problem));
        };
        self.check(element, TARGET, &[])?;
        let store = element.attribute("store");
        let store = store.map(|_| self.store(element)).transpose()?;
        if store.is_none() {
            self.nothing_of(element, STORE, "there is no store")?;
        }
        let pending = element.attribute("pending");
        Ok(TargetSettings {
            store,
            to: self.required(element, "to")?.value.trim().to_owned(),
            cost: self.number(element, "cost", u32::MAX)?,
            pending: pending.map(|pending| pending.value.to_string()),
        })
    }

    pub(super) fn legacy_store(&self, element: &Element) -> Result<StoreSettings, DocumentError> {
        self.check(element, STORE, &[])?;
        self.store(element)
    }

    fn store(&self, element: &Element) -> Result<StoreSettings, DocumentError> {
        let text = |name: &str| {
            let attribute = element.attribute(name)?;
            Some(attribute.value.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let store = self.store_name(element)?;
        let (kind, known) = if store.starts_with("ldap") && is_url(&store) {
            ("a directory", &DIRECTORY[..])
        } else if is_url(&store) {
            ("a database", &DATABASE[..])
        } else {
            ("a file", &FILE[..])
        };
        let foreign = |name: &&str| !known.contains(name) && !ANY.contains(name);
        let others: Vec<&str> = STORE.iter().copied().filter(foreign).collect();
        self.nothing_of(element, &others, &format!("the store is {kind}"))?;
        Ok(StoreSettings {
            store,
            format: text("format"),
            dialect: text("dialect"),
            table: text("table"),
            id: text("id"),
            user: text("user"),
            password: text("password"),
            preset: text("preset"),
            realm: text("realm"),
            password_digest: text("passwordDigest"),
            bind_dn: text("bindDn"),
            password_alias: text("passwordAlias"),
            pepper_alias: text("pepperAlias"),
            line: self.document.line(element.span.start),
        })
    }

    /// That no attribute stands there that would be of no effect.
    fn nothing_of(
        &self,
        element: &Element,
        names: &[&str],
        why: &str,
    ) -> Result<(), DocumentError> {
        let found = names.iter().find(|name| element.attribute(name).is_some());
        let Some(name) = found else {
            return Ok(());
        };
        let problem = format!("{name} has no meaning here, for {why}. Delete it");
        Err(self.contradiction(element, problem))
    }

    /// A path is found from the document's place, that of an SQLite database too.
    fn store_name(&self, element: &Element) -> Result<String, DocumentError> {
        let attribute = self.required(element, "store")?;
        let expanded = self.environment.expand(&attribute.value);
        let name = expanded.map_err(|error| {
            let setting = format!("{}.store", element.name);
            error.at(self.document.place(attribute.span.start), setting)
        })?;
        let name = with_plain_scheme(name.trim());
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
        if is_url(&name) {
            return Ok(name.into_owned());
        }
        Ok(resolved(&name))
    }
}
