//! [`AliasReference`]: a place in a document that names an alias.

use std::path::PathBuf;

use super::bean::{Bean, Setting, beans};
use super::error::DocumentError;
use super::keystore_settings::is_keystore;
use super::placeholder::Environment;
use super::xml::Document;

/// How the settings end whose value is an alias: capitals, `-` and `_` do not count.
const ALIAS_KEYS: [&str; 7] = [
    "user",
    "username",
    "password",
    "passwd",
    "pepperkey",
    "secretkey",
    "alias",
];

/// An alias, and the setting of a document that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasReference {
    /// The document.
    pub document: PathBuf,
    /// Its line; the first is 1.
    pub line: usize,
    /// The setting: bean and property, such as `dataSource.password`.
    pub setting: String,
    /// The alias as written, placeholders replaced.
    pub alias: String,
    /// The keystore that has it, if a configuration says which.
    pub keystore: Option<String>,
}

/// The aliases that Spring beans name.
///
/// The password of a keystore is none, neither is an empty value, `true` or `false`.
pub(super) fn references(
    document: &Document,
    environment: Environment,
) -> Result<Vec<AliasReference>, DocumentError> {
    let mut references = Vec::new();
    for bean in beans(document).iter().filter(|bean| !is_keystore(bean)) {
        for setting in bean.settings.iter().filter(|setting| names_alias(setting)) {
            references.extend(reference(document, environment, bean, setting)?);
        }
    }
    Ok(references)
}

fn names_alias(setting: &Setting<'_>) -> bool {
    let key = setting.folded_key();
    ALIAS_KEYS.iter().any(|ending| key.ends_with(ending))
}

fn reference(
    document: &Document,
    environment: Environment,
    bean: &Bean<'_>,
    setting: &Setting<'_>,
) -> Result<Option<AliasReference>, DocumentError> {
    let path = bean.setting_path(setting);
    let alias = match environment.expand(setting.value) {
        Ok(alias) => alias.trim().to_owned(),
        Err(error) => return Err(error.at(document.place(setting.offset), path)),
    };
    if matches!(alias.as_str(), "" | "true" | "false") {
        return Ok(None);
    }
    Ok(Some(AliasReference {
        document: document.path().to_path_buf(),
        line: document.line(setting.offset),
        setting: path,
        alias,
        keystore: None,
    }))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(properties: &str) -> Result<Vec<AliasReference>, DocumentError> {
        let xml = format!("<beans>\n<bean id='pool'>\n{properties}\n</bean></beans>");
        let document = Document::parse(Path::new("a.xml"), xml.as_bytes()).unwrap();
        let environment =
            Environment::of_test(|name| (name == "DB_USER").then(|| "db2".to_owned()));
        references(&document, environment)
    }

    fn aliases(properties: &str) -> Vec<(String, String)> {
        let references = read(properties).unwrap().into_iter();
        references
            .map(|reference| (reference.setting, reference.alias))
            .collect()
    }

    #[test]
    fn user_names_passwords_peppers_and_aliases_are_read() {
        for key in [
            "user",
            "username",
            "userName",
            "adminUser",
            "password",
            "db-passwd",
            "pepperKey",
            "pepperkey",
            "pepper_key",
            "secretKey",
            "tokenAlias",
            "alias",
            "mail.smtp.user",
        ] {
            let found = aliases(&format!("<property name='{key}' value=' db1 '/>"));
            assert_eq!(found, [(format!("pool.{key}"), "db1".to_owned())]);
        }
    }

    #[test]
    fn other_settings_and_values_that_are_no_alias_are_left_out() {
        for (key, value) in [
            ("url", "jdbc:h2:mem"),
            ("passwordEncoder", "bcrypt"),
            ("userService", "x"),
            ("aliasPrefix", "Prod"),
            ("mail.user.name", "x"),
            ("password", ""),
            ("password", "  "),
            ("validatePassword", "true"),
        ] {
            assert_eq!(
                aliases(&format!("<property name='{key}' value='{value}'/>")),
                [],
                "{key}"
            );
        }
    }

    #[test]
    fn the_password_of_a_keystore_is_no_alias() {
        let keystore =
            "<property name='keystore' value='a.jks'/><property name='password' value='storepw'/>";
        assert_eq!(aliases(keystore), []);
        let pool = "<property name='username' value='db1'/><property name='password' value='db1pass'/>\
            <property name='keystore' value='a.jks'/>";
        assert_eq!(
            aliases(pool).len(),
            2,
            "a data source with TLS is no keystore"
        );
    }

    #[test]
    fn placeholders_are_replaced_or_reported() {
        let found = aliases("<property name='user' value='${DB_USER}'/>");
        assert_eq!(found[0].1, "db2");
        let found = aliases("<property name='user' value='${NOT_SET:db1}'/>");
        assert_eq!(found[0].1, "db1");
        let error = read("\n<property name='user' value='${NOT_SET}'/>").err();
        assert_eq!(
            error.unwrap().to_string(),
            "a.xml:4: pool.user needs the environment variable NOT_SET, which is not set. \
             Set it (export NOT_SET=…), or write a default: ${NOT_SET:…}"
        );
    }
}
