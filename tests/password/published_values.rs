//! Stored values that platforms and their libraries publish with the passwords.

use keyward::password::Dialect;

/// Kratos' `hash/hasher_test.go`. The two of SHA-3, which it does not have, are of Python's hashlib.
pub(crate) const KRATOS: [(&str, &str); 33] = [
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
pub(crate) const PASSWAP: [(&str, &str); 12] = [
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
pub(crate) const ASPNET: [&str; 7] = [
    "ANXrDknc7fGPpigibZXXZFMX4aoqz44JveK6jQuwY3eH/UyPhvr5xTPeGYEckLxz9A==",
    "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==",
    "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==",
    "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw",
    "AQAAAAIAAAD6AAAAIJbVi5wbMR+htSfFp8fTw8N8GOS/Sje+S/4YZcgBfU7EQuqv4OkVYmc4VJl9AGZzmRTxSkP7LtVi9IWyUxX8IAAfZ8v+ZfhjCcudtC1YERSqE1OEdXLW9VukPuJWBBjLuw==",
    "AQAAAAAAAAD6AAAAEAhftMyfTJylOlZT+eEotFXd1elee8ih5WsjXaR3PA9M",
    "AQAAAAEAA9CQAAAAIESkQuj2Du8Y+kbc5lcN/W/3NiAZFEm11P27nrSN5/tId+bR1SwV8CO1Jd72r4C08OLvplNlCDc3oQZ8efcW+jQ=",
];

/// support.okta.com on imported hashes; an answer of Okta's on its developers' forum.
pub(crate) const OKTA: [(&str, &str); 4] = [
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
/// RFC 7914, [MS-NLMP]'s `Password`; RFC 2286, and what OpenSSL makes of the same key and message with Whirlpool; FusionAuth's
/// HMAC as Python's `hmac` makes it.
pub(crate) const DRESSED: [(Dialect, &str, &str); 17] = [
    (
        Dialect::FusionAuth,
        "password",
        r#"{"encryptionScheme":"salted-hmac-sha256","factor":1,"salt":"c2FsdHNhbHQ=","password":"fGvsMo40QW1Lfw+rytj9xlNCfetiPjkbE5cLVN1L9zA="}"#,
    ),
    (
        Dialect::Auth0,
        "what do ya want for nothing?",
        r#"{"algorithm":"hmac","hash":{"value":"dda6c0213a485a9e24f4742064a7f033b43c4069","encoding":"hex","digest":"ripemd160","key":{"value":"Jefe","encoding":"utf8"}}}"#,
    ),
    (
        Dialect::Auth0,
        "what do ya want for nothing?",
        r#"{"algorithm":"hmac","hash":{"value":"3d595ccd1d4f4cfd045af53ba7d5c8283fee6ded6eaf1269071b6b4ea64800056b5077c6a942cfa1221bd4e5aed791276e5dd46a407d2b8007163d3e7cd1de66","encoding":"hex","digest":"whirlpool","key":{"value":"Jefe","encoding":"utf8"}}}"#,
    ),
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
pub(crate) const DRUPAL: [(&str, &str); 3] = [
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
