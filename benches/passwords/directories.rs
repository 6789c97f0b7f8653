//! What LDAP directories store.
//!
//! What keyward does not make is passlib's or, where passlib has no handler, of Python's hashlib.

use keyward::password::Dialect;
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use crate::row::{Group, Row};
use crate::{plain, reversible};

/// Message digests, other products' included.
pub(crate) fn digests() -> Group {
    let rows = vec![
        Row::stored("{SMD5}", Dialect::OpenLdap, "{SMD5}cHaka90kD96s87rJzySwuGxNaY2Rcm7t")
            .plain(plain::digest::<Md5>)
            .passlib("ldap_salted_md5"),
        Row::stored(
            "{SSHA}",
            Dialect::OpenLdap,
            "{SSHA}BCsyvHX6/QQ44q6Ubs0tyVTK0eo3ZkyJEeLcGw==",
        )
        .plain(plain::digest::<Sha1>)
        .passlib("ldap_salted_sha1")
        .spring("{ldap}"),
        Row::stored(
            "{SSHA512}",
            Dialect::OpenDj,
            "{SSHA512}nG7g8yYXziT5OtCc2LmamUMA9EY3xKsfiynX3AvhqDmkDn3dwbEUEzR+n7As3N7A3NzAD51cH+miDrFXDK8HyNkbgzCmlNI6",
        )
        .plain(plain::digest::<Sha512>)
        .passlib("ldap_salted_sha512"),
        Row::stored(
            "{RSSHA1}, both orders tried",
            Dialect::OpenLdap,
            "{RSSHA1}iqq7vGDQ8VQPAudwFfh/o3nZC1BzYWx0c2FsdA==",
        )
        .plain(plain::digest::<Sha1>),
        Row::stored(
            "SHA-256 without a mark",
            Dialect::Raw,
            "7804d5b30002f43f7e4f8d081e9bfae79a0bc7eedb89428103c7b8b77030a441",
        )
        .plain(plain::digest::<Sha256>)
        .passlib("hex_sha256"),
        Row::stored(
            "hashcat's sha256($salt.$pass)",
            Dialect::Raw,
            "sha256($salt.$pass):e2c1b6358f0dcf17392185cce19371a0a5892322363d1e78d77d58c7ce78288b:saltsalt",
        )
        .plain(plain::digest::<Sha256>),
        Row::stored("NT", Dialect::Nt, "36a6e2defaca677c2bee5b87b28e187d")
            .plain(plain::nt)
            .passlib("nthash"),
    ];
    Group {
        title: "Message digests",
        rows,
    }
}

/// PBKDF2 as directories write it.
pub(crate) fn pbkdf2() -> Group {
    let (opendj, openldap) = (Dialect::OpenDj, Dialect::OpenLdap);
    let rows = vec![
        Row::made("OpenDJ {PBKDF2}, 10,000", opendj, "PBKDF2", Some(10_000))
            .plain(|| plain::pbkdf2::<Sha1>(10_000, 20)),
        Row::made(
            "OpenDJ {PBKDF2-HMAC-SHA256}, 10,000",
            opendj,
            "PBKDF2-HMAC-SHA256",
            Some(10_000),
        )
        .plain(|| plain::pbkdf2::<Sha256>(10_000, 32)),
        Row::made(
            "OpenDJ {PBKDF2-HMAC-SHA512}, 10,000",
            opendj,
            "PBKDF2-HMAC-SHA512",
            Some(10_000),
        )
        .plain(|| plain::pbkdf2::<Sha512>(10_000, 64)),
        Row::stored(
            "Atlassian {PKCS5S2}",
            opendj,
            "{PKCS5S2}WCvlfM9ZSyllLCUkpPQeY0fJK3t3Fwr3mkVl2r3T+Tm39YabmXwv8ulWKtBlN2tj",
        )
        .plain(|| plain::pbkdf2::<Sha1>(10_000, 32))
        .passlib("atlassian_pbkdf2_sha1"),
        Row::made(
            "OpenLDAP {PBKDF2}, 60,000",
            openldap,
            "PBKDF2",
            Some(60_000),
        )
        .plain(|| plain::pbkdf2::<Sha1>(60_000, 20))
        .passlib("ldap_pbkdf2_sha1"),
        Row::made(
            "OpenLDAP {PBKDF2-SHA256}, 1,000",
            openldap,
            "PBKDF2-SHA256",
            Some(1_000),
        )
        .plain(|| plain::pbkdf2::<Sha256>(1_000, 32))
        .passlib("ldap_pbkdf2_sha256"),
        Row::made(
            "OpenLDAP {PBKDF2-SHA256}, 310,000",
            openldap,
            "PBKDF2-SHA256",
            Some(310_000),
        )
        .plain(|| plain::pbkdf2::<Sha256>(310_000, 32))
        .passlib("ldap_pbkdf2_sha256"),
        Row::made(
            "OpenLDAP {PBKDF2-SHA512}, 220,000",
            openldap,
            "PBKDF2-SHA512",
            Some(220_000),
        )
        .plain(|| plain::pbkdf2::<Sha512>(220_000, 64))
        .passlib("ldap_pbkdf2_sha512"),
        Row::stored(
            "389's {PBKDF2_SHA256}, 10,000, key of 256 bytes",
            Dialect::Directory389,
            PBKDF2_389,
        )
        .plain(|| plain::pbkdf2::<Sha256>(10_000, 256)),
    ];
    Group {
        title: "PBKDF2 of directories",
        rows,
    }
}

const PBKDF2_389: &str = "{PBKDF2_SHA256}AAAnEHNpeHRlZW4gYnl0ZXMgLi5zaXh0ZWVuIGJ5dGVzIC4uc2l4dGVlbiBieXRlcyAuLnNpeHRlZW4\
    gYnl0ZXMgLi4Ryh2gZQabI3UZ9wWS3JsH6nfKYALE6PzBSBDGf/mOIrxuoGz2vDMg9rn7HM3KLxCDvSQhEyr1aNU4Phzy9XY7rJqRMhAIv6zByuz/\
    CQX64FSZaqvUL88+KuW+/y13OMJiUJVQWH7S8fBYkWqEUqWQyAFjnFN7dQpB2xzPfKdyLyEOzRTn3sGW6pW+4PcQxgYUdBketDYA8WNFs1WWcdnBo\
    GxZ3O9ia/5p83IZoaQyLbp4SGVv3MQZKFzS/F0BRMPZRlWVGcfSuCBHTVi8wei/y3pvSOIUny3Lk+374XzQqiZetQP8dtW56XvSHpgQa+oaKg0mXP\
    OgQ4lOvF1MQyyf";

/// OpenDJ's reversible schemes.
pub(crate) fn reversible() -> Group {
    Group {
        title: "Encrypted, of OpenDJ",
        rows: reversible::rows(),
    }
}
