//! A sample home: two keystores, the super tenant and four others, JDBC, LDAP and Active Directory user stores, and one of
//! each trouble.

use std::fs;
use std::path::{Path, PathBuf};

use keyward::userstore::{Ciphertext, EncryptionKey, Form, Layout, Provider};
use tempfile::TempDir;

use crate::{SYMMETRIC, internal, primary, secret, symmetric};

pub(crate) const SUPER: &str = "repository/deployment/server/userstores";

/// The home of a server.
pub(crate) struct Home {
    folder: TempDir,
}

/// A user store as `before` and `after` have it: what is not a value is the same in both.
pub(crate) struct UserStore {
    pub(crate) path: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// The value in it that is re-encrypted, and what it is.
    pub(crate) values: Vec<(String, &'static str)>,
}

pub(crate) fn value(
    key: &EncryptionKey,
    transformation: &str,
    layout: Layout,
    text: &str,
) -> String {
    let form = Form::new(
        layout,
        transformation.parse().unwrap(),
        Provider::BouncyCastle,
    );
    key.encrypt(&secret(text), &form).unwrap().to_string()
}

pub(crate) const OAEP: &str = "RSA/ECB/OAEPwithSHA1andMGF1Padding";

/// Every user store that has something to re-encrypt.
pub(crate) fn user_stores() -> Vec<UserStore> {
    let key = primary();
    let json = value(&key, OAEP, Layout::SelfContained, "jdbc pass");
    let raw = value(&key, "RSA", Layout::Bare, "ldap pass");
    let pkcs1 = value(&key, "RSA/ECB/PKCS1Padding", Layout::Bare, "ad pass");
    let custom = value(&key, OAEP, Layout::Bare, "custom pass");
    let folded = format!("{}\n        {}", &json[..76], &json[76..]);
    vec![
        UserStore {
            path: "repository/deployment/server/userstores/JDBC.xml",
            bytes: format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><UserStoreManager class=\"org.wso2.carbon.user.core.jdbc.JDBCUserStoreManager\">\n      \
                 <!-- before --><Property name=\"url\">jdbc:h2:./db;X='1'</Property>\n      \
                 <Property encrypted=\"true\" name=\"password\">{json}</Property>\n      \
                 <Property name=\"DomainName\">JDBC</Property>\n      <Property name=\"Description\"/>\n</UserStoreManager>\n<!-- behind -->\n"
            )
            .into_bytes(),
            values: vec![(json.clone(), "jdbc pass")],
        },
        UserStore {
            path: "repository/deployment/server/userstores/LDAP.xml",
            // CRLF, single quotes, the other order, a name of one's own, CDATA, a value on two lines.
            bytes: format!(
                "<UserStoreManager class='x.ReadWriteLDAPUserStoreManager'>\r\n\t<Property name='ConnectionPassword' encrypted='TRUE' >\r\n  \
                 {raw}\r\n\t</Property>\r\n\t<Property\r\n  encrypted = \"true\"\r\n  name=\"MyToken\"><![CDATA[ {custom} ]]></Property>\r\n\
                 \t<Property name='Second' encrypted='true'>{folded}</Property>\r\n</UserStoreManager>"
            )
            .into_bytes(),
            values: vec![
                (raw, "ldap pass"),
                (custom, "custom pass"),
                (folded, "jdbc pass"),
            ],
        },
        UserStore {
            path: "repository/tenants/1/userstores/AD_com.xml",
            bytes: [
                b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<!-- M\xFCller -->\n<UserStoreManager class=\"ActiveDirectoryUserStoreManager\">"
                    .as_slice(),
                b"<Property name=\"Description\">\xE4\xF6\xFC</Property><Property name=\"ConnectionPassword\" encrypted=\"true\">",
                pkcs1.replace('=', "&#61;").as_bytes(),
                b"</Property></UserStoreManager>",
            ]
            .concat(),
            values: vec![(pkcs1.replace('=', "&#61;"), "ad pass")],
        },
        UserStore {
            path: "repository/tenants/12/userstores/BOM.XML",
            bytes: format!(
                "\u{FEFF}<UserStoreManager><property name=\"password\" encrypted=\"true\">{json}</property></UserStoreManager>"
            )
            .into_bytes(),
            values: vec![(json, "jdbc pass")],
        },
    ]
}

/// What is read and left alone: path, bytes, and what the report has to say.
pub(crate) fn troubles() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let property = |value: &str| {
        format!("<UserStoreManager><Property name=\"password\" encrypted=\"true\">{value}</Property></UserStoreManager>")
            .into_bytes()
    };
    let done = value(&internal(), OAEP, Layout::SelfContained, "done");
    let done_bare = value(&internal(), OAEP, Layout::Bare, "done");
    let other = value(
        &symmetric(SYMMETRIC),
        "AES/GCM/NoPadding",
        Layout::SelfContained,
        "other",
    );
    vec![
        ("repository/tenants/2/userstores/Done.xml", property(&done), "under the target key already"),
        ("repository/tenants/2/userstores/DoneBare.xml", property(&done_bare), "under the target key already"),
        ("repository/tenants/2/userstores/Empty.xml", property(" \n"), "empty"),
        ("repository/tenants/2/userstores/Secret.xml", property("$secret{ldap_pass}"), "$secret{ldap_pass}, left alone"),
        ("repository/tenants/2/userstores/Variable.xml", property("${db.password}"), "${db.password}, left alone"),
    ]
    .into_iter()
    .chain([
        ("repository/tenants/3/userstores/Clear.xml", property("admin"), "neither an RSA block nor AES blocks"),
        ("repository/tenants/3/userstores/Other.xml", property(&other), "encrypted with a symmetric key"),
        ("repository/tenants/3/userstores/Comment.xml", property(&format!("{done}<!-- x -->{done}")), "a comment"),
        ("repository/tenants/3/userstores/NoXml.xml", b"password=secret\n".to_vec(), "not well-formed XML"),
        ("repository/tenants/3/userstores/Cut.xml", property(&done)[..90].to_vec(), "not well-formed XML"),
        ("repository/tenants/3/userstores/Realm.xml", b"<UserManager/>".to_vec(), "<UserManager> is no user store"),
        ("repository/tenants/3/userstores/Wide.xml", b"\xFF\xFE<\0a\0".to_vec(), "UTF-16 is not read"),
        (
            "repository/tenants/3/userstores/Dtd.xml",
            b"<!DOCTYPE u [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><UserStoreManager><Property name=\"p\" encrypted=\"true\">&e;</Property></UserStoreManager>".to_vec(),
            "document type declarations are not read",
        ),
    ])
    .collect()
}

impl Home {
    /// With `repository` and nothing in it.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("repository")).unwrap();
        Self { folder }
    }

    /// With all user stores, troubles included.
    pub(crate) fn sample() -> Self {
        let home = Self::empty();
        for UserStore { path, bytes, .. } in user_stores() {
            home.write(path, &bytes);
        }
        for (path, bytes, _) in troubles() {
            home.write(path, &bytes);
        }
        home.write(&format!("{SUPER}/README.txt"), b"nothing to see");
        // A tenant without user stores, and folders that are no tenants.
        for folder in [
            "repository/tenants/4",
            "repository/tenants/lost+found/userstores",
        ] {
            fs::create_dir_all(home.path(folder)).unwrap();
        }
        home.write("repository/tenants/lost+found/userstores/X.xml", b"<x/>");
        home
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap()
    }

    /// Every file below the home with its bytes.
    pub(crate) fn content(&self) -> Vec<(PathBuf, Vec<u8>)> {
        content_of(self.root())
    }
}

pub(crate) fn content_of(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(content_of(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
    files.sort();
    files
}

/// The secret in a value, which must be under `key`.
#[track_caller]
pub(crate) fn opened(key: &EncryptionKey, text: &str) -> String {
    let text = text.replace("&#61;", "=");
    let value = Ciphertext::parse(&text).unwrap();
    let opened = key.open(&value, Provider::BouncyCastle);
    let opened = opened.unwrap_or_else(|| panic!("{key} does not open it"));
    opened.secret.expose_text().unwrap().to_owned()
}
