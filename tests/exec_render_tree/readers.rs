//! What keyward renders, real readers read back: values that no format likes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use keyward::deliver::render::{Format, OutputFile, Template};

use crate::folder::{Folder, end};
use crate::support::{jdk, leave_out};

const NASTY: [&str; 30] = [
    "plain",
    "\"",
    "'",
    "\\",
    "\\\\n\\u0041",
    "it's \"both\" \\",
    "two\nlines\n",
    "\n",
    "carriage\r\nreturn\r",
    "tab\t",
    "$HOME ${HOME} $(id) `id`",
    "${secret:v0}",
    "ünï©ode 😀 \u{2028} \u{85}",
    "\u{feff}mark",
    "]]>",
    "]]",
    "<a b='c'>&amp;</a>",
    " leading",
    "trailing ",
    "   ",
    "# no comment",
    "! no comment",
    "key: value",
    "- item",
    "{{x}} [y] {z}",
    "a=b:c",
    "null",
    "0123",
    "\u{7f}\u{9f}",
    "%PATH% !x! *&^@#|>?,",
];

/// The secrets `v0`, `v1` … with these values.
fn folder(values: &[&str]) -> Folder {
    let aliases: Vec<String> = (0..values.len()).map(|index| format!("v{index}")).collect();
    let named: Vec<(&str, &str)> = aliases
        .iter()
        .map(String::as_str)
        .zip(values.iter().copied())
        .collect();
    Folder::with(&named)
}

/// A template with `line` for each value, `@` its number, rendered to a file.
fn rendered(folder: &Folder, format: Format, parts: [&str; 3], count: usize) -> PathBuf {
    let [before, line, after] = parts;
    let mut text = before.to_owned();
    for index in 0..count {
        text.push_str(&line.replace('@', &index.to_string()));
    }
    text.push_str(after);
    let template = Template::parse(Path::new("template"), &text, format).unwrap();
    let content = template
        .render(&folder.secrets(&template.aliases()))
        .unwrap();
    let path = folder.path("rendered");
    OutputFile::at(&path).write(&content).unwrap();
    path
}

fn hex(values: &[&str]) -> String {
    values.iter().fold(String::new(), |mut lines, value| {
        for byte in value.bytes() {
            write!(lines, "{byte:02x}").unwrap();
        }
        lines + "\n"
    })
}

/// What a Python program that has the path as `sys.argv[1]` prints of its list `values`.
#[track_caller]
fn python_reads(path: &Path, program: &str) -> String {
    let print = "for value in values: print(value.encode('utf-8').hex())";
    let text = format!("import sys\n{program}\n{print}");
    end(Command::new("python3").args(["-c", &text]).arg(path))
        .of_success()
        .stdout
}

fn has_python() -> bool {
    let found = Command::new("python3").arg("--version").output().is_ok();
    if !found {
        leave_out("python3 is not here");
    }
    found
}

#[test]
fn java_reads_properties() {
    let Some(jdk) = jdk(17) else { return };
    let folder = folder(&NASTY);
    let parts = ["", "v@=${secret:v@}\n${secret:v@}@ : <${secret:v@}>\n", ""];
    let path = rendered(&folder, Format::Properties, parts, NASTY.len());
    let read = jdk.run_java("ReadProperties", &[path.to_str().unwrap()]);
    let Some(read) = read else { return };
    let mut expected: Vec<String> = Vec::new();
    for (index, value) in NASTY.iter().enumerate() {
        let line = |key: &str, value: &str| {
            hex(&[key]).trim_end().to_owned() + "\t" + hex(&[value]).trim_end()
        };
        expected.push(line(&format!("v{index}"), value));
        expected.push(line(&format!("{value}{index}"), &format!("<{value}>")));
    }
    expected.sort();
    let stdout = read.of_success().stdout;
    assert_eq!(stdout.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_shell_reads_dotenv() {
    let allowed = |format: &str, refused: fn(&str) -> bool| {
        let values: Vec<&str> = NASTY.into_iter().filter(|value| !refused(value)).collect();
        let folder = folder(&values);
        let path = rendered(
            &folder,
            Format::Dotenv,
            ["# it's\n", format, ""],
            values.len(),
        );
        let names =
            (0..values.len()).fold(String::new(), |names, index| names + &format!(" V{index}"));
        let script = format!(
            ". \"$0\"; for n in {names}; do eval \"printf %s \\\"\\$$n\\\"\" | od -An -v -tx1 | tr -d ' \\n'; echo; done"
        );
        let read = end(Command::new("sh").args(["-c", &script]).arg(path)).of_success();
        assert_eq!(read.stdout, hex(&values));
        values.len()
    };
    let count = allowed("V@=${secret:v@}\n", |value| {
        !matches!(value, "plain" | "null" | "0123")
    });
    assert_eq!(count, 3);
    let count = allowed("V@='${secret:v@}' # '\n", |value| {
        value.contains(['\'', '\\', '\r', '\u{85}', '\u{7f}']) || value.contains("${")
    });
    assert!(count > 15, "{count}");
    let count = allowed("V@=\"${secret:v@}\"\n", |value| {
        value.contains(['$', '`', '\r', '\u{85}', '\u{7f}'])
    });
    assert!(count > 18, "{count}");
}

#[test]
fn serde_and_python_read_json() {
    let folder = folder(&NASTY);
    let parts = ["[", "${secret:v@},\"${secret:v@}\",", "\"plain\"]"];
    let path = rendered(&folder, Format::Json, parts, NASTY.len());
    let mut expected: Vec<&str> = NASTY.iter().flat_map(|value| [*value; 2]).collect();
    expected.push("plain");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        serde_json::from_str::<Vec<String>>(&text).unwrap(),
        expected
    );
    if has_python() {
        let read = python_reads(
            &path,
            "import json\nvalues = json.load(open(sys.argv[1], encoding='utf-8'))",
        );
        assert_eq!(read, hex(&expected));
    }
}

#[test]
fn python_reads_yaml() {
    if !has_python() {
        return;
    }
    if !Command::new("python3")
        .args(["-c", "import yaml"])
        .output()
        .unwrap()
        .status
        .success()
    {
        leave_out("PyYAML is not here (python3 -m pip install pyyaml)");
        return;
    }
    let folder = folder(&NASTY);
    let line =
        "- ${secret:v@} # it's\n- \"${secret:v@}\"\n- [x, ${secret:v@}]\n- k: ${secret:v@}\n";
    let path = rendered(&folder, Format::Yaml, ["", line, ""], NASTY.len());
    let program = "import yaml\nvalues = []\nfor v in yaml.safe_load(open(sys.argv[1], encoding='utf-8')):\n  values.append(v[1] if isinstance(v, list) else v['k'] if isinstance(v, dict) else v)";
    let expected: Vec<&str> = NASTY.iter().flat_map(|value| [*value; 4]).collect();
    assert_eq!(python_reads(&path, program), hex(&expected));

    let is_one_line = |value: &&str| {
        !value.contains(char::is_control) && !value.contains(['\u{2028}', '\u{feff}'])
    };
    let single: Vec<&str> = NASTY.into_iter().filter(is_one_line).collect();
    let folder = crate::readers::folder(&single);
    let path = rendered(
        &folder,
        Format::Yaml,
        ["", "- '${secret:v@}'\n", ""],
        single.len(),
    );
    let program = "import yaml\nvalues = yaml.safe_load(open(sys.argv[1], encoding='utf-8'))";
    assert_eq!(python_reads(&path, program), hex(&single));

    let block: Vec<&str> = single
        .into_iter()
        .filter(|value| value.trim() == *value)
        .collect();
    let folder = crate::readers::folder(&block);
    let path = rendered(
        &folder,
        Format::Yaml,
        ["", "- k: |-\n    ${secret:v@}\n", ""],
        block.len(),
    );
    let program = "import yaml\nvalues = [v['k'] for v in yaml.safe_load(open(sys.argv[1], encoding='utf-8'))]";
    assert_eq!(python_reads(&path, program), hex(&block));
}

#[test]
fn python_reads_xml() {
    if !has_python() {
        return;
    }
    let folder = folder(&NASTY);
    let line =
        "<b c=\"${secret:v@}\" d='${secret:v@}'>${secret:v@}</b><e><![CDATA[]${secret:v@}]]></e>";
    let program = "import xml.etree.ElementTree as e\nvalues = []\nfor v in e.parse(sys.argv[1]).getroot():\n  values += [v.get('c'), v.get('d'), v.text] if v.tag == 'b' else [v.text[1:]]";
    let expected: Vec<&str> = NASTY.iter().flat_map(|value| [*value; 4]).collect();
    for encoding in ["UTF-8", "ISO-8859-1"] {
        let before = format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?><a>");
        let path = rendered(&folder, Format::Xml, [&before, line, "</a>"], NASTY.len());
        assert_eq!(python_reads(&path, program), hex(&expected));
    }
}
