//! The document of a just-in-time migration: `<migration-service>`.
//!
//! ```xml
//! <migration-service auditFile="migration.jsonl">      start, audit and auditFile as in <secret-service>
//!   <keystore name="main" path="../keystores/migration.p12"><password env="KEY_PASS"/></keystore>
//!   <https address="127.0.0.1:8444" keystore="main" keyAlias="server" truststore="main">
//!     <client name="kratos" tokenAlias="kratos-token"/>            Authorization: Bearer, or Basic with the token as password
//!     <client name="keycloak" certificate="CN=keycloak"/>          or dns, uri, email, fingerprint
//!   </https>
//!   <target store="users.csv" to="argon2id" cost="3" dialect="phc" pending="!"/>
//!   <legacy>                                           in this order; the first that knows a user decides
//!     <store store="old.ldif" dialect="openldap"/>
//!     <api url="https://old.example/check" …/>
//!   </legacy>
//!   <limits userAttempts="10" clientAttempts="600" ban="300" hashing="2" waiting="64"/>
//! </migration-service>
//! ```
//!
//! Read as strictly as `<secret-service>`. Without `store` the target is the platform that asks: it stores the password
//! itself. `ended`, which `keyward migrate end` writes, says that no legacy source is asked any more.

mod api;
mod clients;
mod limits;
mod listener;
mod stores;

use std::path::Path;

pub use api::{AnswerMember, ApiMethod, ApiSettings};
pub use clients::{ClientProof, ClientSettings};
pub use limits::MigrationLimits;
pub use listener::ListenerSettings;
pub use stores::{StoreSettings, TargetSettings};

use super::alias_reference::AliasReference;
use super::configuration::{Configuration, Dialect};
use super::error::DocumentError;
use super::placeholder::Environment;
use super::secret_service::{ServiceReader, children};
use super::xml::{Document, Element};

/// The name of the root element.
pub(crate) const ROOT: &str = "migration-service";

/// What `<migration-service>` may hold.
const PARTS: &[&str] = &["keystore", "https", "target", "legacy", "limits"];

/// What `keyward migrate serve CONFIG` is given.
pub struct MigrationServiceSettings {
    /// Where it listens.
    pub listener: ListenerSettings,
    /// Who may ask; nobody else may.
    pub clients: Vec<ClientSettings>,
    /// Where new values go.
    pub target: TargetSettings,
    /// Who knows the old passwords, in the order in which they are asked.
    pub legacy: Vec<LegacySettings>,
    /// How much is taken on.
    pub limits: MigrationLimits,
    /// When the migration was ended, as `keyward migrate end` wrote it.
    pub ended: Option<String>,
}

/// Who knows old passwords.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LegacySettings {
    /// A credential store.
    Store(StoreSettings),
    /// A validation API.
    Api(ApiSettings),
}

impl MigrationServiceSettings {
    /// Loads the document at `path`, and what it says of keystores, audit lines and the start. No keystore and no credential
    /// store is looked for.
    ///
    /// # Errors
    /// When the document cannot be read, or does not say what it must.
    pub fn load(path: &Path) -> Result<(Configuration, Self), DocumentError> {
        let document = Document::read(path)?;
        let root = document.root();
        if root.name != ROOT {
            return Err(DocumentError::NoMigrationService {
                at: document.place(root.span.start),
                root: root.name.clone(),
            });
        }
        let reader = ServiceReader {
            document: &document,
            environment: Environment::of_process(),
        };
        reader.migration_service(root)
    }
}

impl ServiceReader<'_> {
    fn migration_service(
        &self,
        root: &Element,
    ) -> Result<(Configuration, MigrationServiceSettings), DocumentError> {
        self.check(root, &["start", "audit", "auditFile", "ended"], PARTS)?;
        let path = self.document.path().to_path_buf();
        let keystores = self.keystores(root)?;
        let configuration = Configuration {
            documents: vec![path.clone()],
            on_start: self.on_start(root)?,
            audit: self.audit(root)?,
            ..Configuration::of_keystores(path, Dialect::Keyward, keystores)
        };
        let (listener, clients) = self.migration_listener(root, &configuration)?;
        let legacy = self.legacy(root, &configuration)?;
        let ended = root.attribute("ended");
        let target = self.target(root)?;
        let configuration = Configuration {
            references: references(&configuration, &clients, &target, &legacy),
            ..configuration
        };
        let settings = MigrationServiceSettings {
            target,
            limits: self.migration_limits(root)?,
            ended: ended.map(|ended| ended.value.trim().to_owned()),
            listener,
            clients,
            legacy,
        };
        Ok((configuration, settings))
    }

    fn legacy(
        &self,
        root: &Element,
        configuration: &Configuration,
    ) -> Result<Vec<LegacySettings>, DocumentError> {
        let problem = "there is one list of legacy sources. Put all of them into one <legacy>";
        let Some(element) = self.only(root, "legacy", problem)? else {
            return Ok(Vec::new());
        };
        self.check(element, &[], &["store", "api"])?;
        let sources = element.children.iter();
        let sources = sources.map(|source| match source.name.as_str() {
            "api" => Ok(LegacySettings::Api(self.api(source, configuration)?)),
            _ => Ok(LegacySettings::Store(self.legacy_store(source)?)),
        });
        sources.collect()
    }
}

/// Tokens and passwords: what a configuration names is decrypted before it is asked for.
fn references(
    configuration: &Configuration,
    clients: &[ClientSettings],
    target: &TargetSettings,
    legacy: &[LegacySettings],
) -> Vec<AliasReference> {
    let reference = |line, setting: &str, alias: &str| AliasReference {
        document: configuration.path.clone(),
        line,
        setting: setting.to_owned(),
        alias: alias.to_owned(),
        keystore: None,
    };
    let clients = clients.iter().filter_map(|client| match &client.proof {
        ClientProof::Token { alias } => {
            let setting = format!("client.{}.tokenAlias", client.name);
            Some(reference(client.line, &setting, alias))
        }
        ClientProof::Certificate(_) => None,
    });
    let of_store = |store: &StoreSettings| {
        let alias = store.password_alias.as_deref()?;
        Some(reference(store.line, "store.passwordAlias", alias))
    };
    let sources = legacy.iter().filter_map(|source| match source {
        LegacySettings::Api(api) => {
            let alias = api.token_alias.as_deref()?;
            Some(reference(api.line, "api.tokenAlias", alias))
        }
        LegacySettings::Store(store) => of_store(store),
    });
    let target = target.store.as_ref().and_then(of_store);
    clients.chain(target).chain(sources).collect()
}

#[cfg(test)]
mod tests;
