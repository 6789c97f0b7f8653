//! Java object streams in a JCEKS entry: references, counts, depth, and what a few bytes can be made to mean.

use crate::PASSWORD;
use crate::jceks::{self, JCEKS, array, class, field, reference, text};
use crate::opening::{Opening, opening};

const NULL: &[u8] = &[0x70];
const OBJECT: &[u8] = &[0x73];

/// Opens a store whose only secret is this stream.
#[track_caller]
fn opening_of_stream(parts: &[&[u8]]) -> Opening {
    let entry = [
        &jceks::head(3, b"x")[..],
        &jceks::STREAM_HEADER,
        &parts.concat(),
    ]
    .concat();
    opening(&jceks::store_of_count(JCEKS, 2, 1, &entry, PASSWORD))
}

fn objects(name: &str) -> Vec<u8> {
    field(b'L', name, &text("Ljava/lang/Object;"))
}

#[test]
fn java_stream_self_reference() {
    // The class, its parent, its field's type, the object, the array, the string: each names itself or what is not there.
    opening_of_stream(&[OBJECT, &reference(0)]).is_opened("a reference to nothing");
    opening_of_stream(&[OBJECT, &class("A", 2, &[], &reference(0))])
        .is_opened("a class that is none");
    let of_itself = class("A", 2, &[field(b'L', "a", &reference(0))], NULL);
    opening_of_stream(&[OBJECT, &of_itself, NULL]).is_opened("a secret of the class A");
    let holder = class("A", 2, &[objects("a")], NULL);
    opening_of_stream(&[OBJECT, &holder, &reference(2)]).is_opened("a secret of the class A");
    for handle in [3, 0x00ff_ffff, 0xff81_ffff] {
        opening_of_stream(&[OBJECT, &holder, &reference(handle)])
            .is_opened("a reference to nothing");
    }
    opening_of_stream(&[OBJECT, &holder, &[0x71, 0, 0, 0, 0]]).is_opened("a reference to nothing");
    opening_of_stream(&[&[0x75], &reference(0)]).is_opened("holds no object");
}

#[test]
fn java_stream_class_count() {
    // Each class is the annotation of nothing: a flood of descriptions in one array of objects.
    let objects = class("[Ljava.lang.Object;", 2, &[], NULL);
    let flood = class("A", 2, &[], NULL).repeat(60_000);
    let holder = class(
        "A",
        2,
        &[field(b'[', "all", &text("[Ljava/lang/Object;"))],
        NULL,
    );
    let length = 60_000_u32.to_be_bytes();
    opening_of_stream(&[OBJECT, &holder, &[0x75], &objects, &length, &flood])
        .is_opened("more than 10000");
}

#[test]
fn java_stream_field_count_ffff() {
    let endless = [&[0x72, 0, 1, b'A'][..], &[0; 8], &[2], &[0xff, 0xff]].concat();
    opening_of_stream(&[OBJECT, &endless]).is_opened("ends too early");
    let fields = vec![field(b'B', "", &[]); 0xffff];
    let wide = class("A", 2, &fields, NULL);
    opening_of_stream(&[OBJECT, &wide, &vec![0; 0xffff]]).is_opened("a secret of the class A");
    opening_of_stream(&[OBJECT, &wide, &vec![0; 0xfffe]]).is_opened("ends too early");
}

#[test]
fn java_stream_array_length_ffffffff() {
    for class_name in ["[B", "[I", "[Ljava.lang.Object;", "[[B", "[", "", "A"] {
        let array_class = class(class_name, 2, &[], NULL);
        for length in [u32::MAX, 0x7fff_ffff, 0x1000_0000] {
            let holder = class("A", 2, &[field(b'[', "a", &text("[B"))], NULL);
            let array = [
                &[0x75],
                &array_class[..],
                &length.to_be_bytes(),
                &[0x70; 64],
            ]
            .concat();
            opening_of_stream(&[OBJECT, &holder, &array])
                .is_opened("secret: alias <x> cannot be read");
        }
    }
}

#[test]
fn java_stream_string_and_block_lengths() {
    let holder = class("A", 3, &[objects("a")], NULL);
    opening_of_stream(&[OBJECT, &holder, &[0x7c], &[0xff; 8], b"x"]).is_opened("ends too early");
    opening_of_stream(&[OBJECT, &holder, NULL, &[0x7a], &[0xff; 4], b"x"])
        .is_opened("ends too early");
    opening_of_stream(&[OBJECT, &holder, NULL, &[0x77, 0xff], b"x"]).is_opened("ends too early");
    opening_of_stream(&[OBJECT, &holder, &[0x74, 0xff, 0xff], b"x"]).is_opened("ends too early");
}

#[test]
fn java_stream_nesting_100000() {
    let holder = class("A", 2, &[objects("a")], NULL);
    let nested = [OBJECT, &reference(0)].concat().repeat(100_000);
    opening_of_stream(&[OBJECT, &holder, &nested]).is_opened("nested more than");
    let parents: Vec<u8> = (0..20_000)
        .flat_map(|_| [&[0x72, 0, 1, b'A'][..], &[0; 8], &[2, 0, 0, 0x78]].concat())
        .collect();
    opening_of_stream(&[OBJECT, &parents, NULL]).is_opened("nested more than");
    let annotations: Vec<u8> = (0..20_000)
        .flat_map(|_| [&[0x72, 0, 1, b'A'][..], &[0; 8], &[2, 0, 0]].concat())
        .collect();
    opening_of_stream(&[OBJECT, &annotations]).is_opened("nested more than");
    let arrays: Vec<u8> = [&[0x75][..], &reference(2), &[0, 0, 0, 1]]
        .concat()
        .repeat(20_000);
    let array_class = class("[[Ljava.lang.Object;", 2, &[], NULL);
    opening_of_stream(&[OBJECT, &class("A", 3, &[], NULL), &array_class, &arrays])
        .is_opened("nested more than");
}

#[test]
fn java_stream_a_class_of_9000_ancestors() {
    // Every class names the one before it as its parent, so that nothing is nested.
    let mut annotation = class("A", 2, &[], NULL);
    for number in 0..9_000 {
        annotation.extend(class("A", 2, &[], &reference(number + 1)));
    }
    // Handle 0 is the class whose annotation this is.
    let annotated = [
        &[0x72, 0, 1, b'A'][..],
        &[0; 8],
        &[2, 0, 0],
        &annotation,
        &[0x78],
        &reference(9_000),
    ]
    .concat();
    opening_of_stream(&[OBJECT, &annotated]).is_cheap();
}

#[test]
fn java_stream_9000_objects_inside_one_another_by_reference() {
    let holder = class("A", 3, &[objects("a")], NULL);
    let mut annotation = Vec::new();
    // Handles: 0 the class, 1 the type's name, 2 the outer object.
    for number in 0..9_000 {
        annotation.extend([OBJECT, &reference(0), &reference(number + 2), &[0x78]].concat());
    }
    opening_of_stream(&[OBJECT, &holder, NULL, &annotation, &[0x78]])
        .is_opened("a secret of the class A");
}

#[test]
fn java_stream_one_long_text_named_60000_times() {
    let long = "x".repeat(65_000);
    let fields: Vec<Vec<u8>> = (0..60_000)
        .map(|_| field(b'L', "", &reference(1)))
        .collect();
    // Handle 1 is the text, in the first field's place.
    let fields = [&[field(b'L', "", &text(&long))], &fields[..]].concat();
    let wide = class("A", 2, &fields, NULL);
    let values = reference(1).repeat(60_001);
    opening_of_stream(&[OBJECT, &wide, &values]).is_opened("a secret of the class A");
}

#[test]
fn java_stream_fields_of_long_names_in_9000_objects() {
    let fields: Vec<Vec<u8>> = (0..8)
        .map(|_| field(b'L', &"x".repeat(60_000), &text("L")))
        .collect();
    let wide = class("A", 3, &fields, NULL);
    let mut annotation = Vec::new();
    for _ in 0..9_000 {
        annotation.extend([OBJECT, &reference(0), &reference(1).repeat(8), &[0x78]].concat());
    }
    let values = reference(1).repeat(8);
    opening_of_stream(&[OBJECT, &wide, &values, &annotation, &[0x78]])
        .is_opened("a secret of the class");
}

#[test]
fn java_stream_unknown_codes() {
    for code in [0x00, 0x6f, 0x7f, 0x80, 0xff] {
        let holder = class("A", 2, &[objects("a")], NULL);
        opening_of_stream(&[OBJECT, &holder, &[code]]).is_opened("unknown code");
    }
}

#[test]
fn java_stream_sealed_object_with_wrong_types() {
    let name = "com.sun.crypto.provider.SealedObjectForKeyProtector";
    for value in [
        NULL,
        &text("a text")[..],
        &array(&class("[I", 2, &[], NULL), &[])[..],
    ] {
        let fields = [objects("encodedParams"), objects("encryptedContent")];
        let sealed = class(name, 2, &fields, NULL);
        opening_of_stream(&[OBJECT, &sealed, value, NULL]).is_opened("a sealed object without");
    }
}
