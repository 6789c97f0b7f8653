//! `<client>`: who may ask a migration service.

use super::ServiceReader;
use crate::document::error::DocumentError;
use crate::document::https::CertificateSubject;
use crate::document::secret_service::SUBJECTS;
use crate::document::xml::Element;

/// Who may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSettings {
    /// What audit lines and limits call it.
    pub name: String,
    /// How it is known.
    pub proof: ClientProof,
    /// Line of the document; the first is 1.
    pub line: usize,
}

/// How a client is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientProof {
    /// By its certificate.
    Certificate(CertificateSubject),
    /// By a token that it sends.
    Token {
        /// The alias of the token in a keystore.
        alias: String,
    },
}

impl ServiceReader<'_> {
    pub(super) fn client(&self, element: &Element) -> Result<ClientSettings, DocumentError> {
        let known = &[
            "name",
            "tokenAlias",
            "certificate",
            "dns",
            "uri",
            "email",
            "fingerprint",
        ];
        self.check(element, known, &[])?;
        let subjects = SUBJECTS.into_iter().chain(["tokenAlias"]);
        let mut named = subjects.filter(|name| element.attribute(name).is_some());
        let (Some(name), None) = (named.next(), named.next()) else {
            let problem = "a client has one of tokenAlias, certificate, dns, uri, email and fingerprint. Write a client for each";
            return Err(self.contradiction(element, problem));
        };
        let value = self.required(element, name)?;
        let proof = match name {
            "tokenAlias" => ClientProof::Token {
                alias: value.value.trim().to_owned(),
            },
            name => ClientProof::Certificate(self.subject(name, value)?),
        };
        Ok(ClientSettings {
            name: self.required(element, "name")?.value.trim().to_owned(),
            proof,
            line: self.document.line(element.span.start),
        })
    }
}
