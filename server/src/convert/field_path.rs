//! The planner names the parts of a command in its own words; a caller is told the path of the field in the
//! request that was sent (AIP-193). No message is written here.

/// Where in its request a command was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked<'a> {
    /// A change of licences in the field `change`.
    Change,
    /// The same in a row of a stream, whose reason and id are in its options.
    Row,
    /// A new user in the field `user`, with licences in `license_change`.
    NewUser,
    /// A change of a user in the field `user`; which one is said in the field of this path.
    User(&'a str),
    /// Something of the catalogue in the field of this path.
    In(&'a str),
    /// The request itself.
    Whole,
    /// A user who is named in the field `user`, beside other fields.
    Named,
    /// A purchase in the field `subscription`.
    Subscription,
    /// A role in the field `role_assignment`.
    RoleAssignment,
    /// A new token in the field `api_token`.
    ApiToken,
    /// A token that is named in the field `api_token`.
    RevokedToken,
    /// An organisation, whose fields the planner names as the request does.
    Tenant,
    /// A change of a purchase in the field `subscription`; which one is said in the field of this path.
    NamedSubscription(&'a str),
    /// A change of a purchase that the field `subscription` names; the rest stands beside it.
    OfSubscription,
}

impl Asked<'_> {
    /// The path in the request of a field that the planner names; an empty one stays empty.
    pub(crate) fn path(self, field: &str) -> String {
        match (self, field) {
            (_, "") => String::new(),
            (Self::Row, "reason" | "request_id") => format!("options.{field}"),
            (_, "reason" | "request_id") => field.to_owned(),
            (Self::Change | Self::Row, _) => format!("change.{}", in_change(field)),
            (Self::NewUser, _) if is_in_change(field) => {
                format!("license_change.{}", in_change(field))
            }
            (Self::Named, "upn") => "user_principal_name".to_owned(),
            (Self::Named, _) => field.strip_prefix("user.").unwrap_or(field).to_owned(),
            (Self::User(target), "user") => target.to_owned(),
            (Self::NewUser | Self::User(_), _) => in_user(field),
            (Self::RoleAssignment, _) => format!("role_assignment.{field}"),
            (Self::ApiToken, _) => format!("api_token.{}", in_token(field)),
            (Self::RevokedToken, _) => "api_token".to_owned(),
            (Self::Tenant, _) => field.to_owned(),
            (Self::NamedSubscription(target), "subscription") => target.to_owned(),
            (Self::Subscription | Self::NamedSubscription(_), _) => {
                format!("subscription.{}", in_subscription(field))
            }
            (Self::OfSubscription, _) => in_subscription(field).to_owned(),
            (Self::In(path), "id" | "etag") => {
                let (whole, _) = path.split_once('.').unwrap_or((path, ""));
                format!("{whole}.{field}")
            }
            (Self::In(path), "mode") => format!("{path}.allow"),
            (Self::In(path), _) => format!("{path}.{field}"),
            (Self::Whole, _) => field.to_owned(),
        }
    }
}

/// Fields of a change of licences, as the planner names them.
const OF_A_CHANGE: [&str; 9] = [
    "add",
    "add_first",
    "copy_from",
    "keep",
    "remove",
    "switches",
    "only_plans",
    "carry_switches",
    "mode",
];

fn is_in_change(field: &str) -> bool {
    let first = field.split(['.', '[']).next().unwrap_or_default();
    OF_A_CHANGE.contains(&first)
}

fn in_change(field: &str) -> String {
    match (field.split_once('['), field.rsplit_once('.')) {
        // Products are texts in their lists, and one setting holds for all that are added.
        (Some(("add", _)), Some((_, "new_plans"))) => "new_plans".to_owned(),
        (Some(("add" | "remove", _)), Some((product, "product"))) => product.to_owned(),
        (Some(("switches", _)), Some((switch, "to"))) => format!("{switch}.state"),
        (Some(("carry_switches", key)), _) => format!("carry_switches.counterparts[{key}"),
        _ => field.to_owned(),
    }
}

fn in_user(field: &str) -> String {
    let name = match field {
        "upn" => "user_principal_name",
        "office" => "office_location",
        "phone" => "phone_number",
        "mobile" => "mobile_phone",
        _ => field.strip_prefix("user.").unwrap_or(field),
    };
    format!("user.{name}")
}

fn in_token(field: &str) -> &str {
    match field {
        "name" => "display_name",
        "expires_at" => "expire_time",
        _ => field,
    }
}

fn in_subscription(field: &str) -> &str {
    match field {
        "starts_at" => "start_time",
        "ends_at" => "end_time",
        "name" => "display_name",
        "months" => "term_months",
        "expect" => "etag",
        _ => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_by_its_path_in_the_request() {
        for (asked, field, path) in [
            (Asked::Change, "", ""),
            (Asked::Change, "request_id", "request_id"),
            (Asked::Row, "request_id", "options.request_id"),
            (Asked::Change, "user", "change.user"),
            (Asked::Change, "add[2].product", "change.add[2]"),
            (Asked::Row, "remove[0].product", "change.remove[0]"),
            (Asked::Change, "add[2].new_plans", "change.new_plans"),
            (Asked::Change, "add", "change.add"),
            (Asked::Change, "switches[1].plan", "change.switches[1].plan"),
            (
                Asked::Change,
                "switches[1].product",
                "change.switches[1].product",
            ),
            (Asked::Change, "switches[1].to", "change.switches[1].state"),
            (
                Asked::Change,
                "only_plans.product",
                "change.only_plans.product",
            ),
            (
                Asked::Change,
                "carry_switches[\"A.B\"]",
                "change.carry_switches.counterparts[\"A.B\"]",
            ),
            (Asked::NewUser, "upn", "user.user_principal_name"),
            (Asked::NewUser, "id", "user.id"),
            (Asked::NewUser, "add[0].product", "license_change.add[0]"),
            (Asked::User("target"), "user", "target"),
            (Asked::User("target"), "office", "user.office_location"),
            (Asked::User("target"), "user.etag", "user.etag"),
            (Asked::In("product"), "plans[1]", "product.plans[1]"),
            (
                Asked::In("license_rule.country"),
                "etag",
                "license_rule.etag",
            ),
            (
                Asked::In("license_rule.country"),
                "mode",
                "license_rule.country.allow",
            ),
            (Asked::Whole, "etag", "etag"),
            (Asked::Named, "user", "user"),
            (Asked::Named, "user.etag", "etag"),
            (Asked::Named, "upn", "user_principal_name"),
            (Asked::Subscription, "quantity", "subscription.quantity"),
            (Asked::Subscription, "ends_at", "subscription.end_time"),
            (Asked::Subscription, "purchaser", "subscription.purchaser"),
            (
                Asked::NamedSubscription("subscription.id"),
                "subscription",
                "subscription.id",
            ),
            (
                Asked::NamedSubscription("subscription.id"),
                "name",
                "subscription.display_name",
            ),
            (Asked::OfSubscription, "subscription", "subscription"),
            (Asked::OfSubscription, "months", "term_months"),
        ] {
            assert_eq!(asked.path(field), path, "{asked:?} {field}");
        }
    }
}
