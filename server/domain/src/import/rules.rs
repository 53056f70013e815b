//! Files of rules, told apart by their header (R3): exclusion sets (one plan a row),
//! prerequisites (one dependent plan a row, alternatives split by `|`), countries, and services.

mod country;
mod service;

use indexmap::IndexMap;

use super::{ReportItem, ReportKind, Row, guid, tidy};
use crate::catalogue::{Catalogue, Resolution, RuleKey};
use crate::command::RuleImport;
use crate::ids::PlanId;
use crate::refusal::{Cause, Code};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleFile {
    pub rules: Vec<RuleImport>,
    pub rows: usize,
    pub rows_refused: usize,
    pub items: Vec<ReportItem>,
}

enum Kind {
    Exclusion {
        set: usize,
        service: Option<usize>,
        plan: usize,
    },
    Prerequisite {
        plan: usize,
        any_of: usize,
        evidence: Option<usize>,
    },
    Country(country::Columns),
    Service(service::Columns),
}

/// A cell that cannot be used: its column, and why.
type Wrong = (usize, String);

/// Reads a file of rules. Plans and products are given by id, or by a name that the catalogue knows.
///
/// # Errors
/// `INVALID_ARGUMENT` when the header is none of theirs.
pub fn clean(
    header: &[String],
    rows: impl IntoIterator<Item = Row>,
    catalogue: &Catalogue,
) -> Result<RuleFile, Cause> {
    let kind = recognise(header)?;
    let mut file = RuleFile::default();
    let mut rules: IndexMap<RuleKey, RuleImport> = IndexMap::new();
    for row in rows {
        file.rows += 1;
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(|cell| tidy(cell).into_owned())
            .collect();
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let read = match &kind {
            Kind::Exclusion { set, service, plan } => {
                let service = service.map(cell).unwrap_or_default();
                exclusion_row(cell, (*set, *plan), service, catalogue)
            }
            Kind::Prerequisite {
                plan,
                any_of,
                evidence,
            } => {
                let evidence = evidence.map(cell).unwrap_or_default();
                prerequisite_row(cell, (*plan, *any_of), evidence, catalogue)
            }
            Kind::Country(columns) => country::row(cell, columns, catalogue),
            Kind::Service(columns) => service::row(cell, columns, catalogue),
        };
        match read {
            Ok(rule) => join(&mut rules, rule),
            Err((at, message)) => {
                file.rows_refused += 1;
                let column = header.get(at).map(String::as_str);
                let refused = ReportItem::new(row.line, column, ReportKind::Refused, message);
                file.items.push(refused);
            }
        }
    }
    file.rules = rules.into_values().collect();
    Ok(file)
}

/// Joins the rows of one rule: plans of a set or a service and alternatives of a plan add up. Of
/// two rows on the countries of one thing, or on how long a service keeps data, the last one counts.
fn join(rules: &mut IndexMap<RuleKey, RuleImport>, rule: RuleImport) {
    match (rules.get_mut(&rule.key()), rule) {
        (Some(RuleImport::Exclusion { plans: into, .. }), RuleImport::Exclusion { plans, .. }) => {
            add_new(into, plans);
        }
        (
            Some(RuleImport::Prerequisite { any_of: into, .. }),
            RuleImport::Prerequisite { any_of, .. },
        ) => add_new(into, any_of),
        (Some(RuleImport::Service { plans, .. }), mut rule @ RuleImport::Service { .. }) => {
            let mut all = std::mem::take(plans);
            if let RuleImport::Service { plans, .. } = &mut rule {
                add_new(&mut all, std::mem::take(plans));
                *plans = all;
            }
            rules.insert(rule.key(), rule);
        }
        (_, rule) => {
            rules.insert(rule.key(), rule);
        }
    }
}

fn add_new(into: &mut Vec<PlanId>, plans: Vec<PlanId>) {
    for plan in plans {
        if !into.contains(&plan) {
            into.push(plan);
        }
    }
}

fn recognise(header: &[String]) -> Result<Kind, Cause> {
    let place = |names: &[&str]| {
        header.iter().position(|column| {
            let column = tidy(column).to_lowercase();
            names.contains(&column.as_str())
        })
    };
    if let (Some(set), Some(plan)) = (
        place(&["set_id", "set"]),
        place(&["service_plan_id", "plan_id"]),
    ) {
        let service = place(&["service"]);
        return Ok(Kind::Exclusion { set, service, plan });
    }
    if let (Some(plan), Some(any_of)) =
        (place(&["dependent_plan_id"]), place(&["needs_any_of_ids"]))
    {
        let evidence = place(&["evidence"]);
        return Ok(Kind::Prerequisite {
            plan,
            any_of,
            evidence,
        });
    }
    if let Some(columns) = country::Columns::of(place) {
        return Ok(Kind::Country(columns));
    }
    if let Some(columns) = service::Columns::of(place) {
        return Ok(Kind::Service(columns));
    }
    let message = format!(
        "The columns \"{}\" are not those of a rule file. Expected set_id and service_plan_id, or \
         dependent_plan_id and needs_any_of_ids, or id, mode and countries, or service, plans, kind \
         and days",
        header.join(",")
    );
    Err(Cause::new(Code::InvalidArgument, message).field("header"))
}

fn exclusion_row<'a>(
    cell: impl Fn(usize) -> &'a str,
    (set, plan): (usize, usize),
    service: &str,
    catalogue: &Catalogue,
) -> Result<RuleImport, Wrong> {
    if cell(set).is_empty() {
        return Err((set, "The cell is empty".to_owned()));
    }
    let id = plan_id(cell(plan), catalogue).map_err(|message| (plan, message))?;
    Ok(RuleImport::Exclusion {
        id: cell(set).to_owned(),
        service: service.to_owned(),
        plans: vec![id],
    })
}

fn prerequisite_row<'a>(
    cell: impl Fn(usize) -> &'a str,
    (plan, any_of): (usize, usize),
    evidence: &str,
    catalogue: &Catalogue,
) -> Result<RuleImport, Wrong> {
    let dependant = plan_id(cell(plan), catalogue).map_err(|message| (plan, message))?;
    let mut alternatives = Vec::new();
    for text in cell(any_of).split('|') {
        let id = plan_id(text.trim(), catalogue).map_err(|message| (any_of, message))?;
        if id == dependant {
            return Err((any_of, "A plan cannot be its own prerequisite".to_owned()));
        }
        add_new(&mut alternatives, vec![id]);
    }
    Ok(RuleImport::Prerequisite {
        plan: dependant,
        any_of: alternatives,
        evidence: evidence.to_owned(),
    })
}

/// A GUID stands for itself, known or not; a name must be the catalogue's.
fn plan_id(text: &str, catalogue: &Catalogue) -> Result<PlanId, String> {
    if let Some(id) = guid(text) {
        return Ok(PlanId(id));
    }
    match catalogue.resolve_plan(&[], text) {
        Resolution::Found(id) => Ok(id),
        Resolution::NotFound { .. } => Err(format!(
            "\"{text}\" is neither a GUID nor the name of a plan"
        )),
        Resolution::Ambiguous { candidates } => Err(format!(
            "\"{text}\" is the name of {} plans; give the GUID",
            candidates.len()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{catalogue, plan_id, shared_rows};

    pub(super) fn header(names: &str) -> Vec<String> {
        names.split(',').map(str::to_owned).collect()
    }

    pub(super) fn rows(lines: &[&str]) -> Vec<Row> {
        let rows = (2..).zip(lines).map(|(line, cells)| Row {
            line,
            cells: cells.split(',').map(str::to_owned).collect(),
        });
        rows.collect()
    }

    #[test]
    fn a_plan_may_be_named_and_may_not_need_itself() {
        let columns = header("dependent_plan_id,needs_any_of_ids");
        let file = clean(
            &columns,
            rows(&["MEET,CHAT|yammer", "CHAT,CHAT"]),
            &catalogue(),
        )
        .unwrap();
        assert_eq!(file.rows_refused, 1);
        let RuleImport::Prerequisite { plan, any_of, .. } = &file.rules[0] else {
            panic!("{:?}", file.rules);
        };
        assert_eq!(
            (*plan, any_of.as_slice()),
            (plan_id("MEET"), &[plan_id("CHAT"), plan_id("YAMMER")][..])
        );
    }

    #[test]
    fn an_unknown_header_is_refused_with_what_is_expected() {
        let cause = clean(&header("name,price"), Vec::new(), &catalogue()).unwrap_err();
        assert_eq!(cause.code, Code::InvalidArgument);
        assert!(cause.message.contains("name,price") && cause.message.contains("set_id"));
    }

    #[test]
    fn the_known_rules_are_read() {
        let test = "the_known_rules_are_read";
        for (file, count, plans) in [
            ("mutually-exclusive-plans.csv", 9, 40),
            ("plan-dependencies.csv", 6, 6),
        ] {
            let Some((header, rows)) = shared_rows(test, file) else {
                return;
            };
            let read = clean(&header, rows, &Catalogue::default()).unwrap();
            assert_eq!(
                (read.rules.len(), read.rows_refused, read.rows),
                (count, 0, plans)
            );
        }
    }
}
