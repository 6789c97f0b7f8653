//! Documents that belong together: one, and those that it imports.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::DocumentError;
use super::location;
use super::place::Place;
use super::placeholder::Environment;
use super::xml::{Document, Element};

/// Reads documents with their imports, each file once.
pub(super) struct Included {
    environment: Environment,
    seen: HashSet<PathBuf>,
}

impl Included {
    pub(super) fn new(environment: Environment) -> Self {
        Self {
            environment,
            seen: HashSet::new(),
        }
    }

    /// The document at `path`, and every document that it imports, directly or not; an importer
    /// stands before what it imports. Documents that were read before are left out.
    pub(super) fn read(
        &mut self,
        path: &Path,
        named_by: Option<&Place>,
    ) -> Result<Vec<Document>, DocumentError> {
        self.with_imports(read_beans(path, named_by)?)
    }

    /// `document`, which has been read, and every document that it imports.
    pub(super) fn with_imports(
        &mut self,
        document: Document,
    ) -> Result<Vec<Document>, DocumentError> {
        if !self.is_new(document.path()) {
            return Ok(Vec::new());
        }
        let mut documents = vec![document];
        let mut next = 0;
        while let Some(document) = documents.get(next) {
            for (path, place) in self.imports(document)? {
                let imported = read_beans(&path, Some(&place))?;
                if self.is_new(&path) {
                    documents.push(imported);
                }
            }
            next += 1;
        }
        Ok(documents)
    }

    /// Links and `..` lead to one file by many paths, so that the real path counts.
    fn is_new(&mut self, path: &Path) -> bool {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        self.seen.insert(real)
    }

    fn imports(&self, document: &Document) -> Result<Vec<(PathBuf, Place)>, DocumentError> {
        let mut elements = Vec::new();
        import_elements(document.root(), &mut elements);
        let imports = elements.into_iter();
        imports
            .map(|element| self.import(document, element))
            .collect()
    }

    fn import(
        &self,
        document: &Document,
        element: &Element,
    ) -> Result<(PathBuf, Place), DocumentError> {
        let at = document.place(element.span.start);
        let Some(resource) = element.attribute("resource") else {
            let element = element.name.clone();
            let attribute = "resource";
            return Err(DocumentError::MissingAttribute {
                at,
                element,
                attribute,
            });
        };
        let resource = match self.environment.expand(&resource.value) {
            Ok(resource) => resource,
            Err(error) => return Err(error.at(at, "import".to_owned())),
        };
        if resource.contains('*') {
            return Err(DocumentError::NotSupported {
                at,
                what: "an <import> of several documents".to_owned(),
                next: "Name each document in an <import> of its own",
            });
        }
        Ok((location::resolve(document.path(), resource.trim()), at))
    }
}

/// Whether the document is one of Spring beans.
pub(super) fn has_beans(document: &Document) -> bool {
    matches!(document.root().name.as_str(), "beans" | "bean")
}

/// The error for a document that is none of those that are read.
pub(super) fn unknown_root(document: &Document) -> DocumentError {
    DocumentError::UnknownRoot {
        at: document.place(document.root().span.start),
        root: document.root().name.clone(),
    }
}

fn read_beans(path: &Path, named_by: Option<&Place>) -> Result<Document, DocumentError> {
    let document = Document::read(path).map_err(|error| match error {
        DocumentError::Missing { path, .. } => DocumentError::Missing {
            path,
            named_by: named_by.cloned(),
        },
        error => error,
    })?;
    if !has_beans(&document) {
        return Err(unknown_root(&document));
    }
    Ok(document)
}

/// `<import>` stands in `<beans>`, which may be nested.
fn import_elements<'d>(element: &'d Element, found: &mut Vec<&'d Element>) {
    for child in &element.children {
        match child.name.as_str() {
            "import" => found.push(child),
            "beans" => import_elements(child, found),
            _ => {}
        }
    }
}
