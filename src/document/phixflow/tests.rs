use tempfile::TempDir;

use super::*;

const SECRET: &str = r#"<beans>
  <bean id="secrets">
    <property name="keystore" value="../a.jks"/>
    <property name="password" value="${KEYWARD_TEST_NOT_SET}"/>
  </bean>
</beans>"#;

/// Writes the files into a new folder.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// Beans with one property, whose value is `alias`.
fn user(alias: &str) -> String {
    format!("<beans><bean id='pool'><property name='username' value='{alias}'/></bean></beans>")
}

fn file_name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

fn names(paths: &[PathBuf]) -> Vec<&str> {
    paths.iter().map(|path| file_name(path)).collect()
}

fn aliases(configuration: &Configuration) -> Vec<&str> {
    let references = configuration.references.iter();
    references
        .map(|reference| reference.alias.as_str())
        .collect()
}

fn load(folder: &TempDir, name: &str) -> Configuration {
    match Configuration::load(&folder.path().join(name)) {
        Ok(configuration) => configuration,
        Err(error) => panic!("{error}"),
    }
}

/// The message without the folder.
fn message(folder: &TempDir, name: &str) -> String {
    let prefix = format!("{}/", folder.path().display());
    let error = Configuration::load(&folder.path().join(name)).err();
    error.unwrap().to_string().replace(&prefix, "")
}

#[test]
fn only_documents_of_the_same_prefix_and_with_beans_belong_together() {
    let folder = folder(&[
        ("phixflow-secret.xml", SECRET),
        ("phixflow-b.xml", &user("b")),
        ("phixflow-a.xml", &user("a")),
        ("phixflow-a.xml.bak", &user("old")),
        (
            "phixflow-log4j.xml",
            "<!DOCTYPE log4j:configuration SYSTEM 'log4j.dtd'><x/>",
        ),
        ("phixflow-web.xml", "<web-app/>"),
        ("phixflow-folder.xml/x", ""),
        ("other-a.xml", &user("other")),
        ("phixflow.xml", &user("other")),
    ]);
    let configuration = load(&folder, "phixflow-secret.xml");
    assert_eq!(aliases(&configuration), ["a", "b"]);
    assert_eq!(
        names(&configuration.documents),
        ["phixflow-secret.xml", "phixflow-a.xml", "phixflow-b.xml"]
    );
}

#[test]
fn a_prefix_may_hold_hyphens() {
    let folder = folder(&[
        ("my-app-secret.xml", SECRET),
        ("my-app-data-source.xml", &user("db1")),
    ]);
    assert_eq!(aliases(&load(&folder, "my-app-data-source.xml")), ["db1"]);
}

#[test]
fn a_damaged_document_beside_the_secret_document_is_reported() {
    let folder = folder(&[
        ("phixflow-secret.xml", SECRET),
        ("phixflow-email.xml", "<beans>\n<bean>\n</beans>"),
    ]);
    let message = message(&folder, "phixflow-secret.xml");
    let expected = "phixflow-email.xml:3:1: not well-formed XML: ";
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn imported_documents_are_read_once_even_when_they_import_each_other() {
    let folder = folder(&[
        (
            "conf/phixflow-secret.xml",
            "<beans><import resource='file:../shared/a.xml'/><import resource='phixflow-z.xml'/></beans>",
        ),
        (
            "shared/a.xml",
            &SECRET.replace("</beans>", "<import resource='../conf/phixflow-secret.xml'/><import resource='b.xml'/></beans>"),
        ),
        ("shared/b.xml", &user("b").replace("</beans>", "<import resource='a.xml'/></beans>")),
        ("conf/phixflow-z.xml", &user("z")),
    ]);
    let configuration = load(&folder, "conf/phixflow-secret.xml");
    assert_eq!(
        names(&configuration.documents),
        ["phixflow-secret.xml", "a.xml", "phixflow-z.xml", "b.xml"]
    );
    assert_eq!(aliases(&configuration), ["z", "b"]);
    let keystore = &configuration.keystores[0];
    assert_eq!(keystore.path, folder.path().join("conf/../shared/../a.jks"));
}

#[test]
fn an_import_that_cannot_be_read_is_reported_with_the_line_that_names_it() {
    let importing = |resource: &str| format!("<beans>\n<import {resource}/></beans>");
    let folder = folder(&[
        ("a-secret.xml", &importing("resource='none.xml'")),
        ("b-secret.xml", &importing("resource='x-*.xml'")),
        ("c-secret.xml", &importing("")),
        ("d-secret.xml", &importing("resource='web.xml'")),
        ("web.xml", "<web-app/>"),
    ]);
    assert_eq!(
        message(&folder, "a-secret.xml"),
        "none.xml: there is no such file, named by a-secret.xml:2. Check the path"
    );
    assert!(message(&folder, "b-secret.xml").starts_with("b-secret.xml:2: an <import> of several"));
    assert!(
        message(&folder, "c-secret.xml").starts_with("c-secret.xml:2: <import> needs the attr")
    );
    assert!(message(&folder, "d-secret.xml").starts_with("web.xml:1: <web-app> is not a document"));
}

#[test]
fn beans_with_a_keystore_need_no_secret_document() {
    let both = SECRET.replace("</beans>", "<bean id='pool' p:password='db1pass'/></beans>");
    let folder = folder(&[("context.xml", &both), ("other.xml", &user("x"))]);
    let configuration = load(&folder, "context.xml");
    assert_eq!(configuration.keystores[0].name, "secrets");
    assert_eq!(aliases(&configuration), ["db1pass"]);
}

#[test]
fn a_document_without_a_keystore_names_the_one_that_is_missing() {
    let folder = folder(&[
        ("phixflow-datasource.xml", &user("db1")),
        ("beans.xml", &user("db1")),
        ("empty-secret.xml", "<beans/>"),
    ]);
    assert_eq!(
        message(&folder, "phixflow-datasource.xml"),
        "phixflow-datasource.xml: the document names no keystore, and there is no phixflow-secret.xml \
         beside it. Name the document that holds the keystore's path and password"
    );
    assert!(message(&folder, "beans.xml").contains("there is no beans-secret.xml beside it"));
    let message = message(&folder, "empty-secret.xml");
    assert!(message.starts_with("empty-secret.xml: the document names no keystore. Add"));
}
