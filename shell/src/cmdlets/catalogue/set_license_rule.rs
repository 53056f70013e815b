//! Set-LicenseRule: makes one rule, or changes what is said of it.

use prost_types::FieldMask;
use tonic::Request;
use usher::v1::catalog_service_client::CatalogServiceClient;
use usher::v1::license_rule::Rule;
use usher::v1::{
    CountryRule, DataKind, ExclusionRule, LicenseRule, PlanRef, PrerequisiteRule, ServiceRule,
    UpdateLicenseRuleRequest,
};
use usher_object::Value;

use super::KINDS;
use crate::cmdlet::{
    Arguments, Call, ChangeOptions, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::{ETAG, etag, would};
use crate::error::{Result, ShellError};
use crate::types::{self, CatalogueChange};

/// Set-LicenseRule.
pub static SET_LICENSE_RULE: Cmdlet = Cmdlet {
    name: "Set-LicenseRule",
    synopsis: "Makes or changes one rule about what may be assigned together, and where",
    description: "Lists replace what is there; what is not named stays. A rule that is not there is made. Nobody's \
        licence fails for a rule: what may no longer be on is held off, and what may be on again comes back. -WhatIf \
        counts the people concerned.",
    params: &[
        Param::new("Kind", Kind::Text, "What the rule is about")
            .at(0)
            .mandatory()
            .values(Values::OneOf(KINDS)),
        Param::new(
            "Id",
            Kind::Text,
            "Id of the exclusion set or service; plan of the prerequisite; product or plan of the countries",
        )
        .at(1)
        .mandatory(),
        Param::new("Plans", Kind::Text, "Plans of the exclusion set or service")
            .many()
            .values(Values::Plans),
        Param::new("NeedsAnyOf", Kind::Text, "Plans of which the prerequisite needs one")
            .many()
            .values(Values::Plans),
        Param::new("Evidence", Kind::Text, "Where the prerequisite was learnt"),
        Param::new("Service", Kind::Text, "What the plans of the exclusion set serve, in words"),
        Param::new("Allow", Kind::Text, "The only countries in which it is offered").many(),
        Param::new("Deny", Kind::Text, "Countries in which it is not offered").many(),
        Param::new("DataKind", Kind::Text, "What kind of data the service keeps")
            .values(Values::OneOf(&["mail", "files", "other"])),
        Param::new(
            "Days",
            Kind::Int,
            "Days for which the service keeps data; -1: until the person is purged",
        ),
        ETAG,
    ],
    effect: Effect::Changes,
    output: &["CatalogueChange", "LicenseRule"],
    single: Single::Always,
    examples: &[
        Example {
            line: "Set-LicenseRule country SPE_E5 -Deny CN, RU -WhatIf",
            says: "How many people would have SPE_E5 held off.",
        },
        Example {
            line: "Set-LicenseRule exclusion forms -Plans FORMS_PLAN_E3, FORMS_PLAN_E5 -Service Forms",
            says: "Of these plans a person may have one.",
        },
        Example {
            line: "Set-LicenseRule service yammer -Plans YAMMER_ENTERPRISE -DataKind other -Days 30",
            says: "What is kept for 30 days after the plan ends.",
        },
    ],
    related: &[
        "Get-LicenseRule",
        "Remove-LicenseRule",
        "Import-LicenseRule",
        "Set-ServicePlan",
    ],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let host = call.host;
    let (mut rule, paths) = wanted(&call.args)?;
    rule.etag = etag(&call, &Value::Null)?;
    let subject = format!("{}/{}", call.args.text("Kind").unwrap_or_default(), rule.id);
    options.ask_once(host, &format!("change the rule {subject}"))?;
    if !options.what_if {
        host.session.count_writes(1)?;
    }
    let request = UpdateLicenseRuleRequest {
        license_rule: Some(rule),
        update_mask: Some(FieldMask { paths }),
        allow_missing: true,
        reason: options.reason.clone(),
        request_id: options.request_id.clone(),
        validate_only: options.what_if,
    };
    let answer = host.session.connection.call(|service| async move {
        Ok(CatalogServiceClient::new(service)
            .update_license_rule(Request::new(request))
            .await?
            .into_inner())
    })?;
    would(
        host,
        &options,
        &format!("the rule {subject} would be changed"),
    );
    let object = match answer.license_rule {
        Some(rule) if options.pass_thru => types::LICENSE_RULE.object(&rule),
        _ => types::CATALOGUE_CHANGE.object(&CatalogueChange {
            subject,
            outcome: answer.outcome.unwrap_or_default(),
            people: answer.people_concerned,
        }),
    };
    Ok(Box::new(std::iter::once(Ok(object))))
}

/// The rule with what was named of it, and the names of those fields.
fn wanted(args: &Arguments) -> Result<(LicenseRule, Vec<String>)> {
    let kind = args.text("Kind").unwrap_or_default().to_lowercase();
    let id = args.text("Id").unwrap_or_default().to_owned();
    let refs = |param: &str| -> Vec<PlanRef> {
        let names = args.texts(param).into_iter();
        names
            .map(|plan_name| PlanRef {
                id: String::new(),
                plan_name,
            })
            .collect()
    };
    let (rule, fields): (Rule, &[(&str, &str)]) = match kind.as_str() {
        "exclusion" => (
            Rule::Exclusion(ExclusionRule {
                service: args.text("Service").unwrap_or_default().to_owned(),
                plans: refs("Plans"),
            }),
            &[("Plans", "plans"), ("Service", "service")],
        ),
        "prerequisite" => (
            Rule::Prerequisite(PrerequisiteRule {
                plan: Some(PlanRef {
                    id: String::new(),
                    plan_name: id.clone(),
                }),
                any_of: refs("NeedsAnyOf"),
                evidence: args.text("Evidence").unwrap_or_default().to_owned(),
            }),
            &[("NeedsAnyOf", "any_of"), ("Evidence", "evidence")],
        ),
        "country" => (
            Rule::Country(countries(args, &id)?),
            &[
                ("Allow", "allow"),
                ("Allow", "countries"),
                ("Deny", "allow"),
                ("Deny", "countries"),
            ],
        ),
        _ => (
            Rule::Service(service(args, refs("Plans"))?),
            &[("Plans", "plans"), ("DataKind", "kind"), ("Days", "days")],
        ),
    };
    let foreign = [
        "Plans",
        "NeedsAnyOf",
        "Evidence",
        "Service",
        "Allow",
        "Deny",
        "DataKind",
        "Days",
    ]
    .into_iter()
    .find(|param| args.has(param) && !fields.iter().any(|(known, _)| known == param));
    if let Some(param) = foreign {
        return Err(ShellError::new(
            "ARGUMENT_INVALID",
            format!("A rule of the kind {kind} has no -{param}"),
        ));
    }
    let said = fields.iter().filter(|(param, _)| args.has(param));
    let paths: Vec<String> = said.map(|(_, field)| format!("{kind}.{field}")).collect();
    if paths.is_empty() {
        return Err(ShellError::new(
            "PARAMETER_MISSING",
            "Set-LicenseRule was not told what the rule says",
        )
        .fix("Set-LicenseRule country SPE_E5 -Deny CN"));
    }
    let rule = LicenseRule {
        id,
        rule: Some(rule),
        ..LicenseRule::default()
    };
    Ok((rule, paths))
}

fn countries(args: &Arguments, subject: &str) -> Result<CountryRule> {
    if args.has("Allow") && args.has("Deny") {
        return Err(ShellError::new(
            "ARGUMENT_INVALID",
            "A product is offered in the countries of -Allow only, or everywhere but in those of -Deny, not both",
        ));
    }
    let allow = args.has("Allow");
    Ok(CountryRule {
        subject_id: subject.to_owned(),
        allow,
        countries: args.texts(if allow { "Allow" } else { "Deny" }),
    })
}

fn service(args: &Arguments, plans: Vec<PlanRef>) -> Result<ServiceRule> {
    let kind = match args.text("DataKind").unwrap_or_default() {
        kind if kind.eq_ignore_ascii_case("mail") => DataKind::Mail,
        kind if kind.eq_ignore_ascii_case("files") => DataKind::Files,
        kind if kind.eq_ignore_ascii_case("other") => DataKind::Other,
        _ => DataKind::Unspecified,
    };
    let days = match args.int("Days") {
        None | Some(-1) => None,
        Some(days) => Some(
            i32::try_from(days)
                .ok()
                .filter(|days| *days >= 0)
                .ok_or_else(|| {
                    ShellError::new(
                        "ARGUMENT_INVALID",
                        format!("-Days takes 0 or more, or -1; it was given `{days}`"),
                    )
                })?,
        ),
    };
    Ok(ServiceRule {
        kind: kind.into(),
        days,
        plans,
    })
}
