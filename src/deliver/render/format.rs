//! [`Format`]: of which kind a rendered file is.

use std::path::Path;
use std::str::FromStr;

use thiserror::Error;

use super::fragment::{Defect, Fragment};
use super::{dotenv, json, properties, xml, yaml};

/// Of which kind a rendered file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// `java.util.Properties`.
    Properties,
    /// `NAME=value` lines, as POSIX shells, python-dotenv and docker compose read them.
    Dotenv,
    /// RFC 8259.
    Json,
    /// YAML 1.2.
    Yaml,
    /// XML 1.0.
    Xml,
}

/// No format has that name.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("is none of properties, dotenv, json, yaml and xml")]
pub struct UnknownFormat;

impl Format {
    /// The format that a file's name says it has.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        if path.file_name()? == ".env" {
            return Some(Self::Dotenv);
        }
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "properties" => Some(Self::Properties),
            "env" => Some(Self::Dotenv),
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "xml" => Some(Self::Xml),
            _ => None,
        }
    }

    pub(super) fn fragments(self, text: &str) -> Result<Vec<Fragment<'_>>, Defect> {
        match self {
            Self::Properties => properties::fragments(text),
            Self::Dotenv => dotenv::fragments(text),
            Self::Json => json::fragments(text),
            Self::Yaml => yaml::fragments(text),
            Self::Xml => xml::fragments(text),
        }
    }

    /// Why a rendered text is not of this format, where that can be said; without its content.
    pub(super) fn defect_of(self, output: &str) -> Option<String> {
        match self {
            Self::Json => json::defect_of(output),
            Self::Xml => xml::defect_of(output),
            Self::Properties | Self::Dotenv | Self::Yaml => None,
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        match text.to_ascii_lowercase().as_str() {
            "properties" => Ok(Self::Properties),
            "dotenv" | "env" => Ok(Self::Dotenv),
            "json" => Ok(Self::Json),
            "yaml" | "yml" => Ok(Self::Yaml),
            "xml" => Ok(Self::Xml),
            _ => Err(UnknownFormat),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_the_format() {
        let format = |path: &str| Format::of_path(Path::new(path));
        assert_eq!(format("conf/.env"), Some(Format::Dotenv));
        assert_eq!(format("prod.env"), Some(Format::Dotenv));
        assert_eq!(format("a.YML"), Some(Format::Yaml));
        assert_eq!(format("application.properties"), Some(Format::Properties));
        assert_eq!(format("context.xml"), Some(Format::Xml));
        assert_eq!(format("server.conf"), None);
        assert_eq!(format("json"), None);
    }
}
