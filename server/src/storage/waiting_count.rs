//! How many people wait for a seat of each product, in one query.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use usher_domain::ids::{ProductId, TenantId};
use uuid::Uuid;

use super::error::StoreError;
use super::moment::Moment;

#[derive(FromQueryResult)]
struct Queue {
    product_id: Uuid,
    people: i64,
}

/// The people in each queue; a product without one is not in it.
pub(crate) async fn by_product(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
) -> Result<HashMap<ProductId, i64>, StoreError> {
    let sql = format!(
        "SELECT product_id, COUNT(DISTINCT user_id) AS people FROM waiting WHERE tenant = $1 AND {} GROUP BY product_id",
        moment.condition("waiting")
    );
    let backend = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [tenant.as_uuid().into()]);
    let queues = Queue::find_by_statement(statement).all(connection).await?;
    Ok(queues
        .into_iter()
        .map(|queue| (ProductId(queue.product_id), queue.people))
        .collect())
}
