//! A PKCS12 writer for test files: every kind of bag, container and MAC that a program may have written,
//! in DER or scattered BER.
//!
//! Source: RFC 7292, RFC 8018, RFC 9879; secret bags as JDK 17 writes them.

// Each test that includes this module uses a part of it.
#![allow(dead_code)]

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use keyward::kdf::{self, DigestAlgorithm, Iterations, Pkcs12Purpose};

use super::ber::{Form, Read, bmp, null, number, oid};

pub(crate) const DATA: &str = "1.2.840.113549.1.7.1";
pub(crate) const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";
pub(crate) const KEY_BAG: &str = "1.2.840.113549.1.12.10.1.1";
pub(crate) const SHROUDED_KEY_BAG: &str = "1.2.840.113549.1.12.10.1.2";
pub(crate) const CERTIFICATE_BAG: &str = "1.2.840.113549.1.12.10.1.3";
pub(crate) const CRL_BAG: &str = "1.2.840.113549.1.12.10.1.4";
pub(crate) const SECRET_BAG: &str = "1.2.840.113549.1.12.10.1.5";
pub(crate) const SAFE_CONTENTS_BAG: &str = "1.2.840.113549.1.12.10.1.6";
const X509_CERTIFICATE: &str = "1.2.840.113549.1.9.22.1";
const X509_CRL: &str = "1.2.840.113549.1.9.23.1";
const FRIENDLY_NAME: &str = "1.2.840.113549.1.9.20";
const LOCAL_KEY_ID: &str = "1.2.840.113549.1.9.21";
const TRUSTED_KEY_USAGE: &str = "2.16.840.1.113894.746875.1.1";
const ANY_KEY_USAGE: &str = "2.5.29.37.0";
const PBES2: &str = "1.2.840.113549.1.5.13";
const PBKDF2: &str = "1.2.840.113549.1.5.12";
const PBMAC1: &str = "1.2.840.113549.1.5.14";
const HMAC_SHA256: &str = "1.2.840.113549.2.9";
const HMAC_SHA512: &str = "1.2.840.113549.2.11";
const AES_256_CBC: &str = "2.16.840.1.101.3.4.1.42";
const PBE_MD5_DES: &str = "1.2.840.113549.1.5.3";
const SHA1: &str = "1.3.14.3.2.26";
const SHA256: &str = "2.16.840.1.101.3.4.2.1";

const SALT: [u8; 20] = *b"twenty bytes of salt";
const IV: [u8; 16] = *b"sixteen bytes iv";

pub(crate) fn attribute(form: Form, name: &str, value: &[u8]) -> Vec<u8> {
    form.sequence(&[&oid(name), &form.set(&[value])])
}

pub(crate) fn friendly_name(form: Form, name: &str) -> Vec<u8> {
    attribute(form, FRIENDLY_NAME, &bmp(name))
}

pub(crate) fn local_key_id(form: Form, key_id: &[u8]) -> Vec<u8> {
    attribute(form, LOCAL_KEY_ID, &form.octets(key_id))
}

pub(crate) fn trusted(form: Form) -> Vec<u8> {
    attribute(form, TRUSTED_KEY_USAGE, &oid(ANY_KEY_USAGE))
}

/// A SafeBag of any type around `value`.
pub(crate) fn bag(form: Form, bag_type: &str, value: &[u8], attributes: &[Vec<u8>]) -> Vec<u8> {
    let attributes: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
    let set = if attributes.is_empty() {
        Vec::new()
    } else {
        form.set(&attributes)
    };
    form.sequence(&[&oid(bag_type), &form.explicit(value), &set])
}

fn typed(form: Form, content_type: &str, content: &[u8]) -> Vec<u8> {
    form.sequence(&[&oid(content_type), &form.explicit(&form.octets(content))])
}

/// A secret as `keytool -importpass` stores it, with what attributes the caller wants.
pub(crate) fn secret_bag(form: Form, secret: &Sealed<'_>, attributes: &[Vec<u8>]) -> Vec<u8> {
    let label = form.sequence(&[&oid(PBE_MD5_DES), &null()]);
    let key_info = form.sequence(&[&number(0), &label, &form.octets(secret.plaintext)]);
    let encrypted = encrypted_key_info(form, &key_info, secret.password, secret.iterations);
    bag(
        form,
        SECRET_BAG,
        &typed(form, SHROUDED_KEY_BAG, &encrypted),
        attributes,
    )
}

/// What is in a secret bag and under what.
pub(crate) struct Sealed<'a> {
    pub(crate) plaintext: &'a [u8],
    pub(crate) password: &'a str,
    pub(crate) iterations: u64,
}

pub(crate) fn shrouded_key_bag(form: Form, password: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
    let encrypted = encrypted_key_info(
        form,
        b"a private key, as far as anyone can see",
        password,
        1,
    );
    bag(form, SHROUDED_KEY_BAG, &encrypted, attributes)
}

pub(crate) fn certificate_bag(form: Form, certificate: &[u8], attributes: &[Vec<u8>]) -> Vec<u8> {
    bag(
        form,
        CERTIFICATE_BAG,
        &typed(form, X509_CERTIFICATE, certificate),
        attributes,
    )
}

pub(crate) fn crl_bag(form: Form, attributes: &[Vec<u8>]) -> Vec<u8> {
    let list = form.sequence(&[&number(1)]);
    bag(form, CRL_BAG, &typed(form, X509_CRL, &list), attributes)
}

/// The ContentInfo of a container that is not encrypted.
pub(crate) fn plain(form: Form, bags: &[Vec<u8>]) -> Vec<u8> {
    content_info(form, &safe_contents(form, bags))
}

pub(crate) fn content_info(form: Form, content: &[u8]) -> Vec<u8> {
    form.sequence(&[&oid(DATA), &form.explicit(&form.octets(content))])
}

pub(crate) fn safe_contents(form: Form, bags: &[Vec<u8>]) -> Vec<u8> {
    let bags: Vec<&[u8]> = bags.iter().map(Vec::as_slice).collect();
    form.sequence(&bags)
}

/// The ContentInfo of a container that is encrypted as a whole.
pub(crate) fn encrypted(form: Form, bags: &[Vec<u8>], password: &str, iterations: u64) -> Vec<u8> {
    let contents = safe_contents(form, bags);
    let ciphertext = aes_256_cbc(&contents, password, iterations);
    let info = form.sequence(&[
        &oid(DATA),
        &pbes2(form, iterations),
        &form.implicit_octets(&ciphertext),
    ]);
    let data = form.sequence(&[&number(0), &info]);
    form.sequence(&[&oid(ENCRYPTED_DATA), &form.explicit(&data)])
}

/// The bags of such a container.
pub(crate) fn open_encrypted(content_info: &[u8], password: &str, iterations: u64) -> Vec<u8> {
    let data = Read::first(content_info).children()[1].children()[0].children()[1];
    let [_, algorithm, content] = data.children()[..] else {
        panic!("EncryptedContentInfo has three parts");
    };
    let parameters = algorithm.children()[1];
    let salt = parameters.children()[0].children()[1].children()[0].octets();
    let iv = parameters.children()[1].children()[1].octets();
    let key = pbkdf2_sha256(password, &salt, iterations);
    cbc::Decryptor::<aes::Aes256>::new_from_slices(&key, &iv)
        .unwrap()
        .decrypt_padded_vec::<Pkcs7>(&content.octets())
        .unwrap()
}

fn encrypted_key_info(form: Form, key_info: &[u8], password: &str, iterations: u64) -> Vec<u8> {
    let ciphertext = aes_256_cbc(key_info, password, iterations);
    form.sequence(&[&pbes2(form, iterations), &form.octets(&ciphertext)])
}

fn pbes2(form: Form, iterations: u64) -> Vec<u8> {
    let prf = form.sequence(&[&oid(HMAC_SHA256), &null()]);
    let parameters = form.sequence(&[&form.octets(&SALT), &number(iterations), &number(32), &prf]);
    let derivation = form.sequence(&[&oid(PBKDF2), &parameters]);
    let scheme = form.sequence(&[&oid(AES_256_CBC), &form.octets(&IV)]);
    form.sequence(&[&oid(PBES2), &form.sequence(&[&derivation, &scheme])])
}

/// A count above Java's limit is written as it is, and what it stands for is left at 1.
fn iterations_of(count: u64) -> Iterations {
    Iterations::new(count).unwrap_or(Iterations::new(1).unwrap())
}

fn pbkdf2_sha256(password: &str, salt: &[u8], iterations: u64) -> [u8; 32] {
    let mut key = [0; 32];
    let iterations = iterations_of(iterations);
    kdf::pbkdf2(
        DigestAlgorithm::Sha256,
        password.as_bytes(),
        salt,
        iterations,
        &mut key,
    );
    key
}

fn aes_256_cbc(plaintext: &[u8], password: &str, iterations: u64) -> Vec<u8> {
    let key = pbkdf2_sha256(password, &SALT, iterations);
    cbc::Encryptor::<aes::Aes256>::new_from_slices(&key, &IV)
        .unwrap()
        .encrypt_padded_vec::<Pkcs7>(plaintext)
}

/// What guards the file.
#[derive(Clone, Debug)]
pub(crate) enum Mac {
    None,
    /// The derivation of RFC 7292; the password as the bytes that go into it.
    Pkcs12 {
        sha1: bool,
        password: Vec<u8>,
        iterations: Option<u64>,
    },
    /// RFC 9879.
    Pbmac1 {
        password: String,
        key_length: Option<u64>,
        sha512: bool,
    },
}

impl Mac {
    /// SHA-256 and `iterations` under a password, as a JDK does it.
    pub(crate) fn of(password: &str, iterations: u64) -> Self {
        let password = utf16_terminated(password);
        Self::Pkcs12 {
            sha1: false,
            password,
            iterations: Some(iterations),
        }
    }

    fn data(&self, form: Form, content: &[u8]) -> Vec<u8> {
        match self {
            Self::None => Vec::new(),
            Self::Pkcs12 {
                sha1,
                password,
                iterations,
            } => {
                let digest = if *sha1 {
                    DigestAlgorithm::Sha1
                } else {
                    DigestAlgorithm::Sha256
                };
                let mut key = vec![0; digest.output_length()];
                let count = iterations_of(iterations.unwrap_or(1));
                kdf::pkcs12(digest, Pkcs12Purpose::Mac, password, &SALT, count, &mut key);
                let name = oid(if *sha1 { SHA1 } else { SHA256 });
                let value = form.octets(&digest.hmac(&key, content));
                let info = form.sequence(&[&form.sequence(&[&name, &null()]), &value]);
                let count = iterations.map(number).unwrap_or_default();
                form.sequence(&[&info, &form.octets(&SALT), &count])
            }
            Self::Pbmac1 {
                password,
                key_length,
                sha512,
            } => {
                let parameters = Pbmac1Parameters {
                    salt: &SALT,
                    iterations: 1000,
                    key_length: *key_length,
                    sha512: *sha512,
                };
                let value = parameters.hmac(password, content);
                parameters.mac_data(form, &value, b"NOT USED", 1)
            }
        }
    }
}

/// What a PBMAC1 says about itself.
pub(crate) struct Pbmac1Parameters<'a> {
    pub(crate) salt: &'a [u8],
    pub(crate) iterations: u64,
    pub(crate) key_length: Option<u64>,
    pub(crate) sha512: bool,
}

impl Pbmac1Parameters<'_> {
    fn digest(&self) -> DigestAlgorithm {
        if self.sha512 {
            DigestAlgorithm::Sha512
        } else {
            DigestAlgorithm::Sha256
        }
    }

    fn hmac(&self, password: &str, content: &[u8]) -> Vec<u8> {
        let digest = self.digest();
        let length = self
            .key_length
            .unwrap_or(u64::try_from(digest.output_length()).unwrap());
        let mut key = vec![0; usize::try_from(length).unwrap()];
        let iterations = iterations_of(self.iterations);
        kdf::pbkdf2(digest, password.as_bytes(), self.salt, iterations, &mut key);
        digest.hmac(&key, content)
    }

    pub(crate) fn mac_data(&self, form: Form, value: &[u8], salt: &[u8], count: u64) -> Vec<u8> {
        let hmac = oid(if self.sha512 {
            HMAC_SHA512
        } else {
            HMAC_SHA256
        });
        let hmac = form.sequence(&[&hmac, &null()]);
        let length = self.key_length.map(number).unwrap_or_default();
        let derivation = form.sequence(&[
            &oid(PBKDF2),
            &form.sequence(&[
                &form.octets(self.salt),
                &number(self.iterations),
                &length,
                &hmac,
            ]),
        ]);
        let algorithm = form.sequence(&[&oid(PBMAC1), &form.sequence(&[&derivation, &hmac])]);
        let info = form.sequence(&[&algorithm, &form.octets(value)]);
        form.sequence(&[&info, &form.octets(salt), &number(count)])
    }
}

/// UTF-16BE with its terminator: what a password is to a PKCS12 derivation.
pub(crate) fn utf16_terminated(password: &str) -> Vec<u8> {
    let units = password.encode_utf16().chain([0]);
    units.flat_map(u16::to_be_bytes).collect()
}

/// The file: ContentInfos and what guards them.
pub(crate) fn pfx(form: Form, content_infos: &[Vec<u8>], mac: &Mac) -> Vec<u8> {
    let infos: Vec<&[u8]> = content_infos.iter().map(Vec::as_slice).collect();
    let content = form.sequence(&infos);
    pfx_of(form, &content, &mac.data(form, &content))
}

pub(crate) fn pfx_of(form: Form, authenticated_safe: &[u8], mac_data: &[u8]) -> Vec<u8> {
    form.sequence(&[
        &number(3),
        &content_info(form, authenticated_safe),
        mac_data,
    ])
}

/// What a reader of its own finds in a PKCS12 file.
pub(crate) struct Taken {
    /// Each ContentInfo, raw.
    pub(crate) content_infos: Vec<Vec<u8>>,
    authenticated_safe: Vec<u8>,
    mac_data: Option<Vec<u8>>,
}

impl Taken {
    pub(crate) fn apart(file: &[u8]) -> Self {
        let parts = Read::first(file).children();
        let authenticated_safe = parts[1].children()[1].children()[0].octets();
        let infos = Read::first(&authenticated_safe).children();
        Self {
            content_infos: infos.iter().map(|info| info.raw.to_vec()).collect(),
            mac_data: parts.get(2).map(|mac| mac.raw.to_vec()),
            authenticated_safe,
        }
    }

    /// Algorithm, salt and iterations of the MAC, but not its value.
    pub(crate) fn mac_parameters(&self) -> Option<(Vec<u8>, Vec<u8>, u64)> {
        let mac_data = self.mac_data.as_ref()?;
        let parts = Read::first(mac_data).children();
        let mut algorithm = Vec::new();
        flatten(parts[0].children()[0], &mut algorithm);
        let iterations = parts.get(2).map_or(1, Read::number);
        Some((algorithm, parts[1].octets(), iterations))
    }

    /// Whether the MAC is that of the content.
    pub(crate) fn mac_is(&self, mac: &Mac) -> bool {
        let Some(mac_data) = &self.mac_data else {
            return matches!(mac, Mac::None);
        };
        let value = |mac_data: &[u8]| Read::first(mac_data).children()[0].children()[1].octets();
        value(mac_data) == value(&mac.data(Form::Der, &self.authenticated_safe))
    }
}

/// The primitive values below an element: the same for every form of it.
fn flatten(element: Read<'_>, values: &mut Vec<u8>) {
    match element.tag {
        0x24 => values.extend(super::ber::primitive(4, &element.octets())),
        tag if tag & 0x20 == 0 => values.extend_from_slice(element.raw),
        _ => element
            .children()
            .into_iter()
            .for_each(|child| flatten(child, values)),
    }
}
