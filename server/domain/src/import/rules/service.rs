//! Rows on services and how long they keep data (R50): `service,plans,kind,days`, the plans split by
//! `|` or semicolons; without days, data is kept until the user is purged.

use super::{Wrong, add_new, plan_id};
use crate::catalogue::{Catalogue, DataKind};
use crate::command::RuleImport;

/// Where the cells stand.
pub(super) struct Columns {
    service: usize,
    plans: usize,
    kind: usize,
    days: usize,
}

impl Columns {
    /// None when the header is not of such a file.
    pub(super) fn of(place: impl Fn(&[&str]) -> Option<usize>) -> Option<Self> {
        Some(Self {
            service: place(&["service"])?,
            plans: place(&["plans"])?,
            kind: place(&["kind"])?,
            days: place(&["days"])?,
        })
    }
}

pub(super) fn row<'a>(
    cell: impl Fn(usize) -> &'a str,
    columns: &Columns,
    catalogue: &Catalogue,
) -> Result<RuleImport, Wrong> {
    let id = cell(columns.service);
    if id.is_empty() {
        return Err((columns.service, "The cell is empty".to_owned()));
    }
    let mut plans = Vec::new();
    for text in cell(columns.plans).split(['|', ';']) {
        let plan = plan_id(text.trim(), catalogue).map_err(|why| (columns.plans, why))?;
        add_new(&mut plans, vec![plan]);
    }
    let kind = cell(columns.kind).to_lowercase();
    let kind = DataKind::ALL
        .into_iter()
        .find(|known| known.as_str() == kind)
        .ok_or_else(|| {
            let why = format!("\"{kind}\" is none of mail, files and other");
            (columns.kind, why)
        })?;
    let days = match cell(columns.days) {
        "" => None,
        text => Some(text.parse().map_err(|_| {
            let why = format!("\"{text}\" is not a number of days");
            (columns.days, why)
        })?),
    };
    Ok(RuleImport::Service {
        id: id.to_owned(),
        plans,
        kind,
        days,
    })
}

#[cfg(test)]
mod tests {
    use super::super::clean;
    use super::super::tests::{header, rows};
    use super::*;
    use crate::fixture::{catalogue, plan_id};

    #[test]
    fn services_are_read_and_bad_rows_are_refused() {
        let lines = [
            "mail,MAIL_1|mail_2,Mail,30",
            "sites,SITE_1,files,",
            "sites,SITE_2; SITE_1,files,",
            ",CHAT,other,1",
            "chat,,other,1",
            "chat,CHAT,paper,1",
            "chat,CHAT,other,-1",
        ];
        let columns = header("Service,plans,kind,days");
        let file = clean(&columns, rows(&lines), &catalogue()).unwrap();
        let service = |id: &str, plans: &[&str], kind, days| RuleImport::Service {
            id: id.to_owned(),
            plans: plans.iter().map(|plan| plan_id(plan)).collect(),
            kind,
            days,
        };
        assert_eq!(
            file.rules,
            [
                service("mail", &["MAIL_1", "MAIL_2"], DataKind::Mail, Some(30)),
                service("sites", &["SITE_1", "SITE_2"], DataKind::Files, None),
            ]
        );
        let refused: Vec<(u64, &str)> = file
            .items
            .iter()
            .filter_map(|item| Some((item.line, item.column.as_deref()?)))
            .collect();
        assert_eq!(
            refused,
            [(5, "Service"), (6, "plans"), (7, "kind"), (8, "days")]
        );
    }
}
