//! Resource names (`users/{id}`): how they are written, and how the id is taken out of one.

use uuid::Uuid;

/// A collection of resources, as it stands in their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// `users/{uuid}`
    Users,
    /// `products/{uuid}`
    Products,
    /// `servicePlans/{uuid}`
    ServicePlans,
    /// `subscriptions/{uuid}`
    Subscriptions,
    /// `licensePools/{product uuid}`
    LicensePools,
    /// `licenseRules/{id}`
    LicenseRules,
    /// `apiTokens/{uuid}`
    ApiTokens,
    /// `tenants/{uuid}`
    Tenants,
}

impl Collection {
    /// The first segment of the names.
    #[must_use]
    pub const fn segment(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Products => "products",
            Self::ServicePlans => "servicePlans",
            Self::Subscriptions => "subscriptions",
            Self::LicensePools => "licensePools",
            Self::LicenseRules => "licenseRules",
            Self::ApiTokens => "apiTokens",
            Self::Tenants => "tenants",
        }
    }

    /// The name of one resource.
    #[must_use]
    pub fn name(self, id: impl std::fmt::Display) -> String {
        format!("{}/{id}", self.segment())
    }

    /// What stands behind `segment/`, or the whole text where it is not such a name: requests take either.
    #[must_use]
    pub fn strip(self, text: &str) -> &str {
        text.strip_prefix(self.segment())
            .and_then(|rest| rest.strip_prefix('/'))
            .unwrap_or(text)
    }
}

/// The name of one user's licence of one product.
#[must_use]
pub fn user_license(user: Uuid, product: Uuid) -> String {
    format!("users/{user}/licenses/{product}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_bare_id_mean_the_same() {
        let id = Uuid::from_u128(7);
        let name = Collection::Users.name(id);
        assert_eq!(name, "users/00000000-0000-0000-0000-000000000007");
        assert_eq!(Collection::Users.strip(&name), id.to_string());
        assert_eq!(
            Collection::Users.strip("adele@contoso.com"),
            "adele@contoso.com"
        );
    }

    #[test]
    fn another_collection_is_left_as_it_is() {
        assert_eq!(Collection::Users.strip("products/1"), "products/1");
        assert_eq!(Collection::Users.strip("usersmith"), "usersmith");
    }
}
