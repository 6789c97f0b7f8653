//! [`KeyOptions`]: one key, from a keystore or from a text, by options in keytool's spelling.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::builder::ValueParser;
use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::password_option::{Named, PasswordOption};
use crate::cli::terminal::{Input, note};
use crate::keystore::{Alias, KeystoreFile, StoreType};
use crate::userstore::{EncryptionKey, HomeKeystore, HomeText, KeyPair, SymmetricKey};

/// How the options of a key are called.
pub(super) trait KeyOptionNames {
    const KEYSTORE: &'static str;
    const STORETYPE: &'static str;
    const ALIAS: &'static str;
    /// What the prompt for the store password calls the keystore.
    const WHAT: &'static str;
    type StorePassword: Named;
    type KeyPassword: Named;
    type Symmetric: Named;
}

/// Declares the names of the options of one key, with a prefix.
macro_rules! key_option_names {
    ($names:ident, $prefix:literal, $what:literal, $store:ident, $key:ident, $symmetric:ident) => {
        pub(super) struct $names;
        pub(super) struct $store;
        pub(super) struct $key;
        pub(super) struct $symmetric;

        impl KeyOptionNames for $names {
            const KEYSTORE: &'static str = concat!($prefix, "keystore");
            const STORETYPE: &'static str = concat!($prefix, "storetype");
            const ALIAS: &'static str = concat!($prefix, "alias");
            const WHAT: &'static str = $what;
            type StorePassword = $store;
            type KeyPassword = $key;
            type Symmetric = $symmetric;
        }

        impl Named for $store {
            const OPTIONS: [&'static str; 3] = [
                concat!($prefix, "storepass"),
                concat!($prefix, "storepass:env"),
                concat!($prefix, "storepass:file"),
            ];
            const WHAT: &'static str = concat!("The password of ", $what);
        }

        impl Named for $key {
            const OPTIONS: [&'static str; 3] = [
                concat!($prefix, "keypass"),
                concat!($prefix, "keypass:env"),
                concat!($prefix, "keypass:file"),
            ];
            const WHAT: &'static str = "The key password, where it is not the store password";
        }

        impl Named for $symmetric {
            const OPTIONS: [&'static str; 3] = [
                concat!($prefix, "key"),
                concat!($prefix, "key:env"),
                concat!($prefix, "key:file"),
            ];
            const WHAT: &'static str = "The symmetric key, [encryption] key of deployment.toml";
        }
    };
}

key_option_names!(
    From,
    "from-",
    "the keystore that values are under",
    FromStore,
    FromKey,
    FromText
);
key_option_names!(
    To,
    "to-",
    "the keystore that values will be under",
    ToStore,
    ToKey,
    ToText
);
key_option_names!(Only, "", "the keystore", OnlyStore, OnlyKey, OnlyText);

/// The symmetric key before the present one.
pub(super) struct OldKey;

impl Named for OldKey {
    const OPTIONS: [&'static str; 3] = ["old-key", "old-key:env", "old-key:file"];
    const WHAT: &'static str = "The symmetric key before the present one, [encryption] old_key";
}

/// The options of one key: an entry of a keystore, or a symmetric key.
pub(super) struct KeyOptions<Names: KeyOptionNames> {
    keystore: Option<PathBuf>,
    store_type: Option<StoreType>,
    alias: Option<String>,
    store_password: PasswordOption<Names::StorePassword>,
    key_password: PasswordOption<Names::KeyPassword>,
    symmetric: PasswordOption<Names::Symmetric>,
}

impl<Names: KeyOptionNames> KeyOptions<Names> {
    /// The key; none where no option names one. The store password is asked for where nothing gives it.
    pub(super) fn key(&self, input: &mut Input) -> Result<Option<EncryptionKey>, Failure> {
        let symmetric = symmetric_key(&self.symmetric)?;
        match (&self.keystore, symmetric) {
            (Some(_), Some(_)) => Err(Failure::usage(format!(
                "which key? Give either -{} or -{}",
                Names::KEYSTORE,
                Names::Symmetric::OPTIONS[0]
            ))),
            (None, symmetric) => Ok(symmetric),
            (Some(path), None) => {
                let pair = self.key_pair(path, input)?;
                Ok(Some(EncryptionKey::KeyPair(Box::new(pair))))
            }
        }
    }

    /// Whether an option says which key it is.
    pub(super) fn is_named(&self) -> bool {
        self.keystore.is_some() || self.symmetric.is_given()
    }

    /// The key, which the command cannot do without.
    pub(super) fn required_key(&self, input: &mut Input) -> Result<EncryptionKey, Failure> {
        let key = self.key(input)?;
        key.ok_or_else(|| {
            Failure::usage(format!(
                "which key? Give -{} FILE -{} ALIAS, or -{} NAME",
                Names::KEYSTORE,
                Names::ALIAS,
                Names::Symmetric::OPTIONS[1]
            ))
        })
    }

    /// The key; where no option names one, that of a keystore of the server. An option for the alias or for a password goes
    /// before what the server's configuration says.
    pub(super) fn key_of_home(
        &self,
        keystore: &HomeKeystore,
        input: &mut Input,
        resolve: impl Fn(&HomeText, &mut Input) -> Result<Secret, Failure>,
    ) -> Result<EncryptionKey, Failure> {
        if let Some(key) = self.key(input)? {
            return Ok(key);
        }
        let alias = self.alias.as_deref().map(Alias::new);
        let alias = alias.unwrap_or_else(|| keystore.alias.clone());
        let given = self.store_password.given()?;
        let key_password = match (self.key_password.given()?, &given) {
            (Some(password), _) => password,
            (None, Some(store)) => Secret::copied_from(store.expose_bytes()),
            (None, None) => resolve(&keystore.key_password, input)?,
        };
        let store_password = match given {
            Some(password) => password,
            None => resolve(&keystore.store_password, input)?,
        };
        let pair = KeyPair::read(&keystore.path, &store_password, &alias, &key_password)?;
        warn_of_expiry(&pair);
        Ok(EncryptionKey::KeyPair(Box::new(pair)))
    }

    fn key_pair(&self, path: &Path, input: &mut Input) -> Result<KeyPair, Failure> {
        let Some(alias) = &self.alias else {
            let option = Names::ALIAS;
            return Err(Failure::usage(format!(
                "{}: which entry? Add -{option} ALIAS",
                path.display()
            )));
        };
        let file = KeystoreFile::at(path);
        file.read()?;
        let store_password = self.store_password(path, input)?;
        let store = file.open(&store_password)?;
        if let Some(asked) = self.store_type
            && asked != store.store_type()
        {
            let found = store.store_type();
            note(format!(
                "{}: is a {found} keystore, not {asked}",
                path.display()
            ));
        }
        let own_password = self.key_password.given()?;
        let key_password = own_password.as_ref().unwrap_or(&store_password);
        let alias = Alias::new(alias);
        let pair = KeyPair::of_entry(path, &store, &alias, key_password)?;
        warn_of_expiry(&pair);
        Ok(pair)
    }

    fn store_password(&self, path: &Path, input: &mut Input) -> Result<Secret, Failure> {
        if let Some(password) = self.store_password.given()? {
            return Ok(password);
        }
        let prompt = format!("Enter the password of {}:  ", path.display());
        input.secret(&prompt, &format!("the password of {}", Names::WHAT))
    }
}

/// The symmetric key that an option gives.
pub(super) fn symmetric_key<Name: Named>(
    option: &PasswordOption<Name>,
) -> Result<Option<EncryptionKey>, Failure> {
    let Some(text) = option.given()? else {
        return Ok(None);
    };
    Ok(Some(EncryptionKey::Symmetric(SymmetricKey::from_text(
        &text,
    )?)))
}

/// WSO2's servers use such a certificate all the same.
fn warn_of_expiry(pair: &KeyPair) {
    let Some(expired) = pair.expired_by(SystemTime::now()) else {
        return;
    };
    let day = jiff::Timestamp::try_from(expired).map_or_else(
        |_| "long ago".to_owned(),
        |time| time.strftime("on %Y-%m-%d").to_string(),
    );
    note(format!(
        "{}: the certificate of <{}> expired {day}; it is used all the same, as WSO2's servers do",
        pair.keystore().display(),
        pair.alias()
    ));
}

impl<Names: KeyOptionNames> FromArgMatches for KeyOptions<Names> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(Self {
            keystore: matches.get_one::<PathBuf>(Names::KEYSTORE).cloned(),
            store_type: matches.get_one::<StoreType>(Names::STORETYPE).copied(),
            alias: matches.get_one::<String>(Names::ALIAS).cloned(),
            store_password: PasswordOption::from_arg_matches(matches)?,
            key_password: PasswordOption::from_arg_matches(matches)?,
            symmetric: PasswordOption::from_arg_matches(matches)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<Names: KeyOptionNames> Args for KeyOptions<Names> {
    fn augment_args(command: Command) -> Command {
        let option = |id: &'static str, value: &'static str, help: String| {
            Arg::new(id).long(id).value_name(value).help(help)
        };
        let of_type = |text: &str| text.parse::<StoreType>();
        let command = command
            .arg(
                option(Names::KEYSTORE, "FILE", capitalized(Names::WHAT))
                    .value_parser(ValueParser::path_buf()),
            )
            .arg(
                option(
                    Names::STORETYPE,
                    "TYPE",
                    "Its store type: PKCS12, JCEKS or JKS; the file's own type counts".to_owned(),
                )
                .value_parser(of_type),
            )
            .arg(option(
                Names::ALIAS,
                "ALIAS",
                "The entry with the RSA key and its certificate".to_owned(),
            ));
        let command = PasswordOption::<Names::StorePassword>::augment_args(command);
        let command = PasswordOption::<Names::KeyPassword>::augment_args(command);
        PasswordOption::<Names::Symmetric>::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn capitalized(what: &str) -> String {
    what.replacen("the ", "The ", 1)
}
