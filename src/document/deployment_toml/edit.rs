//! Edits of a `deployment.toml` that leave every byte as it is that is not meant.

use std::ops::Range;

use zeroize::Zeroizing;

use super::string::{bare_or_quoted, quoted_like};
use super::{DeploymentToml, Header};
use crate::document::error::DocumentError;

const SECRETS: &str = "secrets";

/// New text for a part of the file.
struct Splice {
    span: Range<usize>,
    text: Zeroizing<String>,
}

/// Whether `[secrets]` has to be written.
#[derive(PartialEq, Eq)]
enum NewHeader {
    Needed,
    There,
}

impl DeploymentToml {
    /// The file with these values in its `[secrets]`, by alias: those that are there get the new value, the others
    /// are added behind the last one, in a `[secrets]` table of their own where there is none.
    ///
    /// # Errors
    /// When `[secrets]` is written as an inline table, to which nothing can be added.
    pub fn with_secrets(
        &self,
        values: &[(&str, &str)],
    ) -> Result<Zeroizing<Vec<u8>>, DocumentError> {
        let mut splices = Vec::new();
        let mut added = Vec::new();
        for &(alias, value) in values {
            match self.setting(&format!("{SECRETS}.{alias}")) {
                Some(setting) => splices.push(Splice {
                    text: quoted_like(&self.text[setting.span.clone()], value),
                    span: setting.span.clone(),
                }),
                None => added.push((alias, value)),
            }
        }
        if !added.is_empty() {
            splices.push(self.addition(&added)?);
        }
        Ok(self.spliced(splices))
    }

    fn addition(&self, added: &[(&str, &str)]) -> Result<Splice, DocumentError> {
        let (offset, prefix, header) = self.end_of_secrets()?;
        let line_end = self.line_end();
        let at_line_start = offset == 0 || self.text[..offset].ends_with('\n');
        let mut lines = Vec::new();
        if header == NewHeader::Needed {
            if !self.text.trim().is_empty() {
                lines.push(Zeroizing::new(String::new()));
            }
            lines.push(Zeroizing::new(format!("[{SECRETS}]")));
        }
        for (alias, value) in added {
            let (alias, value) = (bare_or_quoted(alias), quoted_like("", value));
            lines.push(Zeroizing::new(format!("{prefix}{alias} = {}", *value)));
        }
        let length = lines.iter().map(|line| line.len() + line_end.len()).sum();
        let mut text = Zeroizing::new(String::with_capacity(length));
        for line in &lines {
            if !at_line_start {
                text.push_str(line_end);
            }
            text.push_str(line);
            if at_line_start {
                text.push_str(line_end);
            }
        }
        Ok(Splice {
            span: offset..offset,
            text,
        })
    }

    /// Where a secret is added, what stands before its alias, and whether the table has to be begun.
    fn end_of_secrets(&self) -> Result<(usize, &'static str, NewHeader), DocumentError> {
        if let Some(header) = self.headers.iter().find(|header| header.name == SECRETS) {
            let section = header.span.start..self.next_header(header);
            let settings = self.settings.iter();
            let of_section = settings.filter(|it| section.contains(&it.span.start));
            let last = of_section.map(|setting| setting.span.end).max();
            let last = last.unwrap_or(header.span.end);
            return Ok((self.behind_line(last), "", NewHeader::There));
        }
        let first_header = self.headers.first().map_or(usize::MAX, |it| it.span.start);
        let at_root = || {
            let settings = self.settings.iter();
            settings.filter(|it| it.span.start < first_header)
        };
        let is_inline =
            |key: &Range<usize>| self.text[..key.start].trim_end().ends_with(['{', ',']);
        let mut blocking = at_root().filter(|it| {
            it.name == SECRETS || it.name.starts_with("secrets.") && is_inline(&it.key_span)
        });
        if let Some(setting) = blocking.next() {
            return Err(DocumentError::NotSupported {
                at: self.place(setting),
                what: "adding to secrets where they are no table".to_owned(),
                next: "Write [secrets] on a line of its own, and each alias = \"…\" below it",
            });
        }
        let dotted = at_root().filter(|setting| setting.name.starts_with("secrets."));
        match dotted.map(|setting| setting.span.end).max() {
            Some(last) => Ok((self.behind_line(last), "secrets.", NewHeader::There)),
            None => Ok((self.text.len(), "", NewHeader::Needed)),
        }
    }

    fn next_header(&self, header: &Header) -> usize {
        let mut later = self.headers.iter().map(|header| header.span.start);
        later
            .find(|&start| start > header.span.start)
            .unwrap_or(self.text.len())
    }

    /// The beginning of the next line; the end of the text where there is none.
    fn behind_line(&self, offset: usize) -> usize {
        self.text[offset..]
            .find('\n')
            .map_or(self.text.len(), |end| offset + end + 1)
    }

    fn line_end(&self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if self.text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }

    fn spliced(&self, mut splices: Vec<Splice>) -> Zeroizing<Vec<u8>> {
        splices.sort_by_key(|splice| splice.span.start);
        let added: usize = splices.iter().map(|splice| splice.text.len()).sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.text.len() + added));
        let mut copied = 0;
        for splice in &splices {
            bytes.extend_from_slice(&self.text.as_bytes()[copied..splice.span.start]);
            bytes.extend_from_slice(splice.text.as_bytes());
            copied = splice.span.end;
        }
        bytes.extend_from_slice(&self.text.as_bytes()[copied..]);
        bytes
    }
}
