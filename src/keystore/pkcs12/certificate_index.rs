//! [`CertificateIndex`]: finds the certificates of a file by key and by subject.

use std::collections::HashMap;

use super::bag::{Bag, BagContent};
use super::safe::Place;
use crate::keystore::ber::{BerError, Reader, tag};

/// The certificates of a file, to be found by key and by subject; of several the first counts.
pub(super) struct CertificateIndex<'a> {
    pub(super) first: Option<(Place, &'a Bag)>,
    pub(super) by_key_id: HashMap<&'a [u8], (Place, &'a Bag)>,
    by_subject: HashMap<&'a [u8], (Place, &'a Bag)>,
}

impl<'a> CertificateIndex<'a> {
    pub(super) fn of(bags: &[(Place, &'a Bag)]) -> Self {
        let mut index = Self {
            first: None,
            by_key_id: HashMap::new(),
            by_subject: HashMap::new(),
        };
        for &(place, bag) in bags {
            let BagContent::Certificate(certificate) = &bag.content else {
                continue;
            };
            index.first.get_or_insert((place, bag));
            if let Some(key_id) = &bag.attributes.local_key_id {
                index.by_key_id.entry(key_id).or_insert((place, bag));
            }
            if let Ok(names) = Names::of(certificate) {
                index
                    .by_subject
                    .entry(names.subject)
                    .or_insert((place, bag));
            }
        }
        index
    }

    /// The first copy of a certificate: a JDK stores issuers once for each chain.
    pub(super) fn original_of(&self, bag: &Bag) -> Option<(Place, &'a Bag)> {
        let BagContent::Certificate(certificate) = &bag.content else {
            return None;
        };
        let names = Names::of(certificate).ok()?;
        let &(place, first) = self.by_subject.get(names.subject)?;
        let is_same =
            matches!(&first.content, BagContent::Certificate(other) if other == certificate);
        is_same.then_some((place, first))
    }

    /// The certificate that issued this one; none for a root.
    pub(super) fn issuer_of(&self, bag: &Bag) -> Option<(Place, &'a Bag)> {
        let BagContent::Certificate(certificate) = &bag.content else {
            return None;
        };
        let names = Names::of(certificate).ok()?;
        if names.issuer == names.subject {
            return None;
        }
        self.by_subject.get(names.issuer).copied()
    }
}

/// Issuer and subject of a certificate, as they are encoded.
struct Names<'a> {
    issuer: &'a [u8],
    subject: &'a [u8],
}

impl<'a> Names<'a> {
    fn of(certificate: &'a [u8]) -> Result<Self, BerError> {
        let mut outer = Reader::new(certificate).sequence("a certificate")?;
        let mut fields = outer.sequence("a TBSCertificate")?;
        fields.optional(tag::CONTEXT_0)?;
        fields.expect(tag::INTEGER, "a serial number")?;
        fields.expect(tag::SEQUENCE, "a signature algorithm")?;
        let issuer = fields.expect(tag::SEQUENCE, "an issuer")?.raw;
        fields.expect(tag::SEQUENCE, "a validity")?;
        let subject = fields.expect(tag::SEQUENCE, "a subject")?.raw;
        Ok(Self { issuer, subject })
    }
}
