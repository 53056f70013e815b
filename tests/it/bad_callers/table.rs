//! Every call of the contract: the roles that may make it, and how it is asked about things of
//! another organisation. One line a call; a call without a line fails the test.

use prost::Message;
use usher::v1::{self as wire, Role};

use super::things::{Page, Things};

/// One call.
pub(super) struct Row {
    pub(super) call: &'static str,
    pub(super) roles: &'static [Role],
    /// Requests that name a thing each; none where the call takes no id.
    pub(super) about: fn(&Things) -> Vec<Vec<u8>>,
    /// How a listing is asked for a page: with one row on it.
    pub(super) page: Option<fn(Page) -> Vec<u8>>,
    /// The token of the next page in the answer of a listing.
    pub(super) next: fn(&[u8]) -> String,
}

/// Most listings answer their token in the same field.
#[derive(Clone, PartialEq, Message)]
struct NextPage {
    #[prost(string, tag = "2")]
    token: String,
}

fn next_page(answer: &[u8]) -> String {
    NextPage::decode(answer).unwrap().token
}

const READ: &[Role] = &[
    Role::GlobalAdmin,
    Role::LicenseAdmin,
    Role::UserAdmin,
    Role::BillingAdmin,
    Role::GlobalReader,
];
const ASSIGN: &[Role] = &[Role::GlobalAdmin, Role::LicenseAdmin, Role::UserAdmin];
const PEOPLE: &[Role] = &[Role::GlobalAdmin, Role::UserAdmin];
const BUY: &[Role] = &[Role::GlobalAdmin, Role::BillingAdmin];
const ALL: &[Role] = &[Role::GlobalAdmin];

fn nothing(_: &Things) -> Vec<Vec<u8>> {
    Vec::new()
}

const fn row(
    call: &'static str,
    roles: &'static [Role],
    about: fn(&Things) -> Vec<Vec<u8>>,
) -> Row {
    Row {
        call,
        roles,
        about,
        page: None,
        next: next_page,
    }
}

const fn listing(
    call: &'static str,
    about: fn(&Things) -> Vec<Vec<u8>>,
    page: fn(Page) -> Vec<u8>,
) -> Row {
    Row {
        call,
        roles: READ,
        about,
        page: Some(page),
        next: next_page,
    }
}

/// A request for a page of one row.
macro_rules! page {
    ($request:ident $(, $field:ident: $value:expr)*) => {
        |page: Page| {
            wire::$request {
                page_size: 1,
                page_token: page.token,
                $($field: $value,)*
                ..wire::$request::default()
            }
            .encode_to_vec()
        }
    };
}

/// The same request once for each value of one of its fields.
macro_rules! each {
    ($request:ident { $field:ident } of $values:expr) => {
        $values
            .into_iter()
            .map(|value| {
                wire::$request {
                    $field: value,
                    ..wire::$request::default()
                }
                .encode_to_vec()
            })
            .collect()
    };
}

fn users(things: &Things) -> [String; 3] {
    [
        things.user.clone(),
        things.upn.clone(),
        format!("users/{}", things.user),
    ]
}

fn products(things: &Things) -> [String; 3] {
    [
        things.product.clone(),
        things.part_number.clone(),
        format!("products/{}", things.product),
    ]
}

fn subscriptions(things: &Things) -> [String; 2] {
    [
        things.subscription.clone(),
        format!("subscriptions/{}", things.subscription),
    ]
}

fn mask(path: &str) -> Option<prost_types::FieldMask> {
    Some(prost_types::FieldMask {
        paths: vec![path.to_owned()],
    })
}

fn license_changes(things: &Things) -> Vec<wire::LicenseChange> {
    let of = |user: String| wire::LicenseChange {
        user,
        add: vec!["KKK1".to_owned()],
        ..wire::LicenseChange::default()
    };
    let with = |product: String| wire::LicenseChange {
        user: "home@example.com".to_owned(),
        add: vec![product],
        ..wire::LicenseChange::default()
    };
    let without = |product: String| wire::LicenseChange {
        user: "home@example.com".to_owned(),
        remove: vec![product],
        ..wire::LicenseChange::default()
    };
    let switched = |plan: String| wire::LicenseChange {
        user: "home@example.com".to_owned(),
        switches: vec![wire::PlanSwitch {
            plan,
            ..wire::PlanSwitch::default()
        }],
        ..wire::LicenseChange::default()
    };
    let mut changes: Vec<wire::LicenseChange> = users(things).map(of).to_vec();
    changes.extend(products(things).map(with));
    changes.extend(products(things).map(without));
    changes.extend([things.plan.clone(), things.plan_name.clone()].map(switched));
    changes
}

fn filters(things: &Things) -> [String; 2] {
    [&things.product, &things.part_number]
        .map(|product| format!("assignedLicenses/any(x:x/skuId eq '{product}')"))
}

/// Every call, in any order.
pub(super) const TABLE: &[Row] = &[
    row("/usher.v1.AccessService/WhoAmI", READ, nothing),
    listing(
        "/usher.v1.AccessService/ListRoleAssignments",
        |things| each!(ListRoleAssignmentsRequest { identity } of [things.upn.clone()]),
        page!(ListRoleAssignmentsRequest),
    ),
    row("/usher.v1.AccessService/CreateRoleAssignment", ALL, nothing),
    row(
        "/usher.v1.AccessService/DeleteRoleAssignment",
        ALL,
        |things| {
            let role_assignment = Some(wire::RoleAssignment {
                identity: things.upn.clone(),
                role: Role::GlobalAdmin.into(),
            });
            each!(DeleteRoleAssignmentRequest { role_assignment } of [role_assignment])
        },
    ),
    listing(
        "/usher.v1.AccessService/ListApiTokens",
        |things| each!(ListApiTokensRequest { identity } of [things.upn.clone()]),
        page!(ListApiTokensRequest),
    ),
    row("/usher.v1.AccessService/CreateApiToken", ALL, nothing),
    row("/usher.v1.AccessService/RevokeApiToken", ALL, |things| {
        each!(RevokeApiTokenRequest { api_token } of [
            things.token.clone(),
            things.token_name.clone(),
            format!("apiTokens/{}", things.token),
        ])
    }),
    listing(
        "/usher.v1.AuditService/ListChanges",
        |things| each!(ListChangesRequest { user } of users(things)),
        page!(ListChangesRequest),
    ),
    row("/usher.v1.AuditService/VerifyChain", READ, nothing),
    Row {
        page: Some(|page: Page| {
            wire::CompareLicensesRequest {
                page_size: 1,
                page_token: page.token,
                start_time: Some(page.since),
                ..wire::CompareLicensesRequest::default()
            }
            .encode_to_vec()
        }),
        next: |answer| {
            let answer = wire::CompareLicensesResponse::decode(answer);
            answer.unwrap().next_page_token
        },
        ..row(
            "/usher.v1.LicenseService/CompareLicenses",
            READ,
            |things| each!(CompareLicensesRequest { product } of products(things)),
        )
    },
    row(
        "/usher.v1.BatchService/StreamLicenseChanges",
        ASSIGN,
        |things| each!(StreamLicenseChangesRequest { changes } of license_changes(things).into_iter().map(|one| vec![one])),
    ),
    row(
        "/usher.v1.CatalogService/GetProduct",
        READ,
        |things| each!(GetProductRequest { product } of products(things)),
    ),
    listing(
        "/usher.v1.CatalogService/ListProducts",
        |things| each!(ListProductsRequest { search } of [things.part_number.clone()]),
        page!(ListProductsRequest),
    ),
    listing(
        "/usher.v1.CatalogService/ListServicePlans",
        |things| each!(ListServicePlansRequest { product } of products(things)),
        page!(ListServicePlansRequest),
    ),
    row("/usher.v1.CatalogService/ImportProducts", ALL, nothing),
    listing(
        "/usher.v1.CatalogService/ListLicenseRules",
        nothing,
        page!(ListLicenseRulesRequest),
    ),
    row("/usher.v1.CatalogService/ImportLicenseRules", ALL, nothing),
    row(
        "/usher.v1.CatalogService/UpdateLicenseRule",
        ALL,
        |things| {
            let rules = [
                (String::new(), things.rule.clone()),
                (format!("licenseRules/{}", things.rule), String::new()),
            ];
            let rules = rules.map(|(name, id)| {
                let exclusion = wire::ExclusionRule {
                    service: "Mine".to_owned(),
                    ..wire::ExclusionRule::default()
                };
                Some(wire::LicenseRule {
                    name,
                    id,
                    rule: Some(wire::license_rule::Rule::Exclusion(exclusion)),
                    ..wire::LicenseRule::default()
                })
            });
            each!(UpdateLicenseRuleRequest { license_rule } of rules)
        },
    ),
    row(
        "/usher.v1.CatalogService/DeleteLicenseRule",
        ALL,
        |things| {
            each!(DeleteLicenseRuleRequest { license_rule } of [
                things.rule.clone(),
                format!("licenseRules/{}", things.rule),
            ])
        },
    ),
    row("/usher.v1.CatalogService/UpdateProduct", ALL, |things| {
        products(things)
            .map(|target| {
                wire::UpdateProductRequest {
                    product: Some(wire::Product {
                        perpetual: true,
                        ..wire::Product::default()
                    }),
                    update_mask: mask("perpetual"),
                    target,
                    ..wire::UpdateProductRequest::default()
                }
                .encode_to_vec()
            })
            .to_vec()
    }),
    row(
        "/usher.v1.CatalogService/UpdateServicePlan",
        ALL,
        |things| {
            [things.plan.clone(), things.plan_name.clone()]
                .map(|target| {
                    wire::UpdateServicePlanRequest {
                        service_plan: Some(wire::ServicePlan {
                            automatic: true,
                            ..wire::ServicePlan::default()
                        }),
                        update_mask: mask("automatic"),
                        target,
                        ..wire::UpdateServicePlanRequest::default()
                    }
                    .encode_to_vec()
                })
                .to_vec()
        },
    ),
    listing(
        "/usher.v1.LicenseService/ListLicensePools",
        |things| each!(ListLicensePoolsRequest { product } of products(things)),
        page!(ListLicensePoolsRequest),
    ),
    listing(
        "/usher.v1.LicenseService/ListUserLicenses",
        |things| {
            let mut asked: Vec<Vec<u8>> =
                each!(ListUserLicensesRequest { parent } of users(things));
            asked.extend(products(things).map(|product| {
                wire::ListUserLicensesRequest {
                    parent: "users/-".to_owned(),
                    product,
                    ..wire::ListUserLicensesRequest::default()
                }
                .encode_to_vec()
            }));
            asked
        },
        page!(ListUserLicensesRequest, parent: "users/-".to_owned()),
    ),
    row(
        "/usher.v1.LicenseService/ModifyUserLicenses",
        ASSIGN,
        |things| each!(ModifyUserLicensesRequest { change } of license_changes(things).into_iter().map(Some)),
    ),
    row(
        "/usher.v1.SubscriptionService/CreateSubscription",
        BUY,
        |things| {
            each!(CreateSubscriptionRequest { subscription } of products(things).map(|product| {
                Some(wire::Subscription {
                    product,
                    quantity: 1,
                    ..wire::Subscription::default()
                })
            }))
        },
    ),
    row(
        "/usher.v1.SubscriptionService/GetSubscription",
        READ,
        |things| each!(GetSubscriptionRequest { subscription } of subscriptions(things)),
    ),
    row(
        "/usher.v1.SubscriptionService/UpdateSubscription",
        BUY,
        |things| {
            subscriptions(things)
                .map(|name| {
                    wire::UpdateSubscriptionRequest {
                        subscription: Some(wire::Subscription {
                            name,
                            quantity: 7,
                            ..wire::Subscription::default()
                        }),
                        update_mask: mask("quantity"),
                        ..wire::UpdateSubscriptionRequest::default()
                    }
                    .encode_to_vec()
                })
                .to_vec()
        },
    ),
    row(
        "/usher.v1.SubscriptionService/RenewSubscription",
        BUY,
        |things| each!(RenewSubscriptionRequest { subscription } of subscriptions(things)),
    ),
    row(
        "/usher.v1.SubscriptionService/CancelSubscription",
        BUY,
        |things| each!(CancelSubscriptionRequest { subscription } of subscriptions(things)),
    ),
    row(
        "/usher.v1.SubscriptionService/ReactivateSubscription",
        BUY,
        |things| each!(ReactivateSubscriptionRequest { subscription } of subscriptions(things)),
    ),
    row(
        "/usher.v1.SubscriptionService/TakeOverSubscription",
        BUY,
        |things| {
            subscriptions(things)
                .map(|subscription| {
                    wire::TakeOverSubscriptionRequest {
                        subscription,
                        mode: wire::TakeOverMode::Move.into(),
                        ..wire::TakeOverSubscriptionRequest::default()
                    }
                    .encode_to_vec()
                })
                .to_vec()
        },
    ),
    listing(
        "/usher.v1.SubscriptionService/ListSubscriptions",
        |things| each!(ListSubscriptionsRequest { product } of products(things)),
        page!(ListSubscriptionsRequest),
    ),
    row("/usher.v1.TenantService/GetTenant", READ, nothing),
    row("/usher.v1.TenantService/UpdateTenant", ALL, nothing),
    row("/usher.v1.TenantService/ListTenants", READ, nothing),
    row("/usher.v1.TenantService/CreateTenant", ALL, nothing),
    row(
        "/usher.v1.UserService/GetUser",
        READ,
        |things| each!(GetUserRequest { user } of users(things)),
    ),
    listing(
        "/usher.v1.UserService/ListUsers",
        |things| {
            let mut asked: Vec<Vec<u8>> =
                each!(ListUsersRequest { search } of [things.upn.clone()]);
            asked.extend::<Vec<Vec<u8>>>(each!(ListUsersRequest { filter } of filters(things)));
            asked
        },
        page!(ListUsersRequest),
    ),
    listing(
        "/usher.v1.UserService/ListServiceData",
        |things| each!(ListServiceDataRequest { parent } of users(things)),
        page!(ListServiceDataRequest, parent: "users/-".to_owned()),
    ),
    row("/usher.v1.UserService/CreateUser", PEOPLE, nothing),
    row("/usher.v1.UserService/UpdateUser", ASSIGN, |things| {
        users(things)
            .map(|target| {
                wire::UpdateUserRequest {
                    user: Some(wire::User {
                        usage_location: "FR".to_owned(),
                        ..wire::User::default()
                    }),
                    update_mask: mask("usage_location"),
                    target,
                    ..wire::UpdateUserRequest::default()
                }
                .encode_to_vec()
            })
            .to_vec()
    }),
    row("/usher.v1.UserService/ImportUsers", PEOPLE, nothing),
    row(
        "/usher.v1.UserService/DeleteUser",
        PEOPLE,
        |things| each!(DeleteUserRequest { user } of users(things)),
    ),
    row(
        "/usher.v1.UserService/UndeleteUser",
        PEOPLE,
        |things| each!(UndeleteUserRequest { user } of users(things)),
    ),
    row(
        "/usher.v1.UserService/PurgeUser",
        PEOPLE,
        |things| each!(PurgeUserRequest { user } of users(things)),
    ),
    row(
        "/usher.v1.UserService/OffboardUser",
        PEOPLE,
        |things| each!(OffboardUserRequest { user } of users(things)),
    ),
];
