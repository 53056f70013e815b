//! What a recorded change changed, in words: licences with the names that products and plans have now, fields with the
//! values before and after.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use usher_domain::catalogue::Catalogue;
use usher_domain::ids::{Instant, PlanId, ProductId};
use uuid::Uuid;

/// More names than these are counted.
const MOST_NAMED: usize = 5;
/// Longer values are said to be others.
const LONGEST: usize = 60;

/// The change in words; empty where the action says all there is, or where the record is of a kind without words.
pub(crate) fn in_words(before: &str, after: &str, catalogue: &Catalogue) -> String {
    let (Ok(before), Ok(after)) = (
        serde_json::from_str::<Value>(before),
        serde_json::from_str::<Value>(after),
    ) else {
        return String::new();
    };
    match (&before, &after) {
        (Value::Object(before), Value::Object(after)) => fields(before, after, catalogue),
        (Value::Array(_) | Value::Null, Value::Array(_) | Value::Null) => {
            let words = Words { catalogue };
            words.paths(&before, &after).join("; ")
        }
        _ => String::new(),
    }
}

struct Words<'a> {
    catalogue: &'a Catalogue,
}

/// What the recorded paths to one product say together.
#[derive(Default)]
struct Held {
    active: bool,
    waiting: bool,
    error: Option<String>,
    on: BTreeSet<String>,
    off: BTreeSet<String>,
    held_off: BTreeSet<String>,
}

impl Words<'_> {
    fn paths(&self, before: &Value, after: &Value) -> Vec<String> {
        let (before, after) = (self.held(before), self.held(after));
        let products: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let none = Held::default();
        products
            .into_iter()
            .map(|product| {
                let was = before.get(product).unwrap_or(&none);
                let is = after.get(product).unwrap_or(&none);
                of_product(product, was, is)
            })
            .collect()
    }

    fn held(&self, paths: &Value) -> BTreeMap<String, Held> {
        let mut held: BTreeMap<String, Held> = BTreeMap::new();
        for path in paths.as_array().into_iter().flatten() {
            let Some(product) = path.get("product").and_then(id) else {
                continue;
            };
            let name = self.catalogue.product_name(ProductId(product));
            let one = held.entry(name).or_default();
            match path.get("state") {
                Some(Value::String(state)) if state == "active" => one.active = true,
                Some(state) if state.get("waiting").is_some() => one.waiting = true,
                Some(state) => {
                    let code = state.pointer("/error/code").and_then(Value::as_str);
                    one.error = code.map(str::to_owned);
                }
                None => {}
            }
            let switches = path.get("switches").and_then(Value::as_object);
            for (plan, on) in switches.into_iter().flatten() {
                let to = if on == &Value::Bool(true) {
                    &mut one.on
                } else {
                    &mut one.off
                };
                to.extend(self.plan(plan));
            }
            let held_off = path.get("held_off").and_then(Value::as_array);
            let plans = held_off.into_iter().flatten();
            one.held_off.extend(
                plans
                    .filter_map(|held| held.get("plan").and_then(Value::as_str))
                    .filter_map(|plan| self.plan(plan)),
            );
        }
        held
    }

    fn plan(&self, id: &str) -> Option<String> {
        let id = Uuid::try_parse(id).ok()?;
        Some(self.catalogue.plan_name(PlanId(id)))
    }
}

fn of_product(product: &str, was: &Held, is: &Held) -> String {
    let mut details = Vec::new();
    let mut detail = |word: &str, now: &BTreeSet<String>, before: &BTreeSet<String>| {
        let new: Vec<&String> = now.difference(before).collect();
        if !new.is_empty() {
            details.push(format!("{word} {}", named(&new)));
        }
    };
    detail("on", &is.on, &was.on);
    detail("off", &is.off, &was.off);
    if was.active && is.active {
        let (switched, before) = (&is.on | &is.off, &was.on | &was.off);
        detail("as the product says", &before, &switched);
        detail("no longer held off", &was.held_off, &is.held_off);
    }
    detail("held off", &is.held_off, &was.held_off);
    let change = match (was.active, is.active) {
        (false, true) => format!("+{product}"),
        (true, false) if is.waiting => format!("-{product}, waits for a seat"),
        (true, false) => format!("-{product}"),
        (true, true) => product.to_owned(),
        (false, false) if is.waiting => format!("{product} waits for a seat"),
        (false, false) if was.waiting => format!("{product} waits no more"),
        (false, false) => match &is.error {
            Some(code) => format!("{product} did not come ({code})"),
            None => product.to_owned(),
        },
    };
    if details.is_empty() || !is.active {
        return change;
    }
    format!("{change} ({})", details.join("; "))
}

fn fields(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    catalogue: &Catalogue,
) -> String {
    let mut words = Vec::new();
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let was = before.get(key).unwrap_or(&Value::Null);
        let is = after.get(key).unwrap_or(&Value::Null);
        // Names and addresses of people are not in the record, only which of them a change was about.
        if key == "texts" {
            words.extend(
                is.as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(spaced),
            );
        } else if was != is && !key.ends_with("_rev") {
            words.push(field(key, was, is, catalogue));
        }
    }
    words.join("; ")
}

fn field(key: &str, was: &Value, is: &Value, catalogue: &Catalogue) -> String {
    let name = spaced(key);
    if let (Value::Object(was), Value::Object(is)) = (was, is) {
        let came = plan_names(is.keys().filter(|id| !was.contains_key(*id)), catalogue);
        let went = plan_names(was.keys().filter(|id| !is.contains_key(*id)), catalogue);
        let mut words = Vec::new();
        for (sign, names) in [("+", came), ("-", went)] {
            if !names.is_empty() {
                words.push(format!(
                    "{sign}{}",
                    named(&names.iter().collect::<Vec<_>>())
                ));
            }
        }
        return if words.is_empty() {
            format!("other {name}")
        } else {
            format!("{name} {}", words.join(", "))
        };
    }
    match (shown(key, was), shown(key, is)) {
        (Some(was), Some(is)) => format!("{name} {was} -> {is}"),
        _ => format!("other {name}"),
    }
}

fn plan_names<'k>(ids: impl Iterator<Item = &'k String>, catalogue: &Catalogue) -> Vec<String> {
    let mut names: Vec<String> = ids
        .filter_map(|id| Uuid::try_parse(id).ok())
        .map(|id| catalogue.plan_name(PlanId(id)))
        .collect();
    names.sort_unstable();
    names
}

/// A value as people read it; none where it is long, or an id.
fn shown(key: &str, value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => "none".to_owned(),
        Value::Number(micros) if is_moment(key) => {
            let seconds = micros.as_i64()?.div_euclid(1_000_000);
            Instant(seconds.saturating_mul(1_000_000)).to_string()
        }
        Value::String(text) if Uuid::try_parse(text).is_ok() => return None,
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Array(_) | Value::Object(_) => return None,
    };
    (text.chars().count() <= LONGEST).then_some(text)
}

fn is_moment(key: &str) -> bool {
    ["_at", "_since", "_until"]
        .iter()
        .any(|end| key.ends_with(end))
}

fn named(names: &[&String]) -> String {
    if names.len() > MOST_NAMED {
        return format!("{} plans", names.len());
    }
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    names.join(", ")
}

fn spaced(key: &str) -> String {
    key.replace('_', " ")
}

fn id(value: &Value) -> Option<Uuid> {
    Uuid::try_parse(value.as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use usher_domain::catalogue::{AppliesTo, Product, ServicePlan};

    use super::*;

    const E3: Uuid = Uuid::from_u128(3);
    const FORMS: Uuid = Uuid::from_u128(7);

    fn words(before: &str, after: &str) -> String {
        let product = Product {
            id: ProductId(E3),
            part_number: "SPE_E3".to_owned(),
            name: "Microsoft 365 E3".to_owned(),
            aliases: Vec::new(),
            applies_to: AppliesTo::User,
            perpetual: false,
            plans: BTreeMap::new(),
        };
        let plan = ServicePlan {
            id: PlanId(FORMS),
            name: "FORMS_PLAN_E3".to_owned(),
            friendly_name: String::new(),
            aliases: Vec::new(),
            automatic: false,
        };
        in_words(before, after, &Catalogue::new([product], [plan], []))
    }

    fn path(state: &str, switches: &str) -> String {
        format!(
            r#"[{{"product":"{E3}","path":"direct","state":{state},"switches":{{{switches}}},"held_off":[]}}]"#
        )
    }

    #[test]
    fn licences_come_go_wait_and_are_switched() {
        let none = || "[]".to_owned();
        let active = r#""active""#;
        let waiting = r#"{"waiting":{"priority":0,"since":1}}"#;
        let refused = r#"{"error":{"code":"NO_AVAILABLE_SEATS","because":[],"since":1}}"#;
        let off = format!(r#""{FORMS}":false"#);
        let on = format!(r#""{FORMS}":true"#);
        for (before, after, expected) in [
            (none(), path(active, ""), "+SPE_E3"),
            (none(), path(active, &off), "+SPE_E3 (off FORMS_PLAN_E3)"),
            (
                path(active, ""),
                path(active, &off),
                "SPE_E3 (off FORMS_PLAN_E3)",
            ),
            (
                path(active, &off),
                path(active, &on),
                "SPE_E3 (on FORMS_PLAN_E3)",
            ),
            (
                path(active, &off),
                path(active, ""),
                "SPE_E3 (as the product says FORMS_PLAN_E3)",
            ),
            (path(active, &off), none(), "-SPE_E3"),
            (none(), path(waiting, ""), "SPE_E3 waits for a seat"),
            (path(waiting, ""), none(), "SPE_E3 waits no more"),
            (path(waiting, ""), path(active, ""), "+SPE_E3"),
            (
                none(),
                path(refused, ""),
                "SPE_E3 did not come (NO_AVAILABLE_SEATS)",
            ),
        ] {
            assert_eq!(words(&before, &after), expected, "{before} {after}");
        }
    }

    #[test]
    fn a_plan_that_is_held_off_and_comes_back_is_told() {
        let held = path(r#""active""#, "").replace(
            r#""held_off":[]"#,
            &format!(r#""held_off":[{{"plan":"{FORMS}","code":"MUTUALLY_EXCLUSIVE_PLANS"}}]"#),
        );
        let free = path(r#""active""#, "");
        assert_eq!(words(&free, &held), "SPE_E3 (held off FORMS_PLAN_E3)");
        assert_eq!(
            words(&held, &free),
            "SPE_E3 (no longer held off FORMS_PLAN_E3)"
        );
    }

    #[test]
    fn fields_say_what_they_were_and_what_they_are() {
        assert_eq!(
            words(
                r#"{"quantity":5,"ends_at":1795808702045334,"renewal_quantity":null,"name":"a","from_rev":1}"#,
                r#"{"quantity":10,"ends_at":1827344702045334,"renewal_quantity":7,"name":"a","from_rev":2}"#,
            ),
            "ends at 2026-11-27T19:45:02Z -> 2027-11-27T19:45:02Z; quantity 5 -> 10; renewal quantity none -> 7"
        );
        assert_eq!(
            words(
                r#"{"usage_location":null,"texts":["department","job_title"]}"#,
                r#"{"usage_location":"DE","texts":["department","job_title"]}"#,
            ),
            "department; job title; usage location none -> DE"
        );
        assert_eq!(
            words(
                r#"{"plans":{},"aliases":[]}"#,
                &format!(r#"{{"plans":{{"{FORMS}":{{"on_by_default":true}}}},"aliases":["E3"]}}"#),
            ),
            "other aliases; plans +FORMS_PLAN_E3"
        );
    }

    #[test]
    fn what_is_new_or_gone_or_unreadable_needs_no_words() {
        for (before, after) in [
            ("null", r#"{"id":"x"}"#),
            (r#"{"id":"x"}"#, "null"),
            ("{", "{"),
            ("null", "null"),
        ] {
            assert_eq!(words(before, after), "");
        }
    }
}
