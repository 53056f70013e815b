//! `ListLicenseRules`

use usher::v1::{ListLicenseRulesRequest, ListLicenseRulesResponse};

use super::super::status::Refusal;
use super::super::{Api, paging};
use crate::convert::fields::Fields;
use crate::convert::rule;

pub(super) async fn list(
    api: &Api,
    request: ListLicenseRulesRequest,
) -> Result<ListLicenseRulesResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let catalogue = read.catalogue().await?;
    let rules = catalogue.rules().iter();
    let found = paging::page_of(("rules", &()), read.revision(), &page, rules, |rule| {
        vec![rule.key().text()]
    })?;
    Ok(ListLicenseRulesResponse {
        license_rules: found.items.into_iter().map(|rule| rule::to_wire(rule, &catalogue)).collect(),
        next_page_token: found.next,
    })
}
