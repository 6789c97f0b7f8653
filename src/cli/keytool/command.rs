//! [`Command`]: what keytool can be told to do, and what keyward says where it does not do it.

use super::option::KeytoolOption::{
    self, Addprovider, Alias, Cacerts, Destalias, Destkeypass, Destkeystore, Destprotected,
    Destprovidername, Deststorepass, Deststoretype, FileIn, FileOut, Jarfile, Keyalg, Keypass,
    Keysize, Keystore, New, Noprompt, Protected, Providerclass, Providername, Providerpath, Rfc,
    Srcalias, Srckeypass, Srckeystore, Srcprotected, Srcprovidername, Srcstorepass, Srcstoretype,
    Sslserver, Storepass, Storetype, Trustcacerts, V,
};
use super::option::without_dashes;

/// A command of keytool's, in the order of its help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Certreq,
    Changealias,
    Delete,
    Exportcert,
    Genkeypair,
    Genseckey,
    Gencert,
    Importcert,
    Importpass,
    Importkeystore,
    Keypasswd,
    List,
    Printcert,
    Printcertreq,
    Printcrl,
    Storepasswd,
    Showinfo,
    Keyclone,
    Selfcert,
    Gencrl,
    Identitydb,
}

/// In the order of keytool's help: the name, the older name that is still taken, the help.
const COMMANDS: [(Command, &str, &str, &str); 21] = [
    (
        Command::Certreq,
        "-certreq",
        "",
        "Generates a certificate request",
    ),
    (
        Command::Changealias,
        "-changealias",
        "",
        "Changes an entry's alias",
    ),
    (Command::Delete, "-delete", "", "Deletes an entry"),
    (
        Command::Exportcert,
        "-exportcert",
        "-export",
        "Exports certificate",
    ),
    (
        Command::Genkeypair,
        "-genkeypair",
        "-genkey",
        "Generates a key pair",
    ),
    (
        Command::Genseckey,
        "-genseckey",
        "",
        "Generates a secret key",
    ),
    (
        Command::Gencert,
        "-gencert",
        "",
        "Generates certificate from a certificate request",
    ),
    (
        Command::Importcert,
        "-importcert",
        "-import",
        "Imports a certificate or a certificate chain",
    ),
    (
        Command::Importpass,
        "-importpass",
        "-importpassword",
        "Imports a password",
    ),
    (
        Command::Importkeystore,
        "-importkeystore",
        "",
        "Imports one or all entries from another keystore",
    ),
    (
        Command::Keypasswd,
        "-keypasswd",
        "",
        "Changes the key password of an entry",
    ),
    (Command::List, "-list", "", "Lists entries in a keystore"),
    (
        Command::Printcert,
        "-printcert",
        "",
        "Prints the content of a certificate",
    ),
    (
        Command::Printcertreq,
        "-printcertreq",
        "",
        "Prints the content of a certificate request",
    ),
    (
        Command::Printcrl,
        "-printcrl",
        "",
        "Prints the content of a CRL file",
    ),
    (
        Command::Storepasswd,
        "-storepasswd",
        "",
        "Changes the store password of a keystore",
    ),
    (
        Command::Showinfo,
        "-showinfo",
        "",
        "Displays security-related information",
    ),
    (Command::Keyclone, "-keyclone", "", "Clones a key entry"),
    (
        Command::Selfcert,
        "-selfcert",
        "",
        "Generates a self-signed certificate",
    ),
    (Command::Gencrl, "-gencrl", "", "Generates CRL"),
    (
        Command::Identitydb,
        "-identitydb",
        "",
        "Imports entries from a JDK 1.1.x-style identity database",
    ),
];

impl Command {
    /// The command that is called so, in any case, by its present or its older name.
    pub(super) fn called(flag: &str) -> Option<Self> {
        let flag = without_dashes(flag);
        let is_called =
            |name: &str, older: &str| name[1..] == flag || older.strip_prefix('-') == Some(&flag);
        COMMANDS
            .iter()
            .find(|(_, name, older, _)| is_called(name, older))
            .map(|(command, ..)| *command)
    }

    /// Every command that keyward does, in keytool's order.
    pub(super) fn done_here() -> impl Iterator<Item = Self> {
        COMMANDS
            .iter()
            .map(|(command, ..)| *command)
            .filter(|command| command.instead().is_none())
    }

    /// With its dash: `-importpass`.
    pub(super) fn name(self) -> &'static str {
        self.described().0
    }

    pub(super) fn help(self) -> &'static str {
        self.described().1
    }

    fn described(self) -> (&'static str, &'static str) {
        COMMANDS
            .iter()
            .find(|(command, ..)| *command == self)
            .map_or(("", ""), |(_, name, _, help)| (*name, *help))
    }

    /// What to use in its place; none where keyward does it.
    pub(super) fn instead(self) -> Option<&'static str> {
        match self {
            Self::Changealias
            | Self::Delete
            | Self::Exportcert
            | Self::Genseckey
            | Self::Importcert
            | Self::Importkeystore
            | Self::Importpass
            | Self::Keypasswd
            | Self::List
            | Self::Printcert
            | Self::Storepasswd => None,
            Self::Genkeypair | Self::Selfcert => Some(
                "make the key with `openssl req -x509 -newkey …` and the keystore with `openssl pkcs12 -export`, or use a JDK's keytool",
            ),
            Self::Certreq => Some("use `openssl req -new`, or a JDK's keytool"),
            Self::Gencert => Some("use `openssl x509 -req`, or a JDK's keytool"),
            Self::Gencrl => Some("use `openssl ca -gencrl`, or a JDK's keytool"),
            Self::Printcertreq => Some("use `openssl req -noout -text`, or a JDK's keytool"),
            Self::Printcrl => Some("use `openssl crl -noout -text`, or a JDK's keytool"),
            Self::Showinfo => {
                Some("it shows the settings of a JVM, and keyward has none: use a JDK's keytool")
            }
            Self::Identitydb => {
                Some("no JDK since 1.2 writes such a database: import its certificates one by one")
            }
            Self::Keyclone => Some("use -importkeystore of a JDK's keytool with -destalias"),
        }
    }

    /// Whether it begins a keystore where there is none.
    pub(super) fn may_create(self) -> bool {
        matches!(
            self,
            Self::Genseckey | Self::Importcert | Self::Importpass | Self::Importkeystore
        )
    }

    /// Its options in the order of its help.
    pub(super) fn options(self) -> Vec<KeytoolOption> {
        let own: &[KeytoolOption] = match self {
            Self::Changealias => &[
                Alias, Destalias, Keypass, Keystore, Cacerts, Storepass, Storetype,
            ],
            Self::Delete => &[Alias, Keystore, Cacerts, Storepass, Storetype],
            Self::Exportcert => &[Rfc, Alias, FileOut, Keystore, Cacerts, Storepass, Storetype],
            Self::Genseckey | Self::Importpass => &[
                Alias, Keypass, Keyalg, Keysize, Keystore, Storepass, Storetype,
            ],
            Self::Importcert => &[
                Noprompt,
                Trustcacerts,
                Protected,
                Alias,
                FileIn,
                Keypass,
                Keystore,
                Cacerts,
                Storepass,
                Storetype,
            ],
            Self::Importkeystore => &[
                Srckeystore,
                Destkeystore,
                Srcstoretype,
                Deststoretype,
                Srcstorepass,
                Deststorepass,
                Srcprotected,
                Destprotected,
                Srcprovidername,
                Destprovidername,
                Srcalias,
                Destalias,
                Srckeypass,
                Destkeypass,
                Noprompt,
            ],
            Self::Keypasswd => &[Alias, Keypass, New, Keystore, Storepass, Storetype],
            Self::List => &[Rfc, Alias, Keystore, Cacerts, Storepass, Storetype],
            Self::Printcert => &[
                Rfc,
                FileIn,
                Sslserver,
                Jarfile,
                Keystore,
                Storepass,
                Storetype,
                Trustcacerts,
            ],
            Self::Storepasswd => &[New, Keystore, Cacerts, Storepass, Storetype],
            _ => return Vec::new(),
        };
        let mut options = own.to_vec();
        if self != Self::Importkeystore {
            options.push(Providername);
        }
        options.extend([Addprovider, Providerclass, Providerpath, V]);
        let without_protected = [
            Self::Importcert,
            Self::Importkeystore,
            Self::Keypasswd,
            Self::Storepasswd,
        ];
        if !without_protected.contains(&self) {
            options.push(Protected);
        }
        options
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_case_and_by_their_older_name() {
        assert_eq!(Command::called("-ImportPass"), Some(Command::Importpass));
        assert_eq!(
            Command::called("-importpassword"),
            Some(Command::Importpass)
        );
        assert_eq!(Command::called("--list"), Some(Command::List));
        assert_eq!(Command::called("-genkey"), Some(Command::Genkeypair));
        assert_eq!(Command::called("-alias"), None);
    }
}
