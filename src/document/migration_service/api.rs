//! `<api>`: a customer's service that says whether a password is right.
//!
//! ```xml
//! <api url="https://old.example/users/{user}/check"   {user}: the name, percent-encoded; without it a member of the body
//!      method="POST" userMember="username" passwordMember="password"
//!      accepted="200" rejected="401 403" unknown="404"   statuses; any other is a failure of the API
//!      answerMember="result" answerValue="ok"            an accepted answer has this member with this value, else it is wrong
//!      nameMember="user.name"                            where an accepted answer has the API's own name of the user
//!      existsUrl="https://old.example/users/{user}"      GET: 2xx if there is such a user, 404 if not
//!      tokenAlias="old-token"                            a bearer token
//!      keystore="main" keyAlias="client"                 a client certificate
//!      truststore="main" timeout="5000"/>                the API's authorities, else the system's; milliseconds
//! ```
//! A status means by itself only what it can mean: 401 and 403 are about the password where keyward shows nothing of its own
//! that could be refused, 404 is about the user where the user is in the URL.

use std::time::Duration;

use super::ServiceReader;
use crate::document::configuration::Configuration;
use crate::document::error::DocumentError;
use crate::document::xml::Element;

/// Milliseconds.
const DEFAULT_TIMEOUT: u32 = 5000;
const LONGEST_TIMEOUT: u32 = 60_000;
/// What stands for the user's name in a URL.
const USER: &str = "{user}";

/// A customer's service that says whether a password is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiSettings {
    /// Where it is asked; `{user}` stands for the user's name.
    pub url: String,
    /// How it is asked.
    pub method: ApiMethod,
    /// The member of the request that holds the user's name.
    pub user_member: String,
    /// The member of the request that holds the password.
    pub password_member: String,
    /// The statuses of an answer that the password is right.
    pub accepted: Vec<u16>,
    /// The statuses of an answer that it is wrong.
    pub rejected: Vec<u16>,
    /// The statuses of an answer that there is no such user.
    pub unknown: Vec<u16>,
    /// What the body of an accepted answer says.
    pub answer: Option<AnswerMember>,
    /// The member of an accepted answer that holds the API's own name of the user.
    pub name_member: Option<String>,
    /// Where it is asked whether there is a user; `{user}` stands for the name.
    pub exists_url: Option<String>,
    /// The alias of a bearer token.
    pub token_alias: Option<String>,
    /// The keystore and the alias of a client's private key.
    pub key: Option<(String, String)>,
    /// Name of the keystore with the API's authorities; those of the system, if none.
    pub truststore: Option<String>,
    /// How long one answer may take.
    pub timeout: Duration,
    /// Line of the document; the first is 1.
    pub line: usize,
}

/// How an API is asked. `GET` is not among them: it would put the password into the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiMethod {
    /// `POST`
    Post,
    /// `PUT`
    Put,
}

/// A member of a JSON object, and its value where the password is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerMember {
    /// Its name; members within members with dots between.
    pub name: String,
    /// The string, or the JSON text of a number, `true` or `false`.
    pub value: String,
}

/// The statuses that mean right, wrong, and no such user.
type Meanings = (Vec<u16>, Vec<u16>, Vec<u16>);

impl ServiceReader<'_> {
    pub(super) fn api(
        &self,
        element: &Element,
        configuration: &Configuration,
    ) -> Result<ApiSettings, DocumentError> {
        let attributes = &[
            "url",
            "method",
            "userMember",
            "passwordMember",
            "accepted",
            "rejected",
            "unknown",
            "answerMember",
            "answerValue",
            "nameMember",
            "existsUrl",
            "tokenAlias",
            "keystore",
            "keyAlias",
            "truststore",
            "timeout",
        ];
        self.check(element, attributes, &[])?;
        let text = |name: &'static str, usual: &str| match element.attribute(name) {
            Some(_) => Ok(self.required(element, name)?.value.trim().to_owned()),
            None => Ok(usual.to_owned()),
        };
        let named = |name: &'static str| match element.attribute(name) {
            Some(_) => Ok(Some(self.required(element, name)?)),
            None => Ok(None),
        };
        let keystore = |name| match named(name)? {
            Some(attribute) => self.known_keystore(attribute, configuration).map(Some),
            None => Ok(None),
        };
        let key = match (keystore("keystore")?, named("keyAlias")?) {
            (Some(keystore), Some(alias)) => Some((keystore, alias.value.trim().to_owned())),
            (None, None) => None,
            _ => {
                let problem =
                    "a client certificate needs both keystore and keyAlias. Add the other";
                return Err(self.contradiction(element, problem));
            }
        };
        let timeout = self.number(element, "timeout", LONGEST_TIMEOUT)?;
        let answer = match named("answerMember")? {
            Some(name) => Some(AnswerMember {
                name: name.value.trim().to_owned(),
                value: text("answerValue", "true")?,
            }),
            None => None,
        };
        let url = self.api_url(element, "url")?;
        let (accepted, rejected, unknown) = self.meanings(element, &url)?;
        let exists_url = named("existsUrl")?.map(|_| self.api_url(element, "existsUrl"));
        let exists_url = exists_url.transpose()?;
        if exists_url.as_ref().is_some_and(|url| !url.contains(USER)) {
            let problem =
                "existsUrl does not say where the user's name belongs. Write {user} there";
            return Err(self.contradiction(element, problem));
        }
        Ok(ApiSettings {
            url,
            method: self.method(element)?,
            user_member: text("userMember", "username")?,
            password_member: text("passwordMember", "password")?,
            accepted,
            rejected,
            unknown,
            name_member: named("nameMember")?.map(|name| name.value.trim().to_owned()),
            exists_url,
            answer,
            token_alias: named("tokenAlias")?.map(|alias| alias.value.trim().to_owned()),
            key,
            truststore: keystore("truststore")?,
            timeout: Duration::from_millis(timeout.unwrap_or(DEFAULT_TIMEOUT).into()),
            line: self.document.line(element.span.start),
        })
    }

    /// A password goes over a network under TLS alone.
    fn api_url(&self, element: &Element, name: &'static str) -> Result<String, DocumentError> {
        let url = self.required(element, name)?.value.trim().to_owned();
        let refused = |problem: &'static str| Err(self.contradiction(element, problem));
        let in_the_clear = "the password would go over the network in the clear. Write an https:// URL, or http:// for this machine";
        let Some((scheme, rest)) = url.split_once("://") else {
            return refused(in_the_clear);
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains(['@', '{', '\\']) || authority.contains(char::is_whitespace) {
            return refused(
                "the URL of an API has a host, and perhaps a port. Name what keyward shows in tokenAlias, or in keystore and keyAlias",
            );
        }
        // A port has digits alone, and the last colon of an IPv6 address is within brackets.
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        };
        match scheme {
            "https" if !host.is_empty() => Ok(url),
            "http" if ["127.0.0.1", "[::1]", "localhost"].contains(&host) => Ok(url),
            _ => refused(in_the_clear),
        }
    }

    fn method(&self, element: &Element) -> Result<ApiMethod, DocumentError> {
        match element
            .attribute("method")
            .map(|method| method.value.trim())
        {
            None | Some("POST") => Ok(ApiMethod::Post),
            Some("PUT") => Ok(ApiMethod::Put),
            Some(_) => {
                let problem = "method is neither POST nor PUT. Write one: the password is in the body of the request";
                Err(self.contradiction(element, problem))
            }
        }
    }

    /// The statuses that mean right, wrong, and no such user.
    fn meanings(&self, element: &Element, url: &str) -> Result<Meanings, DocumentError> {
        let shows = ["tokenAlias", "keyAlias"];
        let shows_something = shows.iter().any(|name| element.attribute(name).is_some());
        if shows_something && element.attribute("rejected").is_none() {
            let problem = "401 and 403 may be about what keyward itself shows, and would be told as wrong passwords. Write in rejected \
                           which statuses mean a wrong password alone";
            return Err(self.contradiction(element, problem));
        }
        let of_user: &[u16] = if url.contains(USER) { &[404] } else { &[] };
        let accepted = self.statuses(element, "accepted", &[200])?;
        let rejected = self.statuses(element, "rejected", &[401, 403])?;
        let unknown = self.statuses(element, "unknown", of_user)?;
        if accepted.is_empty() {
            let problem = "accepted is empty, so that no password would be right. Write a status";
            return Err(self.contradiction(element, problem));
        }
        let mut all = [accepted.as_slice(), &rejected, &unknown].concat();
        all.sort_unstable();
        if let Some([status, _]) = all.array_windows().find(|[one, other]| one == other) {
            let problem = format!(
                "status {status} is named twice in accepted, rejected and unknown. Write what it means"
            );
            return Err(self.contradiction(element, problem));
        }
        Ok((accepted, rejected, unknown))
    }

    fn statuses(
        &self,
        element: &Element,
        name: &'static str,
        usual: &[u16],
    ) -> Result<Vec<u16>, DocumentError> {
        let Some(attribute) = element.attribute(name) else {
            return Ok(usual.to_vec());
        };
        let statuses = attribute.value.split_whitespace();
        let statuses = statuses.map(|status| {
            status
                .parse()
                .ok()
                .filter(|status| (100..600).contains(status))
        });
        let problem =
            "accepted, rejected and unknown are HTTP statuses with blanks between, such as 401 403";
        let read: Option<Vec<u16>> = statuses.collect();
        read.ok_or_else(|| self.contradiction(element, problem))
    }
}
