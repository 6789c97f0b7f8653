use super::*;

const SAMPLE: &[u8] = include_bytes!("../../../xml-examples/phixflow-login.xml");

const DELEGATING: &str = "<beans>
  <bean id='enc' class='org.springframework.security.crypto.password.DelegatingPasswordEncoder'>
    <constructor-arg value='argon2'/>
    <constructor-arg>
      <map>
        <entry key='bcrypt' value-ref='b'/>
        <entry key='argon2'><bean class='a.Argon2PasswordEncoder'/></entry>
        <entry key='old'><ref bean='legacy'/></entry>
      </map>
    </constructor-arg>
  </bean>
  <bean id='b' class='a.BCryptPasswordEncoder'><constructor-arg name='strength' value='12'/></bean>
</beans>";

fn parse(bytes: &[u8]) -> Result<EncoderListFile<'_>, EncoderListError> {
    EncoderListFile::parse(Path::new("a.xml"), bytes)
}

fn message(xml: &str) -> String {
    parse(xml.as_bytes()).err().unwrap().to_string()
}

/// The element of `id` in a comment.
fn disabled(bytes: &[u8], id: &str) -> Vec<u8> {
    let file = parse(bytes).unwrap();
    let encoder = file.encoder(id).unwrap();
    file.without(encoder).unwrap().to_vec()
}

#[test]
fn the_sample_names_three_encoders_and_the_first_is_current() {
    let file = parse(SAMPLE).unwrap();
    let found: Vec<_> = file
        .encoders()
        .iter()
        .map(|it| (it.id.as_str(), it.strength, it.is_current, it.at.line))
        .collect();
    let expected = [
        ("bcrypt", Some(10), true, 15),
        ("legacy", None, false, 17),
        ("startup", None, false, 19),
    ];
    assert_eq!(found, expected);
    let classes = file.encoders().iter().map(|it| it.class.as_deref());
    assert!(
        classes
            .flatten()
            .all(|class| class.ends_with("PasswordEncoder"))
    );
    for name in ["legacy", "Legacy", "legacyEncoder"] {
        assert_eq!(file.encoder(name).unwrap().at.line, 17);
    }
}

#[test]
fn one_element_is_put_into_a_comment_and_no_byte_beside_it_changes() {
    let text = std::str::from_utf8(SAMPLE).unwrap();
    let element = "<ref bean=\"legacyEncoder\"/>";
    let expected = text.replace(element, &format!("<!-- {element} -->"));
    let written = disabled(SAMPLE, "legacy");
    assert_eq!(written, expected.as_bytes());
    let again = parse(&written).unwrap();
    let ids: Vec<_> = again.encoders().iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["bcrypt", "startup"]);
}

#[test]
fn line_ends_and_encodings_stay() {
    let crlf = String::from_utf8(SAMPLE.to_vec())
        .unwrap()
        .replace('\n', "\r\n");
    let element = "<ref bean=\"startupEncoder\"/>";
    let expected = crlf.replace(element, &format!("<!-- {element} -->"));
    assert_eq!(disabled(crlf.as_bytes(), "startup"), expected.as_bytes());

    let latin1 = b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<beans><!-- \xFC --><bean id='passwordEncoder'>\
        <property name='\xE4'><list><ref bean='a\xE9'/><ref bean='b'/></list></property></bean></beans>";
    let written = disabled(latin1, "a\u{e9}");
    let expected = b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<beans><!-- \xFC --><bean id='passwordEncoder'>\
        <property name='\xE4'><list><!-- <ref bean='a\xE9'/> --><ref bean='b'/></list></property></bean></beans>";
    assert_eq!(written, expected);
}

#[test]
fn an_element_of_several_lines_becomes_one_comment() {
    let xml = "<beans><bean id='passwordEncoder'><property name='encoders'><list>
        <ref bean='a'/>
        <bean class='x.LegacyPasswordEncoder'>
          <property name='salt' value='1'/>
        </bean>
        </list></property></bean></beans>";
    let file = parse(xml.as_bytes()).unwrap();
    assert_eq!(file.encoders()[1].id, "legacy");
    let written = String::from_utf8(disabled(xml.as_bytes(), "legacy")).unwrap();
    let element = &xml[xml.find("<bean class").unwrap()..xml.find("\n        </list>").unwrap()];
    assert_eq!(
        written,
        xml.replace(element, &format!("<!-- {element} -->"))
    );
    assert_eq!(parse(written.as_bytes()).unwrap().encoders().len(), 1);
}

#[test]
fn an_element_with_two_hyphens_is_refused_with_its_line() {
    let xml = "<beans><bean id='passwordEncoder'><property name='encoders'><list><ref bean='a'/>
        <bean class='x.LegacyPasswordEncoder'>
          <!-- old -->
        </bean></list></property></bean></beans>";
    let file = parse(xml.as_bytes()).unwrap();
    let refused = file.without(file.encoder("legacy").unwrap());
    assert_eq!(
        refused.unwrap_err().to_string(),
        "a.xml:3: the element of legacy has -- in it, which no XML comment may hold. Take it out of the list by hand"
    );
}

#[test]
fn the_last_encoder_stays() {
    let xml = "<beans><bean id='passwordEncoder'><property name='x'><list><ref bean='a'/></list></property></bean></beans>";
    let file = parse(xml.as_bytes()).unwrap();
    let refused = file.without(file.encoder("a").unwrap()).unwrap_err();
    assert!(
        refused.to_string().contains("the only encoder"),
        "{refused}"
    );
}

#[test]
fn springs_delegating_encoder_names_the_current_one_by_its_key() {
    let file = parse(DELEGATING.as_bytes()).unwrap();
    let found: Vec<_> = file
        .encoders()
        .iter()
        .map(|it| {
            (
                it.id.as_str(),
                it.class.as_deref(),
                it.strength,
                it.is_current,
            )
        })
        .collect();
    let expected = [
        ("bcrypt", Some("a.BCryptPasswordEncoder"), Some(12), false),
        ("argon2", Some("a.Argon2PasswordEncoder"), None, true),
        ("old", None, None, false),
    ];
    assert_eq!(found, expected);
    assert!(file.encoders().iter().all(|it| it.has_mark));
    let written = String::from_utf8(disabled(DELEGATING.as_bytes(), "bcrypt")).unwrap();
    assert!(written.contains("<!-- <entry key='bcrypt' value-ref='b'/> -->"));
}

#[test]
fn a_document_without_a_list_or_with_several_is_refused() {
    assert!(message("<beans><bean id='dataSource'/></beans>").starts_with("a.xml: no bean here"));
    let list = "<property name='x'><list><ref bean='a'/><ref bean='b'/></list></property>";
    let two = format!(
        "<beans><bean id='oneEncoder'>{list}</bean>\n<bean id='otherEncoder'>{list}</bean></beans>"
    );
    assert!(message(&two).contains("in lines 1, 2"), "{}", message(&two));
    let named = two.replace("otherEncoder", "passwordEncoder");
    assert_eq!(parse(named.as_bytes()).unwrap().encoders()[0].at.line, 2);
    let file = parse(SAMPLE).unwrap();
    let missing = file.encoder("rot13").err().unwrap();
    assert_eq!(
        missing.to_string(),
        "a.xml: the list has no encoder rot13. It has: bcrypt, legacy, startup"
    );
    let twice = "<beans><bean id='passwordEncoder'><property name='x'><list><ref bean='a'/>\n<ref bean='a'/></list></property></bean></beans>";
    let twice = parse(twice.as_bytes()).unwrap();
    let several = twice.encoder("a").err().unwrap().to_string();
    assert!(several.contains("in lines 1, 2"), "{several}");
}
