//! A reply: the certificates that an authority gives for the key of a private key entry.

use super::Import;
use crate::Secret;
use crate::cli::certificate::{
    Certificate, EncodedError, Link, Origin, ReplyError, all_encoded, establish_chain, order_reply,
};
use crate::cli::keytool::failure::Failure;
use crate::cli::keytool::list::one_of_many;
use crate::cli::keytool::option::KeytoolOption;
use crate::cli::keytool::prompts;

impl Import<'_> {
    /// Gives back the warnings about the keystore.
    pub(super) fn install_reply(&mut self, file: Option<Vec<u8>>) -> Result<Vec<String>, Failure> {
        self.check_key_password()?;
        let own = self.own_certificate()?;
        let encoded = self.encoded(file)?;
        let reply = all_encoded(&encoded).map_err(not_read)?;
        let reply: Vec<Certificate<'_>> = reply
            .iter()
            .filter_map(|der| Certificate::read(der))
            .collect();
        let own = Certificate::read(&own).ok_or_else(|| self.no_certificate())?;
        let chain = match reply[..] {
            [] => return Err(Failure::new("Reply has no certificates")),
            [ref only] => Some(self.chain_of_one(&own, only)?),
            _ => self.chain_of_many(&own, &reply)?,
        };
        let Some(chain) = chain else {
            eprintln!("Certificate reply was not installed in keystore");
            return Ok(self.store.warnings());
        };
        let ((), warnings) = self.store.edit(|keystore| {
            keystore.replace_certificates(&self.alias, &chain)?;
            eprintln!("Certificate reply was installed in keystore");
            Ok(())
        })?;
        Ok(warnings)
    }

    /// keytool stores the key anew for this, and so must open it.
    fn check_key_password(&mut self) -> Result<(), Failure> {
        let Some(current) = &self.store.current else {
            return Ok(());
        };
        let opens = |password: &Secret| current.private_key(&self.alias, password);
        let outcome = match &self.key_password {
            Some(given) => opens(given),
            None if opens(&self.store.password).is_ok() => return Ok(()),
            None => opens(&prompts::present_key_password(
                self.input,
                self.line.alias(),
            )?),
        };
        outcome.map(|_| ()).map_err(Failure::of_keystore)
    }

    /// The certificate that the key has now.
    fn own_certificate(&self) -> Result<Vec<u8>, Failure> {
        let current = self.store.current.as_ref();
        let certificates = current.map(|current| current.certificates(&self.alias));
        let certificates = certificates.transpose().map_err(Failure::of_keystore)?;
        certificates
            .and_then(|all| all.into_iter().next())
            .ok_or_else(|| self.no_certificate())
    }

    fn no_certificate(&self) -> Failure {
        Failure::new(format!(
            "{} has no public key (certificate)",
            self.line.alias()
        ))
    }

    /// A reply of one certificate: the keystore must know the authorities above it.
    fn chain_of_one(
        &mut self,
        own: &Certificate<'_>,
        reply: &Certificate<'_>,
    ) -> Result<Vec<Vec<u8>>, Failure> {
        if !reply.has_key_of(own) {
            return Err(Failure::new(
                "Public keys in reply and keystore don't match",
            ));
        }
        if reply.der() == own.der() {
            return Err(Failure::new(
                "Certificate reply and certificate in keystore are identical",
            ));
        }
        let chain = establish_chain(reply, &self.pool)
            .ok_or_else(|| Failure::new("Failed to establish chain from reply"))?;
        self.check_chain(&chain);
        Ok(chain.into_iter().map(|link| link.der).collect())
    }

    /// A reply that is a chain; none where the user does not trust it.
    fn chain_of_many(
        &mut self,
        own: &Certificate<'_>,
        reply: &[Certificate<'_>],
    ) -> Result<Option<Vec<Vec<u8>>>, Failure> {
        for (index, certificate) in reply.iter().enumerate() {
            self.check(&one_of_many("Reply", index, reply.len()), certificate);
        }
        let ordered = order_reply(own, reply).map_err(|error| self.not_ordered(error))?;
        let mut chain: Vec<Vec<u8>> = ordered
            .iter()
            .map(|certificate| certificate.der().to_vec())
            .collect();
        let Some(top) = ordered.last() else {
            return Ok(None);
        };
        if self.line.has(KeytoolOption::Noprompt) {
            return Ok(Some(chain));
        }
        for origin in [Origin::Keystore, Origin::Cacerts] {
            if self.pool.find(top, origin).is_some() {
                return Ok(Some(chain));
            }
            let Some(root) = self.pool.signer_of(top, origin) else {
                continue;
            };
            let (label, der) = (root.label(), root.der().to_vec());
            if let Some(root) = Certificate::read(&der) {
                self.check(&label, &root);
            }
            chain.push(der);
            return Ok(Some(chain));
        }
        eprintln!("\nTop-level certificate in reply:\n");
        self.show(top);
        eprint!("\n... is not trusted. ");
        let is_wanted = self.ask("Install reply anyway? [no]:  ")?;
        Ok(is_wanted.then_some(chain))
    }

    fn not_ordered(&self, error: ReplyError) -> Failure {
        match error {
            ReplyError::OtherKey => Failure::new(format!(
                "Certificate reply does not contain public key for <{}>",
                self.line.alias()
            )),
            ReplyError::Incomplete => Failure::new("Incomplete certificate chain in reply"),
        }
    }

    /// Notes what is weak of a chain, from its root down as keytool does.
    pub(super) fn check_chain(&mut self, chain: &[Link]) {
        for link in chain.iter().rev() {
            let label = link.label.as_deref().unwrap_or("The input");
            if let Some(certificate) = Certificate::read(&link.der) {
                self.check(label, &certificate);
            }
        }
    }
}

fn not_read(error: EncodedError) -> Failure {
    let exception = "java.security.cert.CertificateException";
    match error {
        EncodedError::Empty => Failure::new("Reply has no certificates"),
        EncodedError::NoData => Failure::of(exception, "No certificate data found"),
        EncodedError::NoCertificate => {
            Failure::of(exception, format!("the reply cannot be read: {error}"))
        }
    }
}
