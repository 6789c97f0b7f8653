//! `keyward importcert`: trusts a certificate, or gives a private key the certificates of an
//! authority's reply.

use std::path::PathBuf;

use clap::Args;

use super::alias_argument::AliasArgument;
use super::certificate::{
    Certificate, Marks, Origin, Pool, establish_chain, input_of, order_reply, sha256,
};
use super::failure::Failure;
use super::store_options::StoreOptions;
use super::terminal::{Input, note};
use crate::keystore::{Alias, EntryKind, Keystore, KeystoreFile};

/// Trust a certificate, or install an authority's reply for a private key
#[derive(Args)]
#[command(
    after_help = "The certificate is DER, PEM or PKCS#7. Under a new alias it becomes a trusted one: without a question where \
                  the keystore trusts its authority already, otherwise after a yes on the terminal, or with -noprompt. Under the \
                  alias of a private key it is the reply to a certificate request: one certificate whose authorities are in the \
                  keystore, or the whole chain.\n\
                  Example: keyward importcert company-ca -file ca.pem -keystore truststore.p12 -storepass:env KEY_PASS"
)]
pub(super) struct Importcert {
    #[command(flatten)]
    alias: AliasArgument,

    /// The file; without one it is standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Trust it without a question
    #[arg(long)]
    noprompt: bool,

    /// Replace the trusted certificate that is under the alias
    #[arg(long)]
    replace: bool,

    #[command(flatten)]
    store: StoreOptions,
}

/// What is to be written.
enum Import {
    Trusted(Vec<u8>),
    Chain(Vec<Vec<u8>>),
}

impl Importcert {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut input = Input::standard();
        let alias = self.alias.alias();
        let path = self.store.path()?;
        let (current, password) = if path.exists() {
            let opened = self.store.open(&mut input)?;
            (Some(opened.store), opened.password)
        } else {
            (None, self.store.new_password(&mut input)?)
        };
        let import = self.import(&alias, current.as_ref(), &mut input)?;
        let store_type = self.store.new_store_type();
        KeystoreFile::at(&path).edit_or_create(store_type, &password, |store| match &import {
            Import::Chain(chain) => store.replace_certificates(&alias, chain),
            Import::Trusted(der) => {
                if self.replace && store.kind_of(&alias) == Some(EntryKind::TrustedCertificate) {
                    store.delete(&alias)?;
                }
                store.add_trusted_certificate(&alias, der)
            }
        })?;
        Ok(())
    }

    fn import(
        &self,
        alias: &Alias,
        current: Option<&Keystore>,
        input: &mut Input,
    ) -> Result<Import, Failure> {
        let kind = current.and_then(|store| store.kind_of(alias));
        match &kind {
            Some(EntryKind::TrustedCertificate) if !self.replace => {
                return Err(Failure::new(format!(
                    "alias <{alias}> already exists: add --replace, or choose another alias"
                )));
            }
            Some(EntryKind::Secret) => {
                return Err(Failure::new(format!(
                    "alias <{alias}> is a secret: choose another alias"
                )));
            }
            _ => {}
        }
        let source = input_of(self.file.as_deref(), input)?;
        let found = source.all()?;
        let certificates: Vec<Certificate<'_>> = found
            .iter()
            .filter_map(|der| Certificate::read(der))
            .collect();
        let pool = current.map(Pool::of).unwrap_or_default();
        for certificate in &certificates {
            let subject = certificate.subject().unwrap_or_default();
            for warning in certificate.warnings(&format!("<{subject}>"), Marks::All) {
                note(warning);
            }
        }
        match (current, kind, &certificates[..]) {
            (Some(store), Some(EntryKind::PrivateKey), _) => {
                let own = store.certificates(alias).unwrap_or_default();
                let chain = self.reply_chain(&own, &certificates, &pool)?;
                Ok(Import::Chain(chain))
            }
            (_, _, [only]) => {
                self.check_trust(only, &pool, input)?;
                Ok(Import::Trusted(only.der().to_vec()))
            }
            (_, _, several) => Err(source.failure(format!(
                "{} certificates are in it, and a trusted one is a single certificate",
                several.len()
            ))),
        }
    }

    /// The chain for a private key whose present certificates are `own`.
    fn reply_chain(
        &self,
        own: &[Vec<u8>],
        reply: &[Certificate<'_>],
        pool: &Pool,
    ) -> Result<Vec<Vec<u8>>, Failure> {
        let own = own.first().and_then(|der| Certificate::read(der));
        let own =
            own.ok_or_else(|| Failure::new("the private key has no certificate to be replaced"))?;
        let ordered = order_reply(&own, reply)
            .map_err(|error| Failure::new(format!("the reply does not fit: {error}")))?;
        let top = ordered[ordered.len() - 1];
        let mut chain: Vec<Vec<u8>> = ordered
            .iter()
            .map(|certificate| certificate.der().to_vec())
            .collect();
        let is_linked = |pair: &[Certificate<'_>]| pair[0].is_signed_by(&pair[1]);
        if !ordered.windows(2).all(is_linked) {
            return Err(Failure::new(
                "the reply is no chain: one of its certificates was not signed by the next. \
                 Ask the authority for all certificates in between",
            ));
        }
        if let Some(above) = establish_chain(&top, pool) {
            let is_known = pool.find(&top, Origin::Keystore).is_some();
            if above.len() > 1 || is_known || self.noprompt {
                chain.extend(above.into_iter().skip(1).map(|link| link.der));
                return Ok(chain);
            }
        }
        if self.noprompt && ordered.len() > 1 {
            return Ok(chain);
        }
        Err(Failure::new(format!(
            "the keystore does not know the authority of the reply, <{}>: import its certificate \
             first, or install a whole chain with -noprompt",
            top.issuer().unwrap_or_default()
        )))
    }

    /// Whether the certificate is to be trusted: the keystore says so, the options, or the user.
    fn check_trust(
        &self,
        certificate: &Certificate<'_>,
        pool: &Pool,
        input: &mut Input,
    ) -> Result<(), Failure> {
        let is_vouched_for =
            !certificate.is_self_signed() && establish_chain(certificate, pool).is_some();
        if self.noprompt || is_vouched_for {
            return Ok(());
        }
        let fingerprint = sha256(certificate.der());
        if !input.is_terminal() || self.file.is_none() {
            return Err(Failure::new(format!(
                "nobody vouches for the certificate. Compare its SHA-256 fingerprint with that of its owner, and \
                 add -noprompt: {fingerprint}"
            )));
        }
        eprint!("{}", certificate.in_words(Marks::All).unwrap_or_default());
        let answer = input.text("Trust this certificate? [no]:  ", "the answer")?;
        if ["y", "yes"].contains(&answer.to_lowercase().as_str()) {
            return Ok(());
        }
        Err(Failure::new("the certificate was not added"))
    }
}
