//! `<https>` of a migration service.

use std::net::SocketAddr;

use super::clients::{ClientProof, ClientSettings};
use super::{ServiceReader, children};
use crate::document::configuration::Configuration;
use crate::document::error::DocumentError;
use crate::document::https::parse_address;
use crate::document::xml::Element;

/// Where a migration service listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerSettings {
    /// The address and the port; port 0 lets the system choose one.
    pub address: SocketAddr,
    /// Name of the keystore with the server's private key and certificates.
    pub keystore: String,
    /// The key's alias in it.
    pub key_alias: String,
    /// Name of the keystore whose trusted certificates are those of the clients' authorities; none where all clients have
    /// tokens.
    pub truststore: Option<String>,
    /// Line of the document; the first is 1.
    pub line: usize,
}

impl ServiceReader<'_> {
    pub(super) fn migration_listener(
        &self,
        root: &Element,
        configuration: &Configuration,
    ) -> Result<(ListenerSettings, Vec<ClientSettings>), DocumentError> {
        let problem = "a migration service listens at one address. Delete the others";
        let Some(element) = self.only(root, "https", problem)? else {
            let problem = "a migration service needs an address. Add <https address=\"127.0.0.1:8444\" keystore=\"…\" keyAlias=\"…\"> \
                           with a <client> for each who may ask";
            return Err(self.contradiction(root, problem));
        };
        let attributes = &["address", "keystore", "keyAlias", "truststore"];
        self.check(element, attributes, &["client"])?;
        let address = self.required(element, "address")?;
        let truststore = match element.attribute("truststore") {
            Some(_) => {
                let named = self.required(element, "truststore")?;
                Some(self.known_keystore(named, configuration)?)
            }
            None => None,
        };
        let clients = self.clients(element)?;
        let by_certificate = |client: &ClientSettings| match client.proof {
            ClientProof::Certificate(_) => true,
            ClientProof::Token { .. } => false,
        };
        if truststore.is_none() && clients.iter().any(by_certificate) {
            let problem = "a client is known by its certificate, and there is no authority to trust. Add truststore=\"…\"";
            return Err(self.contradiction(element, problem));
        }
        let listener = ListenerSettings {
            address: parse_address(
                address.value.trim(),
                self.document.place(address.span.start),
            )?,
            keystore: self.known_keystore(self.required(element, "keystore")?, configuration)?,
            key_alias: self.required(element, "keyAlias")?.value.trim().to_owned(),
            truststore,
            line: self.document.line(element.span.start),
        };
        Ok((listener, clients))
    }

    fn clients(&self, https: &Element) -> Result<Vec<ClientSettings>, DocumentError> {
        let mut clients: Vec<ClientSettings> = Vec::new();
        for element in children(https, "client") {
            let client = self.client(element)?;
            if clients.iter().any(|other| other.name == client.name) {
                let problem = "a client of this name was there before. Choose another name";
                return Err(self.contradiction(element, problem));
            }
            clients.push(client);
        }
        if clients.is_empty() {
            let problem = "nobody may ask. Add <client name=\"…\" tokenAlias=\"…\"/>, or a client with certificate=\"CN=…\"";
            return Err(self.contradiction(https, problem));
        }
        Ok(clients)
    }
}
