//! `-importcert` and `-printcert`, and what is said of weak certificates.

use std::fs;

use super::comparison::{Both, both};
use super::support::keyward;

/// Folders with the files of `tests/keytool_dialect/certificates`.
fn with_certificates() -> Vec<Both> {
    let all = both(&[17]).into_iter();
    all.map(Both::with_certificates).collect()
}

#[test]
fn certificates_are_printed() {
    for both in with_certificates() {
        for file in [
            "root.pem",
            "server.der",
            "server.pem",
            "chain.pem",
            "chain.p7b",
            "chain.p7b.pem",
            "with-text.pem",
            "weak-chain.pem",
            "disabled.pem",
            "self-signed-of-all-kinds.pem",
            "extensions.pem",
        ] {
            both.run(&format!("-printcert -file DIR/{file}"), "");
        }
        both.run("-printcert -rfc -file DIR/chain.p7b", "");
        both.run("-printcert -v -nowarn -file DIR/weak-chain.pem", "");
        both.run("-printcert", &both.text("with-text.pem"));
    }
}

#[test]
fn what_is_no_certificate_is_not_printed() {
    for both in with_certificates() {
        both.run("-printcert", "hello\n");
        both.run("-printcert", "");
        both.run("-printcert -file DIR/none.pem", "");
        both.run("-printcert -file DIR/keys.p12", "");
    }
    for (option, instead) in [("-sslserver", "openssl"), ("-jarfile", "unzip")] {
        let output = keyward(&["-printcert", option, "localhost:1"], "");
        assert_eq!(output.status, Some(1));
        assert!(output.stdout.contains(option), "{output:#?}");
        assert!(output.stdout.contains(instead), "{output:#?}");
    }
}

#[test]
fn a_certificate_that_the_keystore_trusts_is_printed_without_a_mark_of_its_signature() {
    for both in with_certificates() {
        let print = "-printcert -file DIR/weak-root.pem -keystore DIR";
        both.run(&format!("{print}/weak.p12 -storepass changeit"), "");
        both.run(&format!("{print}/weak.p12 -storepass wrong-one"), "");
        both.run(&format!("{print}/weak.p12"), "");
        both.run(&format!("{print}/passwordless.p12"), "");
        both.run(&format!("{print}/none.p12"), "");
    }
}

#[test]
fn weak_certificates_are_marked_and_warned_of() {
    for both in with_certificates() {
        let weak = "-keystore DIR/weak.p12 -storepass changeit";
        for command in [
            "-list",
            "-list -v",
            "-list -rfc",
            "-list -v -nowarn",
            "-list -alias weak-server",
            "-list -v -alias weak-server",
            "-list -v -alias weak-root",
            "-exportcert -rfc -alias weak-server",
            "-exportcert -rfc -alias disabled",
        ] {
            both.run(&format!("{command} {weak}"), "");
        }
        let import = "-importkeystore -srckeystore DIR/weak.p12 -srcstorepass changeit \
                      -destkeystore DIR/new.p12 -deststorepass changeit";
        both.run(import, "");
    }
}

#[test]
fn a_trusted_certificate_is_added_after_a_question() {
    for both in with_certificates() {
        let import = "-importcert -keystore DIR/new.p12";
        both.run(
            &format!("{import} -file DIR/root.pem"),
            "changeit\nchangeit\nyes\n",
        );
        let import = format!("{import} -storepass changeit");
        both.run(&format!("{import} -alias again -file DIR/root.pem"), "\n");
        both.run(&format!("{import} -alias again -file DIR/root.pem"), "y\n");
        both.run(&format!("{import} -alias AGAIN -file DIR/root.pem"), "y\n");
        both.run(
            &format!("{import} -alias weak -file DIR/weak-root.pem"),
            "no\n",
        );
        both.run(
            &format!("{import} -alias weak -file DIR/weak-root.pem -v"),
            "yes\n",
        );
        both.run(
            &format!("{import} -alias weak2 -file DIR/weak-root.pem"),
            "no\n",
        );
        both.run(
            &format!("{import} -alias disabled -file DIR/disabled.pem -noprompt"),
            "",
        );
        both.run(
            &format!("{import} -alias server -file DIR/server.pem"),
            "no\n",
        );
        // Known authorities: no question.
        both.run(
            &format!("{import} -alias between -file DIR/intermediate.pem"),
            "",
        );
        both.run(&format!("{import} -alias server -file DIR/server.der"), "");
        both.run(
            &format!("{import} -alias weak-server -file DIR/weak-server.pem"),
            "",
        );
        both.run("-list -keystore DIR/new.p12 -storepass changeit", "");
        both.assert_same_entries("new.p12");
    }
}

#[test]
fn a_trusted_certificate_is_added_to_jceks_and_jks() {
    for both in with_certificates() {
        for store_type in ["jceks", "jks"] {
            let import = format!(
                "-importcert -keystore DIR/new.{store_type} -storetype {store_type} -storepass changeit"
            );
            both.run(
                &format!("{import} -alias root -noprompt"),
                &both.text("root.pem"),
            );
            both.run(
                &format!("{import} -alias between"),
                &both.text("intermediate.pem"),
            );
            both.run(
                &format!("{import} -alias none"),
                &both.text("weak-root.pem"),
            );
            both.assert_same_entries(&format!("new.{store_type}"));
        }
        both.run(
            "-importcert -keystore DIR/keys.jceks -storepass changeit -alias root -file DIR/root.pem",
            "no\n",
        );
    }
}

#[test]
fn what_cannot_be_added_is_refused() {
    for both in with_certificates() {
        let import = "-importcert -keystore DIR/keys.p12 -storepass changeit";
        both.run(&format!("{import} -alias new -file DIR/none.pem"), "");
        both.run(&format!("{import} -alias new"), "");
        both.run(&format!("{import} -alias new"), "hello\n");
        both.run(&format!("{import} -alias new -file DIR/chain.p7b"), "");
        both.run(&format!("{import} -alias new -file DIR/keys.p12"), "");
        both.run(&format!("{import} -alias server"), "hello\n");
        both.run(&format!("{import} -alias server"), "");
        both.run(&format!("{import} -alias server -file DIR/root.pem"), "");
        both.run(
            &format!("{import} -alias server -file DIR/self-signed.pem"),
            "",
        );
        both.run(&format!("{import} -alias server -file DIR/server.pem"), "");
        both.run(
            &format!("{import} -alias Server -file DIR/without-server.pem"),
            "",
        );
        both.run(
            &format!("{import} -alias server -file DIR/with-gap.pem -noprompt"),
            "",
        );
        // keytool says nothing here and succeeds.
        let output = both.keyward(&format!("{import} -alias secret -file DIR/root.pem"), "");
        assert_eq!(output.status, Some(1));
        assert!(
            output.stdout.contains("alias <secret> already exists"),
            "{output:#?}"
        );
        both.assert_same_entries("keys.p12");
    }
}

#[test]
fn a_reply_is_installed_where_its_authorities_are_known() {
    for both in with_certificates() {
        let import = "-importcert -keystore DIR/keys.p12 -storepass changeit";
        both.run(
            &format!("{import} -alias root -file DIR/root.pem -noprompt"),
            "",
        );
        both.run(
            &format!("{import} -alias between -file DIR/intermediate.pem"),
            "",
        );
        both.run(
            &format!("{import} -v -alias server -file DIR/server.pem"),
            "",
        );
        both.run(&format!("{import} -alias server -file DIR/server.pem"), "");
        both.run(
            &format!("{import} -alias weak-root -file DIR/weak-root.pem -noprompt"),
            "",
        );
        both.run(
            &format!("{import} -alias weak-server"),
            &both.text("weak-server.pem"),
        );
        both.assert_same_entries("keys.p12");
    }
}

#[test]
fn a_reply_that_is_a_chain_is_installed() {
    for both in with_certificates() {
        let import = "-importcert -keystore DIR/keys.p12 -storepass changeit";
        both.run(
            &format!("{import} -alias server -file DIR/chain.p7b"),
            "no\n",
        );
        both.run(&format!("{import} -alias server -file DIR/chain.pem"), "");
        both.run(
            &format!("{import} -alias server -file DIR/chain.p7b -noprompt"),
            "",
        );
        both.run(
            &format!("{import} -alias weak-server -file DIR/weak-chain.pem"),
            "no\n",
        );
        both.run(
            &format!("{import} -alias weak-server -file DIR/weak-chain.pem"),
            "yes\n",
        );
        both.run_undated("-list -v -keystore DIR/keys.p12 -storepass changeit", "");
        both.assert_same_entries("keys.p12");
        // The chain is completed with the root that the keystore knows.
        let both = both.again().with_certificates();
        both.run(
            &format!("{import} -alias root -file DIR/root.pem -noprompt"),
            "",
        );
        both.run(
            &format!("{import} -alias server -file DIR/with-text.pem"),
            "",
        );
        both.assert_same_entries("keys.p12");
    }
}

#[test]
fn a_reply_for_a_key_under_its_own_password_asks_for_that() {
    for both in with_certificates() {
        let import = "-importcert -keystore DIR/keys.jceks -storepass changeit -alias server \
                      -file DIR/chain.pem -noprompt";
        both.run(&format!("{import} -keypass wrong-one"), "");
        both.run(import, "its-own-password\n");
        both.run(&format!("{import} -keypass its-own-password"), "");
        both.run_undated("-list -v -keystore DIR/keys.jceks -storepass changeit", "");
    }
}

#[test]
fn without_a_password_certificates_that_are_not_encrypted_are_listed() {
    for both in with_certificates() {
        for name in ["keys.jceks", "passwordless.p12", "weak.p12"] {
            both.run(&format!("-list -keystore DIR/{name}"), "");
            both.run(&format!("-list -v -keystore DIR/{name}"), "\n");
        }
        both.run(
            "-exportcert -rfc -alias server -keystore DIR/keys.jceks",
            "\n",
        );
    }
}

#[test]
fn an_authority_of_the_jdk_is_trusted_with_trustcacerts() {
    for both in with_certificates() {
        let home = both.by_keyward.path().join("jdk");
        fs::create_dir_all(home.join("lib/security")).unwrap();
        let cacerts = home.join("lib/security/cacerts");
        fs::copy(both.by_keyward.path().join("passwordless.p12"), cacerts).unwrap();
        let import = |alias: &str, file: &str| {
            let mut command = super::support::keyward_command();
            command.env("JAVA_HOME", &home);
            command.args(["-importcert", "-trustcacerts", "-storepass", "changeit"]);
            command.args(["-alias", alias, "-file"]);
            command.arg(both.by_keyward.path().join(file));
            command
                .arg("-keystore")
                .arg(both.by_keyward.path().join("new.p12"));
            command.stdin(std::process::Stdio::null());
            let output = command.output().unwrap();
            String::from_utf8(output.stderr).unwrap()
        };
        assert_eq!(
            import("root", "root.pem"),
            "Certificate already exists in system-wide CA keystore under alias <root>\n\
             Do you still want to add it to your own keystore? [no]:  Certificate was not added to keystore\n"
        );
        let added = "Certificate was added to keystore\n";
        assert_eq!(import("between", "intermediate.pem"), added);
    }
}
