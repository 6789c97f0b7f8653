//! How a hash function stands in a wrapped hash: with its salt and cost, without a digest.
//!
//! ```text
//! name;letter=value;…        numbers are decimal, bytes in unpadded base64
//!
//! digest;h=SHA-1;b=;a=c2FsdA;t=1                 D( b | password | a ), applied t times
//! encoded;e=UTF-16LE;h=MD4;b=;a=;t=1             the same over the password in another encoding
//! pbkdf2;h=SHA256;i=27500;l=64;s=…               l: length of the key in bytes
//! bcrypt;v=2a;c=10;p=none;s=…                    p: what it gets in place of the password
//! md5-crypt;m=1;s=…       apr1: Apache's; none: AIX's   sha-crypt;h=SHA-512;r=5000;s=…
//! des-crypt;n=…           n: the salt's number   des-crypt;r=725;n=…
//! sha1-crypt;r=480000;s=…                        yescrypt;n=12;r=32;p=1;t=0;s=…
//! phpass;h=MD5;r=8192;l=16;o=password;s=…        l: bytes of the digest that are kept; o: what is hashed
//! hmac;h=SHA-256;k=…;b=;a=                       HMAC( k, b | password | a )
//! pbkdf2-sha3;h=SHA3-384;i=100000;l=48;s=…       firebase;n=14;r=8;p=1;s=…;g=…   g: the signer key
//! argon2;k=argon2id;v=19;m=7168;t=5;p=1;l=32;s=… scrypt;n=14;r=8;p=1;l=64;s=…
//! ```

mod reading;
mod writing;

use crate::kdf::DigestAlgorithm;
use crate::password::{
    Argon2Type, BcryptVariant, MessageDigest, PasswordEncoding, PhpassInner, PreHash, Sha3,
};

pub(super) use reading::read;
pub(super) use writing::write;

const APR1: &str = "$apr1$";
const MD5_CRYPT: &str = "$1$";

const DIGESTS: [MessageDigest; 9] = [
    MessageDigest::Md4,
    MessageDigest::Md5,
    MessageDigest::Sha1,
    MessageDigest::Sha224,
    MessageDigest::Sha256,
    MessageDigest::Sha384,
    MessageDigest::Sha512,
    MessageDigest::Ripemd160,
    MessageDigest::Whirlpool,
];
const PRFS: [DigestAlgorithm; 7] = [
    DigestAlgorithm::Sha1,
    DigestAlgorithm::Sha224,
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
    DigestAlgorithm::Sha512Trunc224,
    DigestAlgorithm::Sha512Trunc256,
];
const VARIANTS: [BcryptVariant; 5] = [
    BcryptVariant::First,
    BcryptVariant::A,
    BcryptVariant::B,
    BcryptVariant::X,
    BcryptVariant::Y,
];
const PRE_HASHES: [(&str, PreHash); 4] = [
    ("none", PreHash::None),
    ("hex-sha256", PreHash::HexSha256),
    ("base64-sha256", PreHash::Base64Sha256),
    ("base64-hmac-sha256", PreHash::Base64HmacSha256),
];
const ENCODINGS: [(&str, PasswordEncoding); 3] = [
    ("UTF-16LE", PasswordEncoding::Utf16LittleEndian),
    ("zero-extended", PasswordEncoding::ZeroExtended),
    ("ISO-8859-1", PasswordEncoding::Latin1),
];
const KINDS: [Argon2Type; 3] = [Argon2Type::D, Argon2Type::I, Argon2Type::Id];

const INNERS: [(&str, PhpassInner); 2] = [
    ("password", PhpassInner::Password),
    ("hex-md5", PhpassInner::HexMd5),
];
const SHA3: [(&str, Sha3); 2] = [("SHA3-224", Sha3::Sha3_224), ("SHA3-384", Sha3::Sha3_384)];
