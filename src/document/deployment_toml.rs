//! WSO2's `deployment.toml`: its settings, each with its place, and edits that leave every other byte as it is.
//!
//! ```text
//! [keystore.primary]            keystore.primary.password   "wso2carbon"
//! password = "wso2carbon"
//! [[keystore.custom]]           keystore.custom[0].file_name   "a.p12"
//! file_name = "a.p12"
//! [secrets]                     secrets.db_password   "[plain]", or Base64
//! db_password = "[plain]"
//! ```
//! A setting is named as WSO2 names it: the keys from the root on, joined by dots, quoted or not. Values are wiped
//! when they are dropped, since many are passwords; what the parser itself unescapes (`"\u0041"`) it keeps for a moment
//! outside that memory. Sources: TOML 1.1; `org.wso2.config.mapper.TomlParser`.

mod edit;
mod string;

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};
use zeroize::{Zeroize, Zeroizing};

use super::error::DocumentError;
use super::limits::{LARGEST_DOCUMENT, LONGEST_NAME, MOST_SETTINGS};
use super::place::Place;
use super::xml::{Lines, read_bytes};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A `deployment.toml` and where it was read from.
pub struct DeploymentToml {
    path: PathBuf,
    /// The file, its byte order mark included.
    text: Zeroizing<String>,
    lines: Lines,
    settings: Vec<TomlSetting>,
    headers: Vec<Header>,
}

/// One setting.
pub struct TomlSetting {
    /// `keystore.primary.password`.
    pub name: String,
    /// Its value.
    pub value: TomlValue,
    /// Its line; the first is 1.
    pub line: usize,
    /// Of its own key, without those of the tables around it.
    key_span: Range<usize>,
    /// The value in the file, its quotes included.
    span: Range<usize>,
}

/// What a setting is set to.
pub enum TomlValue {
    /// A string.
    Text(Zeroizing<String>),
    /// `true` or `false`.
    Boolean(bool),
    /// A number or a date.
    Other,
}

/// `[name]` or `[[name]]`.
struct Header {
    name: String,
    span: Range<usize>,
}

impl DeploymentToml {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, is larger than 4 MiB, is not UTF-8 or not TOML, or sets a key twice; when it has more than
    /// 20,000 settings, or one whose full name has more than 1024 bytes.
    pub fn read(path: &Path) -> Result<Self, DocumentError> {
        Self::parse(path, &read_bytes(path)?)
    }

    /// Reads the file that `bytes` hold; `path` is for messages.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self, DocumentError> {
        if bytes.len() > LARGEST_DOCUMENT {
            let path = path.to_path_buf();
            return Err(DocumentError::TooLarge { path });
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Zeroizing::new(text.to_owned()),
            Err(error) => return Err(not_utf8(path, &bytes[..error.valid_up_to()])),
        };
        let mark = if bytes.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        let lines = Lines::of(&text);
        let table = match DeTable::parse(&text[mark..]) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                let offset = mark + error.span().map_or(0, |span| span.start);
                return Err(DocumentError::MalformedToml {
                    at: Place {
                        document: path.to_path_buf(),
                        line: lines.line(offset),
                    },
                    column: lines.column(&text, offset),
                    problem: error.message().to_owned(),
                });
            }
        };
        let mut found = Found {
            path,
            offset: mark,
            text: &text,
            lines: &lines,
            settings: Vec::new(),
            headers: Vec::new(),
        };
        found.take_table("", table)?;
        let (mut settings, mut headers) = (found.settings, found.headers);
        settings.sort_by_key(|setting| setting.span.start);
        headers.sort_by_key(|header| header.span.start);
        Ok(Self {
            path: path.to_path_buf(),
            text,
            lines,
            settings,
            headers,
        })
    }

    /// The path as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Every setting in the order of the file.
    #[must_use]
    pub fn settings(&self) -> &[TomlSetting] {
        &self.settings
    }

    /// The setting of that name, such as `keystore.primary.password`.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&TomlSetting> {
        self.settings.iter().find(|setting| setting.name == name)
    }

    /// Where a setting stands, for a message.
    #[must_use]
    pub fn place(&self, setting: &TomlSetting) -> Place {
        self.place_of(setting.span.start)
    }

    fn place_of(&self, offset: usize) -> Place {
        Place {
            document: self.path.clone(),
            line: self.lines.line(offset),
        }
    }
}

impl TomlSetting {
    /// The value, if it is a string.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            TomlValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// What has been found so far.
struct Found<'t> {
    path: &'t Path,
    /// Of the first byte behind the byte order mark: positions of the parser begin there.
    offset: usize,
    text: &'t str,
    lines: &'t Lines,
    settings: Vec<TomlSetting>,
    headers: Vec<Header>,
}

impl Found<'_> {
    fn take_table(&mut self, name: &str, table: DeTable<'_>) -> Result<(), DocumentError> {
        for (key, value) in table {
            let key_span = self.shifted(&key.span());
            let key = key.into_inner();
            // Each setting holds its whole name: a long one around many would fill the memory.
            if name.len() + 1 + key.len() > LONGEST_NAME {
                let at = self.place(key_span.start);
                return Err(DocumentError::LongName { at });
            }
            let name = if name.is_empty() {
                key.into_owned()
            } else {
                format!("{name}.{key}")
            };
            let span = self.shifted(&value.span());
            self.take_value(name, key_span, span, value.into_inner())?;
        }
        Ok(())
    }

    fn take_value(
        &mut self,
        name: String,
        key_span: Range<usize>,
        span: Range<usize>,
        value: DeValue<'_>,
    ) -> Result<(), DocumentError> {
        if self.settings.len().max(self.headers.len()) >= MOST_SETTINGS {
            let at = self.place(span.start);
            return Err(DocumentError::TooManySettings { at });
        }
        let value = match value {
            DeValue::Table(table) => {
                self.take_header(&name, &span);
                return self.take_table(&name, table);
            }
            DeValue::Array(array) => {
                for (index, element) in array.into_iter().enumerate() {
                    let span = self.shifted(&element.span());
                    let name = format!("{name}[{index}]");
                    self.take_value(name, key_span.clone(), span, element.into_inner())?;
                }
                return Ok(());
            }
            DeValue::String(text) => TomlValue::Text(wiped(text)),
            DeValue::Boolean(value) => TomlValue::Boolean(value),
            _ => TomlValue::Other,
        };
        self.settings.push(TomlSetting {
            line: self.lines.line(span.start),
            name,
            value,
            key_span,
            span,
        });
        Ok(())
    }

    fn place(&self, offset: usize) -> Place {
        Place {
            document: self.path.to_path_buf(),
            line: self.lines.line(offset),
        }
    }

    /// A table has the place of its `[header]`; one without has that of a key or of its `{`.
    fn take_header(&mut self, name: &str, span: &Range<usize>) {
        if self.text[span.clone()].starts_with('[') {
            self.headers.push(Header {
                name: name.to_owned(),
                span: span.clone(),
            });
        }
    }

    fn shifted(&self, span: &Range<usize>) -> Range<usize> {
        span.start + self.offset..span.end + self.offset
    }
}

fn wiped(text: Cow<'_, str>) -> Zeroizing<String> {
    match text {
        Cow::Borrowed(text) => Zeroizing::new(text.to_owned()),
        Cow::Owned(mut text) => {
            let copy = Zeroizing::new(text.clone());
            text.zeroize();
            copy
        }
    }
}

fn not_utf8(path: &Path, valid: &[u8]) -> DocumentError {
    DocumentError::NotUtf8 {
        at: Place {
            document: path.to_path_buf(),
            line: valid.split(|&byte| byte == b'\n').count(),
        },
    }
}

#[cfg(test)]
mod tests;
