//! Paths as documents write them: relative to the document, plain or as a `file:` address.

use std::path::{Component, Path, PathBuf};

/// The folder that holds `document`; empty for one in the current folder.
pub(super) fn folder_of(document: &Path) -> &Path {
    document.parent().unwrap_or(Path::new(""))
}

/// The path that `location` means in `document`. Nothing is looked up: `..` and links stay.
///
/// `classpath:` counts as the document's folder: Java web applications keep both in
/// `WEB-INF/classes`.
pub(super) fn resolve(document: &Path, location: &str) -> PathBuf {
    let path = folder_of(document).join(plain_path(location));
    let parts = path.components().filter(|part| *part != Component::CurDir);
    let path = parts.collect::<PathBuf>();
    if path.as_os_str().is_empty() {
        return PathBuf::from(".");
    }
    path
}

fn plain_path(location: &str) -> &str {
    if let Some(rest) = location.strip_prefix("classpath:") {
        return rest.trim_start_matches('/');
    }
    let Some(rest) = location.strip_prefix("file:") else {
        return location;
    };
    let path = rest.strip_prefix("//").unwrap_or(rest);
    // file:///C:/secure.jks
    match path.as_bytes() {
        [b'/', drive, b':', ..] if drive.is_ascii_alphabetic() => &path[1..],
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(location: &str) -> PathBuf {
        resolve(Path::new("conf/phixflow-secret.xml"), location)
    }

    #[test]
    fn a_relative_path_begins_at_the_document() {
        assert_eq!(
            resolved("../keystores/./hidden.jks"),
            Path::new("conf/../keystores/hidden.jks")
        );
        assert_eq!(resolved("./hidden.jks"), Path::new("conf/hidden.jks"));
        assert_eq!(
            resolved("classpath:/hidden.jks"),
            Path::new("conf/hidden.jks")
        );
        assert_eq!(resolve(Path::new("a.xml"), "./b.jks"), Path::new("b.jks"));
        assert_eq!(resolve(Path::new("a.xml"), "."), Path::new("."));
    }

    #[test]
    fn an_absolute_path_stays() {
        for location in [
            "/opt/secure.jks",
            "file:/opt/secure.jks",
            "file:///opt/secure.jks",
        ] {
            assert_eq!(resolved(location), Path::new("/opt/secure.jks"));
        }
        assert_eq!(plain_path("file:///C:/secure.jks"), "C:/secure.jks");
        assert_eq!(plain_path("file:C:\\secure.jks"), "C:\\secure.jks");
        assert_eq!(resolved("file:hidden.jks"), Path::new("conf/hidden.jks"));
    }
}
