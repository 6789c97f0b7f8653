//! A trusted certificate: taken without a question where the keystore trusts its authority.

use super::Import;
use crate::cli::certificate::{Certificate, Origin, establish_chain, first_encoded};
use crate::cli::keytool::failure::Failure;
use crate::cli::keytool::option::KeytoolOption;

impl Import<'_> {
    /// Gives back the warnings about the keystore.
    pub(super) fn add_trusted(&mut self, file: Option<Vec<u8>>) -> Result<Vec<String>, Failure> {
        // Under a secret's alias keytool does nothing, says nothing and succeeds.
        if self.store.has(self.line.alias()) {
            return Err(Failure::new(format!(
                "Certificate not imported, alias <{}> already exists",
                self.line.alias()
            )));
        }
        let encoded = self.encoded(file)?;
        let no_certificate = || Failure::new("Input not an X.509 certificate");
        let der = first_encoded(&encoded).map_err(|_| no_certificate())?;
        let certificate = Certificate::read(&der).ok_or_else(no_certificate)?;
        if !self.is_wanted(&certificate)? {
            eprintln!("Certificate was not added to keystore");
            return Ok(self.store.warnings());
        }
        let ((), warnings) = self.store.edit(|keystore| {
            keystore.add_trusted_certificate(&self.alias, &der)?;
            eprintln!("Certificate was added to keystore");
            Ok(())
        })?;
        Ok(warnings)
    }

    fn is_wanted(&mut self, certificate: &Certificate<'_>) -> Result<bool, Failure> {
        let label = "The input";
        if self.line.has(KeytoolOption::Noprompt) {
            self.check(label, certificate);
            return Ok(true);
        }
        if let Some(known) = self.pool.find(certificate, Origin::Keystore) {
            let alias = &known.alias;
            eprintln!("Certificate already exists in keystore under alias <{alias}>");
            self.check(label, certificate);
            return self.ask("Do you still want to add it? [no]:  ");
        }
        let is_self_signed = certificate.is_self_signed();
        if is_self_signed && let Some(known) = self.pool.find(certificate, Origin::Cacerts) {
            let alias = &known.alias;
            eprintln!(
                "Certificate already exists in system-wide CA keystore under alias <{alias}>"
            );
            self.check(label, certificate);
            return self.ask("Do you still want to add it to your own keystore? [no]:  ");
        }
        if !is_self_signed && let Some(chain) = establish_chain(certificate, &self.pool) {
            self.check_chain(&chain);
            return Ok(true);
        }
        self.show(certificate);
        self.check(label, certificate);
        self.ask("Trust this certificate? [no]:  ")
    }
}
