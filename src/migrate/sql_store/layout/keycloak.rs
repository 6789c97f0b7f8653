//! Keycloak's `CREDENTIAL`, whose users are in `USER_ENTITY` and their realms in `REALM`.

use super::{
    Filter, Id, Layout, LayoutError, User, Value, check_unique, column, in_table, refused,
};
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
    let beside = |name: &str| format!("\"{}\".{name}", table.schema.replace('"', ""));
    let users = super::table(database, &beside("user_entity")).await?;
    let of_users = |name: &str| {
        let found = column(&users, name, "--preset keycloak");
        found.map(|column| format!("e.{}", kind.quoted(&column.name)))
    };
    let of_table = |name: &str| column(&table, name, "--preset keycloak");
    let quoted = |name: &str| of_table(name).map(|column| in_table(kind, column));
    let mut filters = vec![Filter {
        condition: format!("{} = 'password'", quoted("type")?),
        bound: None,
        is_of_table: true,
    }];
    if let Some(realm) = &asked.realm {
        let realms = super::table(database, &beside("realm")).await?;
        let realm_column = |name: &str| {
            let found = column(&realms, name, "--preset keycloak");
            found.map(|column| format!("r.{}", kind.quoted(&column.name)))
        };
        let of_name = format!(
            "SELECT {} FROM {} r WHERE {} = {{}}",
            realm_column("id")?,
            realms.quoted(kind),
            realm_column("name")?
        );
        let mut statement = database.statement("");
        statement.bind(&of_name, realm);
        if database.rows(&statement).await?.is_empty() {
            return refused(format!("there is no realm {realm}: check --realm"));
        }
        filters.push(Filter {
            condition: format!("{} IN ({of_name})", of_users("realm_id")?),
            bound: Some(realm.clone()),
            is_of_table: false,
        });
    }
    let id = of_table("id")?;
    check_unique(&table, id)?;
    let id = Id::find(database, &table, id).await?;
    let username = column(&users, "username", "--preset keycloak")?;
    let owner = of_users("id")?;
    let values = [of_table("credential_data")?, of_table("secret_data")?];
    let version = table.column("version");
    Ok(Layout {
        from: format!(
            "{} k JOIN {} e ON {owner} = {}",
            table.quoted(kind),
            users.quoted(kind),
            quoted("user_id")?
        ),
        id,
        user: User::of(kind, username, "e", &owner),
        values: values.map(|column| Value::of(kind, column)).into(),
        beside: Vec::new(),
        filters,
        is_id_shared: false,
        version: version.map(|column| kind.quoted(&column.name)),
        stored: StoredColumns::Keycloak,
        ambiguous_user: "Several realms have this user: add --realm NAME",
        kind,
        table,
    })
}
