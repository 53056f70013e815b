//! Fixes of the service as commands to type. Wording only; what would work was decided by the service.

use std::fmt::Write;

use usher::v1::fix::Action;
use usher::v1::{
    ChangeSubscription, CopyLicenses, Fix, LicenseChange, LicenseChangeMode, NewPlans, PlanSwitch,
    SubscriptionStep, SwitchState,
};

use super::quote::{list, quoted};

const GUID_LENGTH: usize = 36;

/// The fix as a command, or as a sentence where no command does it.
#[must_use]
pub fn fix_text(fix: &Fix) -> Option<String> {
    Some(match fix.action.as_ref()? {
        Action::SetUsageLocation(fix) => {
            // Which country is a fact about the person that nobody here knows; the command shows the form.
            format!(
                "Set-User {} -UsageLocation DE // the country where they work",
                quoted(&fix.user)
            )
        }
        Action::BuySeats(fix) => format!(
            "New-Subscription {} -Quantity {}",
            quoted(&fix.product),
            fix.quantity
        ),
        Action::ChangeLicenses(change) => change_command(change),
        Action::ImportData(fix) => match fix.kind.as_str() {
            "products" => {
                "Get-Product -Search WORD // or, if it was never brought in: Import-Product products.csv"
                    .to_owned()
            }
            "users" => "Import-User users.csv".to_owned(),
            "rules" => "Import-LicenseRule rules.csv".to_owned(),
            other => format!("Import the {other} first"),
        },
        Action::UseName(fix) if fix.instead.is_empty() => {
            format!("Write another name instead of {}", quoted(&fix.given))
        }
        Action::UseName(fix) if fix.only_near => {
            format!("Did you mean {}?", either(&fix.instead))
        }
        Action::UseName(fix) => format!(
            "Instead of {} write {}",
            quoted(&fix.given),
            either(&fix.instead)
        ),
        Action::AskRole(fix) => format!("Ask a {} to do it", fix.roles.join(" or a ")),
        Action::RestoreUser(fix) => format!(
            "Restore-User {} -UserPrincipalName {} // or any other name that is free",
            quoted(&fix.user),
            quoted(&fix.user_principal_name)
        ),
        Action::RemoveUser(fix) => format!("Remove-User {}", quoted(&fix.user)),
        Action::ReleaseHold(fix) => format!("Set-User {} -ReleaseHold", quoted(&fix.user)),
        Action::ChangeGroups(fix) => {
            format!(
                "Change the licences of group {}, or take the user out of it",
                fix.group_ids.join(", ")
            )
        }
        Action::ChangeSubscription(fix) => subscription_command(fix)?,
        Action::UnassignSeats(fix) => format!(
            "Get-UserLicense -Product {} // who holds it; {} to unassign with Remove-UserLicense",
            quoted(&fix.product),
            fix.quantity
        ),
    })
}

fn subscription_command(fix: &ChangeSubscription) -> Option<String> {
    let subscription = quoted(&fix.subscription);
    Some(match fix.step() {
        SubscriptionStep::LetEnd => {
            format!("Set-Subscription {subscription} -RecurringBilling:$false")
        }
        SubscriptionStep::RenewSmaller => format!(
            "Set-Subscription {subscription} -RenewalQuantity {}",
            fix.quantity
        ),
        SubscriptionStep::Reactivate => format!("Resume-Subscription {subscription}"),
        SubscriptionStep::TakeOver => format!("Move-Subscription {subscription}"),
        SubscriptionStep::Unspecified => return None,
    })
}

/// The command that makes this change.
#[must_use]
pub fn change_command(change: &LicenseChange) -> String {
    let user = quoted(&change.user);
    if change.mode() == LicenseChangeMode::UnassignAll {
        let all = format!("Remove-UserLicense {user} -All");
        return match &change.keep[..] {
            [] => all,
            keep => format!("{all} -Except {}", list(keep)),
        };
    }
    if let (Some(source), []) = (&change.copy_from, &change.add[..]) {
        return copy_command(&user, source, change);
    }
    if let ([from], [to], Some(carry)) =
        (&change.remove[..], &change.add[..], &change.carry_switches)
        && change.switches.is_empty()
        && change.only_plans.is_none()
    {
        let mut command = format!(
            "Switch-UserLicense {user} -From {} -To {} -CarrySwitches",
            quoted(from),
            quoted(to)
        );
        if !carry.counterparts.is_empty() {
            let mut pairs: Vec<_> = carry.counterparts.iter().collect();
            pairs.sort();
            let pairs: Vec<String> = pairs
                .into_iter()
                .map(|(old, new)| {
                    format!(
                        "'{}' = '{}'",
                        old.replace('\'', "''"),
                        new.replace('\'', "''")
                    )
                })
                .collect();
            let _ = write!(command, " -Map @{{ {} }}", pairs.join("; "));
        }
        return command;
    }
    if change.add.is_empty()
        && change.add_first.is_empty()
        && change.switches.is_empty()
        && change.only_plans.is_none()
        && !change.remove.is_empty()
    {
        return format!("Remove-UserLicense {user} {}", list(&change.remove));
    }
    set_command(&user, change)
}

fn copy_command(user: &str, source: &CopyLicenses, change: &LicenseChange) -> String {
    let mut command = format!("Copy-UserLicense -From {} -To {user}", quoted(&source.user));
    if !source.products.is_empty() {
        let _ = write!(command, " -Product {}", list(&source.products));
    }
    if change.mode() == LicenseChangeMode::Replace {
        command.push_str(" -Replace");
    }
    let off = change
        .switches
        .iter()
        .map(|switch| plan_name(&switch.product, switch, ""));
    if !change.switches.is_empty() {
        let _ = write!(command, " -Disable {}", list(off.collect::<Vec<_>>()));
    }
    command
}

fn set_command(user: &str, change: &LicenseChange) -> String {
    let mut command = format!("Set-UserLicense {user}");
    let only_product = change
        .only_plans
        .as_ref()
        .map_or("", |only| only.product.as_str());
    let scope = one_scope(change).unwrap_or(only_product);
    if !scope.is_empty() && change.add != [scope] {
        let _ = write!(command, " -Product {}", quoted(scope));
    }
    if !change.add.is_empty() {
        let _ = write!(command, " -Add {}", list(&change.add));
    }
    if !change.add_first.is_empty() {
        let _ = write!(command, " -AddFirst {}", list(&change.add_first));
    }
    if !change.remove.is_empty() {
        let _ = write!(command, " -Remove {}", list(&change.remove));
    }
    if change.mode() == LicenseChangeMode::Replace {
        command.push_str(" -Replace");
    }
    for (parameter, state) in [
        ("Enable", SwitchState::On),
        ("Disable", SwitchState::Off),
        ("Follow", SwitchState::Follow),
    ] {
        let plans: Vec<String> = change
            .switches
            .iter()
            .filter(|switch| switch.state() == state)
            .map(|switch| plan_name(meant(change, switch), switch, scope))
            .collect();
        if !plans.is_empty() {
            let _ = write!(command, " -{parameter} {}", list(plans));
        }
    }
    if let Some(only) = &change.only_plans {
        let _ = write!(command, " -OnlyPlans {}", list(&only.plans));
    }
    if change.replace_switches {
        command.push_str(" -ReplaceSwitches");
    }
    if change.new_plans() == NewPlans::Off {
        command.push_str(" -NewPlans Off");
    }
    command
}

/// The product that a switch is about; empty where it depends on what the user holds.
fn meant<'c>(change: &'c LicenseChange, switch: &'c PlanSwitch) -> &'c str {
    match &change.add[..] {
        [only] if switch.product.is_empty() => only,
        _ => &switch.product,
    }
}

/// The one product that all switches are about, if it is one.
fn one_scope(change: &LicenseChange) -> Option<&str> {
    let mut products = change.switches.iter().map(|switch| meant(change, switch));
    let first = products.next()?;
    products.all(|product| product == first).then_some(first)
}

fn plan_name(product: &str, switch: &PlanSwitch, scope: &str) -> String {
    if product.is_empty() || product == scope {
        switch.plan.clone()
    } else {
        format!("{product}::{}", switch.plan)
    }
}

fn either(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| resolving(name)).collect();
    names.join(" or ")
}

/// A name as it is understood: of "NAME (id)" the id, since such a name fits several; after an id what it is.
fn resolving(name: &str) -> String {
    if let Some((id, about)) = name.split_once(" (")
        && is_guid(id)
    {
        return format!("{id} ({about}");
    }
    let with_id = name
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" ("))
        .filter(|(_, id)| is_guid(id));
    match with_id {
        Some((name, id)) => format!("{id} ({name})"),
        None => quoted(name),
    }
}

fn is_guid(text: &str) -> bool {
    text.len() == GUID_LENGTH && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use usher::v1::{AskRole, CarrySwitches, SetUsageLocation, UnassignSeats, UseName};

    use super::*;

    fn text(action: Action) -> String {
        fix_text(&Fix {
            action: Some(action),
        })
        .unwrap()
    }

    fn switch(product: &str, plan: &str, state: SwitchState) -> PlanSwitch {
        PlanSwitch {
            product: product.into(),
            plan: plan.into(),
            state: state.into(),
        }
    }

    #[test]
    fn a_fix_is_a_line_to_type() {
        let user = "adele@contoso.com".to_owned();
        let location = text(Action::SetUsageLocation(SetUsageLocation { user }));
        expect!["Set-User adele@contoso.com -UsageLocation DE // the country where they work"]
            .assert_eq(&location);
        let names = UseName {
            given: "E3".into(),
            instead: vec!["SPE_E3".into(), "Office 365 E3".into()],
            only_near: true,
        };
        expect!["Did you mean SPE_E3 or 'Office 365 E3'?"].assert_eq(&text(Action::UseName(names)));
        let twice = UseName {
            given: "F1".into(),
            instead: vec!["M365_F1 (44575883-256e-4a79-9da4-ebe9acabe2b2)".into()],
            ..UseName::default()
        };
        expect!["Instead of F1 write 44575883-256e-4a79-9da4-ebe9acabe2b2 (M365_F1)"]
            .assert_eq(&text(Action::UseName(twice)));
        let roles = AskRole {
            roles: vec!["Global admin".into(), "License admin".into()],
        };
        expect!["Ask a Global admin or a License admin to do it"]
            .assert_eq(&text(Action::AskRole(roles)));
    }

    #[test]
    fn a_purchase_is_changed_by_a_line_too() {
        let step = |step: SubscriptionStep| {
            text(Action::ChangeSubscription(ChangeSubscription {
                subscription: "6e7b768e-07e2-4810-8459-485f84f8f204".into(),
                step: step.into(),
                quantity: 20,
            }))
        };
        expect!["Set-Subscription 6e7b768e-07e2-4810-8459-485f84f8f204 -RecurringBilling:$false"]
            .assert_eq(&step(SubscriptionStep::LetEnd));
        expect!["Set-Subscription 6e7b768e-07e2-4810-8459-485f84f8f204 -RenewalQuantity 20"]
            .assert_eq(&step(SubscriptionStep::RenewSmaller));
        expect!["Resume-Subscription 6e7b768e-07e2-4810-8459-485f84f8f204"]
            .assert_eq(&step(SubscriptionStep::Reactivate));
        expect!["Move-Subscription 6e7b768e-07e2-4810-8459-485f84f8f204"]
            .assert_eq(&step(SubscriptionStep::TakeOver));
        let holders = UnassignSeats {
            product: "SPE_E3".into(),
            quantity: 3,
        };
        expect![
            "Get-UserLicense -Product SPE_E3 // who holds it; 3 to unassign with Remove-UserLicense"
        ]
        .assert_eq(&text(Action::UnassignSeats(holders)));
        let several = UseName {
            given: "SPE_E3".into(),
            instead: vec!["6e7b768e-07e2-4810-8459-485f84f8f204 (5 seats until 2027-11-24)".into()],
            ..UseName::default()
        };
        expect!["Instead of SPE_E3 write 6e7b768e-07e2-4810-8459-485f84f8f204 (5 seats until 2027-11-24)"]
            .assert_eq(&text(Action::UseName(several)));
    }

    #[test]
    fn a_change_is_the_command_that_makes_it() {
        let mut change = LicenseChange {
            user: "Zoë O'Brien".into(),
            add: vec!["STANDARDPACK".into()],
            switches: vec![
                switch("", "EXCHANGE_S_STANDARD", SwitchState::Off),
                switch("", "SHAREPOINTSTANDARD", SwitchState::Off),
            ],
            ..LicenseChange::default()
        };
        expect!["Set-UserLicense 'Zoë O''Brien' -Add STANDARDPACK -Disable EXCHANGE_S_STANDARD, SHAREPOINTSTANDARD"]
            .assert_eq(&change_command(&change));
        change.switches = vec![
            switch("ENTERPRISEPACK", "YAMMER_ENTERPRISE", SwitchState::Off),
            switch("STANDARDPACK", "TEAMS1", SwitchState::On),
        ];
        expect!["Set-UserLicense 'Zoë O''Brien' -Add STANDARDPACK -Enable STANDARDPACK::TEAMS1 -Disable ENTERPRISEPACK::YAMMER_ENTERPRISE"]
            .assert_eq(&change_command(&change));
        change.switches = vec![
            switch("", "YAMMER_ENTERPRISE", SwitchState::Off),
            switch("STANDARDPACK", "TEAMS1", SwitchState::Off),
        ];
        expect![
            "Set-UserLicense 'Zoë O''Brien' -Add STANDARDPACK -Disable YAMMER_ENTERPRISE, TEAMS1"
        ]
        .assert_eq(&change_command(&change));
        change.switches = vec![switch("ENTERPRISEPACK", "TEAMS1", SwitchState::Off)];
        expect!["Set-UserLicense 'Zoë O''Brien' -Product ENTERPRISEPACK -Add STANDARDPACK -Disable TEAMS1"]
            .assert_eq(&change_command(&change));
    }

    #[test]
    fn removing_and_swapping_have_their_own_verbs() {
        let mut change = LicenseChange {
            user: "adele@contoso.com".into(),
            remove: vec!["SPE_E3".into()],
            ..LicenseChange::default()
        };
        expect!["Remove-UserLicense adele@contoso.com SPE_E3"].assert_eq(&change_command(&change));
        change.add = vec!["SPE_E5".into()];
        change.carry_switches = Some(CarrySwitches {
            counterparts: [("A".to_owned(), "B".to_owned())].into(),
        });
        expect!["Switch-UserLicense adele@contoso.com -From SPE_E3 -To SPE_E5 -CarrySwitches -Map @{ 'A' = 'B' }"]
            .assert_eq(&change_command(&change));
        change.set_mode(LicenseChangeMode::UnassignAll);
        expect!["Remove-UserLicense adele@contoso.com -All"].assert_eq(&change_command(&change));
    }
}
