//! The way out of a refusal for which the service offers no command: a sentence a reason. Which commands would work is
//! decided by the service; nothing here looks at data.

use std::collections::HashMap;

use usher::v1::ErrorReason;

use super::quote::quoted;

/// What usually helps, about this person, and where the cause names one product, about that.
#[must_use]
pub fn usual_fix_for(
    reason: ErrorReason,
    subject: &str,
    facts: Option<&HashMap<String, String>>,
) -> Option<String> {
    let product = facts
        .and_then(|facts| facts.get("products"))
        .filter(|names| !names.contains(','));
    let reason = match reason {
        ErrorReason::PlanNotFound if product.is_some() => ErrorReason::PlanNotInProduct,
        reason => reason,
    };
    let mut fix = usual_fix(reason)?.to_owned();
    if let Some(product) = product {
        fix = fix.replace("PRODUCT", &quoted(product));
    }
    if reason == ErrorReason::UserNotFound && !subject.is_empty() {
        let start = subject.split('@').next().unwrap_or(subject);
        fix = fix.replace("NAME", &quoted(start));
    }
    if !subject.is_empty() {
        fix = fix.replace("USER ", &format!("{} ", quoted(subject)));
    }
    Some(fix)
}

/// What usually helps; none where the message itself says all there is.
#[must_use]
pub(crate) fn usual_fix(reason: ErrorReason) -> Option<&'static str> {
    Some(match reason {
        ErrorReason::UserNotFound => {
            "Get-User -Search NAME shows people whose name or address begins so"
        }
        ErrorReason::ProductNotFound => {
            "Get-Product -Search WORD shows products by a word of their name"
        }
        ErrorReason::PlanNotFound => {
            "Get-ServicePlan -Search WORD shows plans by a word of their name"
        }
        ErrorReason::PlanNotInProduct => "Get-ServicePlan PRODUCT shows its plans",
        ErrorReason::SubscriptionNotFound => {
            "Get-Subscription shows the subscriptions and their ids"
        }
        ErrorReason::AmbiguousName => "Write the user principal name, the part number or the id",
        ErrorReason::NotAssignableToUser | ErrorReason::AssignByProduct => {
            "Get-License shows the products that can be assigned to people"
        }
        ErrorReason::InheritedFromGroup => {
            "Get-UserLicense -Paths shows the group that it comes from"
        }
        ErrorReason::ProductNotHeld => "Get-UserLicense USER shows what the person holds",
        ErrorReason::ProductInBothLists => "Name the product in -Add or in -Remove, not in both",
        ErrorReason::AutomaticService => "Leave the plan out: it has no switch",
        ErrorReason::ProhibitedInLocation => {
            "Get-LicenseRule country shows where products and plans are offered"
        }
        ErrorReason::UsageLocationMissing => "Set-User USER -UsageLocation COUNTRY",
        ErrorReason::NoAvailableSeats => {
            "New-Subscription PRODUCT -Quantity SEATS buys more; Get-UserLicense -Product PRODUCT shows who has one"
        }
        ErrorReason::UserNotDeleted => "Remove-User USER, then purge it",
        ErrorReason::RetentionHold => "Set-User USER -ReleaseHold",
        ErrorReason::MutuallyExclusivePlans => "Switch one of the plans off with -Disable",
        ErrorReason::MissingPrerequisitePlan | ErrorReason::PrerequisiteInUse => {
            "Get-LicenseRule prerequisite shows which plan needs which"
        }
        ErrorReason::SubscriptionEnded => {
            "Get-Subscription shows what can still be reactivated; New-Subscription buys anew"
        }
        ErrorReason::SubscriptionSuspended => "Get-Subscription shows when the terms ended",
        ErrorReason::SelfServiceSubscription => {
            "Get-Subscription -SelfService shows what users bought; Move-Subscription takes it over"
        }
        ErrorReason::QuantityBelowConsumed => {
            "Get-License PRODUCT shows how many are in use; set a smaller number with -RenewalQuantity"
        }
        ErrorReason::CancelWindowClosed => {
            "Set-Subscription ID -RecurringBilling:$false lets it end with its term"
        }
        ErrorReason::UpnInUse => {
            "Take another user principal name; Get-User UPN shows who has this one"
        }
        ErrorReason::RuleNotFound => "Get-LicenseRule shows the rules and their ids",
        ErrorReason::PartnerManaged => {
            "Get-Subscription ID | Select-Object Partner names whom to ask"
        }
        ErrorReason::StalePlan => "Run it again: somebody else changed the same",
        ErrorReason::ConcurrentChange => {
            "Read it again, see what changed (Get-AuditLog -Top 5), then repeat the change with the new Etag"
        }
        ErrorReason::RequestIdReused => {
            "Give another -RequestId; the same one is for the same change only"
        }
        ErrorReason::ReadTimeOutOfRange => {
            "Give a moment that has passed; Get-AuditLog -OldestFirst -Top 1 shows the first one"
        }
        ErrorReason::OtherRowRefused => {
            "Where-Object Code -ne OTHER_ROW_REFUSED shows the rows to mend; then run it again"
        }
        ErrorReason::LimitExceeded => "Do it in smaller parts",
        ErrorReason::DatabaseBusy | ErrorReason::Unavailable => "Run it again in a moment",
        ErrorReason::Internal => "Run it again; whoever runs the server finds the cause in its log",
        _ => return usual_fix_of_access(reason),
    })
}

fn usual_fix_of_access(reason: ErrorReason) -> Option<&'static str> {
    Some(match reason {
        ErrorReason::Unauthenticated => {
            "Connect-Service SERVER -TokenFile FILE, or set USHER_TOKEN; a Global admin makes one: New-ApiToken NAME -Identity WHO"
        }
        ErrorReason::GuestNeedsGlobalAdmin => "Ask a Global admin to do it",
        ErrorReason::PermissionDenied => "Get-RoleAssignment shows who holds which role",
        ErrorReason::LastGlobalAdmin => {
            "New-RoleAssignment WHO GlobalAdmin, then take the role from this one"
        }
        ErrorReason::TenantNotFound => "Get-Tenant -All shows the organisations that you act in",
        ErrorReason::TenantNotNamed => {
            "Connect-Service -Tenant NAME, or --tenant NAME; Get-Tenant -All shows which there are"
        }
        ErrorReason::TokenNotFound => "Get-ApiToken shows the tokens and their ids",
        ErrorReason::TooManyRequests => {
            "Run it again in a moment; one pipeline sends many changes as one request"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_out_names_the_person_and_the_product_that_are_known() {
        let facts = HashMap::from([("products".to_owned(), "SPE_E3".to_owned())]);
        let fix = |reason, subject| usual_fix_for(reason, subject, Some(&facts)).unwrap();
        assert_eq!(
            fix(ErrorReason::PlanNotFound, "adele@contoso.com"),
            "Get-ServicePlan SPE_E3 shows its plans"
        );
        assert_eq!(
            fix(ErrorReason::ProductNotHeld, "O'Neil Bell"),
            "Get-UserLicense 'O''Neil Bell' shows what the person holds"
        );
        assert!(
            fix(ErrorReason::UserNotFound, "zoe@contoso.com").starts_with("Get-User -Search zoe ")
        );
        assert_eq!(
            usual_fix_for(ErrorReason::ProductNotHeld, "", None).as_deref(),
            usual_fix(ErrorReason::ProductNotHeld)
        );
    }

    #[test]
    fn refusals_that_come_without_a_command_still_say_what_to_do() {
        for reason in [
            ErrorReason::PlanNotInProduct,
            ErrorReason::PlanNotFound,
            ErrorReason::ProductNotHeld,
            ErrorReason::UserNotFound,
            ErrorReason::RequestIdReused,
            ErrorReason::ProductInBothLists,
            ErrorReason::UpnInUse,
            ErrorReason::OtherRowRefused,
        ] {
            assert!(usual_fix(reason).is_some(), "{reason:?}");
        }
    }
}
