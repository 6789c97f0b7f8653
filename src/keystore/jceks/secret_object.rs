//! The plaintext of a JCEKS secret: the stream of one of two Java objects.
//!
//! | object | fields | written for |
//! |---|---|---|
//! | `java.security.KeyRep` | algorithm, encoded, format, type | passwords (`-importpass`), DES keys |
//! | `javax.crypto.spec.SecretKeySpec` | algorithm, key | AES and HMAC keys, Hadoop credentials |
//!
//! Source: measured, byte for byte the same on JDK 11, 17 and 25.

use zeroize::Zeroizing;

use super::cursor::Cursor;
use super::object_stream::{Object, ObjectStream, Value, code};
use super::stream_writer::StreamWriter;
use crate::Secret;
use crate::keystore::secret_key::SecretKey;

const KEY_REP: &str = "java.security.KeyRep";
const KEY_REP_UID: u64 = 0xbdf9_4fb3_889a_a543;
const KEY_REP_TYPE: &str = "java.security.KeyRep$Type";
const SECRET_KEY_SPEC: &str = "javax.crypto.spec.SecretKeySpec";
const SECRET_KEY_SPEC_UID: u64 = 0x5b47_0b66_e230_614d;

/// The label and the secret, or what else the stream holds.
pub(super) fn decode(plaintext: &[u8]) -> Result<SecretKey, String> {
    let mut cursor = Cursor::new(plaintext);
    let object = ObjectStream::open(&mut cursor)?.read_object()?;
    let key_field = match &*object.class {
        KEY_REP => "encoded",
        SECRET_KEY_SPEC => "key",
        other => return Err(format!("a secret of the class {}", other.escape_debug())),
    };
    let Some(Value::Bytes(key)) = object.field(key_field) else {
        return Err(format!("a {} without a key", object.class));
    };
    let Some(Value::Text(algorithm)) = object.field("algorithm") else {
        return Err(format!("a {} without an algorithm", object.class));
    };
    refuse_other_keys(&object)?;
    Ok(SecretKey {
        algorithm: algorithm.to_string(),
        secret: Secret::copied_from(key),
    })
}

/// A KeyRep stands for public and private keys as well.
fn refuse_other_keys(object: &Object<'_>) -> Result<(), String> {
    match object.field("type") {
        Some(Value::Enum(constant)) if **constant != *"SECRET" => {
            Err(format!("a key of the type {}", constant.escape_debug()))
        }
        _ => Ok(()),
    }
}

/// The stream of the object that a JDK writes for such a key.
pub(super) fn encode(key: &SecretKey) -> Zeroizing<Vec<u8>> {
    let algorithm = key.algorithm.as_str();
    let own_class = algorithm.starts_with("PBE") || ["DES", "DESede"].contains(&algorithm);
    let write = if own_class { key_rep } else { secret_key_spec };
    write(algorithm, key.secret.expose_bytes())
}

fn key_rep(algorithm: &str, key: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut stream = StreamWriter::new();
    stream.byte(code::OBJECT);
    stream.class(KEY_REP, KEY_REP_UID, code::SERIALIZABLE, 4);
    let text_type = stream.field_of_new_type(b'L', "algorithm", "Ljava/lang/String;");
    stream.field_of_new_type(b'[', "encoded", "[B");
    stream.field_of_known_type(b'L', "format", text_type);
    stream.field_of_new_type(b'L', "type", "Ljava/security/KeyRep$Type;");
    stream.bytes(&[code::END_OF_BLOCKS, code::NULL]);
    stream.skip_handle();
    stream.text(algorithm);
    stream.byte_array(key, None);
    stream.text("RAW");
    stream.enum_constant(KEY_REP_TYPE, "SECRET");
    stream.finish()
}

fn secret_key_spec(algorithm: &str, key: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut stream = StreamWriter::new();
    stream.byte(code::OBJECT);
    stream.class(SECRET_KEY_SPEC, SECRET_KEY_SPEC_UID, code::SERIALIZABLE, 2);
    stream.field_of_new_type(b'L', "algorithm", "Ljava/lang/String;");
    stream.field_of_new_type(b'[', "key", "[B");
    stream.bytes(&[code::END_OF_BLOCKS, code::NULL]);
    stream.skip_handle();
    stream.text(algorithm);
    stream.byte_array(key, None);
    stream.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(algorithm: &str) -> SecretKey {
        let algorithm = algorithm.to_owned();
        SecretKey {
            algorithm,
            secret: Secret::copied_from(b"x34!2axf"),
        }
    }

    #[test]
    fn both_objects_are_read_back() {
        for algorithm in ["PBEWithMD5AndDES", "AES", "DES", "HmacSHA256"] {
            let decoded = decode(&encode(&key(algorithm))).unwrap();
            assert_eq!(decoded.algorithm, algorithm);
            assert_eq!(decoded.secret.expose_bytes(), b"x34!2axf");
        }
    }

    #[test]
    fn every_cut_is_an_error() {
        let encoded = encode(&key("PBEWithMD5AndDES"));
        for length in 0..encoded.len() - 1 {
            assert!(decode(&encoded[..length]).is_err(), "{length} bytes");
        }
    }
}
