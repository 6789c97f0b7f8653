//! The texts of crypt(3), and PHC strings.
//!
//! What keyward does not make is passlib's or, where passlib has no handler, of Python's hashlib.

use argon2::Algorithm;
use keyward::password::Dialect;
use md5::Md5;
use sha2::Sha512;

use crate::plain;
use crate::row::{Group, Row};

/// crypt(3), and what is near it.
pub(crate) fn crypt() -> Group {
    let dialect = Dialect::Crypt;
    let rows = vec![
        Row::stored("DES", dialect, "rAdfyLio7Imuk").passlib("des_crypt"),
        Row::stored("BSDi's DES, 5,001 rounds", dialect, "_7C/.0tkOLMFSB5QW/WM")
            .passlib("bsdi_crypt"),
        Row::stored("MD5-crypt", dialect, "$1$vdQZfwYj$et1fe/EJYdVRHggmIN8Rj0")
            .passlib("md5_crypt"),
        Row::stored(
            "Apache's apr1",
            dialect,
            "$apr1$q.xIqHE7$6XgEo8B/efW8MvbSeiSAp.",
        )
        .passlib("apr_md5_crypt"),
        Row::stored(
            "SHA1-crypt, 100,000",
            dialect,
            "$sha1$100000$xUhfzGFT$X.zeT024WJUG3x4UoovBgpx8fGcw",
        )
        .plain(|| plain::sha1_crypt(100_000))
        .passlib("sha1_crypt"),
        Row::made(
            "SHA256-crypt, 100,000",
            dialect,
            "sha256-crypt",
            Some(100_000),
        )
        .plain(|| plain::sha256_crypt(100_000))
        .passlib("sha256_crypt"),
        Row::made(
            "SHA512-crypt, 100,000",
            dialect,
            "sha512-crypt",
            Some(100_000),
        )
        .plain(|| plain::sha512_crypt(100_000))
        .passlib("sha512_crypt"),
        Row::made("bcrypt, 10", dialect, "bcrypt", Some(10))
            .plain(|| plain::bcrypt(10))
            .passlib("bcrypt")
            .spring("{bcrypt}"),
        Row::made("bcrypt, 12", dialect, "bcrypt", Some(12))
            .plain(|| plain::bcrypt(12))
            .passlib("bcrypt")
            .spring("{bcrypt}"),
        Row::made("yescrypt, N = 2^12, r = 32", dialect, "yescrypt", Some(12))
            .plain(|| plain::yescrypt(12)),
        Row::made("scrypt's $7$, N = 2^14, r = 8", dialect, "scrypt", Some(14))
            .plain(|| plain::scrypt(14, 32))
            .passlib("scrypt:7"),
        Row::stored(
            "phpass, 2^13",
            Dialect::Phpass,
            "$P$BZnvEhPbZ./ea5Kfn6a1Y.MjhtfxzG1",
        )
        .plain(|| plain::phpass::<Md5>(1 << 13))
        .passlib("phpass"),
        Row::stored(
            "Drupal 7, 2^15",
            Dialect::Drupal,
            "$S$DsaltsaltQLEirKP8w8iGVuyPgEtJxCbYud3B4zTxBNFhdFo76M1",
        )
        .plain(|| plain::phpass::<Sha512>(1 << 15)),
    ];
    Group {
        title: "crypt(3), and phpass",
        rows,
    }
}

/// Argon2 and scrypt.
pub(crate) fn memory_hard() -> Group {
    let dialect = Dialect::Phc;
    let rows = vec![
        Row::made("Argon2id, 19 MiB, 2 passes", dialect, "argon2id", Some(2))
            .plain(|| plain::argon2(Algorithm::Argon2id, 19_456, 2))
            .passlib("argon2")
            .spring("{argon2}"),
        Row::made("Argon2i, 19 MiB, 2 passes", dialect, "argon2i", Some(2))
            .plain(|| plain::argon2(Algorithm::Argon2i, 19_456, 2))
            .passlib("argon2:i")
            .spring("{argon2}"),
        Row::made("Argon2d, 19 MiB, 2 passes", dialect, "argon2d", Some(2))
            .plain(|| plain::argon2(Algorithm::Argon2d, 19_456, 2))
            .passlib("argon2:d")
            .spring("{argon2}"),
        Row::made("scrypt, N = 2^16, r = 8", dialect, "scrypt", Some(16))
            .plain(|| plain::scrypt(16, 32))
            .passlib("scrypt"),
    ];
    Group {
        title: "PHC strings",
        rows,
    }
}
