//! `<https>` and its `<allow>` rules.

use super::{ServiceReader, children};
use crate::document::configuration::Configuration;
use crate::document::error::DocumentError;
use crate::document::https::{
    CertificateRule, CertificateSubject, HttpsSettings, parse_address, parse_fingerprint,
};
use crate::document::xml::{Attribute, Element};

/// The attributes of a rule that name a certificate; a rule has one of them.
pub(in crate::document) const SUBJECTS: [&str; 5] =
    ["certificate", "dns", "uri", "email", "fingerprint"];

impl ServiceReader<'_> {
    pub(super) fn https(
        &self,
        root: &Element,
        configuration: &Configuration,
    ) -> Result<Vec<HttpsSettings>, DocumentError> {
        let mut all: Vec<HttpsSettings> = Vec::new();
        for element in children(root, "https") {
            let https = self.https_element(element, configuration)?;
            let is_taken = |other: &HttpsSettings| other.address == https.address;
            if https.address.port() != 0 && all.iter().any(is_taken) {
                let problem = "an <https> of this address was there before. Choose another port";
                return Err(self.contradiction(element, problem));
            }
            all.push(https);
        }
        Ok(all)
    }

    fn https_element(
        &self,
        element: &Element,
        configuration: &Configuration,
    ) -> Result<HttpsSettings, DocumentError> {
        let attributes = &["address", "keystore", "keyAlias", "truststore"];
        self.check(element, attributes, &["allow"])?;
        let address = self.required(element, "address")?;
        let keystore = |name| self.known_keystore(self.required(element, name)?, configuration);
        let rules = children(element, "allow").map(|rule| self.certificate_rule(rule));
        Ok(HttpsSettings {
            address: parse_address(
                address.value.trim(),
                self.document.place(address.span.start),
            )?,
            keystore: keystore("keystore")?,
            key_alias: self.required(element, "keyAlias")?.value.trim().to_owned(),
            truststore: keystore("truststore")?,
            rules: rules.collect::<Result<_, _>>()?,
            line: self.document.line(element.span.start),
        })
    }

    fn certificate_rule(&self, element: &Element) -> Result<CertificateRule, DocumentError> {
        let known = &[
            "certificate",
            "dns",
            "uri",
            "email",
            "fingerprint",
            "aliases",
        ];
        self.check(element, known, &[])?;
        let named = SUBJECTS.map(|name| element.attribute(name).map(|_| name));
        let mut named = named.into_iter().flatten();
        let (Some(name), None) = (named.next(), named.next()) else {
            let problem = "a rule of <https> names one of certificate, dns, uri, email and fingerprint. Write a rule for each";
            return Err(self.contradiction(element, problem));
        };
        let subject = self.subject(name, self.required(element, name)?)?;
        Ok(CertificateRule {
            subject,
            aliases: self.words(element, "aliases")?,
            line: self.document.line(element.span.start),
        })
    }

    pub(in crate::document) fn subject(
        &self,
        name: &str,
        attribute: &Attribute,
    ) -> Result<CertificateSubject, DocumentError> {
        let at = self.document.place(attribute.span.start);
        let value = attribute.value.trim();
        let text = value.to_owned();
        Ok(match name {
            "dns" => CertificateSubject::Dns(text),
            "uri" => CertificateSubject::Uri(text),
            "email" => CertificateSubject::Email(text),
            "fingerprint" => CertificateSubject::Fingerprint(parse_fingerprint(value, at)?),
            _ => {
                let parsed = value.parse();
                let refused = |reason| DocumentError::CertificateName {
                    at,
                    value: text,
                    reason,
                };
                CertificateSubject::Name(parsed.map_err(refused)?)
            }
        })
    }
}

#[cfg(test)]
mod tests;
