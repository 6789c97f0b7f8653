//! References between the settings of `deployment.toml`, and to what is outside it.
//!
//! ```text
//! $ref{keystore.primary.password}   another setting     $env{NAME}   an environment variable
//! $sys{name}                        -Dname=value        $secret{alias}   Secure Vault
//! ```
//! Source: `org.wso2.config.mapper.ReferenceResolver`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::StartOptions;
use super::applied_default::AppliedDefault;
use super::error::HomeError;
use super::product_default::{self, CARBON, ProductDefault};
use super::text::{HomeText, Resolved};
use crate::document::{DeploymentToml, TomlSetting, TomlValue};

/// The longest value that references may come to, in bytes: settings that repeat one another double each time.
const LONGEST: usize = 64 * 1024;
/// How many settings may refer to one another.
const DEEPEST: usize = 32;

/// The settings of one home.
pub(super) struct Settings {
    root: PathBuf,
    toml: DeploymentToml,
    system_properties: BTreeMap<String, String>,
    defaults: RefCell<Vec<AppliedDefault>>,
}

/// Which place a reference points to.
#[derive(Clone, Copy)]
enum Kind {
    Setting,
    Variable,
    SystemProperty,
    Secret,
}

/// `before $ref{target} behind`.
struct Reference<'t> {
    before: &'t str,
    kind: Kind,
    target: &'t str,
    behind: &'t str,
}

const OPENINGS: [(&str, Kind); 4] = [
    ("$ref{", Kind::Setting),
    ("$env{", Kind::Variable),
    ("$sys{", Kind::SystemProperty),
    ("$secret{", Kind::Secret),
];

impl Settings {
    pub(super) fn new(root: &Path, toml: DeploymentToml, options: &StartOptions) -> Self {
        let mut system_properties = options.system_properties.clone();
        let home = root.display().to_string();
        system_properties
            .entry("carbon.home".to_owned())
            .or_insert(home);
        Self {
            root: root.to_path_buf(),
            toml,
            system_properties,
            defaults: RefCell::default(),
        }
    }

    /// The defaults that were used until now.
    pub(super) fn into_defaults(self) -> Vec<AppliedDefault> {
        self.defaults.into_inner()
    }

    /// A setting that is there or has a default; `None` where neither.
    pub(super) fn optional(&self, name: &str) -> Option<HomeText> {
        match self.resolve(name, &mut Vec::new()) {
            Ok(resolved) => resolved.map(HomeText::from),
            Err(error) => Some(HomeText::Unavailable(error)),
        }
    }

    /// As [`Self::optional`], for a setting that must be at hand: a path, an alias, a choice.
    pub(super) fn plain(&self, name: &str) -> Result<Option<String>, HomeError> {
        match self.resolve(name, &mut Vec::new())? {
            None => Ok(None),
            Some(Resolved::Text(text)) => Ok(Some(text.to_string())),
            Some(Resolved::Alias(alias)) => Err(HomeError::SecretNotAllowed {
                at: self.place(name),
                setting: name.to_owned(),
                alias,
            }),
        }
    }

    fn resolve(&self, name: &str, path: &mut Vec<String>) -> Result<Option<Resolved>, HomeError> {
        let is_circle = path.iter().any(|before| before == name);
        path.push(name.to_owned());
        if is_circle || path.len() > DEEPEST {
            return Err(HomeError::Circle {
                at: self.place(&path[0]),
                path: path.join(" -> "),
            });
        }
        let resolved = match self.toml.setting(name) {
            Some(setting) => self.expand(setting, path).map(Some),
            None => self.default_of(name, path),
        };
        path.pop();
        resolved
    }

    fn default_of(
        &self,
        name: &str,
        path: &mut Vec<String>,
    ) -> Result<Option<Resolved>, HomeError> {
        let Some(default) = product_default::of(&self.root, name) else {
            return Ok(None);
        };
        let (resolved, instead) = match default {
            ProductDefault::Text(text) => (Some(text_of(text)), format!("{text} is assumed")),
            ProductDefault::Password => {
                let instead = "the product's own password is assumed";
                (Some(text_of(CARBON)), instead.to_owned())
            }
            ProductDefault::SameAs(other) => {
                (self.resolve(&other, path)?, format!("{other} is used"))
            }
        };
        let applied = AppliedDefault {
            setting: name.to_owned(),
            instead,
        };
        let mut defaults = self.defaults.borrow_mut();
        if !defaults.contains(&applied) {
            defaults.push(applied);
        }
        Ok(resolved)
    }

    fn expand(&self, setting: &TomlSetting, path: &mut Vec<String>) -> Result<Resolved, HomeError> {
        let text = match &setting.value {
            TomlValue::Text(text) => text.as_str(),
            TomlValue::Boolean(value) => return Ok(text_of(if *value { "true" } else { "false" })),
            TomlValue::Other => {
                return Err(HomeError::NotText {
                    at: self.toml.place(setting),
                    setting: setting.name.clone(),
                });
            }
        };
        let mut expanded = Zeroizing::new(String::new());
        let mut rest = text;
        while let Some(reference) = next_reference(rest) {
            let piece = match self.follow(setting, &reference, path)? {
                Resolved::Text(piece) => piece,
                Resolved::Alias(alias) if rest.len() == text.len() && reference.is_alone() => {
                    return Ok(Resolved::Alias(alias));
                }
                Resolved::Alias(alias) => {
                    return Err(HomeError::SecretWithinText {
                        at: self.toml.place(setting),
                        setting: setting.name.clone(),
                        alias,
                    });
                }
            };
            if expanded.len() + reference.before.len() + piece.len() > LONGEST {
                return Err(HomeError::TooLong {
                    at: self.toml.place(setting),
                    setting: setting.name.clone(),
                });
            }
            expanded = joined(&[&expanded, reference.before, &piece]);
            rest = reference.behind;
        }
        Ok(Resolved::Text(joined(&[&expanded, rest])))
    }

    fn follow(
        &self,
        setting: &TomlSetting,
        reference: &Reference<'_>,
        path: &mut Vec<String>,
    ) -> Result<Resolved, HomeError> {
        let target = reference.target;
        let leads_nowhere = |kind| HomeError::LeadsNowhere {
            at: self.toml.place(setting),
            setting: setting.name.clone(),
            kind,
            target: target.to_owned(),
        };
        match reference.kind {
            Kind::Secret => Ok(Resolved::Alias(target.to_owned())),
            Kind::Setting => self
                .resolve(target, path)?
                .ok_or_else(|| leads_nowhere("setting")),
            Kind::Variable => env::var(target)
                .map(|value| Resolved::Text(Zeroizing::new(value)))
                .map_err(|_| leads_nowhere("environment variable")),
            Kind::SystemProperty => self
                .system_properties
                .get(target)
                .map(|value| text_of(value))
                .ok_or_else(|| leads_nowhere("system property (-DNAME=VALUE)")),
        }
    }

    fn place(&self, name: &str) -> String {
        match self.toml.setting(name) {
            Some(setting) => self.toml.place(setting).to_string(),
            None => self.toml.path().display().to_string(),
        }
    }
}

impl Reference<'_> {
    fn is_alone(&self) -> bool {
        self.before.is_empty() && self.behind.is_empty()
    }
}

fn next_reference(text: &str) -> Option<Reference<'_>> {
    let found = OPENINGS
        .iter()
        .filter_map(|&(opening, kind)| Some((text.find(opening)?, opening, kind)));
    let (offset, opening, kind) = found.min_by_key(|&(offset, ..)| offset)?;
    let (target, behind) = text[offset + opening.len()..].split_once('}')?;
    Some(Reference {
        before: &text[..offset],
        kind,
        target: target.trim(),
        behind,
    })
}

fn text_of(text: &str) -> Resolved {
    Resolved::Text(Zeroizing::new(text.to_owned()))
}

fn joined(pieces: &[&str]) -> Zeroizing<String> {
    Zeroizing::new(pieces.concat())
}
