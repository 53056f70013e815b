//! The decisions on the organisation itself: beginning one, and changing its settings.

use serde::Serialize;
use uuid::Uuid;

use super::limits::{MAX_TENANT_NAME, check_text, identity};
use super::{Action, Change, Context, Plan, Step, Subject};
use crate::access::Role;
use crate::command::TenantFields;
use crate::ids::{Country, Revision, TenantId};
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::{GuestPolicy, TenantSettings};

#[derive(Serialize)]
struct RecordedTenant<'a> {
    id: TenantId,
    name: &'a str,
    default_usage_location: Option<Country>,
    guest_policy: GuestPolicy,
}

impl<'a> RecordedTenant<'a> {
    fn new(id: TenantId, name: &'a str, settings: TenantSettings) -> Self {
        Self {
            id,
            name,
            default_usage_location: settings.default_usage_location,
            guest_policy: settings.guest_policy,
        }
    }
}

/// The tag of an organisation as it was read.
#[must_use]
pub fn tenant_etag(from_rev: Revision) -> String {
    format!("\"{:016x}\"", from_rev.0)
}

pub(super) fn update(context: &Context<'_>, patch: &TenantFields, expect: Option<&str>) -> Plan {
    let id = context.request.tenant;
    let organisation = &context.snapshot.organisation;
    let subject = Subject::Tenant(id);
    if expect.is_some_and(|expect| expect != tenant_etag(organisation.from_rev)) {
        let message = "The organisation was changed since it was read. Read it again, then send the change with the new etag";
        let cause = Cause::new(Code::ConcurrentChange, message).field("tenant.etag");
        return Plan::failed(Some(subject), vec![cause]);
    }
    let before = context.snapshot.tenant;
    let mut after = before;
    let mut causes = Vec::new();
    let mut name = organisation.name.clone();
    if let Some(given) = &patch.name {
        given.trim().clone_into(&mut name);
        causes.extend(check_name(&name));
    }
    if let Some(given) = &patch.default_usage_location {
        match location(given) {
            Ok(location) => after.default_usage_location = location,
            Err(cause) => causes.push(cause),
        }
    }
    if let Some(policy) = patch.guest_policy {
        after.guest_policy = policy;
    }
    if !causes.is_empty() {
        return Plan::failed(Some(subject), causes);
    }
    if after == before && name == organisation.name {
        return Plan::unchanged(subject);
    }
    let changes = vec![
        Change::CloseTenant,
        Change::OpenTenant {
            name: name.clone(),
            created_at: organisation.created_at,
            settings: after,
        },
    ];
    let was = RecordedTenant::new(id, &organisation.name, before);
    let is = RecordedTenant::new(id, &name, after);
    Plan::applied(Action::UpdateTenant, subject, changes, &was, &is)
}

/// The first two changes of an organisation: its name, and who is Global admin.
pub(super) fn create(context: &Context<'_>, id: TenantId, name: &str, admin: &str) -> Plan {
    let name = name.trim();
    let mut causes: Vec<Cause> = check_name(name).into_iter().collect();
    let admin = identity(admin);
    let admin = match (admin, causes.is_empty()) {
        (Ok(admin), true) => admin,
        (found, _) => {
            causes.extend(found.err());
            return Plan::failed(None, causes);
        }
    };
    let subject = Subject::Tenant(id);
    if id == context.request.tenant && !context.snapshot.organisation.name.is_empty() {
        return begun_already(context, subject, &admin);
    }
    let settings = TenantSettings::default();
    let changes = vec![
        Change::CloseTenant,
        Change::OpenTenant {
            name: name.to_owned(),
            created_at: context.now,
            settings,
        },
    ];
    let none = None::<RecordedTenant<'_>>;
    let is = RecordedTenant::new(id, name, settings);
    let mut plan = Plan::applied(Action::CreateTenant, subject, changes, &none, &is);
    let role = Role::GlobalAdmin;
    let held = serde_json::json!({ "identity": &admin, "role": role });
    plan.steps.push(Step::new(
        (Action::AssignRole, Subject::Identity(admin.clone())),
        vec![Change::OpenRole {
            identity: admin,
            role,
        }],
        &none,
        &held,
    ));
    plan
}

/// An organisation begins once: what it has become since stays, and so does whom it was taken from.
fn begun_already(context: &Context<'_>, subject: Subject, admin: &str) -> Plan {
    let roles = &context.snapshot.organisation.roles;
    if roles.holds(admin, Role::GlobalAdmin) {
        return Plan::unchanged(subject);
    }
    let message = format!(
        "The organisation of this request has begun already, and {admin} is no Global admin of it any more. Send a new request id to begin another one"
    );
    let cause = Cause::new(Code::PermissionDenied, message).fix(Fix::AskGlobalAdmin);
    Plan::failed(Some(subject), vec![cause])
}

fn check_name(name: &str) -> Option<Cause> {
    if name.is_empty() {
        let message = "The organisation has no name";
        return Some(Cause::new(Code::InvalidArgument, message).field("tenant.display_name"));
    }
    if Uuid::try_parse(name).is_ok() {
        let message = format!(
            "\"{name}\" reads like the id of an organisation. Give a name that cannot be taken for one"
        );
        return Some(Cause::new(Code::InvalidArgument, message).field("tenant.display_name"));
    }
    check_text("tenant.display_name", name, MAX_TENANT_NAME)
}

fn location(given: &str) -> Result<Option<Country>, Cause> {
    let given = given.trim();
    if given.is_empty() {
        return Ok(None);
    }
    given.parse::<Country>().map(Some).map_err(|error| {
        let message = format!("\"{given}\" is not a usage location: {error}");
        Cause::new(Code::InvalidArgument, message).field("tenant.default_usage_location")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::fixture::World;
    use crate::plan::OutcomeKind;

    fn update(world: &mut World, patch: TenantFields, expect: Option<String>) -> Plan {
        world.run(Command::UpdateTenant { patch, expect })
    }

    #[test]
    fn settings_that_are_not_named_stay() {
        let mut world = World::new(0, 0);
        let located = TenantFields {
            default_usage_location: Some("de".to_owned()),
            ..TenantFields::default()
        };
        let applied = update(&mut world, located.clone(), None).outcome.result;
        assert_eq!(applied, OutcomeKind::Applied);
        let unchanged = update(&mut world, located, None).outcome.result;
        assert_eq!(unchanged, OutcomeKind::Unchanged);
        let policy = TenantFields {
            guest_policy: Some(GuestPolicy::LicenseAdmin),
            ..TenantFields::default()
        };
        update(&mut world, policy, None);
        let settings = world.snapshot.tenant;
        assert_eq!(settings.default_usage_location.unwrap().as_str(), "DE");
        assert_eq!(settings.guest_policy, GuestPolicy::LicenseAdmin);
        let cleared = TenantFields {
            default_usage_location: Some(String::new()),
            ..TenantFields::default()
        };
        update(&mut world, cleared, None);
        assert_eq!(world.snapshot.tenant.default_usage_location, None);
    }

    #[test]
    fn bad_settings_and_an_old_tag_change_nothing() {
        let mut world = World::new(0, 0);
        let bad = TenantFields {
            name: Some(" ".to_owned()),
            default_usage_location: Some("Germany".to_owned()),
            ..TenantFields::default()
        };
        let refused = update(&mut world, bad, None).outcome;
        let fields: Vec<_> = refused.causes.iter().map(|cause| &cause.field).collect();
        assert_eq!(fields.len(), 2, "{fields:?}");
        let tag = tenant_etag(world.snapshot.organisation.from_rev);
        let named = |name: &str| TenantFields {
            name: Some(name.to_owned()),
            ..TenantFields::default()
        };
        update(&mut world, named("Contoso"), Some(tag.clone()));
        let refused = update(&mut world, named("Fabrikam"), Some(tag)).outcome;
        assert_eq!(refused.causes[0].code, Code::ConcurrentChange);
        assert_eq!(world.snapshot.organisation.name, "Contoso");
    }

    fn begin(name: &str) -> Command {
        Command::CreateTenant {
            id: TenantId(Uuid::from_u128(1)),
            name: name.to_owned(),
            admin: "Kim".to_owned(),
        }
    }

    #[test]
    fn an_organisation_begins_with_a_name_and_a_global_admin() {
        let mut world = World::new(0, 0);
        let command = begin(" Fabrikam ");
        let made = world.run(command);
        assert_eq!(made.steps.len(), 2);
        let organisation = &world.snapshot.organisation;
        assert_eq!(organisation.name, "Fabrikam");
        assert!(organisation.roles.is_last_global_admin("kim"));
    }

    #[test]
    fn an_organisation_does_not_begin_again() {
        let mut world = World::new(0, 0);
        let command = begin("Fabrikam");
        world.run(command.clone());
        let patch = TenantFields {
            name: Some("Tailspin".to_owned()),
            guest_policy: Some(GuestPolicy::LicenseAdmin),
            ..TenantFields::default()
        };
        update(&mut world, patch, None);
        let again = world.run(command.clone());
        assert_eq!(again.outcome.result, OutcomeKind::Unchanged);
        assert!(again.steps.is_empty());
        for (identity, change) in [("megan", true), ("kim", false)] {
            let (identity, role) = (identity.to_owned(), Role::GlobalAdmin);
            world.run(if change {
                Command::AssignRole { identity, role }
            } else {
                Command::RemoveRole { identity, role }
            });
        }
        let refused = world.run(command).outcome;
        assert_eq!(refused.causes[0].code, Code::PermissionDenied);
        let organisation = &world.snapshot.organisation;
        assert!(!organisation.roles.holds("kim", Role::GlobalAdmin));
        assert_eq!(organisation.name, "Tailspin");
        assert_eq!(
            world.snapshot.tenant.guest_policy,
            GuestPolicy::LicenseAdmin
        );
    }

    #[test]
    fn a_name_cannot_be_taken_for_an_id() {
        let mut world = World::new(0, 0);
        let id = "00000000-0000-0000-0000-000000000007";
        for name in [id.to_owned(), format!(" {{{id}}} "), id.replace('-', "")] {
            let command = begin(&name);
            let refused = world.look(command).outcome;
            assert_eq!(refused.causes[0].code, Code::InvalidArgument, "{name}");
            let patch = TenantFields {
                name: Some(name),
                ..TenantFields::default()
            };
            let refused = update(&mut world, patch, None).outcome;
            assert_eq!(refused.result, OutcomeKind::Failed);
        }
    }
}
