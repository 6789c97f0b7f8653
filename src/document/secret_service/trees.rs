//! `<tree>` and its `<file>`s.

use super::{ServiceReader, children};
use crate::document::error::DocumentError;
use crate::document::tree_settings::{TreeFileSettings, TreeSettings};
use crate::document::xml::Element;

impl ServiceReader<'_> {
    pub(super) fn trees(&self, root: &Element) -> Result<Vec<TreeSettings>, DocumentError> {
        let mut trees: Vec<TreeSettings> = Vec::new();
        for element in children(root, "tree") {
            let tree = self.tree(element)?;
            if trees.iter().any(|other| other.path == tree.path) {
                let problem = "a tree of this path was there before. Put the files of both in one";
                return Err(self.contradiction(element, problem));
            }
            trees.push(tree);
        }
        Ok(trees)
    }

    fn tree(&self, element: &Element) -> Result<TreeSettings, DocumentError> {
        self.check(element, &["path", "owner"], &["file"])?;
        let owner = match element.attribute("owner") {
            // An empty name must not become whoever runs the service.
            Some(_) => Some(self.required(element, "owner")?.value.trim().to_owned()),
            None => None,
        };
        let mut files: Vec<TreeFileSettings> = Vec::new();
        for child in children(element, "file") {
            let file = self.file(child)?;
            if files.iter().any(|other| other.name == file.name) {
                let problem = "a file of this name was there before. Choose another name";
                return Err(self.contradiction(child, problem));
            }
            files.push(file);
        }
        if files.is_empty() {
            let problem = "a tree has at least one file. Add <file name=\"…\" alias=\"…\"/>, or delete the tree";
            return Err(self.contradiction(element, problem));
        }
        Ok(TreeSettings {
            path: self.path(element)?,
            owner,
            files,
            line: self.document.line(element.span.start),
        })
    }

    fn file(&self, element: &Element) -> Result<TreeFileSettings, DocumentError> {
        self.check(element, &["name", "alias"], &[])?;
        let text = |attribute| self.required(element, attribute);
        Ok(TreeFileSettings {
            name: text("name")?.value.to_string(),
            alias: text("alias")?.value.trim().to_owned(),
            line: self.document.line(element.span.start),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::tests::{KEYSTORE, assert_refused, read};
    use crate::document::keystore_settings::StoreFormat;

    #[test]
    fn trees_credentials_and_vaults_are_read() {
        let configuration = read(&format!(
            "{KEYSTORE}
             <secure-vault name='wso2' home='${{SECURE}}/is' retryDelay='500'/>
             <tree path='/run/keyward/tomcat' owner='tomcat'><file name='a.b' alias='DB1'/></tree>
             <credentials path='c.sock'>
               <allow unit='tomcat@*.service' aliases='db* mail'/>
               <credential name='db-password' alias='db1pass'/>
             </credentials>"
        ));
        let configuration = configuration.ok().unwrap();
        let vault = &configuration.keystores[1];
        assert_eq!(vault.name, "wso2");
        let home = "/opt/secure/is".into();
        assert_eq!(vault.format, StoreFormat::SecureVault { home });
        assert!(vault.path.starts_with("/opt/secure/is/repository/conf"));
        let tree = &configuration.trees[0];
        assert_eq!(tree.path, Path::new("/run/keyward/tomcat"));
        assert_eq!(tree.owner.as_deref(), Some("tomcat"));
        assert_eq!(
            (&*tree.files[0].name, &*tree.files[0].alias),
            ("a.b", "DB1")
        );
        let credentials = configuration.credential_socket.unwrap();
        assert_eq!(
            (credentials.path.as_path(), credentials.mode),
            (Path::new("conf/c.sock"), 0o600)
        );
        assert_eq!(credentials.rules[0].unit, "tomcat@*.service");
        assert_eq!(credentials.rules[0].aliases, ["db*", "mail"]);
        assert_eq!(credentials.names[0].alias, "db1pass");
    }

    #[test]
    fn what_a_tree_or_a_credential_cannot_be_is_reported() {
        for (part, expected) in [
            (
                "<tree path='t'/>",
                "conf/a.xml:2: a tree has at least one file",
            ),
            (
                "<tree path='t' owner=''><file name='a' alias='b'/></tree>",
                "conf/a.xml:2: <tree> needs the attribute owner.",
            ),
            (
                "<tree path='t'><file name='a'/></tree>",
                "conf/a.xml:2: <file> needs the attribute alias.",
            ),
            (
                "<credentials path='c'><allow unit='tomcat' aliases='*'/></credentials>",
                "conf/a.xml:2: the name of a unit has an ending",
            ),
            (
                "<credentials path='c'><credential name='a' alias='b'/><credential name='a' alias='c'/></credentials>",
                "conf/a.xml:2: a credential of this name was there before",
            ),
            (
                "<secure-vault name='w'/>",
                "conf/a.xml:2: <secure-vault> needs the attribute home.",
            ),
        ] {
            assert_refused(&format!("{KEYSTORE}{part}"), expected);
        }
    }
}
