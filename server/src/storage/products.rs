//! Products and their plans in the database: rows only; they are loaded as one catalogue.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use usher_domain::catalogue::{AppliesTo, Product, ProductPlan};
use usher_domain::ids::{PlanId, ProductId, Revision, TenantId};
use uuid::Uuid;

use super::entity::{product_plans, products};
use super::error::StoreError;
use super::moment::Moment;
use super::rows::{from_json, small_numbers, to_json};

small_numbers!(AppliesTo, applies_to_number, applies_to_of, "a product that applies to the unknown kind", {
    AppliesTo::User => AppliesTo::User, 0;
    AppliesTo::Company => AppliesTo::Company, 1;
});

pub(crate) fn row_of(
    tenant: TenantId,
    product: &Product,
    from_rev: Revision,
) -> Result<products::Model, StoreError> {
    Ok(products::Model {
        tenant: tenant.as_uuid(),
        id: product.id.as_uuid(),
        part_number: product.part_number.clone(),
        name: product.name.clone(),
        aliases: to_json(&product.aliases)?,
        applies_to: applies_to_number(&product.applies_to),
        perpetual: product.perpetual,
        from_rev: from_rev.0,
        to_rev: None,
    })
}

pub(crate) fn plan_row_of(
    tenant: TenantId,
    product: ProductId,
    plan: PlanId,
    entry: ProductPlan,
    from_rev: Revision,
) -> product_plans::Model {
    product_plans::Model {
        tenant: tenant.as_uuid(),
        product_id: product.as_uuid(),
        plan_id: plan.as_uuid(),
        on_by_default: entry.on_by_default,
        since_rev: entry.since.0,
        from_rev: from_rev.0,
        to_rev: None,
    }
}

/// All products with their plans, by part number.
pub(crate) async fn load_products(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
) -> Result<Vec<Product>, StoreError> {
    let pairs = product_plans::Entity::find()
        .filter(product_plans::Column::Tenant.eq(tenant.as_uuid()))
        .filter(moment.of("product_plans"))
        .all(connection)
        .await?;
    let mut plans: HashMap<Uuid, BTreeMap<PlanId, ProductPlan>> = HashMap::new();
    for pair in pairs {
        let entry = ProductPlan {
            on_by_default: pair.on_by_default,
            since: Revision(pair.since_rev),
        };
        plans
            .entry(pair.product_id)
            .or_default()
            .insert(PlanId(pair.plan_id), entry);
    }
    products::Entity::find()
        .filter(products::Column::Tenant.eq(tenant.as_uuid()))
        .filter(moment.of("products"))
        .order_by_asc(products::Column::PartNumber)
        .order_by_asc(products::Column::Id)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| {
            Ok(Product {
                plans: plans.remove(&row.id).unwrap_or_default(),
                id: ProductId(row.id),
                part_number: row.part_number,
                name: row.name,
                aliases: from_json("the aliases of a product", row.aliases)?,
                applies_to: applies_to_of(row.applies_to)?,
                perpetual: row.perpetual,
            })
        })
        .collect()
}
