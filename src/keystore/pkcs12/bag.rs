//! [`Bag`]: one thing in a PKCS12 file, with its raw bytes.
//!
//! ```text
//! SafeBag = SEQUENCE { OBJECT IDENTIFIER bagId, [0] value, SET OF attribute OPTIONAL }
//! attribute = SEQUENCE { OBJECT IDENTIFIER, SET OF value }
//! CertBag, SecretBag = SEQUENCE { OBJECT IDENTIFIER type, [0] OCTET STRING }
//! ```
//! Source: RFC 7292 section 4.2; the secret bag's content as `PKCS12KeyStore` (JDK 17) writes it.

use std::time::SystemTime;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::keystore::alias::Alias;
use crate::keystore::ber::{BerError, Element, Reader, tag};
use crate::keystore::encryption::Encrypted;
use crate::keystore::entry::{Protection, from_java_time, java_time};
use crate::keystore::{der, oid};

/// What every localKeyID of a JDK begins with; milliseconds since 1970 follow.
const TIME_PREFIX: &str = "Time ";

/// One bag: its bytes as they stand in the file, and what keyward understands of them.
pub(super) struct Bag {
    /// The whole SafeBag. Written back as it is unless the bag is removed.
    pub(super) raw: Zeroizing<Vec<u8>>,
    pub(super) content: BagContent,
    pub(super) attributes: Attributes,
}

/// A bag's value.
pub(super) enum BagContent {
    /// An EncryptedPrivateKeyInfo that holds a secret key.
    Secret(Vec<u8>),
    /// An EncryptedPrivateKeyInfo that holds a private key.
    PrivateKey(Vec<u8>),
    /// An X.509 certificate, DER.
    Certificate(Vec<u8>),
    /// Anything else, and why Java does not show it.
    Other(String),
}

/// The attributes that Java's keystore looks at.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) friendly_name: Option<String>,
    pub(super) local_key_id: Option<Vec<u8>>,
    pub(super) trusted: bool,
}

impl Bag {
    pub(super) fn parse(element: &Element<'_>) -> Result<Self, BerError> {
        let mut fields = element.expect(tag::SEQUENCE, "a SafeBag")?.reader();
        let bag_type = fields.oid("a bag type")?;
        let value = fields.expect(tag::CONTEXT_0, "a bag value")?;
        let attributes = match fields.optional(tag::SET)? {
            Some(set) => Attributes::parse(set.reader())?,
            None => Attributes::default(),
        };
        let content = match bag_type {
            oid::SHROUDED_KEY_BAG => BagContent::PrivateKey(value.content.to_vec()),
            oid::SECRET_BAG => typed_content(
                value.reader(),
                &oid::SHROUDED_KEY_BAG,
                BagContent::Secret,
                "a secret",
            )?,
            oid::CERTIFICATE_BAG => typed_content(
                value.reader(),
                &oid::X509_CERTIFICATE,
                BagContent::Certificate,
                "a certificate",
            )?,
            oid::KEY_BAG => BagContent::Other("an unencrypted private key".to_owned()),
            oid::CRL_BAG => BagContent::Other("a certificate revocation list".to_owned()),
            oid::SAFE_CONTENTS_BAG => BagContent::Other("nested safe contents".to_owned()),
            other => BagContent::Other(format!("unknown bag type {other}")),
        };
        Ok(Self {
            raw: Zeroizing::new(element.raw.to_vec()),
            content,
            attributes,
        })
    }

    /// A new secret bag around an EncryptedPrivateKeyInfo.
    pub(super) fn of_secret(encrypted: &[u8], attributes: Attributes, others: &[Vec<u8>]) -> Self {
        let content = BagContent::Secret(encrypted.to_vec());
        Self::new(
            oid::SECRET_BAG,
            &secret_value(encrypted),
            attributes,
            others,
            content,
        )
    }

    /// A new bag around the EncryptedPrivateKeyInfo of a private key.
    pub(super) fn of_private_key(
        encrypted: &[u8],
        attributes: Attributes,
        others: &[Vec<u8>],
    ) -> Self {
        let content = BagContent::PrivateKey(encrypted.to_vec());
        Self::new(
            oid::SHROUDED_KEY_BAG,
            encrypted,
            attributes,
            others,
            content,
        )
    }

    /// A new bag around an X.509 certificate (DER).
    pub(super) fn of_certificate(
        certificate: &[u8],
        attributes: Attributes,
        others: &[Vec<u8>],
    ) -> Self {
        let value = der::sequence(&[
            &der::oid(oid::X509_CERTIFICATE),
            &der::explicit_0(&der::octet_string(certificate)),
        ]);
        let content = BagContent::Certificate(certificate.to_vec());
        Self::new(oid::CERTIFICATE_BAG, &value, attributes, others, content)
    }

    fn new(
        bag_type: oid::Oid<'_>,
        value: &[u8],
        attributes: Attributes,
        others: &[Vec<u8>],
        content: BagContent,
    ) -> Self {
        let raw = der::sequence(&[
            &der::oid(bag_type),
            &der::explicit_0(value),
            &attributes.to_der(others),
        ]);
        Self {
            raw: Zeroizing::new(raw),
            content,
            attributes,
        }
    }

    /// Whether it has the name that Java folds to `alias`.
    pub(super) fn is_named(&self, alias: &Alias) -> bool {
        let Some(name) = self.attributes.friendly_name.as_deref() else {
            return false;
        };
        // Folding costs memory, and most names are ASCII.
        if name.is_ascii() {
            return name.eq_ignore_ascii_case(alias.as_str());
        }
        Alias::new(name) == *alias
    }

    /// Whether Java makes an entry of it: a secret, a private key, a trusted certificate.
    pub(super) fn is_java_entry(&self) -> bool {
        match self.content {
            BagContent::Secret(_) | BagContent::PrivateKey(_) => true,
            BagContent::Certificate(_) => self.attributes.trusted,
            BagContent::Other(_) => false,
        }
    }

    /// How the bag's key is encrypted.
    pub(super) fn protection(&self) -> Option<Protection> {
        let (BagContent::Secret(encrypted) | BagContent::PrivateKey(encrypted)) = &self.content
        else {
            return None;
        };
        Some(Encrypted::parse(encrypted).ok()?.encryption.protection())
    }

    pub(super) fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&*self.raw).into()
    }
}

/// The content of a bag that names its type; of another type it stays opaque.
fn typed_content(
    mut value: Reader<'_>,
    expected: &oid::Oid<'_>,
    wrap: fn(Vec<u8>) -> BagContent,
    what: &'static str,
) -> Result<BagContent, BerError> {
    let mut fields = value.sequence(what)?;
    let content_type = fields.oid(what)?;
    if content_type != *expected {
        return Ok(BagContent::Other(format!(
            "{what} of the unknown type {content_type}"
        )));
    }
    let mut explicit = fields.expect(tag::CONTEXT_0, what)?.reader();
    Ok(wrap(explicit.octet_string(what)?.into_owned()))
}

impl Attributes {
    fn parse(mut set: Reader<'_>) -> Result<Self, BerError> {
        let mut attributes = Self::default();
        while let Some(attribute) = set.next()? {
            let mut fields = attribute.expect(tag::SEQUENCE, "an attribute")?.reader();
            let name = fields.oid("an attribute")?;
            let mut values = fields.expect(tag::SET, "attribute values")?.reader();
            match name {
                oid::FRIENDLY_NAME => {
                    let value = values.expect(tag::BMP_STRING, "a friendlyName")?;
                    attributes.friendly_name = Some(text_of(value.content));
                }
                oid::LOCAL_KEY_ID => {
                    attributes.local_key_id =
                        Some(values.octet_string("a localKeyID")?.into_owned());
                }
                oid::TRUSTED_KEY_USAGE => attributes.trusted = true,
                _ => {}
            }
        }
        Ok(attributes)
    }

    /// Those that a JDK gives to a new key or secret.
    pub(super) fn of_new_entry(alias: &Alias, created: SystemTime) -> Self {
        Self {
            friendly_name: Some(alias.as_str().to_owned()),
            local_key_id: Some(key_id_of(created)),
            ..Self::default()
        }
    }

    /// Those that a JDK gives to a trusted certificate.
    pub(super) fn of_trusted(alias: &Alias) -> Self {
        let friendly_name = Some(alias.as_str().to_owned());
        Self {
            friendly_name,
            trusted: true,
            ..Self::default()
        }
    }

    /// A SET of these and of `others`; nothing where there is no attribute.
    fn to_der(&self, others: &[Vec<u8>]) -> Vec<u8> {
        let name = self.friendly_name.as_deref().map(friendly_name);
        let key_id = self.local_key_id.as_deref().map(local_key_id);
        let any_usage = self
            .trusted
            .then(|| attribute(oid::TRUSTED_KEY_USAGE, &der::oid(oid::ANY_KEY_USAGE)));
        let mut attributes: Vec<Vec<u8>> =
            [name, key_id, any_usage].into_iter().flatten().collect();
        attributes.extend(others.iter().cloned());
        if attributes.is_empty() {
            return Vec::new();
        }
        der::set(&attributes.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    /// The creation date that a JDK hides in the localKeyID.
    pub(super) fn created(&self) -> Option<SystemTime> {
        let text = std::str::from_utf8(self.local_key_id.as_deref()?).ok()?;
        from_java_time(text.strip_prefix(TIME_PREFIX)?.parse().ok()?)
    }
}

/// The friendlyName attribute.
pub(super) fn friendly_name(name: &str) -> Vec<u8> {
    let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
    attribute(
        oid::FRIENDLY_NAME,
        &der::element(tag::BMP_STRING, &[&utf16]),
    )
}

/// The localKeyID by which a JDK remembers when an entry was created.
pub(super) fn key_id_of(created: SystemTime) -> Vec<u8> {
    format!("{TIME_PREFIX}{}", java_time(created)).into_bytes()
}

/// The localKeyID attribute.
pub(super) fn local_key_id(key_id: &[u8]) -> Vec<u8> {
    attribute(oid::LOCAL_KEY_ID, &der::octet_string(key_id))
}

/// The SecretBag around an EncryptedPrivateKeyInfo.
pub(super) fn secret_value(encrypted: &[u8]) -> Vec<u8> {
    let content = der::explicit_0(&der::octet_string(encrypted));
    der::sequence(&[&der::oid(oid::SHROUDED_KEY_BAG), &content])
}

fn attribute(name: oid::Oid<'_>, value: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::oid(name), &der::set(&[value])])
}

/// A BMPString, surrogate pairs included: that is how Java writes what lies outside of the BMP.
fn text_of(utf16: &[u8]) -> String {
    let units = utf16
        .as_chunks::<2>()
        .0
        .iter()
        .map(|unit| u16::from_be_bytes(*unit));
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    #[test]
    fn a_new_secret_bag_is_read_back_with_its_alias_and_date() {
        let created = UNIX_EPOCH + std::time::Duration::from_millis(1_795_281_145_928);
        let attributes = Attributes::of_new_entry(&Alias::new("пароль 😀"), created);
        let bag = Bag::of_secret(&[1, 2, 3], attributes, &[]);
        let (element, rest) = Element::first_of(&bag.raw).unwrap();
        let read = Bag::parse(&element).unwrap();
        assert!(rest.is_empty());
        assert_eq!(read.attributes.friendly_name.as_deref(), Some("пароль 😀"));
        assert_eq!(read.attributes.created(), Some(created));
        assert!(matches!(read.content, BagContent::Secret(bytes) if bytes == [1, 2, 3]));
    }

    #[test]
    fn alias_bmp_surrogate_and_odd_length() {
        assert_eq!(text_of(&[0xd8, 0x3d, 0xde, 0x00]), "😀");
        assert_eq!(text_of(&[0xd8, 0x3d, 0]), "\u{fffd}");
        assert_eq!(text_of(&[]), "");
    }

    #[test]
    fn a_local_key_id_that_is_no_date_gives_none() {
        for key_id in [
            &b"Time "[..],
            b"Time x",
            b"01",
            &[0xff],
            b"Time 99999999999999999999",
        ] {
            let attributes = Attributes {
                local_key_id: Some(key_id.to_vec()),
                ..Attributes::default()
            };
            assert_eq!(attributes.created(), None);
        }
    }
}
