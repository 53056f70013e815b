//! What is asked, in ids: names looked up, contradictions refused, modes spelled out (R10, R11).

use super::copy::{self, Copied};
use super::{Context, Holder};
use crate::command::{LicenseChange, Mode};
use crate::ids::ProductId;
use crate::refusal::{Cause, Code};
use crate::snapshot::NewPlans;

pub(super) struct Wish {
    pub(super) adds: Vec<(ProductId, Option<NewPlans>)>,
    /// Each once, none of them also added.
    pub(super) removes: Vec<ProductId>,
    /// The product that each switch of the change names, in the same order.
    pub(super) switch_products: Vec<Option<ProductId>>,
    /// The product that the allow-list names.
    pub(super) only_product: Option<ProductId>,
    /// What is copied from somebody else; each is also added.
    pub(super) copied: Vec<Copied>,
    /// The products to choose from, the added one first, where none had a free seat.
    pub(super) exhausted: Vec<ProductId>,
}

pub(super) fn read(
    context: &Context<'_>,
    holder: Holder<'_>,
    change: &LicenseChange,
) -> Result<Wish, Vec<Cause>> {
    let mut causes = check_mode(change);
    let mut wish = Wish {
        adds: read_adds(context, change, &mut causes),
        removes: Vec::new(),
        switch_products: read_switch_products(context, change, &mut causes),
        only_product: read_only_product(context, change, &mut causes),
        copied: Vec::new(),
        exhausted: Vec::new(),
    };
    let keeps = read_keeps(context, change, &mut causes);
    let choices = read_first(context, change, &mut causes);
    choose(context, holder, &choices, &mut wish);
    if let Some(from) = &change.copy_from {
        match copy::read(context, holder, from) {
            Ok(copied) => wish.copied = copied,
            Err(found) => causes.extend(found),
        }
    }
    for copied in &wish.copied {
        if !wish.adds.iter().any(|(added, _)| *added == copied.product) {
            let held = holder.direct(copied.product);
            let keeps = held.is_some() && change.mode != Mode::Replace;
            let rule = (!keeps).then_some(copied.new_plans);
            wish.adds.push((copied.product, rule));
        }
    }
    let mut must_hold = Vec::new();
    for (at, remove) in change.remove.iter().enumerate() {
        match context.find_product(&remove.product) {
            Ok(product) => {
                if wish.adds.iter().any(|(added, _)| *added == product)
                    || choices.contains(&product)
                {
                    causes.push(in_both(context, at, product));
                } else if !wish.removes.contains(&product) {
                    wish.removes.push(product);
                }
                if remove.must_hold {
                    must_hold.push((at, product));
                }
            }
            Err(cause) => causes.push(cause.field(format!("remove[{at}].product"))),
        }
    }
    if !causes.is_empty() {
        return Err(causes);
    }
    let has_all = !wish.adds.is_empty()
        && wish
            .adds
            .iter()
            .all(|(add, _)| holder.direct(*add).is_some());
    for (at, product) in must_hold {
        if !has_all && !holder.paths.iter().any(|path| path.product == product) {
            causes.push(not_held(
                context,
                holder,
                &format!("remove[{at}].product"),
                product,
            ));
        }
    }
    if change.mode != Mode::Modify {
        let direct = holder.paths.iter().filter(|path| path.is_direct());
        wish.removes = direct
            .map(|path| path.product)
            .filter(|product| !wish.adds.iter().any(|(added, _)| added == product))
            .filter(|product| !keeps.contains(product))
            .collect();
    }
    if causes.is_empty() {
        Ok(wish)
    } else {
        Err(causes)
    }
}

/// A product that would have to be held for what is asked.
pub(super) fn not_held(
    context: &Context<'_>,
    holder: Holder<'_>,
    field: &str,
    product: ProductId,
) -> Cause {
    let catalogue = context.catalogue();
    Cause::new(
        Code::ProductNotHeld,
        format!(
            "{} does not have {}",
            holder.profile.upn,
            catalogue.product_name(product)
        ),
    )
    .field(field)
    .with("product", product)
}

fn check_mode(change: &LicenseChange) -> Vec<Cause> {
    let wrong = |field: &str, message: &str| {
        Cause::new(Code::InvalidArgument, message.to_owned()).field(field)
    };
    let mut causes = Vec::new();
    match change.mode {
        Mode::Modify => {}
        Mode::Replace => {
            if !change.adds_something() {
                causes.push(wrong("add", "A replacement needs at least one product to end with; to remove every product, unassign all"));
            }
            if !change.remove.is_empty() {
                causes.push(wrong(
                    "remove",
                    "A replacement already removes every product that it does not name",
                ));
            }
        }
        Mode::UnassignAll => {
            if change.adds_something() {
                causes.push(wrong(
                    "add",
                    "Unassigning all cannot add products; use a replacement",
                ));
            }
            if !change.remove.is_empty() {
                causes.push(wrong(
                    "remove",
                    "Unassigning all already removes every product",
                ));
            }
            if !change.switches.is_empty() || change.only_plans.is_some() {
                causes.push(wrong(
                    "switches",
                    "Unassigning all leaves no direct licence whose plans could be switched",
                ));
            }
        }
    }
    if change.mode != Mode::UnassignAll && !change.keep.is_empty() {
        causes.push(wrong(
            "keep",
            "Products to keep are named where all others are unassigned, and nowhere else",
        ));
    }
    if change.only_plans.is_some() && !change.switches.is_empty() {
        causes.push(wrong("only_plans", "The plans to leave on already say what is on and off, so switches cannot be given as well"));
    }
    causes
}

fn read_keeps(
    context: &Context<'_>,
    change: &LicenseChange,
    causes: &mut Vec<Cause>,
) -> Vec<ProductId> {
    let mut keeps = Vec::with_capacity(change.keep.len());
    for (at, keep) in change.keep.iter().enumerate() {
        match context.find_product(keep) {
            Ok(product) => keeps.push(product),
            Err(cause) => causes.push(cause.field(format!("keep[{at}]"))),
        }
    }
    keeps
}

fn read_adds(
    context: &Context<'_>,
    change: &LicenseChange,
    causes: &mut Vec<Cause>,
) -> Vec<(ProductId, Option<NewPlans>)> {
    let mut adds: Vec<(ProductId, Option<NewPlans>)> = Vec::with_capacity(change.add.len());
    for (at, add) in change.add.iter().enumerate() {
        let product = match context.find_product(&add.product) {
            Ok(product) => product,
            Err(cause) => {
                causes.push(cause.field(format!("add[{at}].product")));
                continue;
            }
        };
        match adds.iter_mut().find(|(known, _)| *known == product) {
            None => adds.push((product, add.new_plans)),
            Some((_, rule))
                if rule.is_none() || add.new_plans.is_none() || *rule == add.new_plans =>
            {
                *rule = rule.or(add.new_plans);
            }
            Some(_) => causes.push(
                Cause::new(
                    Code::InvalidArgument,
                    format!(
                        "{} is added twice with different rules for new plans",
                        context.catalogue().product_name(product)
                    ),
                )
                .field(format!("add[{at}].new_plans")),
            ),
        }
    }
    adds
}

fn read_first(
    context: &Context<'_>,
    change: &LicenseChange,
    causes: &mut Vec<Cause>,
) -> Vec<ProductId> {
    let mut choices = Vec::with_capacity(change.add_first.len());
    for (at, text) in change.add_first.iter().enumerate() {
        match context.find_product(text) {
            Ok(product) if !choices.contains(&product) => choices.push(product),
            Ok(_) => {}
            Err(cause) => causes.push(cause.field(format!("add_first[{at}]"))),
        }
    }
    choices
}

/// The first choice with a free seat. Who holds one of them has what was wanted: it costs no seat
/// (R7), and another one is not added.
fn choose(context: &Context<'_>, holder: Holder<'_>, choices: &[ProductId], wish: &mut Wish) {
    let held = |product: &&ProductId| holder.paths.iter().any(|path| path.product == **product);
    if let Some(held) = choices.iter().find(held) {
        if holder.direct(*held).is_some() {
            wish.adds.push((*held, None));
        }
        return;
    }
    let has_seat = |product: &&ProductId| context.snapshot.pool(**product).available() > 0;
    let chosen = choices.iter().find(has_seat).or_else(|| {
        wish.exhausted = choices.to_vec();
        choices.first()
    });
    if let Some(product) = chosen
        && !wish.adds.iter().any(|(added, _)| added == product)
    {
        wish.adds.push((*product, None));
    }
}

/// Says of a missing seat that the other choices had none either.
pub(super) fn tell_exhausted(context: &Context<'_>, wish: &Wish, cause: &mut Cause) {
    let [_, others @ ..] = wish.exhausted.as_slice() else {
        return;
    };
    if others.is_empty() {
        return;
    }
    let names: Vec<String> = others
        .iter()
        .map(|product| context.catalogue().product_name(*product))
        .collect();
    let names = names.join(", ");
    cause.message.push_str(&format!("; nor has {names}"));
    cause.metadata.insert("also_exhausted".to_owned(), names);
}

fn read_switch_products(
    context: &Context<'_>,
    change: &LicenseChange,
    causes: &mut Vec<Cause>,
) -> Vec<Option<ProductId>> {
    let mut products = Vec::with_capacity(change.switches.len());
    for (at, switch) in change.switches.iter().enumerate() {
        let found = switch
            .product
            .as_ref()
            .map(|text| context.find_product(text));
        match found.transpose() {
            Ok(product) => products.push(product),
            Err(cause) => {
                products.push(None);
                causes.push(cause.field(format!("switches[{at}].product")));
            }
        }
    }
    products
}

fn read_only_product(
    context: &Context<'_>,
    change: &LicenseChange,
    causes: &mut Vec<Cause>,
) -> Option<ProductId> {
    let named = change.only_plans.as_ref()?.product.as_ref()?;
    match context.find_product(named) {
        Ok(product) => Some(product),
        Err(cause) => {
            causes.push(cause.field("only_plans.product"));
            None
        }
    }
}

fn in_both(context: &Context<'_>, at: usize, product: ProductId) -> Cause {
    Cause::new(
        Code::ProductInBothLists,
        format!(
            "{} is both to be added and to be removed",
            context.catalogue().product_name(product)
        ),
    )
    .field(format!("remove[{at}].product"))
    .with("product", product)
}
