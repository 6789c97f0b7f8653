//! [`FormOptions`]: how values are written, and whose reading of a transformation counts.

use clap::{Args, ValueEnum};

use crate::cli::failure::Failure;
use crate::userstore::{EncryptionKey, Form, Layout, Provider, Transformation};

#[derive(Args)]
pub(super) struct TransformationOptions {
    /// The cipher, by its JCE name: RSA/ECB/OAEPwithSHA1andMGF1Padding, RSA, AES/GCM/NoPadding …; what
    /// `org.wso2.CipherTransformation` of the server is
    #[arg(long, value_name = "NAME")]
    transformation: Option<String>,

    /// Whose reading counts where providers differ: BC (user stores) or `SunJCE`. Plain RSA is without padding for BC and
    /// PKCS#1 v1.5 for `SunJCE`; OAEP with SHA-256 and more has MGF1 with the same digest for BC, with SHA-1 for `SunJCE`
    #[arg(long, value_name = "NAME", ignore_case = true, default_value = "BC")]
    provider: ProviderName,
}

#[derive(Args)]
pub(super) struct FormOptions {
    #[command(flatten)]
    transformation: TransformationOptions,

    /// Whether a value says what it was encrypted with: json (a server with a transformation set) or raw
    #[arg(long, value_name = "LAYOUT", default_value = "json")]
    layout: LayoutName,
}

#[derive(Clone, Copy, ValueEnum)]
enum ProviderName {
    #[value(name = "BC")]
    BouncyCastle,
    #[value(name = "SunJCE")]
    SunJce,
}

#[derive(Clone, Copy, ValueEnum)]
enum LayoutName {
    Json,
    Raw,
}

impl TransformationOptions {
    /// The transformation, where one is named.
    pub(super) fn transformation(&self) -> Result<Option<Transformation>, Failure> {
        let name = self.transformation.as_ref();
        Ok(name.map(|name| name.parse()).transpose()?)
    }

    /// The provider.
    pub(super) fn provider(&self) -> Provider {
        match self.provider {
            ProviderName::BouncyCastle => Provider::BouncyCastle,
            ProviderName::SunJce => Provider::SunJce,
        }
    }
}

impl FormOptions {
    /// The form of new values under `key`.
    pub(super) fn form(&self, key: &EncryptionKey) -> Result<Form, Failure> {
        let layout = match self.layout {
            LayoutName::Json => Layout::SelfContained,
            LayoutName::Raw => Layout::Bare,
        };
        let default = Form::default_of(key).transformation;
        let named = self.transformation.transformation()?;
        let provider = self.transformation.provider();
        Ok(Form::new(layout, named.unwrap_or(default), provider))
    }
}
