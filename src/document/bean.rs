//! Spring beans, read by their structure: whatever the classes are, a setting has a name and a value.
//!
//! ```text
//! <bean id="dataSource">  ─────────────────────────  Bean dataSource
//!   <property name="username" value="…"/>               Setting username
//!   <property name="password"><value>…</value></property>
//!   <constructor-arg name="url" value="…"/>
//!   <property name="mail">
//!     <props><prop key="mail.user">…</prop></props>     Setting mail.user
//!     <map><entry key="password" value="…"/></map>      Setting password
//!     <bean>…</bean>  ─────────────────────────────  Bean dataSource.mail
//! <bean id="…" p:username="…"/>                         Setting username
//! ```
//!
//! Source: Spring's `spring-beans.xsd` and `spring-util.xsd`, the p and c namespaces.

use super::xml::{Attribute, Document, Element};

/// The most characters of a bean's name that are kept.
const LONGEST_NAME: usize = 200;

/// A bean, or a set of properties with an id of its own, and what it sets itself.
pub(super) struct Bean<'d> {
    /// Id, name, place in the enclosing bean, or the last part of the class; empty for what stands
    /// outside every bean.
    pub(super) name: String,
    /// Index of the enclosing bean.
    pub(super) parent: Option<usize>,
    /// In the order of the document, without those of inner beans.
    pub(super) settings: Vec<Setting<'d>>,
    /// Where its start tag is.
    pub(super) offset: usize,
}

/// A name and a value as written: placeholders are not replaced.
pub(super) struct Setting<'d> {
    /// The name as written.
    pub(super) key: &'d str,
    /// The value as written. A password is in here: never print it.
    pub(super) value: &'d str,
    /// Where its element or attribute is.
    pub(super) offset: usize,
}

impl Setting<'_> {
    /// The last dotted part of the key in lower case, without `-` and `_`: `mail.pepper-Key` and
    /// `pepperkey` are the same.
    pub(super) fn folded_key(&self) -> String {
        let last = self.key.rsplit('.').next().unwrap_or_default();
        let letters = last.chars().filter(|c| !matches!(c, '-' | '_'));
        letters.flat_map(char::to_lowercase).collect()
    }
}

impl Bean<'_> {
    /// What a user calls the setting: `dataSource.password`.
    pub(super) fn setting_path(&self, setting: &Setting<'_>) -> String {
        if self.name.is_empty() {
            return setting.key.trim().to_owned();
        }
        format!("{}.{}", self.name, setting.key.trim())
    }
}

/// Every bean of the document, an enclosing bean before those in it.
pub(super) fn beans(document: &Document) -> Vec<Bean<'_>> {
    let mut beans = vec![Bean {
        name: String::new(),
        parent: None,
        settings: Vec::new(),
        offset: document.root().span.start,
    }];
    collect(document.root(), 0, None, &mut beans);
    beans
}

/// Adds what `element` and its descendants set. `owner` is the index of the enclosing bean, `label`
/// the property of that bean that we are in. Recursion ends with the depth that the parser allows.
fn collect<'d>(
    element: &'d Element,
    owner: usize,
    label: Option<&'d str>,
    beans: &mut Vec<Bean<'d>>,
) {
    let mut owner = owner;
    let mut label = label;
    match element.name.as_str() {
        "bean" => {
            owner = open_bean(element, owner, label, beans);
            label = None;
        }
        "properties" | "map" | "list" | "set" if element.attribute("id").is_some() => {
            owner = open_bean(element, owner, label, beans);
            label = None;
        }
        "property" | "constructor-arg" => {
            label = text_of(element.attribute("name"));
            add(label, value_of(element), element, owner, beans);
        }
        "entry" => {
            label = text_of(element.attribute("key")).or_else(|| key_of(element));
            add(label, value_of(element), element, owner, beans);
        }
        "prop" => {
            let value = text_of(element.attribute("value")).unwrap_or(element.text.trim());
            let key = text_of(element.attribute("key"));
            add(key, Some(value), element, owner, beans);
        }
        _ => {}
    }
    for child in &element.children {
        collect(child, owner, label, beans);
    }
}

fn add<'d>(
    key: Option<&'d str>,
    value: Option<&'d str>,
    element: &Element,
    owner: usize,
    beans: &mut [Bean<'d>],
) {
    let (Some(key), Some(value)) = (key, value) else {
        return;
    };
    beans[owner].settings.push(Setting {
        key,
        value,
        offset: element.span.start,
    });
}

fn open_bean<'d>(
    element: &'d Element,
    parent: usize,
    label: Option<&str>,
    beans: &mut Vec<Bean<'d>>,
) -> usize {
    let shorthand = |attribute: &&Attribute| matches!(attribute.prefix.as_deref(), Some("p" | "c"));
    let settings = element.attributes.iter().filter(shorthand);
    let settings = settings.map(|attribute| Setting {
        key: &attribute.name,
        value: &attribute.value,
        offset: attribute.span.start,
    });
    beans.push(Bean {
        name: name_of(element, &beans[parent].name, label),
        parent: (parent > 0).then_some(parent),
        settings: settings.collect(),
        offset: element.span.start,
    });
    beans.len() - 1
}

fn name_of(element: &Element, parent: &str, label: Option<&str>) -> String {
    if let Some(id) = text_of(element.attribute("id")) {
        return shortened(id);
    }
    if let Some(names) = text_of(element.attribute("name")) {
        return shortened(names.split([',', ';', ' ']).next().unwrap_or(names));
    }
    match (parent, label) {
        ("", _) | (_, None) => {}
        (parent, Some(label)) => return shortened(&format!("{parent}.{label}")),
    }
    let class = text_of(element.attribute("class")).unwrap_or(&element.name);
    shortened(class.rsplit('.').next().unwrap_or(class))
}

/// The name goes into every setting of the bean: a hostile one must not fill the memory.
fn shortened(name: &str) -> String {
    name.chars().take(LONGEST_NAME).collect()
}

/// The attribute `value`, or the text of the one element `<value>`.
fn value_of(element: &Element) -> Option<&str> {
    if let Some(value) = element.attribute("value") {
        return Some(&value.value);
    }
    element.child("value").map(|value| value.text.as_str())
}

/// The text of `<key><value>…</value></key>`.
fn key_of(entry: &Element) -> Option<&str> {
    let value = entry.child("key")?.child("value")?;
    Some(value.text.trim())
}

fn text_of(attribute: Option<&Attribute>) -> Option<&str> {
    attribute
        .map(|attribute| attribute.value.trim())
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn settings(xml: &str) -> Vec<(String, String)> {
        let document = Document::parse(Path::new("a.xml"), xml.as_bytes()).unwrap();
        let beans = beans(&document);
        let pair = |bean: &Bean<'_>, setting: &Setting<'_>| {
            (bean.setting_path(setting), setting.value.to_owned())
        };
        let pairs = beans
            .iter()
            .flat_map(|bean| bean.settings.iter().map(|setting| pair(bean, setting)));
        pairs.collect()
    }

    fn assert_sets(xml: &str, key: &str, value: &str) {
        assert_eq!(settings(xml), [(key.to_owned(), value.to_owned())], "{xml}");
    }

    #[test]
    fn every_way_to_set_a_value_is_read() {
        for inside in [
            "<property name='user' value='db1'/>",
            "<property name='user'><value>db1</value></property>",
            "<property name='user'><value><![CDATA[db1]]></value></property>",
            "<constructor-arg name='user' value='db1'/>",
            "<constructor-arg name='user'><value>db1</value></constructor-arg>",
            "<property name='x'><props><prop key='user'> db1 </prop></props></property>",
            "<property name='x'><map><entry key='user' value='db1'/></map></property>",
            "<property name='x'><map><entry key='user'><value>db1</value></entry></map></property>",
            "<property name='x'><map><entry value='db1'><key><value>user</value></key></entry></map></property>",
        ] {
            let xml = format!("<beans><bean id='pool' class='a.Pool'>{inside}</bean></beans>");
            assert_sets(&xml, "pool.user", "db1");
        }
        assert_sets(
            "<beans xmlns:p='http://www.springframework.org/schema/p'><bean id='pool' p:user='db1'/></beans>",
            "pool.user",
            "db1",
        );
        assert_sets(
            "<b:beans xmlns:b='x'><b:bean id='pool'><b:property name='user' value='db1'/></b:bean></b:beans>",
            "pool.user",
            "db1",
        );
    }

    #[test]
    fn references_and_positions_set_nothing() {
        let xml = "<beans><bean id='a'><property name='user' ref='b'/><constructor-arg index='0' value='x'/>\
            <property name='password'><null/></property></bean></beans>";
        assert_eq!(settings(xml), []);
    }

    #[test]
    fn a_bean_is_called_by_what_it_has() {
        let property = "<property name='user' value='db1'/>";
        for (bean, name) in [
            ("<bean name='pool,alias' class='a.b.Pool'>", "pool.user"),
            ("<bean class='a.b.Pool'>", "Pool.user"),
            ("<bean>", "bean.user"),
        ] {
            assert_sets(
                &format!("<beans>{bean}{property}</bean></beans>"),
                name,
                "db1",
            );
        }
        assert_sets(&format!("<beans>{property}</beans>"), "user", "db1");
        assert_sets(
            &format!(
                "<beans><bean id='a'><property name='pool'><list><bean class='P'>{property}</bean></list></property></bean></beans>"
            ),
            "a.pool.user",
            "db1",
        );
        assert_sets(
            "<beans><util:properties xmlns:util='u' id='mail'><prop key='smtp.user'>db1</prop></util:properties></beans>",
            "mail.smtp.user",
            "db1",
        );
    }

    #[test]
    fn a_name_without_end_is_cut() {
        let long = "x".repeat(10_000);
        let property = "<property name='user' value='db1'/>";
        let inner = format!("<property name='{long}'><bean>{property}</bean></property>");
        for bean in [
            format!("<bean id='{long}'>{property}</bean>"),
            format!("<bean id='a'>{inner}</bean>"),
        ] {
            let settings = settings(&format!("<beans>{bean}</beans>"));
            assert_eq!(settings[0].0.len(), LONGEST_NAME + ".user".len());
        }
    }

    #[test]
    fn keys_are_compared_by_their_last_part() {
        let folded = |key| {
            let setting = Setting {
                key,
                value: "",
                offset: 0,
            };
            setting.folded_key()
        };
        assert_eq!(folded("mail.smtp.Pepper-Key"), "pepperkey");
        assert_eq!(folded("USER_NAME"), "username");
    }
}
