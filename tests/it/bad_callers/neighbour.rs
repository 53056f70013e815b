//! The other organisation, whose things nobody here may learn of.

use prost::Message;
use usher::v1::{self as wire, Role};
use usher_tests::raw::Raw;

use super::{
    buy, create_user, import_products, import_rules,
    things::{Things, unknown},
    token,
};

const PEOPLE: [&str; 2] = ["second@zz-neighbour.com", "zanzi@zz-neighbour.com"];

/// Another organisation of the same database, with two of everything.
pub(super) struct Neighbour {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) caller: Raw,
    pub(super) things: Things,
    pub(super) unknown: Things,
}

impl Neighbour {
    pub(super) async fn settle(operator: &Raw) -> Self {
        let name = "Zanzibar Trading".to_owned();
        let request = wire::CreateTenantRequest {
            tenant: Some(wire::Tenant {
                display_name: name.clone(),
                ..wire::Tenant::default()
            }),
            ..wire::CreateTenantRequest::default()
        };
        let path = "/usher.v1.TenantService/CreateTenant";
        let made: wire::CreateTenantResponse = operator.ask(path, &request).await.unwrap();
        let id = made.tenant.unwrap().id;
        let caller = operator.with("usher-tenant", &id);
        let mut products = vec![("ZZ_NEIGHBOUR_SKU", "ZZ_NEIGHBOUR_PLAN")];
        products.push(("ZZ_NEIGHBOUR_TWO", "ZZ_NEIGHBOUR_MORE"));
        import_products(&caller, &products).await;
        let things = Self::fill(&caller).await;
        Self {
            id,
            name,
            caller,
            things,
            unknown: unknown(),
        }
    }

    async fn fill(caller: &Raw) -> Things {
        let mut things = Things::default();
        for upn in PEOPLE {
            things.user = create_user(caller, upn, "Zanzibar Person").await.id;
            upn.clone_into(&mut things.upn);
        }
        // One for each, since a page ends with a whole person.
        for (upn, product) in PEOPLE
            .into_iter()
            .zip(["ZZ_NEIGHBOUR_TWO", "ZZ_NEIGHBOUR_SKU"])
        {
            let bought = buy(caller, product).await;
            let modify = wire::ModifyUserLicensesRequest {
                change: Some(usher_tests::seed::add(upn, product)),
                ..wire::ModifyUserLicensesRequest::default()
            };
            let path = "/usher.v1.LicenseService/ModifyUserLicenses";
            caller.call(path, modify.encode_to_vec()).await.unwrap();
            things.subscription = bought.id;
            things.product = bought.product;
            product.clone_into(&mut things.part_number);
        }
        let request = wire::GetProductRequest {
            product: things.part_number.clone(),
            ..wire::GetProductRequest::default()
        };
        let path = "/usher.v1.CatalogService/GetProduct";
        let found: wire::GetProductResponse = caller.ask(path, &request).await.unwrap();
        let plan = found.product.unwrap().plans.remove(0);
        things.plan = plan.id;
        things.plan_name = "ZZ_NEIGHBOUR_PLAN".to_owned();
        things.rule = import_rules(caller, &["ZZ_NEIGHBOUR_PLAN", "ZZ_NEIGHBOUR_MORE"]).await;
        for name in ["zz-neighbour-1", "zz-neighbour-2"] {
            token(caller, name, Role::GlobalAdmin, None).await;
            name.clone_into(&mut things.token_name);
        }
        let path = "/usher.v1.AccessService/ListApiTokens";
        let listed: wire::ListApiTokensResponse = caller
            .ask(path, &wire::ListApiTokensRequest::default())
            .await
            .unwrap();
        things.token = listed.api_tokens.last().unwrap().id.clone();
        things
    }
}
