use super::*;

fn parse(text: &str) -> JavaProperties {
    JavaProperties::parse(Path::new("a.properties"), text.as_bytes()).unwrap()
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let parsed = parse(text);
    let properties = parsed.properties();
    properties
        .map(|property| (property.key.clone(), property.value.to_string()))
        .collect()
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

fn edited(text: &str, values: &[(&str, &str)]) -> String {
    String::from_utf8(parse(text).with_values(values).to_vec()).unwrap()
}

#[test]
fn separators_comments_and_continued_lines_are_read_as_java_reads_them() {
    let text = "# c\n ! c\\\na=1\n b : 2\r\nc 3\rd\n\ne=one \\\r\n   two\\\n# three\nf==4\n=5\na\\=b\\:\\ c=6\n";
    let expected = [
        pair("a", "1"),
        pair("b", "2"),
        pair("c", "3"),
        pair("d", ""),
        pair("e", "one two# three"),
        pair("f", "=4"),
        pair("", "5"),
        pair("a=b: c", "6"),
    ];
    assert_eq!(pairs(text), expected);
    assert_eq!(parse(text).property("a=b: c").unwrap().line, 13);
}

#[test]
fn a_line_of_nothing_but_a_joint_and_a_backslash_at_the_end_are_nothing() {
    assert_eq!(pairs("\\\n\n  a=1\n"), [pair("a", "1")]);
    assert_eq!(pairs("a=b\\"), [pair("a", "b")]);
    assert_eq!(pairs("a=b\\\n\nc=d"), [pair("a", "b"), pair("c", "d")]);
}

#[test]
fn escapes_are_read_and_what_is_written_reads_back() {
    let written = "a=\\t\\u00e4\\uD83D\\uDE00\\q\\\\";
    assert_eq!(pairs(written), [pair("a", "\tä😀q\\")]);
    let secret = " #a=b:c!\\\t\r\n\u{c}äß😀\u{0} ";
    let text = edited("old=1\n", &[("k =", secret)]);
    assert!(text.is_ascii());
    assert_eq!(pairs(&text), [pair("old", "1"), pair("k =", secret)]);
}

#[test]
fn a_byte_beyond_ascii_is_latin_1_and_told() {
    let parsed = JavaProperties::parse(Path::new("a"), b"a=\xE4\nb=c\n").unwrap();
    assert_eq!(parsed.value("a"), Some("ä"));
    assert!(!parsed.is_ascii(parsed.property("a").unwrap()));
    assert!(parsed.is_ascii(parsed.property("b").unwrap()));
}

#[test]
fn a_replaced_value_is_the_only_change() {
    let text = "# c\r\na = [x]\r\nb\r\nc:one \\\r\n  two\r\n";
    let expected = "# c\r\na = AA\\=\\=\r\nb=B\r\nc:C\r\nd=D\r\n";
    let values = [("c", "C"), ("a", "AA=="), ("d", "D"), ("b", "B")];
    assert_eq!(edited(text, &values), expected);
    assert_eq!(edited("a=1", &[("b", "2")]), "a=1\nb=2\n");
    assert_eq!(edited("", &[("b", "2")]), "b=2\n");
}

#[test]
fn of_two_entries_with_one_key_the_later_counts() {
    assert_eq!(pairs("a=1\na=2\n"), [pair("a", "2")]);
    assert_eq!(edited("a=1\na=2\n", &[("a", "3")]), "a=1\na=3\n");
}

#[test]
fn a_malformed_escape_is_an_error_with_its_line() {
    let error = JavaProperties::parse(Path::new("a.properties"), b"a=1\n\nb=\\u12g4\n");
    let message = error.err().unwrap().to_string();
    let expected = "a.properties:3: \\u is not followed by four";
    assert!(message.starts_with(expected), "{message}");
}
