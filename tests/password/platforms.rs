//! The notations of platforms whose programs are not here: the values that they publish with their passwords.

use keyward::Secret;
use keyward::password::{
    Dialect, PasswordError, Refusal, firebase_row, identify, recognise, wso2_row,
};

use crate::secret;

/// Kratos' `hash/hasher_test.go`. The two of SHA-3, which it does not have, are of Python's hashlib.
const KRATOS: [(&str, &str); 33] = [
    (
        "test",
        "$2a$12$o6hx.Wog/wvFSkT/Bp/6DOxCtLRTDj7lm9on9suF/WaCGNVHbkfL6",
    ),
    (
        "test",
        "$argon2id$v=19$m=32,t=2,p=4$cm94YnRVOW5jZzFzcVE4bQ$MNzk5BtR2vUhrp6qQEjRNw",
    ),
    (
        "test",
        "$argon2i$v=19$m=65536,t=3,p=4$kk51rW/vxIVCYn+EG4kTSg$NyT88uraJ6im6dyha/M5jhXvpqlEdlS/9fEm7ScMb8c",
    ),
    (
        "test",
        "$pbkdf2-sha256$i=100000,l=32$1jP+5Zxpxgtee/iPxGgOz0RfE9/KJuDElP1ley4VxXc$QJxzfvdbHYBpydCbHoFg3GJEqMFULwskiuqiJctoYpI",
    ),
    (
        "test",
        "$pbkdf2-sha512$i=100000,l=32$bdHBpn7OWOivJMVJypy2UqR0UnaD5prQXRZevj/05YU$+wArTfv1a+bNGO1iZrmEdVjhA+lL11wF4/IxpgYfPwc",
    ),
    (
        "test",
        "$pbkdf2-sha224$i=1000,l=28$c2FsdHNhbHRzYWx0c2FsdA$wJmsGecEvTmwvR19s+KdmMaVJKIr9DXDgnLFJQ",
    ),
    (
        "test",
        "$pbkdf2-sha384$i=1000,l=48$c2FsdHNhbHRzYWx0c2FsdA$VJFCke/7rGFzt8IxPQAS8jRItkbcdp3iMk1LbqlyPQAYDga6y6x9ayqZ7Nbi24US",
    ),
    (
        "test",
        "$scrypt$ln=16384,r=8,p=1$2npRo7P03Mt8keSoMbyD/tKFWyUzjiQf2svUaNDSrhA=$MiCzNcIplSMqSBrm4HckjYqYhaVPPjTARTzwB1cVNYE=",
    ),
    (
        "8x4WjoDbSxJZdR",
        "$firescrypt$ln=14,r=8,p=1$sPtDhWcd1MfdAw==$xbSou7FOl6mChCyzpCPIQ7tku7nsQMTFtyOZSXXd7tjBa4NtimOx7v42Gv2SfzPQu1oxM2/k4SsbOu73wlKe1A==$Bw==$YE0dO4bwD4JnJafh6lZZfkp1MtKzuKAXQcDCJNJNyeCHairWHKENOkbh3dzwaCdizzOspwr/FITUVlnOAwPKyw==",
    ),
    ("test123", "{SSHA}JFZFs0oHzxbMwkSJmYVeI8MnTDy/276a"),
    (
        "test123",
        "{SSHA256}czO44OTV17PcF1cRxWrLZLy9xHd7CWyVYplr1rOhuMlx/7IK",
    ),
    (
        "test123",
        "{SSHA512}xPUl/px+1cG55rUH4rzcwxdOIPSB2TingLpiJJumN2xyDWN4Ix1WQG3ihnvHaWUE8MYNkvMi5rf0C9NYixHsE6Yh59M=",
    ),
    (
        "test",
        "$sha1$pf=e1NBTFR9e1BBU1NXT1JEfQ==$NW9wbWtnejAzcg==$2qU2SGWP8viTM1md3FiI3+rjWXQ=",
    ),
    (
        "test",
        "$sha1$pf=Pz9zdGF0aWNQcmVmaXg/P3tTQUxUfXtQQVNTV09SRH0=$NW9wbWtnejAzcg==$SAAxMUn7jxckQXkBmsVF0nHwqso=",
    ),
    (
        "test",
        "$sha1$pf=e1BBU1NXT1JEfSUle1NBTFR9$NW9wbWtnejAzcg==$YX0AW8/MW5ojUlnzTaR43ucHCog=",
    ),
    (
        "test",
        "$sha1$pf=JHtQQVNTV09SRH0ke1NBTFR9JA==$NW9wbWtnejAzcg==$iE5n1yjX3oAdxRHwZ4u57I4LpQo=",
    ),
    (
        "test",
        "$sha256$pf=e1NBTFR9JCR7UEFTU1dPUkR9$NW9wbWtnejAzcg==$HokCOi9OtiZaZRvnkgemV3B4UUHpI7kA8zq/EZWH2NY=",
    ),
    (
        "test",
        "$sha512$pf=e1NBTFR9e1BBU1NXT1JEfQ==$NW9wbWtnejAzcg==$6ctpVuApMNp0CgBXcdHw/GC562eFEFGr4gpgANX8ZYsX+j5B19IkdmOY2Fytsz3QUwSWdGcUjbqwgJGTH0UYvw==",
    ),
    ("test", "$md5$CY9rzUYh03PK3k6DJie09g=="),
    (
        "test",
        "$md5$pf=e1NBTFR9e1BBU1NXT1JEfQ==$MTIz$q+RdKCgc+ipCAcm5ChQwlQ==",
    ),
    (
        "ory",
        "$md5$pf=e1BBU1NXT1JEfXtTQUxUfSQ/$MTIzNDU2Nzg5$8PhwWanVRnpJAFK4NUjR0w==",
    ),
    ("test", "$md5-crypt$TVEiiKNb$SN6/pUaRQS/E8Jh46As2C/"),
    ("test", "$md5-crypt$$whuMjZj.HMFoaTaZRRtkO0"),
    (
        "test",
        "$sha256-crypt$rounds=535000$05R.9KB6UC2kLI3w$Q/zslzx./JjkAVPTwp6th7nW5l7JU91Gte/UmIh.U78",
    ),
    (
        "ory",
        "$sha512-crypt$rounds=656000$0baQbxBrfpKqvizk$Q9cYk1MeNAlECPgpG3jjfNI2DumLqd0yHbxzLdxiX6nsSD5i9n0awcbiCf8R5DzpIYxeBPznPcb1wtzlgUKtH0",
    ),
    (
        "test",
        "$hmac-md4$MWQ5ZTI4Nzc2Zjg4YmE2MTQ5YjQ0OTMyOGE4NWU4YjA=$MTIzNDU=",
    ),
    (
        "test",
        "$hmac-md5$ZmU4Njk3Zjc0MmQwODA0MDVkMTI3MGU2MTYzMzE2Zjk=$MTIzNDU=",
    ),
    (
        "test",
        "$hmac-sha1$NDMyNjcxZTUyY2Y2YTBmYjZjZDE2NjQxYjAwNjFiZjAwOGEzNWM5MA==$MTIzNDU=",
    ),
    (
        "test",
        "$hmac-sha224$YmUwYmYzM2EwNGRlNDE0YjQzNjBhNmIyOThmNmIyYzI4OWQyMzk3MDUwZDFjMzliYjVmMDMyOTQ=$MTIzNDU=",
    ),
    (
        "test",
        "$hmac-sha256$ZTAzMWJhMWMyOTM4YjFkMjgzZjkxOWExZGY5YWM2NmMxOTJhN2RkNzQ0MzJkNWZkNGFkYTI5OTk0MWJhMTA5Zg==$MTIzNDU=",
    ),
    (
        "test",
        "$hmac-sha384$ZWEyMGM3NGE4Y2UzMTljNTdjZTlhZGQyYTZjNDE0MGQ4YjMwYWIwOWM4OTRiNWQ4MmZjODlhMzBhMmQzNGE5NmQ0NDY1NWRhYjQ2ZjhiYjBkNTRmYjk5YWZkZTA1MGY1$MTIzNDU=",
    ),
    (
        "test",
        "$hmac-sha512$OTFmODY0ZTI1NmU0ZjVhYjhiMDViZGFmNGVmNGZmMGVlNTY4ODYwNWJhYTk4MTk2OTgyMzc3NzI1YTc4MzcxMTMzNzZmY2YxYTk5MGMxM2RiZDk2MGFmMmQ1YzRmODdlMGMwYTNkYjcyNjY0NjM4NGE4YzQ2MjNhZDZkN2UxZTE=$MTIzNDU=",
    ),
    (
        "test",
        "$argon2id$v=19$m=32,t=5,p=4$cm94YnRVOW5jZzFzcVE4bQ$fBxypOL0nP/zdPE71JtAV71i487LbX3fJI5PoTN6Lp4",
    ),
];

/// passwap's `internal/testvalues` and its tests.
const PASSWAP: [(&str, &str); 12] = [
    (
        "Test1000!",
        "$md5salted-suffix$c2FsdA==$R58+SD/95ORa9VZ9BPS5FA==",
    ),
    (
        "Test1000!",
        "$md5salted-prefix$c2FsdA==$0M2MYNUmNumHqqQ+kmuTUQ==",
    ),
    (
        "password",
        "$pbkdf2$12$cmFuZG9tc2FsdGlzaGFyZA$mwUqsMixIYMc/0eN4v1.l3SVDpk",
    ),
    (
        "password",
        "$pbkdf2-sha256$12$cmFuZG9tc2FsdGlzaGFyZA$OFvEcLOIPFd/oq8egf10i.qJLI7A8nDjPLnolCWarQY",
    ),
    (
        "password",
        "$scrypt$ln=16,r=8,p=1$cmFuZG9tc2FsdGlzaGFyZA$Rh+NnJNo1I6nRwaNqbDm6kmADswD1+7FTKZ7Ln9D8nQ",
    ),
    (
        "password",
        "$argon2i$v=19$m=4096,t=3,p=1$cmFuZG9tc2FsdGlzaGFyZA$YMvo8AUoNtnKYGqeODruCjHdiEbl1pKL2MsYy9VgU/E",
    ),
    ("password", "$1$kJ4QkJaQ$3EbD/pJddrq5HW3mpZ4KZ1"),
    (
        "password",
        "$S$ErandomsaOpYrAZqwxGynirQbWYCb3ejW4BwGH81LJcOzbzeVd02",
    ),
    ("test12345", "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"),
    ("JohnRipper", "$H$712345678WhEyvy1YWzT4647jzeOmo0"),
    (
        "user1password",
        "$firebasescrypt$ln=14,r=8$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==$Bw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
    ),
    (
        "user1password",
        "$firebasescrypt$ln=10,r=4$42xEC+ixf3L2lw==$EQ0tlNdKv5ZBDYN7ofOYlhhTEe5Tu9bueDmtDUhLPM+9dcS1u1ALgMcT6N1+U9GsDlVdd3FE2dmz37fU5Y8A9Q==$Bw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
    ),
];

/// `PasswordHasherTest.cs` of ASP.NET Core.
const ASPNET: [&str; 7] = [
    "ANXrDknc7fGPpigibZXXZFMX4aoqz44JveK6jQuwY3eH/UyPhvr5xTPeGYEckLxz9A==",
    "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==",
    "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==",
    "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw",
    "AQAAAAIAAAD6AAAAIJbVi5wbMR+htSfFp8fTw8N8GOS/Sje+S/4YZcgBfU7EQuqv4OkVYmc4VJl9AGZzmRTxSkP7LtVi9IWyUxX8IAAfZ8v+ZfhjCcudtC1YERSqE1OEdXLW9VukPuJWBBjLuw==",
    "AQAAAAAAAAD6AAAAEAhftMyfTJylOlZT+eEotFXd1elee8ih5WsjXaR3PA9M",
    "AQAAAAEAA9CQAAAAIESkQuj2Du8Y+kbc5lcN/W/3NiAZFEm11P27nrSN5/tId+bR1SwV8CO1Jd72r4C08OLvplNlCDc3oQZ8efcW+jQ=",
];

/// support.okta.com on imported hashes; an answer of Okta's on its developers' forum.
const OKTA: [(&str, &str); 4] = [
    (
        "s3cr3tp@ssw0rd",
        r#"{"algorithm":"SHA-512","saltOrder":"POSTFIX","salt":"JipHQUgqQU8qQUwpQUYjUChBSEcjQQ==","value":"Zz6KwLGDm7ospSipwpDmxAjBWHKPLgGh1roGzI267h6txr/ihTI/R4K2eYrpyc0R24qCSF6DRqNl110vZZtj4A=="}"#,
    ),
    (
        "Testing123!",
        r#"{"algorithm":"SHA-256","salt":"TVB1MTNPbVk=","saltOrder":"PREFIX","value":"TdLtPD2sUZ6gnRDUkvaQgqZcZttYBhoBqQGSI/pXqnU="}"#,
    ),
    (
        "P@ssword123456",
        r#"{"algorithm":"BCRYPT","workFactor":10,"salt":"qRRx8rli7Lvs2h2CNgCQ2O","value":"mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2"}"#,
    ),
    // By hashlib.
    (
        "password",
        r#"{"algorithm":"PBKDF2","digestAlgorithm":"SHA512_HMAC","iterationCount":4096,"keySize":64,"salt":"c2FsdA==","value":"0Zexsz2wFD4BixLz0dFHnmzevcyXxcD4f2kC4HL0V7UUPzBgJkGz1VzTNZiMs2uEN2Bg7NUy4Dm3QqI5Q0ry1Q=="}"#,
    ),
];

/// Vectors of others in FusionAuth's and Auth0's members: FusionAuth's example of an encryptor, phpass's and Kratos' tests,
/// RFC 7914, [MS-NLMP]'s `Password`.
const DRESSED: [(Dialect, &str, &str); 14] = [
    (
        Dialect::FusionAuth,
        "password",
        r#"{"encryptionScheme":"salted-md5","factor":1,"salt":"dGhlc2FsdGllc3RzYWx0","password":"M9ymEsDFD7sAk2nX0Jz/pw=="}"#,
    ),
    (
        Dialect::FusionAuth,
        "test12345",
        r#"{"encryptionScheme":"phpass-md5","factor":2048,"salt":"IQRaTwmf","password":"akcnerpErQERW0oJXnEDlw=="}"#,
    ),
    (
        Dialect::FusionAuth,
        "Password",
        r#"{"encryptionScheme":"salted-pbkdf2-hmac-sha256-512","factor":80000,"salt":"TmFDbA==","password":"TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ=="}"#,
    ),
    (
        Dialect::FusionAuth,
        "P@ssword123456",
        r#"{"encryptionScheme":"bcrypt","factor":10,"salt":"qRRx8rli7Lvs2h2CNgCQ2O","password":"mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2"}"#,
    ),
    (
        Dialect::Auth0,
        "test",
        r#"{"algorithm":"bcrypt","hash":{"value":"$2a$12$o6hx.Wog/wvFSkT/Bp/6DOxCtLRTDj7lm9on9suF/WaCGNVHbkfL6"}}"#,
    ),
    (
        Dialect::Auth0,
        "test",
        r#"{"algorithm":"argon2","hash":{"value":"$argon2id$v=19$m=32,t=2,p=4$cm94YnRVOW5jZzFzcVE4bQ$MNzk5BtR2vUhrp6qQEjRNw","encoding":"utf8"}}"#,
    ),
    (
        Dialect::Auth0,
        "test",
        r#"{"algorithm":"pbkdf2","hash":{"value":"$pbkdf2-sha512$i=100000,l=32$bdHBpn7OWOivJMVJypy2UqR0UnaD5prQXRZevj/05YU$+wArTfv1a+bNGO1iZrmEdVjhA+lL11wF4/IxpgYfPwc","encoding":"utf8"}}"#,
    ),
    (
        Dialect::Auth0,
        "test123",
        r#"{"algorithm":"ldap","hash":{"value":"{SSHA}JFZFs0oHzxbMwkSJmYVeI8MnTDy/276a","encoding":"utf8"}}"#,
    ),
    (
        Dialect::Auth0,
        "test",
        r#"{"algorithm":"hmac","hash":{"value":"432671e52cf6a0fb6cd16641b0061bf008a35c90","encoding":"hex","digest":"sha1","key":{"value":"12345","encoding":"utf8"}}}"#,
    ),
    (
        Dialect::Auth0,
        "Testing123!",
        r#"{"algorithm":"sha256","hash":{"value":"4DD2ED3C3DAC519EA09D10D492F69082A65C66DB58061A01A9019223FA57AA75","encoding":"hex"},"salt":{"value":"MPu13OmY","position":"prefix"}}"#,
    ),
    (
        Dialect::Auth0,
        "s3cr3tp@ssw0rd",
        r#"{"algorithm":"sha512","hash":{"value":"Zz6KwLGDm7ospSipwpDmxAjBWHKPLgGh1roGzI267h6txr/ihTI/R4K2eYrpyc0R24qCSF6DRqNl110vZZtj4A==","encoding":"base64"},"salt":{"value":"JipHQUgqQU8qQUwpQUYjUChBSEcjQQ==","encoding":"base64","position":"suffix"}}"#,
    ),
    (
        Dialect::Auth0,
        "Password",
        r#"{"algorithm":"md4","hash":{"value":"a4f49c406510bdcab6824ee7c30fd852","encoding":"hex"},"password":{"encoding":"utf16le"}}"#,
    ),
    (
        Dialect::Auth0,
        "test",
        r#"{"algorithm":"md5","hash":{"value":"CY9rzUYh03PK3k6DJie09g==","encoding":"base64"}}"#,
    ),
    (
        Dialect::Auth0,
        "pleaseletmein",
        r#"{"algorithm":"scrypt","hash":{"value":"7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887","encoding":"hex"},"salt":{"value":"SodiumChloride","encoding":"utf8"},"keylen":64,"cost":16384,"blockSize":8,"parallelization":1}"#,
    ),
];

/// hashcat's example of mode 7900; the others are of passlib's phpass and of hashlib, over the hexadecimal MD5.
const DRUPAL: [(&str, &str); 3] = [
    (
        "hashcat",
        "$S$C33783772bRXEx1aCsvY.dqgaaSu76XmVlKrW9Qu8IQlvxHlmzLf",
    ),
    (
        "password",
        "U$S$9saltsaltb793wKIXexBZ4e9Mso4MGu0QMSgDEfnTy/zKIPJcwyY",
    ),
    ("password", "U$P$7saltsaltGfCVi87pYwP7IWZpy1QZ7/"),
];

#[test]
fn published_values_are_verified() {
    let kratos = KRATOS.map(|(password, stored)| (Dialect::Kratos, password, stored));
    let passwap = PASSWAP.map(|(password, stored)| (Dialect::Passwap, password, stored));
    let aspnet = ASPNET.map(|stored| (Dialect::AspNet, "my password", stored));
    let okta = OKTA.map(|(password, stored)| (Dialect::Okta, password, stored));
    let drupal = DRUPAL.map(|(password, stored)| (Dialect::Drupal, password, stored));
    let all = kratos.iter().chain(&passwap).chain(&aspnet).chain(&okta);
    for (dialect, password, stored) in all.chain(&drupal).chain(&DRESSED) {
        accepts(stored, *dialect, password);
    }
}

/// `PBKDF2HashProviderTest` of identity-hash-provider-pbkdf2; a row of a digest, by hashlib.
#[test]
fn rows_of_wso2_are_verified() {
    let salt = Some("GzgyTT0M0TSvgMaXZEbD1Q==");
    for (password, stored, salt, digest) in [
        (
            "vijee123",
            "dos1WOO13Hv01bJ9pLcd7g==",
            salt,
            "PBKDF2 {pbkdf2.iteration.count:20000,pbkdf2.dkLength:128}",
        ),
        (
            "nisho123",
            "KV/l28Zm91sx/xWleyWClooPfcb1PNZ5nA0OOXFiYGE=",
            salt,
            "PBKDF2",
        ),
        (
            "john123",
            "+tFsn/xvh3tLLPraNZbc70JZzKpyQMGprGRzG1jAwNWWU8+Y5Zn4QhLqUv3NUH1wY9lgFERZT/gXpd5vkw7jdA==",
            Some("GzgyTT0IOweHJgcXZEbD1Q=="),
            r#"PBKDF2 {"pbkdf2.iteration.count":"25000","pbkdf2.dkLength":"512","pbkdf2.prf":"PBKDF2WithHmacSHA1"}"#,
        ),
        (
            "admin",
            "Np07o6UXD0YNLPPlRsEoIhpR2E5bboeCd2Qg8dbRw/8=",
            Some("uD1cBrbR0HYJ+Cxq2SCkyg=="),
            "SHA-256",
        ),
        (
            "admin",
            "jGl25bVBBBW96Qi9Te4V37Fnqchz/Eu4qB9vKrRIqRg=",
            None,
            "SHA-256",
        ),
        ("admin", "admin", None, "PLAIN_TEXT"),
    ] {
        accepts(&wso2_row(stored, salt, digest), Dialect::Wso2, password);
    }
}

/// The example of github.com/firebase/scrypt; the rest are vectors of others in Firebase's members.
#[test]
fn rows_of_firebase_are_verified() {
    let signer_key =
        "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    let scrypt = format!(
        r#"{{"algorithm":"SCRYPT","base64_signer_key":"{signer_key}","base64_salt_separator":"Bw==","rounds":8,"mem_cost":14}}"#
    );
    for (password, stored, salt, config) in [
        (
            "user1password",
            "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
            "42xEC+ixf3L2lw==",
            scrypt.as_str(),
        ),
        (
            "Password",
            "TdzY9guYviGDDO5e8icB-WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl_M8jQ",
            "TmFDbA==",
            r#"{"algorithm":"PBKDF2_SHA256","rounds":80000}"#,
        ),
        (
            "test",
            "QyZx5Sz2oPts0WZBsAYb8AijXJA=",
            "",
            r#"{"algorithm":"HMAC_SHA1","hash_key":"MTIzNDU="}"#,
        ),
        (
            "Testing123!",
            "TdLtPD2sUZ6gnRDUkvaQgqZcZttYBhoBqQGSI/pXqnU=",
            "TVB1MTNPbVk=",
            r#"{"algorithm":"SHA256","rounds":1,"hash_input_order":"SALT_FIRST"}"#,
        ),
        (
            "test",
            "JDJhJDEyJG82aHguV29nL3d2RlNrVC9CcC82RE94Q3RMUlREajdsbTlvbjlzdUYvV2FDR05WSGJrZkw2",
            "",
            r#"{"algorithm":"BCRYPT"}"#,
        ),
    ] {
        let row = firebase_row(stored, salt, config).unwrap();
        accepts(&row, Dialect::Firebase, password);
    }
    let md5 = r#"{"algorithm":"MD5","rounds":2}"#;
    let row = firebase_row("CY9rzUYh03PK3k6DJie09g==", "", md5).unwrap();
    let Err(PasswordError::Refused { refusal, .. }) = recognise(&row, None) else {
        panic!("it is judged");
    };
    assert!(matches!(refusal, Refusal::Unpublished(_)));
}

/// A program with the reference implementation's class; RFC 7914 for Werkzeug and web2py.
#[test]
fn values_of_small_frameworks_are_verified() {
    let key = "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d";
    let scrypt = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887";
    accepts(
        "PBKDF2WithHmacSHA256:2048:Muo4cAqMsHCN5d27lQ1IXSEa5mMhwMn6BmubWG7DN9g=:MLJhWHR6Cf7YNYUf3XunIWb+rR2wonhXYBUgZJfVe8M=",
        Dialect::Jakarta,
        "test",
    );
    for (stored, password) in [
        (format!("pbkdf2:sha256:80000$NaCl${key}"), "Password"),
        (format!("pbkdf2(80000,64,sha256)$NaCl${key}"), "Password"),
        (
            format!("scrypt:16384:8:1$SodiumChloride${scrypt}"),
            "pleaseletmein",
        ),
    ] {
        accepts(&stored, Dialect::Werkzeug, password);
    }
}

#[test]
fn digits_without_a_mark_are_read_where_the_dialect_says_so() {
    let md5 = "098f6bcd4621d373cade4e832627b4f6";
    assert!(identify(md5, None).readings.is_empty());
    accepts(md5, Dialect::Raw, "test");
    accepts("8846f7eaee8fb117ad06bdd830b7586c", Dialect::Nt, "password");
    let hello = "185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969";
    accepts(hello, Dialect::Raw, "Hello");
    for (input, password) in [("$pass.$salt", "Hel"), ("$salt.$pass", "lo")] {
        let salt = if password == "Hel" { "lo" } else { "Hel" };
        accepts(
            &format!("sha256({input}):{hello}:{salt}"),
            Dialect::Raw,
            password,
        );
    }
    for stored in [
        "sha256($pass.$salt):185f:lo",
        &format!("sha256($pass):{hello}:lo"),
        &format!("sha256($salt):{hello}:lo"),
    ] {
        assert!(recognise(stored, Some(Dialect::Raw)).is_err(), "{stored}");
    }
}

/// `ln` is a logarithm in a PHC string, and N for Kratos: where a text is both, the dialect decides.
#[test]
fn one_scrypt_text_with_two_meanings_is_listed_twice() {
    let stored = "$scrypt$ln=16,r=8,p=1$cmFuZG9tc2FsdGlzaGFyZEFC$Rh+NnJNo1I6nRwaNqbDm6kmADswD1+7F";
    let readings = identify(stored, None).readings;
    let dialects: Vec<_> = readings
        .iter()
        .map(|reading| reading.scheme().dialects[0])
        .collect();
    assert_eq!(dialects, [Dialect::Kratos, Dialect::Phc]);
    assert!(matches!(
        recognise(stored, None),
        Err(PasswordError::Ambiguous { .. })
    ));
    let function = |dialect| {
        recognise(stored, Some(dialect))
            .unwrap()
            .function()
            .to_string()
    };
    assert!(function(Dialect::Phc).contains("2^16"));
    assert!(function(Dialect::Kratos).contains("2^4"));
}

#[test]
fn what_is_damaged_or_costs_too_much_is_refused_with_the_part() {
    for (dialect, stored, part) in [
        (
            Dialect::AspNet,
            "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4A=",
            "salt and key",
        ),
        (
            Dialect::AspNet,
            "AQAAAAL/////AAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw",
            "iteration count",
        ),
        (
            Dialect::AspNet,
            "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJgAAAAAAAAAAAAA=",
            "version 2",
        ),
        (
            Dialect::Okta,
            r#"{"algorithm":"SHA-256","salt":"TVB1MTNPbVk=","value":"TdLtPD2sUZ6gnRDUkvaQgqZcZttYBhoBqQGSI/pXqnU="}"#,
            "saltOrder",
        ),
        (
            Dialect::Okta,
            r#"{"algorithm":"BCRYPT","workFactor":31,"salt":"qRRx8rli7Lvs2h2CNgCQ2O","value":"mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2"}"#,
            "cost 31",
        ),
        (
            Dialect::Okta,
            r#"{"algorithm":7,"value":"hidden"}"#,
            "member",
        ),
        (
            Dialect::Auth0,
            r#"{"algorithm":"sha1","hash":{"value":"2aae","encoding":"hex"}}"#,
            "2 bytes",
        ),
        (
            Dialect::Auth0,
            r#"{"algorithm":"scrypt","hash":{"value":"2aae","encoding":"hex"},"salt":{"value":"x"},"cost":1073741824,"blockSize":8,"parallelization":1}"#,
            "memory",
        ),
        (
            Dialect::Auth0,
            r#"{"algorithm":"hmac","hash":{"value":"2aae","encoding":"hex","digest":"whirlpool","key":{"value":"x"}}}"#,
            "hash.digest",
        ),
        (
            Dialect::FusionAuth,
            r#"{"encryptionScheme":"salted-md5","factor":2000000000,"salt":"dGhl","password":"M9ymEsDFD7sAk2nX0Jz/pw=="}"#,
            "factor",
        ),
        (
            Dialect::Kratos,
            "$sha256$pf=e1NBTFR9$NW9wbWtnejAzcg==$HokCOi9OtiZaZRvnkgemV3B4UUHpI7kA8zq/EZWH2NY=",
            "template",
        ),
        (
            Dialect::Kratos,
            "$scrypt$ln=16385,r=8,p=1$2npRo7P03Mt8keSoMbyD/tKFWyUzjiQf2svUaNDSrhA=$MiCzNcIplSMqSBrm4HckjYqYhaVPPjTARTzwB1cVNYE=",
            "power of two",
        ),
        (Dialect::Kratos, "$hmac-md5$ZmU=$MTIzNDU=", "MD5 has 16"),
        (
            Dialect::Kratos,
            "$pbkdf2-sha224$i=4000000000,l=32$c2FsdA$c2FsdA",
            "iteration count",
        ),
        (
            Dialect::Phpass,
            "$P$UsaltSALTfDaAX/UI6frCqZDMzLFN91",
            "rounds",
        ),
        (
            Dialect::Crypt,
            "$y$jzzzzzzT$saltsalt$qxPd6GmVSeFwbYqeGiGM3fNs9HGEMO1P.ZRqBwEX792",
            "N = 2^",
        ),
        (
            Dialect::Crypt,
            "$y$j9T0..z$saltsalt$qxPd6GmVSeFwbYqeGiGM3fNs9HGEMO1P.ZRqBwEX792",
            "end",
        ),
        (
            Dialect::Crypt,
            "$y$.9T$saltsalt$qxPd6GmVSeFwbYqeGiGM3fNs9HGEMO1P.ZRqBwEX792",
            "flavor",
        ),
        (Dialect::Crypt, "_....rasmEedsvB6g8/6", "rounds are zero"),
    ] {
        let error = match recognise(stored, Some(dialect)) {
            Ok(hash) => panic!("{stored} is {}", hash.function()),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(part), "{stored}: {error}");
        assert!(!error.contains("hidden"), "{error}");
    }
}

#[test]
fn a_signer_key_is_not_shown() {
    let stored = recognise(KRATOS[8].1, Some(Dialect::Kratos)).unwrap();
    let shown = format!("{:?} {}", stored.function(), stored.function());
    assert!(
        shown.contains("Firebase") && !shown.contains("96, 77"),
        "{shown}"
    );
}

fn accepts(stored: &str, dialect: Dialect, password: &str) {
    let hash = recognise(stored, Some(dialect)).unwrap_or_else(|error| panic!("{stored}: {error}"));
    assert_eq!(hash.verify(&secret(password)), Ok(true), "{stored}");
    let other = Secret::copied_from(format!("{password}x").as_bytes());
    assert_eq!(hash.verify(&other), Ok(false), "{stored}");
    // Without the dialect it is among the readings, or has no mark at all.
    let readings = identify(stored, None).readings;
    let is_listed = readings.iter().any(|reading| reading.is_same_as(&hash));
    let is_bare =
        hash.scheme().dialects == [Dialect::Raw] || hash.scheme().dialects == [Dialect::Nt];
    assert_ne!(is_listed, is_bare, "{stored}");
}
