//! [`LdapOptions`]: who reads and changes the entries of a directory.

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::password_option::{Named, PasswordOption};
use crate::migrate::{LdapAddress, LdapBind, LdapStore};

#[derive(Args)]
pub(super) struct LdapOptions {
    /// The DN that reads and changes the entries of a directory
    #[arg(long, value_name = "DN")]
    bind_dn: Option<String>,

    #[command(flatten)]
    bind_password: PasswordOption<BindPassword>,

    /// The attribute that users of a directory are called by [default: uid]
    #[arg(long, value_name = "NAME")]
    user_attribute: Option<String>,
}

struct BindPassword;

impl Named for BindPassword {
    const OPTIONS: [&'static str; 3] = ["bind-password", "bind-password:env", "bind-password:file"];
    const WHAT: &'static str = "The password of the bind DN";
}

impl LdapOptions {
    /// Whether one of them is on the command line.
    pub(super) fn is_given(&self) -> bool {
        self.bind_dn.is_some() || self.bind_password.is_given() || self.user_attribute.is_some()
    }

    /// The entries at this address.
    pub(super) fn open(&self, address: LdapAddress) -> Result<LdapStore, Failure> {
        let bind = match (&self.bind_dn, self.bind_password.given()?) {
            (Some(dn), Some(password)) => Some(LdapBind {
                dn: dn.clone(),
                password,
            }),
            (None, None) => None,
            (Some(_), None) => {
                return Err(Failure::usage(
                    "the password of the bind DN is missing. Add --bind-password:file FILE",
                ));
            }
            (None, Some(_)) => {
                return Err(Failure::usage("whose password is it? Add --bind-dn DN"));
            }
        };
        let user = self.user_attribute.as_deref().unwrap_or("uid");
        Ok(LdapStore::open(address, bind, user)?)
    }
}
