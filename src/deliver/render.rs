//! One configuration file with secrets in it: `${secret:alias}`, escaped for the file's format.
//!
//! ```text
//! template --Format::fragments--> Text | Placeholder(alias, Context) --escaped for its context--> output
//! ```
//!
//! | format | where a placeholder may stand | what cannot be written there |
//! |---|---|---|
//! | properties | anywhere in a key or a value | – |
//! | dotenv | unquoted, in `'…'`, in `"…"` | what readers of such files take differently |
//! | json | within a string, or as a whole value, which becomes a string | – |
//! | yaml | within `"…"` or `'…'`, a line of a block, or as a whole value, which becomes `"…"` | in `'…'` and a block: line breaks and control characters |
//! | xml | in text, CDATA or an attribute's value | characters that XML does not have, such as NUL |
//!
//! `$${secret:` stands for a literal `${secret:`. A comment is copied as it is, so that a line that is commented out
//! needs no secret. This is not a template language: there is nothing else.

mod dotenv;
mod error;
mod format;
mod fragment;
mod json;
mod output_file;
mod place;
mod properties;
mod xml;
mod yaml;

use std::path::Path;

use zeroize::Zeroizing;

pub use error::RenderError;
pub use format::Format;
pub use output_file::{OutputFile, Rendered};
pub use place::Place;

use super::secrets::Secrets;
use fragment::{Fragment, Placeholder};

/// The longest text that one byte of a secret can become.
const LONGEST_ESCAPE: usize = 6;
/// What may be written around a secret: quotes, or the end and the beginning of a CDATA section.
const LONGEST_FRAME: usize = 32;

/// A template that has been taken apart.
pub struct Template<'t> {
    path: &'t Path,
    text: &'t str,
    format: Format,
    fragments: Vec<Fragment<'t>>,
}

impl<'t> Template<'t> {
    /// Takes the text of the template at `path` apart.
    ///
    /// # Errors
    /// When a placeholder is not closed, names no alias, or stands where no secret can be written.
    pub fn parse(path: &'t Path, text: &'t str, format: Format) -> Result<Self, RenderError> {
        let fragments = format.fragments(text);
        let fragments = fragments.map_err(|defect| RenderError::Template {
            at: Place::of(path, text, defect.offset),
            problem: defect.problem,
        })?;
        Ok(Self {
            path,
            text,
            format,
            fragments,
        })
    }

    /// The aliases that it names, each as often as it does.
    #[must_use]
    pub fn aliases(&self) -> Vec<&'t str> {
        self.placeholders()
            .map(|placeholder| placeholder.alias)
            .collect()
    }

    /// Where it names `alias` first.
    #[must_use]
    pub fn place_of(&self, alias: &str) -> Option<Place> {
        let mut placeholders = self.placeholders();
        let first = placeholders.find(|placeholder| placeholder.alias == alias)?;
        Some(Place::of(self.path, self.text, first.offset))
    }

    /// The template with every placeholder replaced.
    ///
    /// # Errors
    /// When a secret is not text, or holds what cannot be written where its placeholder stands.
    pub fn render(&self, secrets: &Secrets) -> Result<Zeroizing<String>, RenderError> {
        let mut output = Zeroizing::new(String::with_capacity(self.most_bytes(secrets)));
        for fragment in &self.fragments {
            let placeholder = match fragment {
                Fragment::Text(text) => {
                    output.push_str(text);
                    continue;
                }
                Fragment::Placeholder(placeholder) => placeholder,
            };
            let unsuited = |problem| RenderError::Secret {
                at: Place::of(self.path, self.text, placeholder.offset),
                alias: placeholder.alias.to_owned(),
                problem,
            };
            let secret = secrets
                .get(placeholder.alias)
                .ok_or_else(|| unsuited("was not fetched"))?;
            let text = secret
                .expose_text()
                .map_err(|_| unsuited("is not UTF-8 text, which a text file could hold"))?;
            placeholder
                .context
                .write(text, &mut output)
                .map_err(unsuited)?;
        }
        if let Some(problem) = self.format.defect_of(&output) {
            return Err(RenderError::Output {
                template: self.path.to_owned(),
                problem,
            });
        }
        Ok(output)
    }

    /// So many that the output never moves in memory, where it would leave a copy unwiped.
    fn most_bytes(&self, secrets: &Secrets) -> usize {
        let of_secret = |placeholder: &Placeholder<'_>| {
            let secret = secrets.get(placeholder.alias);
            LONGEST_FRAME + LONGEST_ESCAPE * secret.map_or(0, crate::Secret::len)
        };
        self.text.len() + self.placeholders().map(of_secret).sum::<usize>()
    }

    fn placeholders(&self) -> impl Iterator<Item = &Placeholder<'t>> {
        self.fragments.iter().filter_map(|fragment| match fragment {
            Fragment::Placeholder(placeholder) => Some(placeholder),
            Fragment::Text(_) => None,
        })
    }
}
