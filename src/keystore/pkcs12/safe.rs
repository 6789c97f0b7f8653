//! [`Safe`]: one of the containers of a PKCS12 file, with the bags in it.
//!
//! ```text
//! ContentInfo = SEQUENCE { data, [0] OCTET STRING of SafeContents }                   plain
//!             | SEQUENCE { encryptedData, [0] SEQUENCE { INTEGER 0,
//!                 SEQUENCE { data, AlgorithmIdentifier, [0] IMPLICIT OCTET STRING } } }
//! SafeContents = SEQUENCE OF SafeBag
//! ```
//! Source: RFC 7292 section 4.1, RFC 5652 sections 4 and 8.

use std::borrow::Cow;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::bag::Bag;
use crate::keystore::ber::{BerError, Element, Reader, tag};
use crate::keystore::encryption::{Encryption, EncryptionError};
use crate::keystore::entry::Protection;
use crate::keystore::password::Password;
use crate::keystore::{der, oid};

/// Where a bag is: the container's index, the bag's index in it.
pub(super) type Place = (usize, usize);

/// One ContentInfo.
pub(super) struct Safe {
    /// As it stands in the file, and is written back; `None` once it was edited.
    raw: Option<Vec<u8>>,
    content: SafeContent,
}

enum SafeContent {
    Plain(Vec<Bag>),
    Encrypted {
        sealed: Sealed,
        opened: OnceLock<Result<Vec<Bag>, EncryptionError>>,
    },
    /// Not understood, and why.
    Opaque(String),
}

/// An EncryptedData.
struct Sealed {
    encryption: Encryption,
    ciphertext: Vec<u8>,
}

impl Safe {
    pub(super) fn parse(element: &Element<'_>) -> Result<Self, BerError> {
        let raw = Some(element.raw.to_vec());
        let mut fields = element.expect(tag::SEQUENCE, "a ContentInfo")?.reader();
        let content_type = fields.oid("a content type")?;
        if content_type == oid::DATA {
            let mut explicit = fields.expect(tag::CONTEXT_0, "safe contents")?.reader();
            let contents = explicit.octet_string("safe contents")?;
            return Ok(Self {
                raw,
                content: SafeContent::Plain(parse_bags(&contents)?),
            });
        }
        if content_type != oid::ENCRYPTED_DATA {
            let reason = format!("content of the type {content_type}");
            return Ok(Self {
                raw,
                content: SafeContent::Opaque(reason),
            });
        }
        let explicit = fields.expect(tag::CONTEXT_0, "encrypted data")?.reader();
        let content = match Sealed::parse(explicit) {
            Ok(sealed) => SafeContent::Encrypted {
                sealed,
                opened: OnceLock::new(),
            },
            Err(EncryptionError::Parameters(damage)) => return Err(damage),
            Err(reason) => SafeContent::Opaque(reason.to_string()),
        };
        Ok(Self { raw, content })
    }

    /// A plain container of `bags`.
    pub(super) fn plain(bags: Vec<Bag>) -> Self {
        Self {
            raw: None,
            content: SafeContent::Plain(bags),
        }
    }

    /// A container of `bags`, to be written under `encryption`.
    pub(super) fn encrypted(encryption: Encryption, bags: Vec<Bag>) -> Self {
        let sealed = Sealed {
            encryption,
            ciphertext: Vec::new(),
        };
        let opened = OnceLock::from(Ok(bags));
        Self {
            raw: None,
            content: SafeContent::Encrypted { sealed, opened },
        }
    }

    /// Gives up on opening an encrypted container.
    pub(super) fn left_closed(self) -> Self {
        match self.content {
            SafeContent::Encrypted { .. } => Self {
                raw: self.raw,
                content: SafeContent::Opaque("it is encrypted".to_owned()),
            },
            _ => self,
        }
    }

    /// The ContentInfo. Costs a derivation where an encrypted container was edited.
    pub(super) fn to_der(&self, password: &Password) -> Cow<'_, [u8]> {
        match (&self.raw, &self.content) {
            (Some(raw), _) => Cow::Borrowed(raw),
            (None, SafeContent::Plain(bags)) => Cow::Owned(data_content_info(&safe_contents(bags))),
            (None, SafeContent::Encrypted { sealed, opened }) => {
                let bags = opened.get().and_then(|bags| bags.as_ref().ok());
                let contents = safe_contents(bags.map_or(&[], Vec::as_slice));
                Cow::Owned(sealed.content_info(password, &contents))
            }
            // What is not understood is never edited.
            (None, SafeContent::Opaque(_)) => Cow::Borrowed(&[]),
        }
    }

    /// SHA-256 of a container that could not be opened, as it stands in the file.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(self.raw.as_deref().unwrap_or_default()).into()
    }

    /// The bags of a container that is not encrypted; they need no password.
    pub(super) fn plain_bags(&self) -> Option<&[Bag]> {
        match &self.content {
            SafeContent::Plain(bags) => Some(bags),
            _ => None,
        }
    }

    /// The bags, decrypted at the first call; or why there are none.
    pub(super) fn bags(&self, password: &Password) -> Result<&[Bag], String> {
        match &self.content {
            SafeContent::Plain(bags) => Ok(bags),
            SafeContent::Opaque(reason) => Err(reason.clone()),
            SafeContent::Encrypted { sealed, opened } => opened
                .get_or_init(|| sealed.open(password))
                .as_deref()
                .map_err(ToString::to_string),
        }
    }

    /// How an encrypted container is encrypted.
    pub(super) fn protection(&self) -> Option<Protection> {
        match &self.content {
            SafeContent::Encrypted { sealed, .. } => Some(sealed.encryption.protection()),
            _ => None,
        }
    }

    /// Iterations that opening this container costs.
    pub(super) fn cost(&self) -> u32 {
        match &self.content {
            SafeContent::Encrypted { sealed, opened } if opened.get().is_none() => {
                sealed.encryption.iterations().get()
            }
            _ => 0,
        }
    }

    /// Lets `change` edit the bags. An encrypted container keeps its algorithm and cost, under a
    /// fresh salt; it must have been opened, otherwise nothing happens.
    pub(super) fn edit(
        &mut self,
        change: impl FnOnce(&mut Vec<Bag>),
    ) -> Result<(), EncryptionError> {
        match &mut self.content {
            SafeContent::Plain(bags) => change(bags),
            SafeContent::Encrypted { sealed, opened } => {
                let Some(Ok(bags)) = opened.get_mut() else {
                    return Ok(());
                };
                change(bags);
                sealed.encryption = sealed.encryption.renewed()?;
            }
            SafeContent::Opaque(_) => return Ok(()),
        }
        self.raw = None;
        Ok(())
    }
}

impl Sealed {
    fn parse(mut explicit: Reader<'_>) -> Result<Self, EncryptionError> {
        let mut data = explicit.sequence("EncryptedData")?;
        data.number("a version")?;
        let mut info = data.sequence("EncryptedContentInfo")?;
        info.oid("a content type")?;
        let identifier = info.expect(tag::SEQUENCE, "an AlgorithmIdentifier")?;
        let encryption = Encryption::parse(&identifier)?;
        if encryption == Encryption::Jks {
            let what = "the key protector of JKS".to_owned();
            return Err(EncryptionError::Unsupported(what));
        }
        let content = info
            .next()?
            .ok_or(BerError::Missing("the encrypted content"))?;
        if content.tag != tag::CONTEXT_0 {
            content.expect(tag::CONTEXT_0_PRIMITIVE, "the encrypted content")?;
        }
        Ok(Self {
            encryption,
            ciphertext: content.octets()?.into_owned(),
        })
    }

    fn open(&self, password: &Password) -> Result<Vec<Bag>, EncryptionError> {
        let contents = self.encryption.decrypt(password, &self.ciphertext)?;
        // A wrong password passes the padding once in 256 times, and gives noise.
        parse_bags(&contents).map_err(|_| EncryptionError::WrongPassword)
    }

    /// The ContentInfo around `contents`.
    fn content_info(&self, password: &Password, contents: &[u8]) -> Vec<u8> {
        #[expect(clippy::expect_used, reason = "the invariant that it states")]
        let ciphertext = self
            .encryption
            .encrypt(password, contents)
            .expect("parameters that were generated, or that decrypted, encrypt");
        let info = der::sequence(&[
            &der::oid(oid::DATA),
            &self.encryption.to_der(),
            &der::element(tag::CONTEXT_0_PRIMITIVE, &[&ciphertext]),
        ]);
        let data = der::sequence(&[&der::number(0), &info]);
        der::sequence(&[&der::oid(oid::ENCRYPTED_DATA), &der::explicit_0(&data)])
    }
}

fn parse_bags(contents: &[u8]) -> Result<Vec<Bag>, BerError> {
    let mut outer = Reader::new(contents);
    let mut elements = outer.sequence("SafeContents")?;
    outer.end()?;
    let mut bags = Vec::new();
    while let Some(element) = elements.next()? {
        bags.push(Bag::parse(&element)?);
    }
    Ok(bags)
}

fn safe_contents(bags: &[Bag]) -> Zeroizing<Vec<u8>> {
    let raw: Vec<&[u8]> = bags.iter().map(|bag| bag.raw.as_slice()).collect();
    Zeroizing::new(der::sequence(&raw))
}

/// `SEQUENCE { data, [0] OCTET STRING }`.
pub(super) fn data_content_info(content: &[u8]) -> Vec<u8> {
    der::sequence(&[
        &der::oid(oid::DATA),
        &der::explicit_0(&der::octet_string(content)),
    ])
}
