//! A JCEKS and JKS writer for test files, with a Java object stream written byte for byte.
//!
//! Source: `com.sun.crypto.provider.JceKeyStore` (JDK 17); Java Object Serialization Specification, chapter 6.

// Each test that includes this module uses a part of it.
#![allow(dead_code)]

use des::cipher::block_padding::Pkcs7;
use des::cipher::{BlockModeEncrypt, KeyIvInit};
use keyward::kdf::{EqualHalves, Iterations, KeyDerivation, jceks_halves};
use sha1::{Digest, Sha1};

use super::ber::{Form, number};

pub(crate) const JCEKS: u32 = 0xCECE_CECE;
pub(crate) const JKS: u32 = 0xFEED_FEED;
/// 22 November 2026.
pub(crate) const DATE: u64 = 1_795_281_145_928;

/// A file of `entries` with the digest that belongs to it.
pub(crate) fn store(magic: u32, version: u32, entries: &[Vec<u8>], password: &str) -> Vec<u8> {
    store_of_count(
        magic,
        version,
        u32::try_from(entries.len()).unwrap(),
        &entries.concat(),
        password,
    )
}

/// A file that says how many entries it has.
pub(crate) fn store_of_count(
    magic: u32,
    version: u32,
    count: u32,
    entries: &[u8],
    password: &str,
) -> Vec<u8> {
    let mut file = Vec::new();
    for number in [magic, version, count] {
        file.extend(number.to_be_bytes());
    }
    file.extend_from_slice(entries);
    let digest = digest(&file, password);
    file.extend(digest);
    file
}

pub(crate) fn digest(content: &[u8], password: &str) -> [u8; 20] {
    let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mixed = [&password[..], b"Mighty Aphrodite", content].concat();
    Sha1::digest(&mixed).into()
}

/// Tag, alias in modified UTF-8, date.
pub(crate) fn head(tag: u32, alias: &[u8]) -> Vec<u8> {
    [&tag.to_be_bytes()[..], &utf(alias), &DATE.to_be_bytes()].concat()
}

/// Bytes behind a u32 length.
pub(crate) fn block(bytes: &[u8]) -> Vec<u8> {
    [
        &u32::try_from(bytes.len()).unwrap().to_be_bytes()[..],
        bytes,
    ]
    .concat()
}

/// Bytes behind a u16 length.
pub(crate) fn utf(bytes: &[u8]) -> Vec<u8> {
    [
        &u16::try_from(bytes.len()).unwrap().to_be_bytes()[..],
        bytes,
    ]
    .concat()
}

pub(crate) fn certificate_entry(version: u32, alias: &str, certificate: &[u8]) -> Vec<u8> {
    [
        head(2, alias.as_bytes()),
        certificate_of(version, certificate),
    ]
    .concat()
}

pub(crate) fn private_key_entry(
    version: u32,
    alias: &str,
    encrypted: &[u8],
    chain: &[&[u8]],
) -> Vec<u8> {
    let mut entry = [head(1, alias.as_bytes()), block(encrypted)].concat();
    entry.extend(u32::try_from(chain.len()).unwrap().to_be_bytes());
    for certificate in chain {
        entry.extend(certificate_of(version, certificate));
    }
    entry
}

fn certificate_of(version: u32, certificate: &[u8]) -> Vec<u8> {
    let kind = if version == 2 {
        utf(b"X.509")
    } else {
        Vec::new()
    };
    [kind, block(certificate)].concat()
}

/// How a secret is sealed.
#[derive(Clone, Copy)]
pub(crate) struct Seal<'a> {
    pub(crate) password: &'a str,
    pub(crate) salt: [u8; 8],
    pub(crate) iterations: u64,
    pub(crate) equal_halves: EqualHalves,
}

impl Seal<'_> {
    /// A cheap one, as a JDK of today derives it.
    pub(crate) fn cheap(password: &str) -> Seal<'_> {
        Seal {
            password,
            salt: *b"saltSALT",
            iterations: 20,
            equal_halves: EqualHalves::Reversed,
        }
    }
}

/// A secret entry: a `SecretKeySpec` in a sealed object.
pub(crate) fn secret_entry(alias: &[u8], secret: &[u8], seal: &Seal<'_>) -> Vec<u8> {
    [
        head(3, alias),
        sealed_object(&secret_key_spec(secret), seal),
    ]
    .concat()
}

/// The stream of a `SealedObjectForKeyProtector` around `plaintext`.
pub(crate) fn sealed_object(plaintext: &[u8], seal: &Seal<'_>) -> Vec<u8> {
    let iterations = Iterations::new(seal.iterations).unwrap_or(Iterations::new(1).unwrap());
    let derivation = KeyDerivation::Jceks {
        halves: jceks_halves(seal.salt, seal.equal_halves),
        iterations,
    };
    let derived = derivation.derive(seal.password.as_bytes());
    let (key, iv) = derived.split_at(24);
    let ciphertext = cbc::Encryptor::<des::TdesEde3>::new_from_slices(key, iv)
        .unwrap()
        .encrypt_padded_vec::<Pkcs7>(plaintext);
    let parameters = Form::Der.sequence(&[&Form::Der.octets(&seal.salt), &number(seal.iterations)]);
    sealed_stream(&parameters, &ciphertext)
}

/// The stream of a `SealedObjectForKeyProtector` with these two byte arrays.
pub(crate) fn sealed_stream(parameters: &[u8], ciphertext: &[u8]) -> Vec<u8> {
    let fields = [
        // Handles: 0 and 1 are the classes, 2 is "[B", 3 is "Ljava/lang/String;".
        field(b'[', "encodedParams", &text("[B")),
        field(b'[', "encryptedContent", &reference(2)),
        field(b'L', "paramsAlg", &text("Ljava/lang/String;")),
        field(b'L', "sealAlg", &reference(3)),
    ];
    let parent = class("javax.crypto.SealedObject", 2, &fields, &[0x70]);
    let class = class(
        "com.sun.crypto.provider.SealedObjectForKeyProtector",
        2,
        &[],
        &parent,
    );
    let array_class = self::class("[B", 2, &[], &[0x70]);
    [
        &STREAM_HEADER[..],
        &[0x73],
        &class,
        // Handle 4 is the object, 5 the class of byte arrays.
        &array(&array_class, parameters),
        &array(&reference(5), ciphertext),
        &text("PBEWithMD5AndTripleDES"),
        &text("PBEWithMD5AndTripleDES"),
    ]
    .concat()
}

fn secret_key_spec(key: &[u8]) -> Vec<u8> {
    let fields = [
        field(b'L', "algorithm", &text("Ljava/lang/String;")),
        field(b'[', "key", &text("[B")),
    ];
    let class = class("javax.crypto.spec.SecretKeySpec", 2, &fields, &[0x70]);
    let array_class = self::class("[B", 2, &[], &[0x70]);
    [
        &STREAM_HEADER[..],
        &[0x73],
        &class,
        &text("AES"),
        &array(&array_class, key),
    ]
    .concat()
}

/// Magic and version of an object stream.
pub(crate) const STREAM_HEADER: [u8; 4] = [0xac, 0xed, 0, 5];

/// A class description without annotation. Its serial number means nothing here.
pub(crate) fn class(name: &str, flags: u8, fields: &[Vec<u8>], parent: &[u8]) -> Vec<u8> {
    let count = u16::try_from(fields.len()).unwrap().to_be_bytes();
    [
        &[0x72],
        &utf(name.as_bytes())[..],
        &[0; 8],
        &[flags],
        &count,
        &fields.concat(),
        &[0x78],
        parent,
    ]
    .concat()
}

/// A field of an object or array type, which a string or a reference to one names.
pub(crate) fn field(kind: u8, name: &str, class_name: &[u8]) -> Vec<u8> {
    [&[kind], &utf(name.as_bytes())[..], class_name].concat()
}

pub(crate) fn text(text: &str) -> Vec<u8> {
    [&[0x74], &utf(text.as_bytes())[..]].concat()
}

pub(crate) fn array(class: &[u8], bytes: &[u8]) -> Vec<u8> {
    [&[0x75], class, &block(bytes)].concat()
}

/// A back-reference to the object with this handle.
pub(crate) fn reference(handle: u32) -> Vec<u8> {
    [&[0x71][..], &(0x7e_0000 + handle).to_be_bytes()].concat()
}
