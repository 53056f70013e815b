//! R1: what a name in a request stands for, or the cause that says why it stands for nothing.

use uuid::Uuid;

use super::Context;
use crate::catalogue::{Near, Resolution, in_words, no_such, no_user};
pub(super) use crate::catalogue::{ambiguous, shown};
use crate::ids::{PlanId, ProductId, SubscriptionId};
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::User;

/// More plans than this are not listed in a message; the metadata has them all.
const MOST_NAMED: usize = 250;

/// More plans than this hide the one that was meant.
const FEW: usize = 12;

/// What else is to say where nothing was imported yet.
const EMPTY: &str = "; the catalogue is empty";

impl<'a> Context<'a> {
    pub(super) fn find_user(&self, text: &str) -> Result<&'a User, Cause> {
        match self.snapshot.resolve_user(text) {
            Resolution::Found(id) => self
                .snapshot
                .user(id)
                .ok_or_else(|| no_user(text).field("user")),
            Resolution::NotFound { .. } => Err(no_user(text).field("user")),
            Resolution::Ambiguous { candidates } => {
                let upns = candidates
                    .iter()
                    .filter_map(|id| self.snapshot.user(*id))
                    .map(|user| user.profile.upn.clone())
                    .collect();
                Err(ambiguous("users", text, upns).field("user"))
            }
        }
    }

    pub(super) fn find_product(&self, text: &str) -> Result<ProductId, Cause> {
        let catalogue = self.catalogue();
        match catalogue.resolve_product(text) {
            Resolution::Found(id) => Ok(id),
            Resolution::NotFound { nearest } => {
                if let Some(bought) = self.product_bought(text) {
                    return bought;
                }
                let mut cause = no_such(Code::ProductNotFound, "product", text, nearest);
                if catalogue.products().next().is_none() {
                    cause.message.push_str(EMPTY);
                }
                Err(cause)
            }
            Resolution::Ambiguous { candidates } => {
                let ids = candidates
                    .iter()
                    .map(|id| format!("{} ({id})", catalogue.product_name(*id)))
                    .collect();
                Err(ambiguous("products", text, ids))
            }
        }
    }

    /// R45: assigning is by product. A subscription stands for its product, but not where that is
    /// perpetual.
    fn product_bought(&self, text: &str) -> Option<Result<ProductId, Cause>> {
        let id = Uuid::try_parse(text.trim()).ok().map(SubscriptionId)?;
        let bought = self.snapshot.subscription(id)?;
        if bought.is_deleted() {
            return None;
        }
        if let Some(cause) = self.refuse_self_service(bought) {
            return Some(Err(cause));
        }
        let product = self.catalogue().product(bought.product)?;
        if !product.perpetual {
            return Some(Ok(product.id));
        }
        let name = self.catalogue().product_name(product.id);
        let message = format!(
            "{id} is a subscription of {name}, which is perpetual and is assigned by product"
        );
        let cause = Cause::new(Code::AssignByProduct, message)
            .with("subscription", id)
            .with("product", product.id)
            .fix(Fix::UseName {
                given: shown(text),
                instead: vec![name],
            });
        Some(Err(cause))
    }

    pub(super) fn find_plan(&self, within: &[ProductId], text: &str) -> Result<PlanId, Cause> {
        let catalogue = self.catalogue();
        match catalogue.resolve_plan(within, text) {
            Resolution::Found(id) => Ok(id),
            Resolution::NotFound { nearest } => {
                if !within.is_empty() {
                    return Err(self.no_plan_within(within, text, nearest));
                }
                let mut cause = no_such(Code::PlanNotFound, "service plan", text, nearest);
                if catalogue.plans().next().is_none() {
                    cause.message.push_str(EMPTY);
                }
                Err(cause)
            }
            Resolution::Ambiguous { candidates } => {
                let ids = candidates
                    .iter()
                    .map(|id| format!("{} ({id})", catalogue.plan_name(*id)))
                    .collect();
                Err(ambiguous("service plans", text, ids))
            }
        }
    }

    /// R13: a name that no plan has; the answer names the plans of the products that were meant, in the message the
    /// nearest where they are many.
    fn no_plan_within(&self, products: &[ProductId], given: &str, nearest: Vec<Near>) -> Cause {
        let plans = self.plan_names(products);
        let names: Vec<String> = products
            .iter()
            .map(|product| self.catalogue().product_name(*product))
            .collect();
        let names = names.join(", ");
        let list = match (plans.len(), &nearest[..]) {
            (0..=FEW, _) => format!("the plans of {names} are {}", plans.join(", ")),
            (count, []) => format!("none of the {count} plans of {names} has a name like it"),
            (count, near) => {
                format!(
                    "nearest of the {count} plans of {names}: {}",
                    in_words(near)
                )
            }
        };
        let given = shown(given);
        let message = format!("There is no service plan \"{given}\"; {list}");
        let cause = Cause::new(Code::PlanNotFound, message)
            .with("products", names)
            .with("plans", plans.join(","));
        if nearest.is_empty() {
            return cause;
        }
        cause.fix(Fix::NearName {
            given,
            near: nearest.into_iter().map(|near| near.name).collect(),
        })
    }

    /// R13: a plan that none of the products has; the answer names the plans that they have.
    pub(super) fn plan_not_in(&self, products: &[ProductId], plan: PlanId) -> Cause {
        let catalogue = self.catalogue();
        let names: Vec<String> = products
            .iter()
            .map(|product| catalogue.product_name(*product))
            .collect();
        let plans = self.plan_names(products);
        let wanted = catalogue.plan_name(plan);
        let names = names.join(", ");
        let list = if plans.len() > MOST_NAMED {
            let near = match catalogue.nearest_plans(products, &wanted).as_slice() {
                [] => String::new(),
                near => format!(", the nearest are {}", in_words(near)),
            };
            let verb = if products.len() == 1 {
                "it has"
            } else {
                "they have"
            };
            format!("{verb} {} plans{near}", plans.len())
        } else if products.len() == 1 {
            format!("its plans are {}", plans.join(", "))
        } else {
            format!("their plans are {}", plans.join(", "))
        };
        let message = match products {
            [_] => format!("{names} has no service plan {wanted}; {list}"),
            _ => format!("None of {names} has the service plan {wanted}; {list}"),
        };
        Cause::new(Code::PlanNotInProduct, message)
            .with("plan", plan)
            .with("products", names)
            .with("plans", plans.join(","))
    }

    /// A name that stands for this product alone.
    pub(super) fn unique_product_name(&self, product: ProductId) -> String {
        let name = self.catalogue().product_name(product);
        match self.catalogue().resolve_product(&name) {
            Resolution::Found(id) if id == product => name,
            _ => product.to_string(),
        }
    }

    /// A name that stands for this plan alone, within a product.
    pub(super) fn unique_plan_name(&self, product: ProductId, plan: PlanId) -> String {
        let name = self.catalogue().plan_name(plan);
        match self.catalogue().resolve_plan(&[product], &name) {
            Resolution::Found(id) if id == plan => name,
            _ => plan.to_string(),
        }
    }

    /// The plans of products, sorted.
    fn plan_names(&self, products: &[ProductId]) -> Vec<String> {
        let catalogue = self.catalogue();
        let mut names: Vec<String> = products
            .iter()
            .filter_map(|product| catalogue.product(*product))
            .flat_map(|product| product.plans.keys())
            .map(|plan| catalogue.plan_name(*plan))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
