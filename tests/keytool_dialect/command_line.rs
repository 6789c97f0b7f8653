//! Options, mistakes, help, files that are no keystores.

use super::comparison::{ALL, both};
use super::support::keyward;

#[test]
fn commands_that_keyward_does_not_have_are_refused_with_what_to_use() {
    for command in [
        "-genkeypair -dname CN=x",
        "-certreq",
        "-GENCERT",
        "-showinfo -tls",
        "-genkey",
    ] {
        let arguments: Vec<&str> = command.split(' ').collect();
        let output = keyward(&arguments, "");
        assert_eq!(output.status, Some(1));
        let refusal = "keytool error: java.lang.UnsupportedOperationException: keyward has no -";
        assert!(output.stdout.starts_with(refusal), "{output:#?}");
        assert!(output.stdout.contains("keytool\n"), "{output:#?}");
    }
}

#[cfg(unix)]
#[test]
fn under_the_name_keytool_it_is_keytool() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("keytool");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_keyward"), &link).unwrap();
    let output = std::process::Command::new(&link).output().unwrap();
    assert!(output.status.success());
    let help = String::from_utf8(output.stderr).unwrap();
    assert!(
        help.starts_with("Key and Certificate Management Tool\n"),
        "{help}"
    );
    let output = keyward(&["-list", "-keystore", "/no/such/file"], "");
    assert_eq!(
        output.stdout,
        "keytool error: java.lang.Exception: Keystore file does not exist: /no/such/file\n"
    );
}

#[test]
fn mistakes_in_the_command_line_are_told_with_the_help_of_the_command() {
    for both in both(&[17]) {
        for mistake in [
            "-importpass -frob",
            "-importpass frob",
            "-list -keystore",
            "-delete -storepass:env NO_SUCH_VARIABLE",
            "-delete -storepass:file DIR/none",
            "-delete -storepass:frob x",
            "-list -v -rfc",
        ] {
            let output = both.run(mistake, "");
            assert_eq!(output.status, Some(1), "{mistake}");
        }
        both.run("-list -delete", "");
        both.run("-list -keysize many", "");
    }
}

#[test]
fn the_help_of_a_command_is_keytools() {
    for both in both(&[17]) {
        for command in [
            "-importpass -help",
            "-list --help",
            "-delete -h",
            "-? -importpassword",
        ] {
            assert_eq!(both.run(command, "").status, Some(0));
        }
    }
}

#[test]
fn options_are_taken_in_any_case_and_with_two_dashes() {
    for both in both(&ALL) {
        let both = both.with_copy("jdk17.p12");
        let store = "-KEYSTORE DIR/jdk17.p12 -StorePass changeit";
        both.run(&format!("-LIST {store} --alias DB1"), "");
        both.run(&format!("-ImportPassword {store} -ALIAS new"), "secret\n");
        both.assert_same_entries("jdk17.p12");
    }
}

#[test]
fn passwords_come_from_the_environment_and_from_files() {
    // Cargo sets this one for tests; it is longer than six characters.
    let variable = "CARGO_MANIFEST_DIR";
    for both in both(&ALL) {
        let both = both.with_file("password", " spaces count \nsecond line\n");
        both.run(
            &format!("-importpass -keystore DIR/a.p12 -storepass:env {variable} -alias db1"),
            "secret\n",
        );
        both.run(
            "-importpass -keystore DIR/b.p12 -STOREPASS:FILE DIR/password -alias db1",
            "secret\n",
        );
        both.run("-list -keystore DIR/b.p12 -storepass:file DIR/password", "");
        both.run(
            &format!("-list -keystore DIR/b.p12 -storepass:env {variable}"),
            "",
        );
        both.run(
            &format!("-list -keystore DIR/a.p12 -storepass:env {variable}"),
            "",
        );
    }
}

#[test]
fn an_option_that_is_given_twice_is_warned_of() {
    for both in both(&[17, 21, 25]) {
        let both = both.with_copy("jdk17.p12");
        let twice =
            "-list -keystore DIR/none -KeyStore DIR/jdk17.p12 -storepass changeit -alias db1";
        both.run(twice, "");
        both.run(&format!("{twice} -nowarn"), "");
    }
}

#[test]
fn providers_of_the_jdk_are_known_and_others_are_not() {
    for both in both(&ALL) {
        let both = both.with_copy("jdk17.p12");
        let list = "-list -alias db1 -keystore DIR/jdk17.p12 -storepass changeit";
        for provider in [
            "-addprovider SUN",
            "-addprovider Frob",
            "-providerclass org.example.Frob",
            "-providername SunJSSE",
            "-providername Frob",
            "-providername SUN -storetype JCEKS",
        ] {
            both.run(&format!("{list} {provider}"), "");
        }
    }
}

#[test]
fn a_store_type_that_the_file_does_not_have_is_refused() {
    for both in both(&ALL) {
        let both = both.with_copy("jdk17.p12").with_copy("jdk17.jceks");
        for command in [
            "-list -keystore DIR/jdk17.p12 -storepass changeit -storetype JCEKS",
            "-list -keystore DIR/jdk17.p12 -storepass changeit -storetype frob",
            "-list -keystore DIR/jdk17.jceks -storepass changeit -storetype JKS",
            "-list -keystore DIR/jdk17.p12 -storepass changeit -alias db1 -storetype jks",
        ] {
            both.run(command, "");
        }
    }
}

#[test]
fn files_that_are_no_keystores_are_reported() {
    for both in both(&ALL) {
        let both = both.with_file("empty", "").with_file("text", "hello\n");
        for command in [
            "-list -keystore DIR/none -storepass changeit",
            "-list -keystore DIR -storepass changeit",
            "-list -keystore DIR/empty -storepass changeit",
            "-importpass -keystore DIR/empty -storepass changeit",
            "-list -keystore DIR/text -storepass changeit",
            "-importpass -keystore DIR/text -storepass changeit",
        ] {
            assert_eq!(both.run(command, "secret\n").status, Some(1));
        }
        both.run(
            "-importpass -keystore DIR/none/store -storepass changeit",
            "secret\n",
        );
    }
}

#[test]
fn options_may_stand_in_a_file() {
    for both in both(&ALL) {
        let options =
            "# for all\nkeytool.all = -storepass changeit \\\n -alias db1\nkeytool.list = -rfc\n";
        let both = both.with_copy("jdk17.p12").with_file("options", options);
        both.run("-conf DIR/options -list -keystore DIR/jdk17.p12", "");
        both.run("-conf DIR/options -delete -keystore DIR/jdk17.p12", "");
        both.assert_same_entries("jdk17.p12");
    }
}

#[test]
fn a_protected_path_and_a_password_exclude_each_other() {
    for both in both(&ALL) {
        let both = both.with_copy("jdk17.p12");
        both.run(
            "-list -keystore DIR/jdk17.p12 -storepass changeit -protected",
            "",
        );
    }
}

#[test]
fn what_is_for_the_jvm_is_ignored() {
    for both in both(&[17]) {
        let both = both.with_copy("jdk17.p12");
        both.run(
            "-J-Xmx64m -list -alias db1 -J-Dfile.encoding=UTF-8 -keystore DIR/jdk17.p12 -storepass changeit",
            "",
        );
    }
}
