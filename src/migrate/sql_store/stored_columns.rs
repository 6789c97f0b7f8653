//! [`StoredColumns`]: a stored password as its columns have it, and as one text.

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::Secret;
use crate::password::{Conventions, keycloak_row, wso2_row};

/// How the columns of a row make one stored text.
#[derive(Debug, Clone)]
pub(super) enum StoredColumns {
    /// One column is the text.
    One,
    /// `CREDENTIAL_DATA` and `SECRET_DATA`.
    Keycloak,
    /// `UM_USER_PASSWORD`, with the text in `UM_SALT_VALUE` that is read alone, under this `PasswordDigest`.
    Wso2 { digest: String },
}

/// The values of the columns that are replaced.
pub(super) type Values = Vec<Zeroizing<String>>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeycloakRow {
    credential_data: String,
    secret_data: String,
}

#[derive(Deserialize)]
struct Wso2Row {
    #[serde(rename = "UM_USER_PASSWORD")]
    password: String,
}

impl StoredColumns {
    /// The stored text of what was read.
    pub(super) fn stored(&self, values: &[&[u8]]) -> Secret {
        let text = |index: usize| {
            let value = values.get(index).copied().unwrap_or_default();
            Zeroizing::new(String::from_utf8_lossy(value).into_owned())
        };
        match self {
            Self::One => Secret::copied_from(values.first().copied().unwrap_or_default()),
            Self::Keycloak => {
                let row = Zeroizing::new(keycloak_row(&text(0), &text(1)));
                Secret::copied_from(row.as_bytes())
            }
            Self::Wso2 { .. } if is_marked(&text(0)) => Secret::copied_from(text(0).as_bytes()),
            Self::Wso2 { digest } => {
                let salt = values.get(1).map(|_| text(1));
                let row = wso2_row(&text(0), salt.as_ref().map(|salt| salt.as_str()), digest);
                Secret::copied_from(row.as_bytes())
            }
        }
    }

    /// The values of a stored text; none if the text is of another kind.
    pub(super) fn values(&self, stored: &Secret) -> Option<Values> {
        let text = stored.expose_text().ok()?;
        let owned = |text: &str| Zeroizing::new(text.to_owned());
        match self {
            Self::Keycloak => {
                let row: KeycloakRow = serde_json::from_str(text).ok()?;
                Some(
                    [row.credential_data, row.secret_data]
                        .map(Zeroizing::new)
                        .into(),
                )
            }
            Self::Wso2 { .. } if text.starts_with('{') => {
                let row: Wso2Row = serde_json::from_str(text).ok()?;
                Some(vec![Zeroizing::new(row.password)])
            }
            Self::One | Self::Wso2 { .. } => Some(vec![owned(text)]),
        }
    }
}

/// Whether a value says of itself what it is: what keyward writes beside WSO2's bare digests.
fn is_marked(value: &str) -> bool {
    value.starts_with('$') && Conventions::default().recognise(value).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_back_from_the_text_as_they_were() {
        let of = |columns: &StoredColumns, values: &[&str]| {
            let bytes: Vec<&[u8]> = values.iter().map(|value| value.as_bytes()).collect();
            let stored = columns.stored(&bytes);
            let back = columns.values(&stored).unwrap();
            back.iter()
                .map(|value| value.to_string())
                .collect::<Vec<_>>()
        };
        let json = ["{\"algorithm\":\"pbkdf2\"}", "{ \"value\" : \"a\\\"b\" }"];
        assert_eq!(of(&StoredColumns::Keycloak, &json), json);
        assert_eq!(
            of(&StoredColumns::One, &["{SHA}W6ph5Mm5"]),
            ["{SHA}W6ph5Mm5"]
        );
        let wso2 = StoredColumns::Wso2 {
            digest: "SHA-256".to_owned(),
        };
        assert_eq!(of(&wso2, &["W6ph5M=", "salt"]), ["W6ph5M="]);
        assert_eq!(of(&wso2, &["$notours$", "salt"]), ["$notours$"]);
        let bcrypt = "$2b$12$iJgSN6fKiJ2FhFM4jZYB6.oU1dkTg.H4l7Cl4vx3Cc0oGlsfUBbHi";
        assert_eq!(of(&wso2, &[bcrypt, "salt"]), [bcrypt]);
    }

    #[test]
    fn a_text_that_is_no_row_of_the_product_has_no_columns() {
        let envelope = Secret::copied_from(b"$keyward$1$digest$argon2id$");
        assert!(StoredColumns::Keycloak.values(&envelope).is_none());
    }
}
