//! One configuration file with secrets in it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use keyward::deliver::render::{Format, Template};

use crate::folder::Folder;
use crate::support::Output;

fn render(folder: &Folder, template: &str, output: &str) -> Output {
    folder.run(&["render", template, "-o", output], &[])
}

/// What one placeholder in a template becomes, or the error's text.
fn rendered(format: Format, template: &str, secret: &str) -> Result<String, String> {
    let folder = Folder::with(&[("x", secret)]);
    let path = Path::new("template");
    let template = Template::parse(path, template, format).map_err(|error| error.to_string())?;
    let text = template.render(&folder.secrets(&template.aliases()));
    text.map(|text| text.as_str().to_owned())
        .map_err(|error| error.to_string())
}

#[track_caller]
fn refuses(format: Format, template: &str, secret: &str, reason: &str) {
    let message = rendered(format, template, secret).unwrap_err();
    assert!(message.contains(reason), "{message}");
    assert!(message.starts_with("template:"), "{message}");
    assert!(!message.contains(secret), "{message}");
}

#[test]
fn a_file_is_its_owners_alone_and_is_written_only_when_it_changes() {
    let folder = Folder::with(&[("db1pass", "x34!2axf")]);
    folder.write(
        "t",
        "# ${secret:nope}\npassword=${secret:DB1pass}\nrest=${other} $${secret:a}\r\n",
    );
    let out = folder.path("app.properties");
    render(&folder, "t", "app.properties").of_success();
    let expected = "# ${secret:nope}\npassword=x34\\!2axf\nrest=${other} ${secret:a}\r\n";
    assert_eq!(folder.read("app.properties"), expected);
    let first = fs::metadata(&out).unwrap();
    assert_eq!(first.permissions().mode() & 0o7777, 0o600);

    render(&folder, "t", "app.properties").of_success();
    assert_eq!(fs::metadata(&out).unwrap().ino(), first.ino());

    fs::set_permissions(&out, Permissions::from_mode(0o644)).unwrap();
    folder.write("t", "password=${secret:db1pass}");
    render(&folder, "t", "app.properties").of_success();
    assert_eq!(folder.read("app.properties"), "password=x34\\!2axf");
    assert_eq!(
        fs::metadata(&out).unwrap().permissions().mode() & 0o7777,
        0o600
    );
}

#[test]
fn an_unknown_alias_is_named_with_its_place_and_nothing_is_written() {
    let folder = Folder::with(&[("a", "1")]);
    folder.write("t.yaml", "a: ${secret:a}\nä: ${secret:nope}\n");
    folder.write("out.yaml", "as it was");
    let output = render(&folder, "t.yaml", "out.yaml");
    assert_eq!(output.status, Some(3));
    assert!(output.stderr.contains("t.yaml:2:4: "), "{}", output.stderr);
    assert!(output.stderr.contains("<nope>"), "{}", output.stderr);
    assert_eq!(folder.read("out.yaml"), "as it was");
}

#[test]
fn a_template_that_is_not_there_or_of_no_known_format_is_said_so() {
    let folder = Folder::with(&[("a", "1")]);
    assert_eq!(render(&folder, "none.json", "out.json").status, Some(3));
    folder.write("t.conf", "a=${secret:a}");
    let output = render(&folder, "t.conf", "out.conf");
    assert_eq!(output.status, Some(2));
    assert!(output.stderr.contains("--format"), "{}", output.stderr);
    let named = ["render", "t.conf", "-o", "out.conf", "--format", "dotenv"];
    folder.run(&named, &[]).of_success();
    assert_eq!(folder.read("out.conf"), "a=1");
}

#[test]
fn a_placeholder_that_is_not_whole_is_refused_at_its_place() {
    for (template, reason) in [
        ("a\n b=${secret:x\n}", "not closed"),
        ("a\n b=${secret:}", "no alias"),
    ] {
        let message = rendered(Format::Properties, template, "1").unwrap_err();
        assert!(message.starts_with("template:2:4: "), "{message}");
        assert!(message.contains(reason), "{message}");
    }
}

#[test]
fn a_backslash_before_a_placeholder_is_refused() {
    for (format, template) in [
        (Format::Properties, "a=\\${secret:x}"),
        (Format::Dotenv, "A=\"\\${secret:x}\""),
        (Format::Json, "\"\\${secret:x}\""),
        (Format::Yaml, "a: \"\\${secret:x}\""),
    ] {
        refuses(format, template, "hunter2", "a backslash before");
    }
    let escaped = rendered(Format::Json, "\"\\\\${secret:x}\"", "1");
    assert_eq!(escaped.unwrap(), "\"\\\\1\"");
}

#[test]
fn comments_are_copied_as_they_are() {
    for (format, template) in [
        (Format::Properties, "  ! ${secret:a\na=1 \\\n"),
        (Format::Dotenv, "# ${secret:a'\nA=1 # \"${secret:b}\n"),
        (
            Format::Yaml,
            "# ${secret:a\na: 'b' # it's ${secret:b}\nc: \"#\" # \"\n",
        ),
        (
            Format::Xml,
            "<!-- ${secret:a --><a b='<!--'>\"<?p ${secret:b ?></a>",
        ),
    ] {
        assert_eq!(rendered(format, template, "1").unwrap(), template);
    }
    // What only looks like a comment is none.
    let continued = rendered(Format::Properties, "a=b\\\n#${secret:x}", "1");
    assert_eq!(continued.unwrap(), "a=b\\\n#1");
    let after_comment = rendered(Format::Properties, "#c\\\n#${secret:x}", "1");
    assert_eq!(after_comment.unwrap(), "#c\\\n#${secret:x}");
}

#[test]
fn dotenv_refuses_what_its_readers_take_differently() {
    let format = Format::Dotenv;
    refuses(
        format,
        "A=${secret:x}",
        "two words",
        "Put the placeholder in quotes",
    );
    refuses(format, "A=${secret:x}", "two\nlines", "line break");
    refuses(format, "A='${secret:x}'", "it's", "\"…\"");
    refuses(format, "A='${secret:x}'", "a${b}", "\"…\"");
    refuses(format, "A=\"${secret:x}\"", "a$b", "'…'");
    refuses(format, "A=\"${secret:x}\"", "a\rb", "control character");
    refuses(
        format,
        "${secret:x}=1",
        "NAME",
        "cannot be a variable's name",
    );
    refuses(format, "A='${secret:x}", "hunter2", "never closed");
}

#[test]
fn json_takes_a_placeholder_within_a_string_or_as_a_value() {
    let render = |template| rendered(Format::Json, template, "a\"b\u{1}");
    let text = render("{\"k\": ${secret:x}, \"l\": [\"<${secret:x}>\"]}").unwrap();
    assert_eq!(
        text,
        "{\"k\": \"a\\\"b\\u0001\", \"l\": [\"<a\\\"b\\u0001>\"]}"
    );
    for template in [
        "{\"k\": 1${secret:x}}",
        "{\"k\": ${secret:x}",
        "${secret:x}${secret:x}",
    ] {
        let message = render(template).unwrap_err();
        assert!(message.contains("not JSON at line 1"), "{message}");
        assert!(!message.contains("a\\\"b"), "{message}");
    }
}

#[test]
fn yaml_refuses_an_unquoted_part_and_quotes_a_whole_value() {
    let format = Format::Yaml;
    for template in [
        "url: http://u:${secret:x}@host",
        "key: a - ${secret:x}",
        "key: ${secret:x} more",
        "key: ${secret:x}${secret:x}",
        "key:\n  ${secret:x}",
        "key: text\n  ${secret:x}",
        "${secret:x}: value",
        "key: it's ${secret:x}",
        "key: [a b ${secret:x}]",
    ] {
        refuses(format, template, "hunter2", "part of an unquoted value");
    }
    let render = |template| rendered(format, template, "a: 'b' #\n").unwrap();
    let quoted = "\"a: 'b' #\\n\"";
    for template in [
        "k: ${secret:x}\n",
        "- ${secret:x}",
        "a:\n  - b: !!str ${secret:x} # comment\n",
        "k: {a: ${secret:x}, \"b\":${secret:x}}",
        "k: [${secret:x}, 'it''s', ${secret:x} ]",
        "--- ${secret:x}",
        "- - k: ${secret:x}\r\n",
    ] {
        assert_eq!(render(template), template.replace("${secret:x}", quoted));
    }
    refuses(format, "k: 'a ${secret:x}'", "two\nlines", "double quotes");
    refuses(format, "k: \"${secret:x}", "hunter2", "never closed");
}

#[test]
fn yaml_knows_where_a_block_ends() {
    let template = "- key: |\n    it's ${secret:x}\n\n    \"\n  password: ${secret:x}\n- |2-\n  b: ${secret:x}\n- ${secret:x}\n";
    let expected = "- key: |\n    it's a\"b\n\n    \"\n  password: \"a\\\"b\"\n- |2-\n  b: a\"b\n- \"a\\\"b\"\n";
    assert_eq!(rendered(Format::Yaml, template, "a\"b").unwrap(), expected);
    refuses(
        Format::Yaml,
        "k: >\n  ${secret:x}\n",
        "two\nlines",
        "double quotes",
    );
    refuses(
        Format::Yaml,
        "k: |\n  ${secret:x}\n",
        " hunter2",
        "begins or ends with a blank",
    );
}

#[test]
fn xml_refuses_what_no_xml_can_hold_and_a_place_in_a_tag() {
    let format = Format::Xml;
    refuses(format, "<a>${secret:x}</a>", "a\u{1}", "XML does not have");
    refuses(format, "<a b=\"${secret:x}\"/>", "a\0", "XML does not have");
    refuses(
        format,
        "<a ${secret:x}=\"1\"/>",
        "hunter2",
        "cannot stand in a tag",
    );
    refuses(format, "<!-- ${secret:x}", "hunter2", "never closed");
    let message = rendered(format, "<a>${secret:x}</b>", "hunter2").unwrap_err();
    assert!(
        message.contains("not well-formed XML at line 1"),
        "{message}"
    );
    let with_type = "<!DOCTYPE a [<!ENTITY e \"${secret:y}\">]><a>${secret:x}</a>";
    let text = rendered(format, with_type, "<").unwrap();
    assert_eq!(text, with_type.replace("${secret:x}", "&lt;"));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    use keyward::keystore::{Alias, Keystore, StoreType};
    use keyward::{Secret, SecretSource};
    let folder = tempfile::tempdir().unwrap();
    let (path, password) = (folder.path().join("s"), b"changeit");
    let mut store = Keystore::new(StoreType::Pkcs12, &Secret::copied_from(password)).unwrap();
    let bytes = Secret::copied_from(&[0x61, 0xff, 0xfe]);
    store.add_secret(&Alias::new("x"), &bytes).unwrap();
    fs::write(&path, store.to_bytes()).unwrap();
    let password = SecretSource::Inline(Secret::copied_from(password));
    let secrets = keyward::deliver::Origin::Keystore { path, password }
        .fetch(&["x"])
        .unwrap();
    let template = Template::parse(Path::new("t"), "a=${secret:x}", Format::Properties).unwrap();
    let message = template.render(&secrets).unwrap_err().to_string();
    assert_eq!(
        message,
        "t:1:3: alias x: the secret is not UTF-8 text, which a text file could hold"
    );
}
