//! What products and frameworks store, and keyward's envelopes.
//!
//! What keyward does not make is passlib's or, where passlib has no handler, of Python's hashlib.

use argon2::Algorithm;
use keyward::password::{Dialect, Wrapping, firebase_row, recognise, wso2_row};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use crate::plain;
use crate::row::{Group, Row};

/// Keycloak's rows, each with Keycloak's own cost.
pub(crate) fn keycloak() -> Group {
    let dialect = Dialect::Keycloak;
    let rows = vec![
        Row::made("pbkdf2, 1,300,000", dialect, "pbkdf2", None)
            .plain(|| plain::pbkdf2::<Sha1>(1_300_000, 64)),
        Row::made("pbkdf2-sha256, 600,000", dialect, "pbkdf2-sha256", None)
            .plain(|| plain::pbkdf2::<Sha256>(600_000, 32)),
        Row::made("pbkdf2-sha512, 210,000", dialect, "pbkdf2-sha512", None)
            .plain(|| plain::pbkdf2::<Sha512>(210_000, 64)),
        Row::made("argon2, 7 MiB, 5 passes", dialect, "argon2", None)
            .plain(|| plain::argon2(Algorithm::Argon2id, 7_168, 5)),
    ];
    Group {
        title: "Keycloak",
        rows,
    }
}

/// Spring's own encoders; `{bcrypt}` and `{argon2}` are with crypt(3) and PHC strings.
pub(crate) fn spring() -> Group {
    let dialect = Dialect::Spring;
    let rows = vec![
        Row::stored("{noop}", dialect, "{noop}x34!2axf").spring(""),
        Row::stored(
            "{SHA-256}",
            dialect,
            "{SHA-256}{saltsalt}d09eb42922ff8d665ae6df94d4ccca5a77afbaa764d70ddbd1c8d7a71cddee15",
        )
        .plain(plain::digest::<Sha256>)
        .spring(""),
        Row::stored(
            "{sha256}, 1,024 times",
            dialect,
            "{sha256}73616c7473616c746adc74318faa50ef71fb12a14d2b9fbe55d8d488a3092f1c4b1ae481cf1f7264",
        )
        .plain(|| plain::repeated_digest::<Sha256>(1024))
        .spring(""),
        Row::stored(
            "{pbkdf2}, 185,000 of SHA-1",
            dialect,
            "{pbkdf2}73616c7473616c749562e42851e25510582a6599c77ff1688372613615345135c825ba015eebca0a",
        )
        .plain(|| plain::pbkdf2::<Sha1>(185_000, 32))
        .spring(""),
        Row::made(
            "{pbkdf2@SpringSecurity_v5_8}, 310,000 of SHA-256",
            dialect,
            "pbkdf2@SpringSecurity_v5_8",
            None,
        )
        .plain(|| plain::pbkdf2::<Sha256>(310_000, 32))
        .spring(""),
        Row::made(
            "{scrypt@SpringSecurity_v5_8}, N = 2^16, r = 8",
            dialect,
            "scrypt@SpringSecurity_v5_8",
            Some(16),
        )
        .plain(|| plain::scrypt(16, 32))
        .spring(""),
    ];
    Group {
        title: "Spring Security",
        rows,
    }
}

/// Frameworks' hashers.
pub(crate) fn frameworks() -> Group {
    let (django, werkzeug) = (Dialect::Django, Dialect::Werkzeug);
    let rows = vec![
        Row::stored(
            "Django sha1",
            django,
            "sha1$KSLAQbhXDC1z$400e7041f553fc9a03bcc52cf1c476dba1e6e5a1",
        )
        .plain(plain::digest::<Sha1>)
        .passlib("django_salted_sha1"),
        Row::made(
            "Django pbkdf2_sha256, 600,000",
            django,
            "pbkdf2_sha256",
            Some(600_000),
        )
        .plain(|| plain::pbkdf2::<Sha256>(600_000, 32))
        .passlib("django_pbkdf2_sha256"),
        Row::made("Django scrypt, N = 2^14, r = 8", django, "scrypt", Some(14))
            .plain(|| plain::scrypt(14, 64)),
        Row::made("Django argon2, 19 MiB, 2 passes", django, "argon2", Some(2))
            .plain(|| plain::argon2(Algorithm::Argon2id, 19_456, 2))
            .passlib("django_argon2"),
        Row::made(
            "Django bcrypt_sha256, 10",
            django,
            "bcrypt_sha256",
            Some(10),
        )
        .plain(|| plain::bcrypt(10))
        .passlib("django_bcrypt_sha256"),
        Row::made(
            "passlib bcrypt-sha256, 10",
            Dialect::Passlib,
            "bcrypt-sha256",
            Some(10),
        )
        .plain(|| plain::bcrypt(10))
        .passlib("bcrypt_sha256"),
        Row::made(
            "Werkzeug pbkdf2:sha256, 600,000",
            werkzeug,
            "pbkdf2",
            Some(600_000),
        )
        .plain(|| plain::pbkdf2::<Sha256>(600_000, 32)),
        Row::made(
            "Werkzeug scrypt, N = 2^15, r = 8",
            werkzeug,
            "scrypt",
            Some(15),
        )
        .plain(|| plain::scrypt(15, 64)),
        Row::stored(
            "web2py, 1,000 of SHA-512",
            werkzeug,
            "pbkdf2(1000,20,sha512)$saltsalt$256af7470f23ef5dfafcd9f1217256e93821b430",
        )
        .plain(|| plain::pbkdf2::<Sha512>(1_000, 20)),
        Row::made(
            "ASP.NET Identity 3, 100,000 of SHA-512",
            Dialect::AspNet,
            "identity-v3",
            Some(100_000),
        )
        .plain(|| plain::pbkdf2::<Sha512>(100_000, 32)),
        Row::made(
            "Jakarta Security, 2,048 of SHA-256",
            Dialect::Jakarta,
            "Pbkdf2PasswordHash",
            Some(2048),
        )
        .plain(|| plain::pbkdf2::<Sha256>(2048, 32)),
    ];
    Group {
        title: "Frameworks",
        rows,
    }
}

/// Identity services.
pub(crate) fn services() -> Group {
    let salt = Some("uD1cBrbR0HYJ+Cxq2SCkyg==");
    let digest = wso2_row(
        "eiiAk7oiXYJUP8cBnNf3xCoCqgvJKQEVGzpu08GaFUQ=",
        salt,
        "SHA-256",
    );
    let pbkdf2 = wso2_row(
        "xuBu4Ib5XwyI1ScuWUNsAgjfPywrYYVrIVjn2Iwk+Go=",
        salt,
        "PBKDF2",
    );
    let firebase = firebase_row(
        "nMLoiUEXwKwBOR0ORr4SlqV5hhAhMF2OQLtsKu7SDs9Uqe+GrtWDYWcy8El+5Tvt2kyRRnNPuuXdyuTzjigGkA==",
        "42xEC+ixf3L2lw==",
        r#"{"algorithm":"SCRYPT","base64_signer_key":"jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==","base64_salt_separator":"Bw==","rounds":8,"mem_cost":14}"#,
    );
    let rows = vec![
        Row::stored("WSO2 SHA-256", Dialect::Wso2, &digest).plain(plain::digest::<Sha256>),
        Row::stored("WSO2 PBKDF2, 10,000 of SHA-256", Dialect::Wso2, &pbkdf2)
            .plain(|| plain::pbkdf2::<Sha256>(10_000, 32)),
        Row::stored(
            "FusionAuth salted-sha256, 20,000 times",
            Dialect::FusionAuth,
            r#"{"encryptionScheme":"salted-sha256","factor":20000,"salt":"c2FsdHNhbHQ=","password":"6yzo/L9rVNFQ7GDM7HkYWeCz+eXmndUyS3Tf1vNM99g="}"#,
        )
        .plain(|| plain::repeated_digest::<Sha256>(20_000)),
        Row::stored(
            "Auth0 HMAC-SHA256",
            Dialect::Auth0,
            r#"{"algorithm":"hmac","hash":{"value":"f157321daf627d83126e61f3e46cda234b83d340ef35754d0b5ecb4cccfd35b8","encoding":"hex","digest":"sha256","key":{"value":"12345","encoding":"utf8"}}}"#,
        )
        .plain(plain::hmac),
        Row::stored("Firebase scrypt, N = 2^14, r = 8", Dialect::Firebase, &firebase.unwrap())
            .plain(|| plain::firebase_scrypt(14)),
        Row::stored(
            "Kratos pbkdf2-sha224, 100,000 of SHA3-224",
            Dialect::Kratos,
            "$pbkdf2-sha224$i=100000,l=28$c2l4dGVlbiBieXRlcyAuLg$JTdznCqMNSjslYyhzZXDI85dLS2WUS+jSA2Dlw",
        )
        .plain(|| plain::pbkdf2_sha3(100_000)),
    ];
    Group {
        title: "Identity services",
        rows,
    }
}

/// Values that were hashed again without their passwords.
pub(crate) fn wrapped() -> Group {
    let dialect = Dialect::Keyward;
    let rows = vec![
        Row::stored(
            "{SSHA} in Argon2id, 19 MiB, 2 passes",
            dialect,
            &envelope("argon2id", 2),
        )
        .plain(|| {
            plain::digest::<Sha1>();
            plain::argon2(Algorithm::Argon2id, 19_456, 2);
        }),
        Row::stored("{SSHA} in bcrypt, 10", dialect, &envelope("bcrypt", 10)).plain(|| {
            plain::digest::<Sha1>();
            plain::bcrypt(10);
        }),
        Row::stored(
            "{SSHA} in PBKDF2-HMAC-SHA256, 310,000",
            dialect,
            &envelope("pbkdf2-sha256", 310_000),
        )
        .plain(|| {
            plain::digest::<Sha1>();
            plain::pbkdf2::<Sha256>(310_000, 32);
        }),
    ];
    Group {
        title: "Wrapped",
        rows,
    }
}

fn envelope(outer: &str, cost: u32) -> String {
    let inner = "{SSHA}BCsyvHX6/QQ44q6Ubs0tyVTK0eo3ZkyJEeLcGw==";
    let inner = recognise(inner, Some(Dialect::OpenLdap)).unwrap();
    Wrapping::new(outer, Some(cost))
        .unwrap()
        .wrap(&inner)
        .unwrap()
}
