//! R11, R15, R16: licences that come through groups.

use super::{Example, RuleText};
use crate::catalogue::Catalogue;
use crate::ids::{Path, ProductId};
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::Assignment;

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R11", "R15", "R16"],
    name: "inherited",
    statement: "An inherited licence is changed on its group, never on the user; ending a direct \
                path leaves the inherited ones.",
    codes: &[Code::InheritedFromGroup],
    examples: &[
        Example {
            when: "a product is removed that the user has directly and through a group",
            then: "applied: the direct path ends, no seat is freed, still held through the group",
        },
        Example {
            when: "a product is removed that the user has through a group only",
            then: "refused with INHERITED_FROM_GROUP, naming the group",
        },
    ],
};

/// The groups through which a product reaches the user, in whatever state.
pub(crate) fn groups<'a>(
    paths: impl IntoIterator<Item = &'a Assignment>,
    product: ProductId,
) -> Vec<uuid::Uuid> {
    let mut groups: Vec<uuid::Uuid> = paths
        .into_iter()
        .filter(|path| path.product == product)
        .filter_map(|path| match path.path {
            Path::Group(group) => Some(group.0),
            Path::Direct => None,
        })
        .collect();
    groups.sort_unstable();
    groups
}

pub(crate) fn refusal(catalogue: &Catalogue, product: ProductId, groups: Vec<uuid::Uuid>) -> Cause {
    let names = in_words(&groups);
    Cause::new(
        Code::InheritedFromGroup,
        format!(
            "{} is inherited from {names} and can only be changed there",
            catalogue.product_name(product)
        ),
    )
    .with("product", product)
    .with("groups", names)
    .fix(Fix::ChangeGroups { groups })
}

pub(crate) fn in_words(groups: &[uuid::Uuid]) -> String {
    let ids: Vec<String> = groups
        .iter()
        .map(|group| format!("group {group}"))
        .collect();
    ids.join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fixture::{catalogue, paths, product_id};

    proptest! {
        #[test]
        fn every_group_is_named_once_and_no_direct_path(paths in paths()) {
            let product = product_id("FULL");
            let groups = groups(&paths, product);
            prop_assert!(groups.is_sorted_by(|a, b| a < b));
            let is_inherited = |path: &&Assignment| path.product == product && path.path != Path::Direct;
            prop_assert_eq!(groups.len(), paths.iter().filter(is_inherited).count());
            let cause = refusal(&catalogue(), product, groups.clone());
            prop_assert!(groups.iter().all(|group| cause.message.contains(&group.to_string())));
        }
    }
}
