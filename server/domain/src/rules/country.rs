//! R17, second half: what is not offered in a country.

use super::{Breach, Example, RuleText, Standing};
use crate::refusal::Code;

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R17"],
    name: "country",
    statement: "A product or plan that is not offered in the user's country is refused, and held \
                off when the user moves there.",
    codes: &[Code::ProhibitedInLocation],
    examples: &[
        Example {
            when: "a plan is denied in CN and its product is added to a user in CN",
            then: "refused with PROHIBITED_IN_LOCATION, unless the plan is off",
        },
        Example {
            when: "a holder in DE moves to CN",
            then: "applied, and the plan is held off until the holder moves on",
        },
    ],
};

pub(super) fn breaches(standing: &Standing<'_>, breaches: &mut Vec<Breach>) {
    let rules = standing.catalogue.compiled();
    let Some(country) = standing.location else {
        return;
    };
    if rules.plan_countries.is_empty() && rules.product_countries.is_empty() {
        return;
    }
    for on in &standing.paths {
        let product = on.path.product;
        let whole = rules.product_countries.get(&product);
        if whole.is_some_and(|rule| !rule.permits(country)) {
            breaches.push(Breach::Country {
                product,
                plan: None,
                country,
            });
            continue;
        }
        for (plan, rule) in &rules.plan_countries {
            if on.on.contains(*plan) && !rule.permits(country) {
                breaches.push(Breach::Country {
                    product,
                    plan: Some(*plan),
                    country,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fixture::{catalogue, paths, plan_id, product_id};
    use crate::ids::{Country, ProductId};
    use crate::licence::effective;
    use crate::snapshot::Assignment;

    fn found(location: Option<&str>, paths: &[Assignment]) -> Vec<ProductId> {
        let catalogue = catalogue();
        let location: Option<Country> = location.map(|code| code.parse().unwrap());
        let mut found = Vec::new();
        breaches(&Standing::new(&catalogue, location, paths), &mut found);
        let products = found.into_iter().map(|breach| match breach {
            Breach::Country { product, .. } => product,
            other => panic!("{other:?}"),
        });
        products.collect()
    }

    proptest! {
        #[test]
        fn a_denied_plan_is_in_breach_only_there_and_only_while_it_is_on(paths in paths()) {
            let denied = effective(&catalogue(), &paths).contains(&plan_id("CRYPTO"));
            prop_assert_eq!(found(Some("DE"), &paths), []);
            prop_assert_eq!(found(None, &paths), []);
            let there = found(Some("CN"), &paths);
            prop_assert_eq!(!there.is_empty(), denied);
            prop_assert!(there.iter().all(|product| *product == product_id("TALK")));
        }
    }
}
