use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<Document, DocumentError> {
    Document::parse(Path::new("a.xml"), text.as_bytes())
}

fn root(text: &str) -> Element {
    parse(text).ok().unwrap().root
}

fn message(text: &str) -> String {
    match parse(text) {
        Ok(_) => panic!("accepted: {text}"),
        Err(error) => error.to_string(),
    }
}

fn assert_malformed(text: &str, expected: &str) {
    let (place, problem) = expected.split_once(' ').unwrap();
    let expected = format!("a.xml:{place} not well-formed XML: {problem}");
    let message = message(text);
    assert!(
        message.starts_with(&expected),
        "{text:?}\n{message}\n{expected}"
    );
}

#[test]
fn the_tree_has_names_values_texts_and_children() {
    let root = root(
        "<b:beans xmlns:b='x' size='&lt;&#50;&amp;&#x41;'>a<bean/>&amp;<![CDATA[<c>]]><!-- d --><bean>e</bean></b:beans>",
    );
    assert_eq!(root.name, "beans");
    assert_eq!(root.attribute("size").unwrap().value.as_str(), "<2&A");
    assert!(root.attribute("b").is_none(), "xmlns:b is no attribute b");
    assert_eq!(root.text.as_str(), "a&<c>");
    assert_eq!(root.children.len(), 2);
    assert_eq!(root.children[1].text.as_str(), "e");
    assert!(root.child("bean").is_some());
    assert!(root.child("beans").is_none());
}

#[test]
fn spans_and_lines_are_those_of_the_source() {
    let text =
        "\u{feff}<?xml version=\"1.0\"?>\r\n<ä>\r\n  <b\r\n   c = 'd&amp;e'\r\n   f=\"\"/>\r\n</ä>";
    let document = parse(text).ok().unwrap();
    let text = text.trim_start_matches('\u{feff}');
    let child = &document.root().children[0];
    assert_eq!(&text[document.root().span.clone()], &text[23..]);
    assert!(text[child.span.clone()].starts_with("<b\r"));
    assert!(text[child.span.clone()].ends_with("/>"));
    assert_eq!(&text[child.attributes[0].span.clone()], "d&amp;e");
    assert_eq!(&text[child.attributes[1].span.clone()], "");
    assert_eq!(document.line(document.root().span.start), 2);
    assert_eq!(document.line(child.span.start), 3);
    assert_eq!(document.line(child.attributes[0].span.start), 4);
    assert_eq!(document.line(child.attributes[1].span.start), 5);
}

#[test]
fn line_ends_and_white_space_become_those_of_xml() {
    let root = root("<a b='c\r\n\td'>e\r\nf\rg</a>");
    assert_eq!(root.attribute("b").unwrap().value.as_str(), "c  d");
    assert_eq!(root.text.as_str(), "e\nf\ng");
}

#[test]
fn a_long_text_in_many_pieces_stays_whole() {
    let text = "x&amp;".repeat(10_000);
    assert_eq!(
        root(&format!("<a>{text}</a>")).text.as_str(),
        "x&".repeat(10_000)
    );
}

#[test]
fn what_is_not_well_formed_is_reported_where_it_stands() {
    for (text, expected) in [
        (
            "<a>\n  <b>\n</a>",
            "3:1: </a> where </b> should close line 2.",
        ),
        ("<a>\n<b></b>", "1:1: <a> is not closed. Add </a>"),
        ("<a></a>\n</a>", "2:1: </a> closes nothing."),
        ("<a/>\n<b/>", "2:1: a second root element."),
        ("<a/>\n b", "2:2: text outside the root element."),
        ("just text", "1:1: text outside the root element."),
        ("<!-- a -->", "1:1: there is no element."),
        (
            "<a>\nä & b</a>",
            "2:3: a & that begins nothing. Write &amp;",
        ),
    ] {
        assert_malformed(text, expected);
    }
}

#[test]
fn names_attributes_references_and_comments_are_checked() {
    for (text, expected) in [
        ("<a>&nbsp;</a>", "1:4: an entity that is not defined."),
        ("<a b='c&d'/>", "1:7: a & that begins nothing."),
        ("<a b='&nbsp;'/>", "1:7: an entity that is not defined."),
        ("<a b=\n'c<d'/>", "2:3: a < in an attribute's value."),
        ("<a b=c/>", "1:6: an attribute's value without quotes."),
        ("<a b/>", "1:5: an attribute without a value."),
        ("<a b='c/>", "1:1: attribute value not closed"),
        ("<a b='' b=''/>", "1:9: an attribute that is there twice."),
        ("<a>\n<!-- b -- c --></a>", "2:8: -- inside a comment."),
        ("<a><!-- b ---></a>", "1:11: -- inside a comment."),
        ("<a>\n<!-- b</a>", "2:1: comment not closed"),
        ("<a>b\u{1}</a>", "1:5: a control character"),
        ("<a>&#1;</a>", "1:4: a character reference to a control"),
        ("<a b='&#1;'/>", "1:7: a character reference to a control"),
        ("<a>&#0;</a>", "1:4: invalid character reference"),
        ("<a>1 < 2</a>", "1:6: a name that XML does not allow."),
        ("<a><1/></a>", "1:4: a name that XML does not allow."),
        ("<a>\n<?xml version='1.0'?></a>", "2:1: <?xml …?> is not at"),
        ("\n<?xml version='1.0'?><a/>", "2:1: <?xml …?> is not at"),
        ("\u{feff}\u{feff}<a/>", "1:1: a second byte order mark."),
    ] {
        assert_malformed(text, expected);
    }
}

#[test]
fn a_document_type_is_refused_with_its_line() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;\">]>\n<a>&d;</a>";
    let spring = "<!DOCTYPE beans PUBLIC \"-//SPRING//DTD BEAN//EN\" \"http://www.springframework.org/dtd/spring-beans.dtd\">\n<beans/>";
    for (text, line, declared) in [
        (bomb, 2, "a"),
        (spring, 1, "beans"),
        ("<a/>\n<!DOCTYPE b", 2, ""),
    ] {
        let Some(DocumentError::Doctype { at, root }) = parse(text).err() else {
            panic!("accepted: {text}");
        };
        assert_eq!((at.line, root.as_str()), (line, declared));
    }
    assert!(message(spring).contains("Delete <!DOCTYPE"));
}

#[test]
fn sixty_four_elements_may_be_open_and_no_more() {
    let nested = |depth: usize| format!("{}{}", "<a>\n".repeat(depth), "</a>".repeat(depth));
    assert!(parse(&nested(64)).is_ok());
    let message = message(&nested(65));
    assert!(
        message.starts_with("a.xml:65: more than 64 elements are nested"),
        "{message}"
    );
}

#[test]
fn a_hundred_thousand_nodes_may_be_there_and_no_more() {
    let many = |elements: usize| format!("<a>{}</a>", "<b/>".repeat(elements));
    assert!(parse(&many(99_999)).is_ok());
    assert!(message(&many(100_000)).contains("more than 100000 elements, attributes and texts"));
    let mut attributes = String::new();
    for number in 0..100_000 {
        write!(attributes, " a{number}=''").unwrap();
    }
    assert!(message(&format!("<a{attributes}/>")).contains("more than 100000"));
}

#[test]
fn four_mebibytes_may_be_read_and_no_more() {
    let padded = |length: usize| format!("<a>{}</a>", " ".repeat(length - "<a></a>".len()));
    assert!(parse(&padded(LARGEST_DOCUMENT)).is_ok());
    assert!(message(&padded(LARGEST_DOCUMENT + 1)).contains("more than 4194304 bytes"));
}

#[test]
fn a_document_without_content_is_called_empty() {
    for text in ["", " \r\n", "\u{feff}"] {
        assert!(message(text).starts_with("a.xml: the file is empty."));
    }
}

/// Every value of a tree that was accepted must stand where its span says.
fn check_spans(text: &str, element: &Element) {
    assert!(text[element.span.clone()].starts_with('<'));
    assert!(text[element.span.clone()].ends_with('>'));
    for attribute in &element.attributes {
        let raw = &text[attribute.span.clone()];
        if !raw.contains(['&', '\r', '\n', '\t']) {
            assert_eq!(raw, attribute.value.as_str());
        }
    }
    for child in &element.children {
        assert!(element.span.start < child.span.start && child.span.end < element.span.end);
        check_spans(text, child);
    }
}

fn check(bytes: &[u8]) {
    let Ok(document) = Document::parse(Path::new("a.xml"), bytes) else {
        return;
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.contains("encoding") {
        check_spans(text, document.root());
    }
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
    }

    #[test]
    fn random_markup_never_panics(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<", ">", "/", "a", "b:c", " ", "=", "'", "\"", "&", ";", "&amp;", "#", "x41", "!", "--",
                "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<?xml", "<!DOCTYPE", "[", "]", "\r\n", "ä",
                "<a>", "</a>", "<a b='c'>", "<a/>", "\u{feff}", "\0",
            ]),
            0..60,
        )
    ) {
        check(pieces.concat().as_bytes());
    }
}
