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
