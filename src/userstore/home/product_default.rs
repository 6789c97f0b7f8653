//! What the products take for a setting that is not there. Source: `default.json` of wso2/carbon-kernel 4.12.

use std::path::Path;

/// Alias, and both passwords, of the keystore that comes with every product.
pub(super) const CARBON: &str = "wso2carbon";
/// Where keystores are, below the home.
pub(super) const SECURITY: &str = "repository/resources/security";

const NEW_KEYSTORE: [&str; 2] = ["wso2carbon.p12", "PKCS12"];
const OLD_KEYSTORE: [&str; 2] = ["wso2carbon.jks", "JKS"];

/// What a setting without a value is.
pub(super) enum ProductDefault {
    Text(&'static str),
    /// The product's own password.
    Password,
    /// The value of another setting.
    SameAs(String),
}

/// The default of `setting` in the home at `root`.
pub(super) fn of(root: &Path, setting: &str) -> Option<ProductDefault> {
    let (keystore, key) = setting.strip_prefix("keystore.")?.split_once('.')?;
    match (keystore, key) {
        ("primary", "file_name") => Some(ProductDefault::Text(stock_keystore(root)[0])),
        ("primary", "type") => Some(ProductDefault::Text(stock_keystore(root)[1])),
        ("primary", "alias") => Some(ProductDefault::Text(CARBON)),
        ("primary", "password") => Some(ProductDefault::Password),
        ("primary", "key_password") => Some(ProductDefault::SameAs(
            "keystore.primary.password".to_owned(),
        )),
        ("internal", "file_name" | "type" | "alias" | "password" | "key_password") => {
            Some(ProductDefault::SameAs(format!("keystore.primary.{key}")))
        }
        _ => None,
    }
}

/// Name and type of the keystore that the product came with.
fn stock_keystore(root: &Path) -> [&'static str; 2] {
    let is_there = |name: &str| root.join(SECURITY).join(name).exists();
    if !is_there(NEW_KEYSTORE[0]) && is_there(OLD_KEYSTORE[0]) {
        return OLD_KEYSTORE;
    }
    NEW_KEYSTORE
}
