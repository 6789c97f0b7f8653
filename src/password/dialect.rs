//! [`Dialect`]: whose conventions a stored value follows.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The product or convention that a stored value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// OpenDJ and the directories that come from the same source.
    OpenDj,
    /// OpenLDAP with its contributed modules.
    OpenLdap,
    /// 389 Directory Server, Red Hat's too.
    Directory389,
    /// IBM Verify and IBM's directories.
    Ibm,
    /// AIX's `/etc/security/passwd`.
    Aix,
    /// Keycloak: a row of `credentialData` and `secretData`.
    Keycloak,
    /// Spring Security's delegating password encoder.
    Spring,
    /// Django.
    Django,
    /// Python's passlib, where it has a notation of its own.
    Passlib,
    /// The texts of crypt(3), as in `/etc/shadow` and Apache's `.htpasswd`.
    Crypt,
    /// PHC strings.
    Phc,
    /// Windows' NT hashes, as 32 digits without a mark.
    Nt,
    /// keyward's own envelopes of wrapped hashes.
    Keyward,
    /// Message digests as digits without a mark.
    Raw,
    /// phpass: WordPress, phpBB.
    Phpass,
    /// Drupal 7.
    Drupal,
    /// ASP.NET Identity.
    AspNet,
    /// WSO2's JDBC user store: a row of two columns with the realm's digest.
    Wso2,
    /// Auth0's `custom_password_hash`.
    Auth0,
    /// Firebase Authentication: a user's hash with the project's parameters.
    Firebase,
    /// Okta's password hash object.
    Okta,
    /// FusionAuth's users.
    FusionAuth,
    /// Ory Kratos.
    Kratos,
    /// Zitadel's passwap.
    Passwap,
    /// Jakarta Security.
    Jakarta,
    /// Werkzeug (Flask) and web2py.
    Werkzeug,
}

/// There is no dialect of this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no dialect {name:?}. Use one of: {known}", known = Dialect::names())]
pub struct UnknownDialect {
    /// What was asked for.
    pub name: String,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 26] = [
        Self::OpenDj,
        Self::OpenLdap,
        Self::Directory389,
        Self::Ibm,
        Self::Aix,
        Self::Keycloak,
        Self::Spring,
        Self::Django,
        Self::Passlib,
        Self::Crypt,
        Self::Phc,
        Self::Nt,
        Self::Keyward,
        Self::Raw,
        Self::Phpass,
        Self::Drupal,
        Self::AspNet,
        Self::Wso2,
        Self::Auth0,
        Self::Firebase,
        Self::Okta,
        Self::FusionAuth,
        Self::Kratos,
        Self::Passwap,
        Self::Jakarta,
        Self::Werkzeug,
    ];

    /// Its name in commands and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenDj => "opendj",
            Self::OpenLdap => "openldap",
            Self::Directory389 => "389ds",
            Self::Ibm => "ibm",
            Self::Aix => "aix",
            Self::Keycloak => "keycloak",
            Self::Spring => "spring",
            Self::Django => "django",
            Self::Passlib => "passlib",
            Self::Crypt => "crypt",
            Self::Phc => "phc",
            Self::Nt => "nt",
            Self::Keyward => "keyward",
            Self::Raw => "raw",
            Self::Phpass => "phpass",
            Self::Drupal => "drupal",
            Self::AspNet => "aspnet",
            Self::Wso2 => "wso2",
            Self::Auth0 => "auth0",
            Self::Firebase => "firebase",
            Self::Okta => "okta",
            Self::FusionAuth => "fusionauth",
            Self::Kratos => "kratos",
            Self::Passwap => "passwap",
            Self::Jakarta => "jakarta",
            Self::Werkzeug => "werkzeug",
        }
    }

    /// Whether its texts have no mark, so that they are read for this dialect alone.
    pub(super) fn is_without_mark(self) -> bool {
        matches!(self, Self::Nt | Self::Raw)
    }

    fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(name: &str) -> Result<Self, UnknownDialect> {
        let named = |dialect: &Self| dialect.name().eq_ignore_ascii_case(name);
        let found = Self::ALL.into_iter().find(named);
        found.ok_or_else(|| UnknownDialect {
            name: name.to_owned(),
        })
    }
}
