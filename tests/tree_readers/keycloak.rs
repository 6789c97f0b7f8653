//! Keycloak's file vault (`--vault=file`) with the names of files that it has by default, REALM_KEY.

use std::fs;

use crate::fixture::Fixture;
use crate::reader::Reader;
use crate::written_tree::{Files, Writer, WrittenTree};
use crate::{ROTATED, SECRETS};

/// As `docs/consumers/keycloak.md` names them.
const FILES: Files<'_> = &[("my__realm_smtp", "db1"), ("master_ldap__bind", "db1pass")];

fn start(fixture: &Fixture) -> Option<Reader> {
    let mut java = Reader::java("keycloak")?;
    java.arg(format!("-Dvault.dir={}", fixture.path("vault").display()));
    Some(Reader::start(java, "ReadVault", &[]))
}

#[test]
fn the_vault_reads_a_tree_and_follows_a_rotation() {
    for writer in Writer::ALL {
        let fixture = Fixture::new(SECRETS);
        let tree = WrittenTree::new(writer, &fixture, "vault", FILES, SECRETS);
        let Some(mut vault) = start(&fixture) else {
            return;
        };
        assert_eq!(vault.ask("my_realm ${vault.smtp}"), "sqluser");
        assert_eq!(vault.ask("master ${vault.ldap_bind}"), "x34!2axf");
        tree.rotate(ROTATED);
        assert_eq!(vault.ask("my_realm ${vault.smtp}"), "newuser", "{writer:?}");
        let bind = vault.ask("master ${vault.ldap_bind}");
        assert_eq!(bind, "n3w&secret", "{writer:?}");
    }
}

/// A realm has its own files: another's key, or a name without the doubled underscore, is not found.
#[test]
fn what_is_not_of_the_realm_is_no_secret() {
    let fixture = Fixture::new(SECRETS);
    let files = &[("master_ldap_bind", "db1pass"), ("master_smtp", "db1")];
    let _tree = WrittenTree::new(Writer::Command, &fixture, "vault", files, SECRETS);
    let Some(mut vault) = start(&fixture) else {
        return;
    };
    assert_eq!(vault.ask("master ${vault.smtp}"), "sqluser");
    for question in [
        "other ${vault.smtp}",
        "master ${vault.ldap_bind}",
        "master ${vault.../vault/master_smtp}",
    ] {
        assert_eq!(vault.ask(question), "(none)", "{question}");
    }
}

#[test]
fn the_directory_has_to_be_there_first_and_a_file_may_come_later() {
    let fixture = Fixture::new(SECRETS);
    let Some(mut vault) = start(&fixture) else {
        return;
    };
    assert_eq!(vault.try_ask("master ${vault.ldap_bind}"), None);
    fs::create_dir(fixture.path("vault")).unwrap();
    let mut vault = start(&fixture).unwrap();
    assert_eq!(vault.ask("master ${vault.ldap_bind}"), "(none)");
    let _tree = WrittenTree::new(Writer::Command, &fixture, "vault", FILES, SECRETS);
    assert_eq!(vault.ask("master ${vault.ldap_bind}"), "x34!2axf");
}
