//! Statements that write sets of rows: inserting many and ending many.
//! The sizes of sets are few, so that the database prepares few statements.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, Insert, IntoActiveModel, Iterable,
    Statement, Value,
};

use super::error::StoreError;

/// Stays below the 32,766 parameters of SQLite and the 65,535 of PostgreSQL.
const MAX_PARAMETERS: usize = 32_000;
const MAX_ROWS: usize = 1_024;

/// The largest power of two that is at most `left` and that the databases take at once.
fn set_size(left: usize, columns: usize) -> usize {
    let fits = (MAX_PARAMETERS / columns.max(1)).clamp(1, MAX_ROWS);
    let most = left.clamp(1, fits);
    1 << most.ilog2()
}

/// Cuts rows into sets of few sizes.
fn in_sets<T>(rows: Vec<T>, columns: usize) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let left = rows.len();
        (left > 0).then(|| rows.by_ref().take(set_size(left, columns)).collect())
    })
}

/// Inserts rows of one table with as few statements as the database takes.
pub(crate) async fn insert_all<E>(
    transaction: &DatabaseTransaction,
    rows: Vec<E::Model>,
) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    let columns = E::Column::iter().count();
    for set in in_sets(rows, columns) {
        Insert::many(set)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// A row that ends: its key, and the revision from which it is no longer true.
pub(crate) struct Closing<const N: usize> {
    pub(crate) key: [Value; N],
    pub(crate) to_rev: i64,
}

/// Ends live rows of one table; that exactly these were live is checked, because a plan that ends a
/// row which is not there was made from a state that never was.
pub(crate) async fn close_all<const N: usize>(
    transaction: &DatabaseTransaction,
    table: &'static str,
    key: [&'static str; N],
    rows: Vec<Closing<N>>,
) -> Result<(), StoreError> {
    let planned = rows.len();
    let mut closed: u64 = 0;
    for set in in_sets(rows, N + 1) {
        let sql = closing_sql(table, &key, set.len());
        let values = set
            .into_iter()
            .flat_map(|row| row.key.into_iter().chain([row.to_rev.into()]));
        let statement =
            Statement::from_sql_and_values(transaction.get_database_backend(), sql, values);
        closed += transaction.execute_raw(statement).await?.rows_affected();
    }
    if usize::try_from(closed) == Ok(planned) {
        Ok(())
    } else {
        Err(StoreError::Corrupt(format!(
            "{planned} rows of {table} were to end, {closed} did"
        )))
    }
}

fn closing_sql<const N: usize>(table: &str, key: &[&str; N], rows: usize) -> String {
    let mut sql = String::with_capacity(200 + rows * (N + 1) * 8);
    sql.push_str("WITH ending (");
    for column in key {
        sql.push_str(column);
        sql.push_str(", ");
    }
    sql.push_str("last_rev) AS (VALUES ");
    let mut parameter = 0;
    for n in 0..rows {
        sql.push_str(if n == 0 { "(" } else { ", (" });
        for m in 0..=N {
            parameter += 1;
            if m > 0 {
                sql.push_str(", ");
            }
            sql.push('$');
            sql.push_str(&parameter.to_string());
        }
        sql.push(')');
    }
    sql.push_str(") UPDATE ");
    sql.push_str(table);
    sql.push_str(" SET to_rev = ending.last_rev FROM ending WHERE ");
    for column in key {
        sql.push_str(&format!("{table}.{column} = ending.{column} AND "));
    }
    sql.push_str(&format!("{table}.to_rev IS NULL"));
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_rows_are_few_sets_of_few_sizes() {
        let sizes: Vec<usize> = in_sets(vec![(); 1_000], 17).map(|set| set.len()).collect();
        assert_eq!(sizes, [512, 256, 128, 64, 32, 8]);
        assert_eq!(
            in_sets(vec![(); 5_000], 27)
                .map(|set| set.len())
                .sum::<usize>(),
            5_000
        );
        assert!(in_sets(vec![(); 5_000], 27).all(|set| set.len() * 27 <= MAX_PARAMETERS));
        assert_eq!(in_sets(Vec::<()>::new(), 3).count(), 0);
    }
}
