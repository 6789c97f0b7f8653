//! `keyward render`: one configuration file with secrets in it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::origin_options::OriginOptions;
use crate::deliver::FetchError;
use crate::deliver::render::{Format, OutputFile, RenderError, Template};

/// The largest template, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Write a configuration file from a template, its ${secret:ALIAS} replaced and escaped
#[derive(Args)]
#[command(
    after_help = "Where a placeholder stands decides how its secret is escaped, and a secret that cannot stand there is \
                  refused. $${secret: is a literal ${secret: ; comments are copied as they are. Nothing else is replaced.\n\
                  OUT gets the mode 0600, is replaced as a whole, and is not touched where nothing has changed.\n\
                  Exit code 3 when an alias, the keystore or the template does not exist.\n\
                  Example: keyward render app.properties.template -o app.properties -keystore keystores/secure.jks -storepass:env KEY_PASS"
)]
pub(super) struct Render {
    /// The template
    #[arg(value_name = "TEMPLATE")]
    template: PathBuf,

    /// The file to write
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,

    /// properties, dotenv, json, yaml or xml [default: by the ending of OUT, or else of TEMPLATE]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

    #[command(flatten)]
    origin: OriginOptions,
}

impl Render {
    pub(super) fn run(self) -> Result<(), Failure> {
        let text = read(&self.template)?;
        let by_ending =
            || Format::of_path(&self.output).or_else(|| Format::of_path(&self.template));
        let format = self.format.or_else(by_ending);
        let format = format.ok_or_else(|| RenderError::UnknownFormat {
            path: self.output.clone(),
        })?;
        let template = Template::parse(&self.template, &text, format)?;
        let secrets = self.origin.origin()?.fetch(&template.aliases());
        let secrets = secrets.map_err(|error| at_its_place(&template, error))?;
        let rendered = template.render(&secrets)?;
        OutputFile::at(&self.output).write(&rendered)?;
        Ok(())
    }
}

fn read(path: &Path) -> Result<String, RenderError> {
    let unreadable = |reason: io::Error| {
        let path = path.to_owned();
        match reason.kind() {
            io::ErrorKind::NotFound => RenderError::Missing { path },
            _ => RenderError::Unreadable { path, reason },
        }
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        let reason = format!("it has more than {LARGEST} bytes. Is it the right file?");
        return Err(unreadable(io::Error::other(reason)));
    }
    String::from_utf8(bytes).map_err(|_| RenderError::NotText {
        path: path.to_owned(),
    })
}

/// With the line and the column of the template in front, where it is about an alias.
fn at_its_place(template: &Template<'_>, error: FetchError) -> Failure {
    let place = error.alias().and_then(|alias| template.place_of(alias));
    let Some(place) = place else {
        return error.into();
    };
    let message = format!("{place}: {error}");
    if error.is_missing() {
        return Failure::missing(message);
    }
    Failure::new(message)
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        match &error {
            RenderError::Missing { .. } => Self::missing(error),
            RenderError::UnknownFormat { .. } => Self::usage(error),
            _ => Self::new(error),
        }
    }
}
