//! [`DirectoryOptions`]: what the values of a directory do not say themselves: keys, and the layout of reversed salts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::failure::Failure;
use crate::cli::password_option::{Named, PasswordOption};
use crate::directory_keys::{self, DirectoryKeysError};
use crate::document::RowError;
use crate::password::{
    CipherKeys, Conventions, Dialect, HashedOrder, ReverseSaltLayout, SaltEncoding, StoredOrder,
};

#[derive(Args)]
pub(in crate::cli) struct DirectoryOptions {
    /// The keys of OpenDJ's AES, 3DES, BLOWFISH and RC4: config/admin-backend.ldif of a server, or an export of cn=admin data
    #[arg(long, value_name = "LDIF", requires = "ads_truststore")]
    opendj_keys: Option<PathBuf>,

    /// The keystore that opens them: config/ads-truststore of one of the servers
    #[arg(long, value_name = "FILE", requires = "opendj_keys")]
    ads_truststore: Option<PathBuf>,

    #[command(flatten)]
    pin: PasswordOption<AdsTruststorePin>,

    /// What stands first in RSMD5 and RSSHA1 values; auto tries both
    #[arg(long, value_name = "ORDER", value_enum, default_value = "auto")]
    stored_order: StoredOrderName,

    /// What RSMD5 and RSSHA1 hash first
    #[arg(
        long,
        value_name = "ORDER",
        value_enum,
        default_value = "salt-password"
    )]
    hash_order: HashOrderName,

    /// How RSMD5 and RSSHA1 values are written
    #[arg(long, value_name = "ENCODING", value_enum, default_value = "base64")]
    salt_encoding: SaltEncodingName,
}

struct AdsTruststorePin;

impl Named for AdsTruststorePin {
    const OPTIONS: [&'static str; 3] = [
        "ads-truststore-pin",
        "ads-truststore-pin:env",
        "ads-truststore-pin:file",
    ];
    const WHAT: &'static str = "The PIN of the ads-truststore";
}

#[derive(Clone, Copy, ValueEnum)]
enum StoredOrderName {
    Auto,
    DigestSalt,
    SaltDigest,
}

#[derive(Clone, Copy, ValueEnum)]
enum HashOrderName {
    SaltPassword,
    PasswordSalt,
}

#[derive(Clone, Copy, ValueEnum)]
enum SaltEncodingName {
    Base64,
    Hex,
}

impl DirectoryOptions {
    /// Whether any of them says something.
    pub(in crate::cli) fn is_given(&self) -> bool {
        self.opendj_keys.is_some() || self.reverse_salt() != ReverseSaltLayout::default()
    }

    /// How stored values are to be read, keys included.
    pub(in crate::cli) fn conventions(
        &self,
        dialect: Option<Dialect>,
    ) -> Result<Conventions, Failure> {
        Ok(Conventions {
            dialect,
            reverse_salt: self.reverse_salt(),
            cipher_keys: self.cipher_keys()?,
            layer_key: None,
        })
    }

    fn cipher_keys(&self) -> Result<CipherKeys, Failure> {
        let (Some(admin_data), Some(truststore)) = (&self.opendj_keys, &self.ads_truststore) else {
            return Ok(CipherKeys::default());
        };
        let pin = self.pin.given()?.ok_or_else(|| {
            Failure::usage(
                "under which PIN is the ads-truststore? Add --ads-truststore-pin:file config/ads-truststore.pin, or --ads-truststore-pin:env NAME",
            )
        })?;
        Ok(directory_keys::read(admin_data, truststore, &pin)?)
    }

    fn reverse_salt(&self) -> ReverseSaltLayout {
        ReverseSaltLayout {
            stored: match self.stored_order {
                StoredOrderName::Auto => StoredOrder::Auto,
                StoredOrderName::DigestSalt => StoredOrder::DigestSalt,
                StoredOrderName::SaltDigest => StoredOrder::SaltDigest,
            },
            hashed: match self.hash_order {
                HashOrderName::SaltPassword => HashedOrder::SaltPassword,
                HashOrderName::PasswordSalt => HashedOrder::PasswordSalt,
            },
            encoding: match self.salt_encoding {
                SaltEncodingName::Base64 => SaltEncoding::Base64,
                SaltEncodingName::Hex => SaltEncoding::Hexadecimal,
            },
        }
    }
}

impl From<DirectoryKeysError> for Failure {
    fn from(error: DirectoryKeysError) -> Self {
        match error {
            DirectoryKeysError::AdminData(error) => error.into(),
            DirectoryKeysError::Truststore(error) => error.into(),
            error => Self::new(error),
        }
    }
}

impl From<RowError> for Failure {
    fn from(error: RowError) -> Self {
        match &error {
            RowError::Missing { .. } => Self::missing(error),
            RowError::UnknownFormat { .. } => Self::usage(format!("{error}, with --format")),
            _ => Self::new(error),
        }
    }
}
