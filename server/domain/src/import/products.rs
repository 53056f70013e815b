//! The published list of products and service plans: rows of product name, part number, product
//! GUID, plan name, plan GUID, friendly plan name (R2).

use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};

use super::{ReportItem, ReportKind, Row, Spellings, guid, tidy};
use crate::command::{PlanImport, ProductImport};
use crate::ids::{PlanId, ProductId};

/// The columns, in their order in a `Row`'s cells.
pub const COLUMNS: [&str; 6] = [
    "Product_Display_Name",
    "String_Id",
    "GUID",
    "Service_Plan_Name",
    "Service_Plan_Id",
    "Service_Plans_Included_Friendly_Names",
];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductReport {
    pub rows: usize,
    pub products: usize,
    pub plans: usize,
    /// Different product and plan together.
    pub pairs: usize,
    /// Rows that were the same as an earlier one.
    pub identical_dropped: usize,
    /// Rows that repeat a pair under another name, which is kept as an alias.
    pub alias_pairs: usize,
    pub rows_cleaned: usize,
    pub rows_refused: usize,
    pub items: Vec<ReportItem>,
}

/// What a file of products comes to. The plans are to be imported first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductFile {
    pub plans: Vec<PlanImport>,
    pub products: Vec<ProductImport>,
    pub report: ProductReport,
}

#[derive(Default)]
struct ProductSeen {
    part_numbers: Spellings<String>,
    names: Spellings<String>,
    plans: IndexSet<PlanId>,
}

#[derive(Default)]
struct PlanSeen {
    names: Spellings<String>,
    friendly_names: Spellings<String>,
}

/// Cleans and joins rows, and goes on with the good ones where some are wrong.
#[must_use]
pub fn clean(rows: impl IntoIterator<Item = Row>) -> ProductFile {
    let mut report = ProductReport::default();
    let mut products: IndexMap<ProductId, ProductSeen> = IndexMap::new();
    let mut plans: IndexMap<PlanId, PlanSeen> = IndexMap::new();
    let mut seen: HashSet<[String; 6]> = HashSet::new();
    for row in rows {
        report.rows += 1;
        let Some((cells, product, plan)) = read(&row, &mut report) else {
            report.rows_refused += 1;
            continue;
        };
        if !seen.insert(cells.clone()) {
            report.identical_dropped += 1;
            report.items.push(ReportItem::new(
                row.line,
                None,
                ReportKind::Dropped,
                "The row is the same as an earlier one",
            ));
            continue;
        }
        let [name, part_number, _, plan_name, _, friendly_name] = cells;
        let product = products.entry(product).or_default();
        if product.plans.insert(plan) {
            report.pairs += 1;
        } else {
            report.alias_pairs += 1;
        }
        product.names.see(name);
        product.part_numbers.see(part_number);
        let plan = plans.entry(plan).or_default();
        plan.names.see(plan_name);
        plan.friendly_names.see(friendly_name);
    }
    report.products = products.len();
    report.plans = plans.len();
    ProductFile {
        plans: plans.into_iter().filter_map(plan_import).collect(),
        products: products.into_iter().filter_map(product_import).collect(),
        report,
    }
}

/// The tidy cells of a row with its two ids, or None with the reason reported.
fn read(row: &Row, report: &mut ProductReport) -> Option<([String; 6], ProductId, PlanId)> {
    let refuse = |column: Option<&str>, message: String| {
        ReportItem::new(row.line, column, ReportKind::Refused, message)
    };
    let mut cells: [String; 6] = Default::default();
    if row.cells.len() != cells.len() {
        let found = row.cells.len();
        report.items.push(refuse(
            None,
            format!("The row has {found} cells, not {}", COLUMNS.len()),
        ));
        return None;
    }
    let mut changed = Vec::new();
    for ((cell, column), raw) in cells.iter_mut().zip(COLUMNS).zip(&row.cells) {
        let tidied = tidy(raw);
        if tidied != *raw {
            changed.push(column);
        }
        *cell = tidied.into_owned();
    }
    let before = report.items.len();
    for at in [2, 4] {
        if guid(&cells[at]).is_none() {
            report.items.push(refuse(
                Some(COLUMNS[at]),
                format!("\"{}\" is not a GUID", cells[at]),
            ));
        }
    }
    for at in [0, 1, 3] {
        if cells[at].is_empty() {
            report
                .items
                .push(refuse(Some(COLUMNS[at]), "The cell is empty".to_owned()));
        }
    }
    if report.items.len() > before {
        return None;
    }
    if let Some(first) = changed.first() {
        report.rows_cleaned += 1;
        report.items.push(ReportItem::new(
            row.line,
            Some(first),
            ReportKind::Cleaned,
            format!("Stray blanks were removed from {}", changed.join(", ")),
        ));
    }
    let product = ProductId(guid(&cells[2])?);
    let plan = PlanId(guid(&cells[4])?);
    for at in [2, 4] {
        cells[at].make_ascii_lowercase();
    }
    Some((cells, product, plan))
}

fn product_import((id, seen): (ProductId, ProductSeen)) -> Option<ProductImport> {
    let (part_number, mut aliases) = seen.part_numbers.into_name_and_aliases()?;
    let (name, names) = seen.names.into_name_and_aliases()?;
    aliases.extend(names);
    Some(ProductImport {
        id,
        aliases: other_than(aliases, [&part_number, &name]),
        part_number,
        name,
        plans: seen.plans.into_iter().collect(),
    })
}

fn plan_import((id, seen): (PlanId, PlanSeen)) -> Option<PlanImport> {
    let (name, mut aliases) = seen.names.into_name_and_aliases()?;
    let (friendly_name, names) = seen.friendly_names.into_name_and_aliases()?;
    aliases.extend(names);
    Some(PlanImport {
        id,
        aliases: other_than(aliases, [&name, &friendly_name]),
        name,
        friendly_name,
    })
}

fn other_than(aliases: Vec<String>, names: [&String; 2]) -> Vec<String> {
    let unique: IndexSet<String> = aliases
        .into_iter()
        .filter(|alias| !alias.is_empty() && !names.contains(&alias))
        .collect();
    unique.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::fixture::{World, shared_rows};
    use crate::plan::OutcomeKind;
    use crate::snapshot::Snapshot;

    const PRODUCT: &str = "6fd2c87f-b296-42f0-b197-1e91e994b900";
    const PLAN: &str = "efb87545-963c-4e0d-99df-69c6916d9eb0";

    fn row(line: u64, cells: [&str; 6]) -> Row {
        Row {
            line,
            cells: cells.map(str::to_owned).to_vec(),
        }
    }

    #[test]
    fn the_most_frequent_name_is_shown_and_the_others_are_aliases() {
        let file = clean([
            row(2, ["Office E3", "PACK", PRODUCT, "MAIL", PLAN, "Mail"]),
            row(
                3,
                ["Office 365 E3", "PACK", PRODUCT, "MAIL", PLAN, "Mail 2"],
            ),
            row(
                4,
                [
                    " Office  365 E3",
                    "PACK",
                    PRODUCT,
                    "MAIL",
                    PLAN,
                    "Mail\u{a0}2 ",
                ],
            ),
            row(5, ["Office 365 E3", "PACK", PRODUCT, "MAIL", PLAN, "Post"]),
        ]);
        assert_eq!(file.products[0].name, "Office 365 E3");
        assert_eq!(file.products[0].aliases, ["Office E3"]);
        assert_eq!(file.plans[0].friendly_name, "Mail");
        assert_eq!(file.plans[0].aliases, ["Mail 2", "Post"]);
        let report = &file.report;
        assert_eq!((report.pairs, report.alias_pairs), (1, 2));
        assert_eq!((report.identical_dropped, report.rows_cleaned), (1, 1));
    }

    #[test]
    fn a_wrong_guid_is_refused_by_line_and_column_and_the_others_go_on() {
        let file = clean([
            row(2, ["A", "A", "not-a-guid", "MAIL", PLAN, "Mail"]),
            row(3, ["B", "B", PRODUCT, "MAIL", PLAN, "Mail"]),
            Row {
                line: 4,
                cells: vec!["short".to_owned()],
            },
        ]);
        assert_eq!((file.products.len(), file.report.rows_refused), (1, 2));
        let refused = &file.report.items[0];
        assert_eq!((refused.line, refused.column.as_deref()), (2, Some("GUID")));
        assert_eq!(refused.kind, ReportKind::Refused);
        assert!(refused.message.contains("not-a-guid"));
    }

    #[test]
    fn the_published_list_comes_to_its_known_figures_and_twice_changes_nothing() {
        let test = "the_published_list_comes_to_its_known_figures_and_twice_changes_nothing";
        let Some((header, rows)) = shared_rows(test, "product-service-plans.csv") else {
            return;
        };
        assert_eq!(header[1..], COLUMNS[1..]);
        let file = clean(rows.clone());
        let report = &file.report;
        assert_eq!(
            (report.rows, report.products, report.plans),
            (5_457, 569, 723)
        );
        assert_eq!((report.pairs, report.identical_dropped), (5_448, 4));
        assert_eq!((report.alias_pairs, report.rows_cleaned), (5, 72));
        assert_eq!(report.rows_refused, 0);
        let mut world = World::new(0, 0);
        world.snapshot = Snapshot::default();
        for expected in [OutcomeKind::Applied, OutcomeKind::Unchanged] {
            for plan in &file.plans {
                let result = world
                    .run(Command::ImportPlan(Box::new(plan.clone())))
                    .outcome;
                assert_eq!(result.result, expected, "{plan:?}");
            }
            for product in &file.products {
                let result = world
                    .run(Command::ImportProduct(Box::new(product.clone())))
                    .outcome;
                assert_eq!(result.result, expected, "{:?}", result.causes);
            }
        }
        let catalogue = &world.snapshot.catalogue;
        assert_eq!(
            (catalogue.products().count(), catalogue.plans().count()),
            (569, 723)
        );
        let pairs: usize = catalogue
            .products()
            .map(|product| product.plans.len())
            .sum();
        assert_eq!(pairs, 5_448);
        assert_eq!(clean(rows), file);
    }
}
