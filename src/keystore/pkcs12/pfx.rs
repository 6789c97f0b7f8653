//! [`Pfx`]: the outermost structure of a PKCS12 file; [`super`] shows its layout.

use std::borrow::Cow;

use super::mac::Mac;
use super::safe::Safe;
use crate::keystore::ber::{Element, Reader, tag};
use crate::keystore::error::KeystoreError;
use crate::keystore::oid;
use crate::keystore::store_type::StoreType;

/// The outermost structure of a file.
pub(super) struct Pfx<'a> {
    pub(super) content: Cow<'a, [u8]>,
    pub(super) mac: Option<Mac>,
    pub(super) trailing: &'a [u8],
}

impl<'a> Pfx<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, KeystoreError> {
        let (pfx, trailing) = Element::first_of(bytes)?;
        let mut fields = pfx.expect(tag::SEQUENCE, "a PFX")?.reader();
        let version = fields.number("a version")?;
        if version != 3 {
            let reason = format!("it has version {version}, not 3");
            return Err(KeystoreError::damaged(StoreType::Pkcs12, &reason));
        }
        let mut content_info = fields.sequence("an authenticated safe")?;
        let content_type = content_info.oid("a content type")?;
        if content_type != oid::DATA {
            return Err(KeystoreError::UnsupportedIntegrity {
                store_type: StoreType::Pkcs12,
                reason: format!("its content has the type {content_type}, not data"),
            });
        }
        let mut explicit = content_info
            .expect(tag::CONTEXT_0, "an authenticated safe")?
            .reader();
        let content = explicit.octet_string("an authenticated safe")?;
        let mac_data = fields.next()?;
        let mac = mac_data.as_ref().map(Mac::parse).transpose()?;
        // What is not understood cannot be written back: better not opened than lost.
        fields.end()?;
        Ok(Self {
            content,
            mac,
            trailing,
        })
    }
}

/// The containers of an AuthenticatedSafe.
pub(super) fn parse_safes(content: &[u8]) -> Result<Vec<Safe>, KeystoreError> {
    let mut outer = Reader::new(content);
    let mut elements = outer.sequence("an AuthenticatedSafe")?;
    outer.end()?;
    let mut safes = Vec::new();
    while let Some(element) = elements.next()? {
        safes.push(Safe::parse(&element)?);
    }
    Ok(safes)
}
