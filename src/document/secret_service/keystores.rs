//! `<keystore>` and `<secure-vault>`, and their `<password>`.

use std::path::PathBuf;

use super::{ServiceReader, children};
use crate::document::error::DocumentError;
use crate::document::keystore_settings::{
    DEFAULT_RETRY_DELAY, KeystoreSettings, StoreFormat, check_keystore_names, default_vanish_grace,
    parse_retry_delay,
};
use crate::document::wso2;
use crate::document::xml::Element;
use crate::secret::{Secret, SecretSource};

const KEYSTORE_EXAMPLE: &str =
    "<keystore name=\"main\" path=\"…\"><password env=\"KEY_PASS\"/></keystore>";
const PASSWORD_EXAMPLE: &str = "<password env=\"KEY_PASS\"/>";

impl ServiceReader<'_> {
    pub(in crate::document) fn keystores(
        &self,
        root: &Element,
    ) -> Result<Vec<KeystoreSettings>, DocumentError> {
        let elements = root.children.iter();
        let keystores = elements.filter_map(|element| match element.name.as_str() {
            "keystore" => Some(self.keystore(element)),
            "secure-vault" => Some(self.secure_vault(element)),
            _ => None,
        });
        let keystores = keystores.collect::<Result<Vec<_>, _>>()?;
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
        self.check(element, attributes, &["password"])?;
        let name = self.required(element, "name")?.value.trim();
        let store_type = element.attribute("type");
        let store_type = store_type.map(|found| found.value.trim().to_owned());
        let (path, password) = (self.path(element)?, self.password(element, name)?);
        Ok(KeystoreSettings {
            store_type: store_type.filter(|store_type| !store_type.is_empty()),
            ..self.settings(element, StoreFormat::Keystore, path, password)?
        })
    }

    /// `<secure-vault>`: the secrets of a WSO2 server.
    fn secure_vault(&self, element: &Element) -> Result<KeystoreSettings, DocumentError> {
        let attributes = &["name", "home", "retryDelay", "vanishGrace", "aliasPrefix"];
        self.check(element, attributes, &["password"])?;
        let name = self.required(element, "name")?.value.trim();
        let home = self.located(element, self.required(element, "home")?)?;
        let password = match children(element, "password").next() {
            Some(_) => self.password(element, name)?,
            None => wso2::passwords_of_home(),
        };
        let path = wso2::secrets_of(&home)?;
        self.settings(element, StoreFormat::SecureVault { home }, path, password)
    }

    fn settings(
        &self,
        element: &Element,
        format: StoreFormat,
        path: PathBuf,
        password: SecretSource,
    ) -> Result<KeystoreSettings, DocumentError> {
        let retry_delay = match element.attribute("retryDelay") {
            Some(delay) => parse_retry_delay(&delay.value, self.document.place(delay.span.start))?,
            None => DEFAULT_RETRY_DELAY,
        };
        let prefix = element.attribute("aliasPrefix");
        Ok(KeystoreSettings {
            name: self.required(element, "name")?.value.trim().to_owned(),
            format,
            path,
            store_type: None,
            password,
            retry_delay,
            vanish_grace: self
                .vanish_grace(element)?
                .unwrap_or_else(|| default_vanish_grace(retry_delay)),
            alias_prefix: prefix.map_or_else(String::new, |found| found.value.trim().to_owned()),
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
        self.check_children(element, &[])?;
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
}
