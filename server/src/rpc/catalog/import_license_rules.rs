//! `ImportLicenseRules`: exclusion sets, prerequisites or countries, recognised by the header

use tonic::Streaming;
use usher::v1::{ImportLicenseRulesRequest, ImportLicenseRulesResponse, ImportReport};
use usher_domain::command::Command;
use usher_domain::import::rules::clean;
use usher_domain::plan::{MAX_RULES, Outcome, Subject};

use super::super::Api;
use super::super::chunks::{AGAIN, Chunks};
use super::super::import_stream::{Rows, count};
use super::super::status::Refusal;
use crate::authn::Caller;
use crate::convert::import;

pub(super) async fn import(
    api: &Api,
    caller: &Caller,
    messages: Streaming<ImportLicenseRulesRequest>,
) -> Result<ImportLicenseRulesResponse, Refusal> {
    let (header, intent, rows) = Rows::open(messages).await?;
    let rows = rows.all().await?;
    let catalogue = api.read(None).await?.catalogue().await?;
    let file = clean(&header, rows, &catalogue)?;

    let mut chunks = Chunks::open(api, intent.validate_only).await?;
    let mut outcomes = Vec::new();
    // Who holds what the rules touch is judged again once for each command, so rules go together.
    for (number, rules) in (0..).zip(file.rules.chunks(MAX_RULES)) {
        let command = Command::ImportRules(rules.to_vec());
        let request = intent.request(api, caller, (number, None), command);
        let ran = chunks.run(vec![request]).await;
        outcomes.extend(ran.map_err(|refusal| chunks.ended_early(refusal, "rules", AGAIN))?);
    }

    let mut report = ImportReport {
        rows: import::count(file.rows),
        refused: import::count(file.rows_refused),
        ..ImportReport::default()
    };
    for item in file.items {
        import::add_item(&mut report, import::item(item));
    }
    // What refuses a command as a whole is told once.
    let whole = |outcome: &&Outcome| outcome.parts.is_empty();
    let parts = outcomes.iter().flat_map(|outcome| &outcome.parts);
    for part in parts.chain(outcomes.iter().filter(whole)) {
        let subject = part.subject.as_ref().map(Subject::id);
        count(&mut report, part, 0, &subject.unwrap_or_default());
    }
    Ok(ImportLicenseRulesResponse {
        report: Some(report),
        people_rejudged: outcomes.iter().map(|outcome| outcome.people).sum(),
    })
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::ErrorReason;

    use super::super::super::testing::{EXCHANGE_E3, FORMS, World, YAMMER, refused};

    #[tokio::test]
    async fn an_exclusion_set_takes_effect_and_a_second_import_changes_nothing() {
        let world = World::new().await;
        let columns = ["set_id", "service", "service_plan_id"];
        let rows = [
            ["mail", "Mail", FORMS],
            ["mail", "Mail", EXCHANGE_E3],
            ["mail", "Mail", "?"],
        ];
        let report = world
            .import_rules(columns, &rows)
            .await
            .unwrap()
            .report
            .unwrap();
        assert_eq!((report.rows, report.created, report.refused), (3, 1, 1));
        assert_eq!(
            (report.items[0].line, report.items[0].column.as_str()),
            (4, "service_plan_id")
        );
        let report = world
            .import_rules(columns, &rows[..2])
            .await
            .unwrap()
            .report
            .unwrap();
        assert_eq!(
            (report.created, report.updated, report.unchanged),
            (0, 0, 1)
        );

        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        world.buy("EXCHANGE_PLUS", 1).await;
        world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        let status = refused(
            world.assign("a@contoso.com", "EXCHANGE_PLUS").await,
            Code::FailedPrecondition,
            "MUTUALLY_EXCLUSIVE_PLANS",
        );
        for name in [
            "FORMS_PLAN_E3",
            "EXCHANGE_S_ENTERPRISE",
            "SPE_E3",
            "EXCHANGE_PLUS",
        ] {
            assert!(
                status.message().contains(name),
                "{name}: {}",
                status.message()
            );
        }
        let outcome = super::super::super::status::outcome_in(&status);
        assert_eq!(outcome.reason(), ErrorReason::MutuallyExclusivePlans);
        assert!(!outcome.causes[0].fixes.is_empty());
    }

    #[tokio::test]
    async fn people_who_are_judged_again_are_counted() {
        let world = World::new().await;
        for upn in ["a@contoso.com", "b@contoso.com"] {
            world.user(upn).await;
        }
        world.buy("SPE_E3", 2).await;
        for upn in ["a@contoso.com", "b@contoso.com"] {
            world.assign(upn, "SPE_E3").await.unwrap();
        }
        let columns = ["dependent_plan_id", "needs_any_of_ids", "evidence"];
        let answer = world
            .import_rules(columns, &[[YAMMER, EXCHANGE_E3, "test"]])
            .await
            .unwrap();
        assert_eq!(answer.people_rejudged, 2);
    }

    #[tokio::test]
    async fn a_header_of_no_rule_file_is_refused() {
        let world = World::new().await;
        let answer = world.import_rules(["a", "b"], &[]).await;
        refused(answer, Code::InvalidArgument, "INVALID_ARGUMENT");
    }
}
