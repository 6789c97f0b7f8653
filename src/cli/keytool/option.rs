//! [`KeytoolOption`]: an option of keytool's, with its line in the help.
//!
//! Two options may have one meaning: `-deststorepass` of `-importkeystore` is the store password of
//! the keystore that is written, which every other command calls `-storepass`.

/// An option of a keytool command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum KeytoolOption {
    Addprovider,
    Alias,
    Cacerts,
    Conf,
    Destalias,
    Destkeypass,
    Destkeystore,
    Destprotected,
    Destprovidername,
    Deststorepass,
    Deststoretype,
    FileIn,
    FileOut,
    Jarfile,
    Keyalg,
    Keypass,
    Keysize,
    Keystore,
    New,
    Noprompt,
    Nowarn,
    Protected,
    Provider,
    Providerarg,
    Providerclass,
    Providername,
    Providerpath,
    Rfc,
    Srcalias,
    Srckeypass,
    Srckeystore,
    Srcprotected,
    Srcprovidername,
    Srcstorepass,
    Srcstoretype,
    Sslserver,
    Storepass,
    Storetype,
    Trustcacerts,
    V,
}

/// What follows an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    /// Nothing.
    None,
    /// A text, and what the help calls it.
    Text(&'static str),
    /// A password, or with `:env` and `:file` where it is kept.
    Password,
}

use Argument::{None as Switch, Password, Text};
use KeytoolOption as Name;

/// Spelling, argument and help of every option.
const OPTIONS: [(KeytoolOption, &str, Argument, &str); 40] = [
    (
        Name::Addprovider,
        "addprovider",
        Text("<name>"),
        "add security provider by name (e.g. SunPKCS11)",
    ),
    (
        Name::Alias,
        "alias",
        Text("<alias>"),
        "alias name of the entry to process",
    ),
    (
        Name::Cacerts,
        "cacerts",
        Switch,
        "access the cacerts keystore",
    ),
    (
        Name::Conf,
        "conf",
        Text("<url>"),
        "pre-configured options file",
    ),
    (
        Name::Destalias,
        "destalias",
        Text("<alias>"),
        "destination alias",
    ),
    (
        Name::Destkeypass,
        "destkeypass",
        Password,
        "destination key password",
    ),
    (
        Name::Destkeystore,
        "destkeystore",
        Text("<keystore>"),
        "destination keystore name",
    ),
    (
        Name::Destprotected,
        "destprotected",
        Switch,
        "destination keystore password protected",
    ),
    (
        Name::Destprovidername,
        "destprovidername",
        Text("<name>"),
        "destination keystore provider name",
    ),
    (
        Name::Deststorepass,
        "deststorepass",
        Password,
        "destination keystore password",
    ),
    (
        Name::Deststoretype,
        "deststoretype",
        Text("<type>"),
        "destination keystore type",
    ),
    (Name::FileIn, "file", Text("<file>"), "input file name"),
    (Name::FileOut, "file", Text("<file>"), "output file name"),
    (Name::Jarfile, "jarfile", Text("<file>"), "signed jar file"),
    (Name::Keyalg, "keyalg", Text("<alg>"), "key algorithm name"),
    (Name::Keypass, "keypass", Password, "key password"),
    (Name::Keysize, "keysize", Text("<size>"), "key bit size"),
    (
        Name::Keystore,
        "keystore",
        Text("<keystore>"),
        "keystore name",
    ),
    (Name::New, "new", Password, "new password"),
    (Name::Noprompt, "noprompt", Switch, "do not prompt"),
    (Name::Nowarn, "nowarn", Switch, "do not warn"),
    (
        Name::Protected,
        "protected",
        Switch,
        "password through protected mechanism",
    ),
    (
        Name::Provider,
        "provider",
        Text("<class>"),
        "add security provider by fully-qualified class name",
    ),
    (
        Name::Providerarg,
        "providerarg",
        Text("<arg>"),
        "configure argument",
    ),
    (
        Name::Providerclass,
        "providerclass",
        Text("<class>"),
        "add security provider by fully-qualified class name",
    ),
    (
        Name::Providername,
        "providername",
        Text("<name>"),
        "provider name",
    ),
    (
        Name::Providerpath,
        "providerpath",
        Text("<list>"),
        "provider classpath",
    ),
    (Name::Rfc, "rfc", Switch, "output in RFC style"),
    (Name::Srcalias, "srcalias", Text("<alias>"), "source alias"),
    (
        Name::Srckeypass,
        "srckeypass",
        Password,
        "source key password",
    ),
    (
        Name::Srckeystore,
        "srckeystore",
        Text("<keystore>"),
        "source keystore name",
    ),
    (
        Name::Srcprotected,
        "srcprotected",
        Switch,
        "source keystore password protected",
    ),
    (
        Name::Srcprovidername,
        "srcprovidername",
        Text("<name>"),
        "source keystore provider name",
    ),
    (
        Name::Srcstorepass,
        "srcstorepass",
        Password,
        "source keystore password",
    ),
    (
        Name::Srcstoretype,
        "srcstoretype",
        Text("<type>"),
        "source keystore type",
    ),
    (
        Name::Sslserver,
        "sslserver",
        Text("<server[:port]>"),
        "SSL server host and port",
    ),
    (Name::Storepass, "storepass", Password, "keystore password"),
    (
        Name::Storetype,
        "storetype",
        Text("<type>"),
        "keystore type",
    ),
    (
        Name::Trustcacerts,
        "trustcacerts",
        Switch,
        "trust certificates from cacerts",
    ),
    (Name::V, "v", Switch, "verbose output"),
];

impl KeytoolOption {
    /// The option that is spelled so, in any case, without what follows a colon.
    pub(super) fn spelled(flag: &str) -> Option<Self> {
        let spelling = without_dashes(flag);
        OPTIONS
            .iter()
            .find(|(_, name, ..)| *name == spelling)
            .map(|(option, ..)| *option)
    }

    /// Its spelling without a dash, its argument, its help.
    pub(super) fn described(self) -> (&'static str, Argument, &'static str) {
        OPTIONS
            .iter()
            .find(|(option, ..)| *option == self)
            .map_or(("", Switch, ""), |(_, name, argument, help)| {
                (*name, *argument, *help)
            })
    }

    pub(super) fn argument(self) -> Argument {
        self.described().1
    }

    /// The option that has the same meaning for most commands.
    pub(super) fn meaning(self) -> Self {
        match self {
            Self::Destkeystore => Self::Keystore,
            Self::Destprotected => Self::Protected,
            Self::Destprovidername => Self::Providername,
            Self::Deststorepass => Self::Storepass,
            Self::Deststoretype => Self::Storetype,
            Self::Srcalias => Self::Alias,
            Self::FileOut => Self::FileIn,
            Self::Provider => Self::Providerclass,
            other => other,
        }
    }

    /// Whether it may be given several times.
    pub(super) fn repeats(self) -> bool {
        matches!(
            self,
            Self::Provider | Self::Addprovider | Self::Providerclass | Self::Providerarg
        )
    }
}

/// keytool compares names with a collator for which neither case nor a dash counts.
pub(super) fn without_dashes(flag: &str) -> String {
    flag.chars()
        .filter(|character| *character != '-')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_is_described_under_its_own_spelling() {
        for (option, spelling, ..) in OPTIONS {
            assert_eq!(option.described().0, spelling);
            let found = KeytoolOption::spelled(&format!("-{}", spelling.to_uppercase()));
            assert_eq!(found.map(KeytoolOption::meaning), Some(option.meaning()));
        }
    }
}
