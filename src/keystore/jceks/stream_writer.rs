//! [`StreamWriter`]: writes the few forms of a Java serialization stream that JCEKS secrets need,
//! and counts the handles that back-references name.

use zeroize::Zeroizing;

use super::modified_utf8;
use super::object_stream::code;

const HEADER: [u8; 4] = [0xac, 0xed, 0, 5];
const FIRST_HANDLE: u32 = 0x7e_0000;
const BYTE_ARRAY_UID: u64 = 0xacf3_17f8_0608_54e0;
/// Serializable, and an enum.
const ENUM_FLAGS: u8 = 0x12;

/// A number by which a later place refers to an earlier one.
#[derive(Clone, Copy)]
pub(super) struct Handle(u32);

pub(super) struct StreamWriter {
    stream: Zeroizing<Vec<u8>>,
    next_handle: u32,
}

impl StreamWriter {
    pub(super) fn new() -> Self {
        Self {
            stream: Zeroizing::new(HEADER.to_vec()),
            next_handle: FIRST_HANDLE,
        }
    }

    pub(super) fn finish(self) -> Zeroizing<Vec<u8>> {
        self.stream
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes(&[byte]);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        let stream = &mut *self.stream;
        if stream.capacity() - stream.len() < bytes.len() {
            // Growing in place would leave the old bytes behind, unwiped.
            let mut grown = Zeroizing::new(Vec::with_capacity(2 * (stream.len() + bytes.len())));
            grown.extend_from_slice(stream);
            self.stream = grown;
        }
        self.stream.extend_from_slice(bytes);
    }

    /// The beginning of a class description, up to its number of fields.
    pub(super) fn class(&mut self, name: &str, uid: u64, flags: u8, fields: u16) {
        self.byte(code::CLASS_DESCRIPTION);
        self.utf(name);
        self.bytes(&uid.to_be_bytes());
        self.skip_handle();
        self.byte(flags);
        self.bytes(&fields.to_be_bytes());
    }

    /// A field whose type is named here for the first time.
    pub(super) fn field_of_new_type(&mut self, kind: u8, name: &str, class: &str) -> Handle {
        self.byte(kind);
        self.utf(name);
        self.text(class)
    }

    pub(super) fn field_of_known_type(&mut self, kind: u8, name: &str, class: Handle) {
        self.byte(kind);
        self.utf(name);
        self.reference(class);
    }

    /// A byte array; gives the handle of its class, which later arrays refer to.
    pub(super) fn byte_array(&mut self, bytes: &[u8], class: Option<Handle>) -> Handle {
        self.byte(code::ARRAY);
        let class = class
            .inspect(|class| self.reference(*class))
            .unwrap_or_else(|| {
                let class = Handle(self.next_handle);
                self.class("[B", BYTE_ARRAY_UID, code::SERIALIZABLE, 0);
                self.bytes(&[code::END_OF_BLOCKS, code::NULL]);
                class
            });
        self.skip_handle();
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.bytes(&length.to_be_bytes());
        self.bytes(bytes);
        class
    }

    pub(super) fn text(&mut self, text: &str) -> Handle {
        let handle = Handle(self.next_handle);
        self.byte(code::STRING);
        self.skip_handle();
        self.utf(text);
        handle
    }

    pub(super) fn enum_constant(&mut self, class: &str, constant: &str) {
        self.byte(code::ENUM);
        self.class(class, 0, ENUM_FLAGS, 0);
        self.byte(code::END_OF_BLOCKS);
        self.class("java.lang.Enum", 0, ENUM_FLAGS, 0);
        self.bytes(&[code::END_OF_BLOCKS, code::NULL]);
        self.skip_handle();
        self.text(constant);
    }

    /// Counts an object that nothing refers to.
    pub(super) fn skip_handle(&mut self) {
        self.next_handle += 1;
    }

    fn reference(&mut self, handle: Handle) {
        self.byte(code::REFERENCE);
        self.bytes(&handle.0.to_be_bytes());
    }

    fn utf(&mut self, text: &str) {
        let bytes = modified_utf8::encode(text);
        let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
        self.bytes(&length.to_be_bytes());
        self.bytes(&bytes);
    }
}
