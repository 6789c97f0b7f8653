//! [`ObjectStream`]: takes a Java serialization stream apart without making objects of it.
//!
//! ```text
//! stream = AC ED 00 05 content…
//! object = 73 class fields…     class = 72 name u64 flags field… annotation super
//! array  = 75 class length …    string = 74 UTF     reference = 71 handle     null = 70
//! enum   = 7E class name        end of an annotation = 78
//! ```
//! No class is looked up and nothing runs; the result is one object with those of its fields that
//! are strings, enums or byte arrays, against which the four classes that JCEKS secrets are made of
//! are matched. What is inside of other objects is passed over. Depth and lengths are bounded, and
//! nothing is copied that a stream can name twice. A class that writes itself in a form of its own
//! cannot be skipped and is refused.
//!
//! Source: Java Object Serialization Specification, chapter 6.

use std::rc::Rc;

use super::cursor::Cursor;

/// How deeply objects may be nested, and how many ancestors a class may have.
const DEEPEST: u8 = 24;
/// How many objects, classes and strings one stream may hold.
const MOST_HANDLES: usize = 10_000;
/// `0xACED`, version 5.
const HEADER: u32 = 0xaced_0005;
const FIRST_HANDLE: u32 = 0x7e_0000;

pub(super) mod code {
    pub(crate) const NULL: u8 = 0x70;
    pub(crate) const REFERENCE: u8 = 0x71;
    pub(crate) const CLASS_DESCRIPTION: u8 = 0x72;
    pub(crate) const OBJECT: u8 = 0x73;
    pub(crate) const STRING: u8 = 0x74;
    pub(crate) const ARRAY: u8 = 0x75;
    pub(crate) const CLASS: u8 = 0x76;
    pub(crate) const BLOCK: u8 = 0x77;
    pub(crate) const END_OF_BLOCKS: u8 = 0x78;
    pub(crate) const LONG_BLOCK: u8 = 0x7a;
    pub(crate) const LONG_STRING: u8 = 0x7c;
    pub(crate) const PROXY_CLASS: u8 = 0x7d;
    pub(crate) const ENUM: u8 = 0x7e;

    /// A class that writes more than its fields.
    pub(crate) const WRITE_METHOD: u8 = 0x01;
    pub(crate) const SERIALIZABLE: u8 = 0x02;
    pub(crate) const EXTERNALIZABLE: u8 = 0x04;
    /// An externalizable class whose content is in blocks, and so can be skipped.
    pub(crate) const BLOCK_DATA: u8 = 0x08;
}

/// A value in the stream.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    Bytes(&'a [u8]),
    Text(Rc<str>),
    /// The name of an enum's constant.
    Enum(Rc<str>),
    /// Something that no class in question holds.
    Other,
}

/// An object: its class and those of its fields that hold something, the topmost class's first.
#[derive(Debug)]
pub(super) struct Object<'a> {
    pub(super) class: Rc<str>,
    fields: Vec<(Rc<str>, Value<'a>)>,
}

impl<'a> Object<'a> {
    pub(super) fn field(&self, name: &str) -> Option<&Value<'a>> {
        self.fields
            .iter()
            .find(|(candidate, _)| **candidate == *name)
            .map(|(_, value)| value)
    }
}

struct Class {
    name: Rc<str>,
    flags: u8,
    fields: Vec<Field>,
    parent: Option<Rc<Class>>,
    ancestors: u8,
}

/// What an object of a class holds.
enum Field {
    /// Numbers, in bytes. Nobody asks for them, so they have no names here.
    Primitives(usize),
    /// An object or array.
    Named(Rc<str>),
}

/// What a back-reference may point to.
#[derive(Clone)]
enum Handle<'a> {
    Class(Rc<Class>),
    Value(Value<'a>),
}

/// One stream within the bytes of a cursor, which stands behind it afterwards.
pub(super) struct ObjectStream<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    handles: Vec<Handle<'a>>,
}

type Outcome<T> = Result<T, String>;

impl<'c, 'a> ObjectStream<'c, 'a> {
    pub(super) fn open(cursor: &'c mut Cursor<'a>) -> Outcome<Self> {
        if cursor.u32() != Some(HEADER) {
            return Err("not a Java object stream".to_owned());
        }
        Ok(Self {
            cursor,
            handles: Vec::new(),
        })
    }

    /// The next object.
    pub(super) fn read_object(&mut self) -> Outcome<Object<'a>> {
        if self.u8()? != code::OBJECT {
            return Err("a Java stream that holds no object".to_owned());
        }
        self.object(DEEPEST)
    }

    fn value(&mut self, depth: u8) -> Outcome<Value<'a>> {
        let depth = deeper(depth)?;
        match self.u8()? {
            code::NULL => Ok(Value::Other),
            code::REFERENCE => match self.reference()? {
                Handle::Value(value) => Ok(value),
                Handle::Class(_) => Ok(Value::Other),
            },
            code::OBJECT => self.object(depth).map(|_| Value::Other),
            code::ARRAY => self.array(depth),
            code::STRING => {
                let text = self.utf()?;
                self.remember_value(Value::Text(text))
            }
            code::LONG_STRING => {
                let length = usize::try_from(self.u64()?).map_err(|_| truncated())?;
                self.bytes(length)?;
                self.remember_value(Value::Other)
            }
            code::ENUM => self.enum_constant(depth),
            code::CLASS => {
                self.class(depth)?;
                self.remember_value(Value::Other)
            }
            code @ (code::CLASS_DESCRIPTION | code::PROXY_CLASS) => {
                self.class_description(code, depth)?;
                Ok(Value::Other)
            }
            code::BLOCK => {
                let length = self.u8()?;
                self.bytes(usize::from(length))?;
                Ok(Value::Other)
            }
            code::LONG_BLOCK => {
                self.cursor.block().ok_or_else(truncated)?;
                Ok(Value::Other)
            }
            other => Err(format!("a Java stream with the unknown code 0x{other:02x}")),
        }
    }

    fn object(&mut self, depth: u8) -> Outcome<Object<'a>> {
        let class = self.class(depth)?.ok_or("an object without a class")?;
        self.remember(Handle::Value(Value::Other))?;
        let mut lineage = Vec::new();
        let mut next = Some(&class);
        while let Some(class) = next {
            lineage.push(Rc::clone(class));
            next = class.parent.as_ref();
        }
        let mut fields = Vec::new();
        for ancestor in lineage.iter().rev() {
            self.class_data(ancestor, &mut fields, depth)?;
        }
        Ok(Object {
            class: Rc::clone(&class.name),
            fields,
        })
    }

    fn class_data(
        &mut self,
        class: &Class,
        fields: &mut Vec<(Rc<str>, Value<'a>)>,
        depth: u8,
    ) -> Outcome<()> {
        if class.flags & code::EXTERNALIZABLE != 0 {
            if class.flags & code::BLOCK_DATA == 0 {
                return Err(format!(
                    "class {} has a form of its own",
                    class.name.escape_debug()
                ));
            }
            return self.annotation(depth);
        }
        if class.flags & code::SERIALIZABLE == 0 {
            return Ok(());
        }
        for field in &class.fields {
            match field {
                Field::Primitives(length) => {
                    self.bytes(*length)?;
                }
                Field::Named(name) => match self.value(depth)? {
                    Value::Other => {}
                    value => fields.push((Rc::clone(name), value)),
                },
            }
        }
        if class.flags & code::WRITE_METHOD != 0 {
            return self.annotation(depth);
        }
        Ok(())
    }

    fn array(&mut self, depth: u8) -> Outcome<Value<'a>> {
        let class = self.class(depth)?.ok_or("an array without a class")?;
        let handle = self.handles.len();
        self.remember(Handle::Value(Value::Other))?;
        let length = usize::try_from(self.u32()?).map_err(|_| truncated())?;
        let kind = *class.name.as_bytes().get(1).ok_or("an array of nothing")?;
        if kind == b'B' {
            let value = Value::Bytes(self.bytes(length)?);
            self.handles[handle] = Handle::Value(value.clone());
            return Ok(value);
        }
        if length > self.cursor.rest().len() {
            return Err(truncated());
        }
        if !matches!(kind, b'L' | b'[') {
            let length = length.checked_mul(primitive_length(kind)?);
            self.bytes(length.ok_or_else(truncated)?)?;
            return Ok(Value::Other);
        }
        for _ in 0..length {
            self.value(depth)?;
        }
        Ok(Value::Other)
    }

    fn enum_constant(&mut self, depth: u8) -> Outcome<Value<'a>> {
        self.class(depth)?.ok_or("an enum without a class")?;
        let handle = self.handles.len();
        self.remember(Handle::Value(Value::Other))?;
        let Value::Text(constant) = self.value(depth)? else {
            return Err("an enum without a name".to_owned());
        };
        let value = Value::Enum(constant);
        self.handles[handle] = Handle::Value(value.clone());
        Ok(value)
    }

    /// A class description, a reference to one, or null.
    fn class(&mut self, depth: u8) -> Outcome<Option<Rc<Class>>> {
        let depth = deeper(depth)?;
        match self.u8()? {
            code::NULL => Ok(None),
            code::REFERENCE => match self.reference()? {
                Handle::Class(class) => Ok(Some(class)),
                Handle::Value(_) => Err("a reference to a class that is none".to_owned()),
            },
            code => self.class_description(code, depth).map(Some),
        }
    }

    fn class_description(&mut self, code: u8, depth: u8) -> Outcome<Rc<Class>> {
        if code != code::CLASS_DESCRIPTION {
            return Err(format!("a class description with the code 0x{code:02x}"));
        }
        let name = self.utf()?;
        self.u64()?;
        let handle = self.handles.len();
        self.remember(Handle::Value(Value::Other))?;
        let flags = self.u8()?;
        let count = self.cursor.u16().ok_or_else(truncated)?;
        let mut fields = Vec::new();
        for _ in 0..count {
            let kind = self.u8()?;
            if matches!(kind, b'L' | b'[') {
                fields.push(Field::Named(self.utf()?));
                self.value(depth)?;
                continue;
            }
            self.cursor.utf().ok_or_else(truncated)?;
            let length = primitive_length(kind)?;
            match fields.last_mut() {
                Some(Field::Primitives(before)) => *before += length,
                _ => fields.push(Field::Primitives(length)),
            }
        }
        self.annotation(depth)?;
        let parent = self.class(depth)?;
        let ancestors = parent.as_ref().map_or(0, |parent| parent.ancestors + 1);
        deeper(DEEPEST.saturating_sub(ancestors))?;
        let class = Rc::new(Class {
            name,
            flags,
            fields,
            parent,
            ancestors,
        });
        self.handles[handle] = Handle::Class(Rc::clone(&class));
        Ok(class)
    }

    /// Skips to the end of what a class wrote beside its fields.
    fn annotation(&mut self, depth: u8) -> Outcome<()> {
        while self.cursor.rest().first() != Some(&code::END_OF_BLOCKS) {
            self.value(depth)?;
        }
        self.u8().map(|_| ())
    }

    fn reference(&mut self) -> Outcome<Handle<'a>> {
        let handle = self.cursor.u32().ok_or_else(truncated)?;
        let index = handle
            .checked_sub(FIRST_HANDLE)
            .and_then(|index| usize::try_from(index).ok());
        let found = index.and_then(|index| self.handles.get(index));
        found
            .cloned()
            .ok_or_else(|| format!("a reference to nothing, 0x{handle:x}"))
    }

    fn remember_value(&mut self, value: Value<'a>) -> Outcome<Value<'a>> {
        self.remember(Handle::Value(value.clone()))?;
        Ok(value)
    }

    fn remember(&mut self, handle: Handle<'a>) -> Outcome<()> {
        if self.handles.len() == MOST_HANDLES {
            return Err(format!(
                "more than {MOST_HANDLES} objects in one Java stream"
            ));
        }
        self.handles.push(handle);
        Ok(())
    }

    fn u8(&mut self) -> Outcome<u8> {
        self.cursor.u8().ok_or_else(truncated)
    }

    fn u32(&mut self) -> Outcome<u32> {
        self.cursor.u32().ok_or_else(truncated)
    }

    fn u64(&mut self) -> Outcome<u64> {
        self.cursor.u64().ok_or_else(truncated)
    }

    fn bytes(&mut self, length: usize) -> Outcome<&'a [u8]> {
        self.cursor.bytes(length).ok_or_else(truncated)
    }

    fn utf(&mut self) -> Outcome<Rc<str>> {
        self.cursor.utf().map(Rc::from).ok_or_else(truncated)
    }
}

fn primitive_length(kind: u8) -> Outcome<usize> {
    match kind {
        b'B' | b'Z' => Ok(1),
        b'C' | b'S' => Ok(2),
        b'I' | b'F' => Ok(4),
        b'J' | b'D' => Ok(8),
        other => Err(format!("a field of the unknown type 0x{other:02x}")),
    }
}

fn deeper(depth: u8) -> Outcome<u8> {
    depth
        .checked_sub(1)
        .ok_or_else(|| format!("Java objects nested more than {DEEPEST} deep"))
}

fn truncated() -> String {
    "a Java stream that ends too early".to_owned()
}
