//! WSO2's `UM_USER`, in which the key of a row is its number together with that of its tenant.

use super::{Filter, Id, Layout, LayoutError, User, Value, as_column, column, in_table, refused};
use crate::migrate::sql_store::catalogue::Table;
use crate::migrate::sql_store::database::Database;
use crate::migrate::sql_store::sql_table::SqlTable;
use crate::migrate::sql_store::stored_columns::StoredColumns;

pub(super) async fn layout(
    database: &Database,
    table: Table,
    asked: &SqlTable,
) -> Result<Layout, LayoutError> {
    let kind = database.kind();
    let of_table = |name: &str| column(&table, name, "--preset wso2");
    let tenant = in_table(kind, of_table("um_tenant_id")?);
    let mut filters = Vec::new();
    if let Some(realm) = &asked.realm {
        let Ok(number) = realm.parse::<i32>() else {
            return refused(format!(
                "--realm {realm}: WSO2's tenants are numbers, -1234 the first"
            ));
        };
        let cast = as_column(kind, of_table("um_tenant_id")?);
        filters.push(Filter {
            condition: format!("{tenant} = {cast}"),
            bound: Some(number.to_string()),
            is_of_table: true,
        });
    }
    let salt = of_table("um_salt_value")?;
    let digest = asked.password_digest.as_deref().unwrap_or("SHA-256");
    let id = Id::find(database, &table, of_table("um_id")?).await?;
    Ok(Layout {
        from: format!("{} k", table.quoted(kind)),
        user: User::of(kind, of_table("um_user_name")?, "k", &id.read),
        id,
        values: vec![Value::of(kind, of_table("um_user_password")?)],
        beside: vec![Value::of(kind, salt).read],
        filters,
        is_id_shared: true,
        version: None,
        stored: StoredColumns::Wso2 {
            digest: digest.to_owned(),
        },
        ambiguous_user: "Several tenants have this user: add --realm TENANT_ID",
        kind,
        table,
    })
}
