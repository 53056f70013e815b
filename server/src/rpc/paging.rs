//! Pages of what is held in memory as a whole, such as the catalogue: cut by key, so that the next
//! page goes on where the one before ended.

use std::fmt::Debug;

use usher_domain::ids::{Revision, TenantId};

use super::status::Refusal;
use crate::storage::{Listing, Page, PageRequest, StoreError};

/// One page of `items` in the order of their keys. `name` and `asked` say which listing it is; a
/// token of another one, or of another organisation, is refused.
pub(super) fn page_of<T>(
    (name, asked): (&str, &impl Debug),
    (tenant, revision): (TenantId, Revision),
    page: &PageRequest,
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> Vec<String>,
) -> Result<Page<T>, Refusal> {
    let listing = Listing::new(name, &(tenant, asked));
    let after = listing
        .position(&page.token)?
        .map(|position| position.after);
    let mut rows: Vec<(Vec<String>, T)> = items
        .into_iter()
        .map(|item| (key(&item), item))
        .filter(|(key, _)| after.as_ref().is_none_or(|after| key > after))
        .collect();
    rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let page = listing.page(
        revision,
        page,
        rows,
        |row| row.0.clone(),
        |row| Ok::<T, StoreError>(row.1),
    )?;
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::DEFAULT_TENANT;

    const HERE: (TenantId, Revision) = (DEFAULT_TENANT, Revision(4));

    #[test]
    fn pages_follow_each_other_without_gap_or_repeat() {
        let mut token = String::new();
        let mut seen = Vec::new();
        loop {
            let page = PageRequest { size: 3, token };
            let items = (0..10).rev();
            let key = |n: &i32| vec![format!("{n:02}")];
            let got = page_of(("numbers", &"all"), HERE, &page, items, key).unwrap();
            seen.extend(got.items);
            token = got.next;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(seen, (0..10).collect::<Vec<_>>());
        let page = PageRequest {
            size: 3,
            token: "00".into(),
        };
        let key = |n: &i32| vec![n.to_string()];
        assert!(page_of(("numbers", &"all"), HERE, &page, 0..3, key).is_err());
    }

    #[test]
    fn a_token_of_another_organisation_is_of_another_listing() {
        let page = |token: String| PageRequest { size: 1, token };
        let key = |n: &i32| vec![n.to_string()];
        let there = (TenantId(uuid::Uuid::from_u128(7)), Revision(4));
        let first = page_of(("numbers", &"all"), there, &page(String::new()), 0..3, key).unwrap();
        let next = page(first.next);
        assert!(page_of(("numbers", &"all"), there, &next, 0..3, key).is_ok());
        assert!(page_of(("numbers", &"all"), HERE, &next, 0..3, key).is_err());
    }
}
