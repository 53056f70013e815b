//! Which roles may make which call: one static table (R51). A call that is not in it is refused.
//! What a role may do within a call, such as with guests, is a rule of the domain.

use usher_domain::command::Role;

const READ: &[Role] = &[
    Role::GlobalAdmin,
    Role::LicenseAdmin,
    Role::UserAdmin,
    Role::BillingAdmin,
    Role::GlobalReader,
];
const ASSIGN: &[Role] = &[Role::GlobalAdmin, Role::LicenseAdmin, Role::UserAdmin];
const PEOPLE: &[Role] = &[Role::GlobalAdmin, Role::UserAdmin];
/// A License admin sets usage locations only.
const PROFILE: &[Role] = &[Role::GlobalAdmin, Role::UserAdmin, Role::LicenseAdmin];
const PURCHASE: &[Role] = &[Role::GlobalAdmin, Role::BillingAdmin];
const CATALOGUE: &[Role] = &[Role::GlobalAdmin];
/// Tokens, roles, and the organisation itself.
const ACCESS: &[Role] = &[Role::GlobalAdmin];

/// One call and the roles that may make it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Permission {
    /// `/usher.v1.Service/Method`
    pub(crate) call: &'static str,
    pub(crate) roles: &'static [Role],
}

const fn may(call: &'static str, roles: &'static [Role]) -> Permission {
    Permission { call, roles }
}

/// Every call of the contract.
pub(crate) const TABLE: &[Permission] = &[
    may("/usher.v1.AccessService/CreateApiToken", ACCESS),
    may("/usher.v1.AccessService/CreateRoleAssignment", ACCESS),
    may("/usher.v1.AccessService/DeleteRoleAssignment", ACCESS),
    may("/usher.v1.AccessService/ListApiTokens", READ),
    may("/usher.v1.AccessService/ListRoleAssignments", READ),
    may("/usher.v1.AccessService/RevokeApiToken", ACCESS),
    may("/usher.v1.AccessService/WhoAmI", READ),
    may("/usher.v1.AuditService/ListChanges", READ),
    may("/usher.v1.AuditService/VerifyChain", READ),
    may("/usher.v1.BatchService/StreamLicenseChanges", ASSIGN),
    may("/usher.v1.CatalogService/DeleteLicenseRule", CATALOGUE),
    may("/usher.v1.CatalogService/GetProduct", READ),
    may("/usher.v1.CatalogService/ImportLicenseRules", CATALOGUE),
    may("/usher.v1.CatalogService/ImportProducts", CATALOGUE),
    may("/usher.v1.CatalogService/ListLicenseRules", READ),
    may("/usher.v1.CatalogService/ListProducts", READ),
    may("/usher.v1.CatalogService/ListServicePlans", READ),
    may("/usher.v1.CatalogService/UpdateLicenseRule", CATALOGUE),
    may("/usher.v1.CatalogService/UpdateProduct", CATALOGUE),
    may("/usher.v1.CatalogService/UpdateServicePlan", CATALOGUE),
    may("/usher.v1.LicenseService/CompareLicenses", READ),
    may("/usher.v1.LicenseService/ListLicensePools", READ),
    may("/usher.v1.LicenseService/ListUserLicenses", READ),
    may("/usher.v1.LicenseService/ModifyUserLicenses", ASSIGN),
    may("/usher.v1.SubscriptionService/CancelSubscription", PURCHASE),
    may("/usher.v1.SubscriptionService/CreateSubscription", PURCHASE),
    may("/usher.v1.SubscriptionService/GetSubscription", READ),
    may("/usher.v1.SubscriptionService/ListSubscriptions", READ),
    may(
        "/usher.v1.SubscriptionService/ReactivateSubscription",
        PURCHASE,
    ),
    may("/usher.v1.SubscriptionService/RenewSubscription", PURCHASE),
    may(
        "/usher.v1.SubscriptionService/TakeOverSubscription",
        PURCHASE,
    ),
    may("/usher.v1.SubscriptionService/UpdateSubscription", PURCHASE),
    may("/usher.v1.TenantService/CreateTenant", ACCESS),
    may("/usher.v1.TenantService/GetTenant", READ),
    may("/usher.v1.TenantService/ListTenants", READ),
    may("/usher.v1.TenantService/UpdateTenant", ACCESS),
    may("/usher.v1.UserService/CreateUser", PEOPLE),
    may("/usher.v1.UserService/DeleteUser", PEOPLE),
    may("/usher.v1.UserService/GetUser", READ),
    may("/usher.v1.UserService/ImportUsers", PEOPLE),
    may("/usher.v1.UserService/ListServiceData", READ),
    may("/usher.v1.UserService/ListUsers", READ),
    may("/usher.v1.UserService/OffboardUser", PEOPLE),
    may("/usher.v1.UserService/PurgeUser", PEOPLE),
    may("/usher.v1.UserService/UndeleteUser", PEOPLE),
    may("/usher.v1.UserService/UpdateUser", PROFILE),
];

/// The row of a call.
pub(crate) fn of(call: &str) -> Option<&'static Permission> {
    TABLE
        .binary_search_by(|permission| permission.call.cmp(call))
        .ok()
        .and_then(|at| TABLE.get(at))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use prost::Message;
    use prost_types::FileDescriptorSet;

    use super::*;

    #[test]
    fn the_table_and_the_contract_name_the_same_calls() {
        let files = FileDescriptorSet::decode(usher::DESCRIPTORS).unwrap();
        let mut calls = BTreeSet::new();
        for file in files
            .file
            .iter()
            .filter(|file| file.package() == "usher.v1")
        {
            for service in &file.service {
                for method in &service.method {
                    calls.insert(format!("/usher.v1.{}/{}", service.name(), method.name()));
                }
            }
        }
        let table: BTreeSet<String> = TABLE.iter().map(|row| row.call.to_owned()).collect();
        assert_eq!(table, calls);
        assert!(
            TABLE.is_sorted_by(|a, b| a.call < b.call),
            "the search needs the order"
        );
    }

    #[test]
    fn a_global_admin_may_do_everything_and_a_reader_changes_nothing() {
        for row in TABLE {
            assert!(row.roles.contains(&Role::GlobalAdmin), "{}", row.call);
            let method = row.call.rsplit('/').next().unwrap_or_default();
            let reads = ["Compare", "Get", "List", "Verify", "WhoAmI"]
                .iter()
                .any(|read| method.starts_with(read));
            assert_eq!(
                row.roles.contains(&Role::GlobalReader),
                reads,
                "{}",
                row.call
            );
        }
        assert!(of("/usher.v1.UserService/DropEverything").is_none());
    }
}
