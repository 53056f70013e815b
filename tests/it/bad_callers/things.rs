//! What calls are asked about: things of another organisation, and things that nobody has.

use prost_types::Timestamp;
use uuid::Uuid;

/// The names and ids of things, of another organisation or of none.
#[derive(Clone, Debug, Default)]
pub(super) struct Things {
    pub(super) user: String,
    pub(super) upn: String,
    pub(super) product: String,
    pub(super) part_number: String,
    pub(super) plan: String,
    pub(super) plan_name: String,
    pub(super) subscription: String,
    pub(super) rule: String,
    pub(super) token: String,
    pub(super) token_name: String,
}

impl Things {
    /// All of them, longest first, so that none is replaced within another.
    pub(super) fn texts(&self) -> Vec<&str> {
        let mut texts = vec![
            self.user.as_str(),
            &self.upn,
            &self.product,
            &self.part_number,
            &self.plan,
            &self.plan_name,
            &self.subscription,
            &self.rule,
            &self.token,
            &self.token_name,
        ];
        texts.retain(|text| !text.is_empty());
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        texts
    }
}

/// Which page of a listing is asked for.
pub(super) struct Page {
    pub(super) token: String,
    /// Where a listing compares two moments, the earlier one.
    pub(super) since: Timestamp,
}

/// Names and ids in the same form and of the same length, of nothing at all.
pub(super) fn unknown() -> Things {
    let id = || Uuid::new_v4().to_string();
    Things {
        user: id(),
        upn: "nemos@qq-elsewhere.com".to_owned(),
        product: id(),
        part_number: "QQ_ELSEWHERE_SKU".to_owned(),
        plan: id(),
        plan_name: "QQ_ELSEWHERE_PLAN".to_owned(),
        subscription: id(),
        rule: "qq-elsewhere-rule".to_owned(),
        token: id(),
        token_name: "qq-elsewhere-2".to_owned(),
    }
}
