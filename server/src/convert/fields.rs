//! Collects what is wrong with the fields of a request, so that one answer names all of it.

use usher::v1::{Cause, ErrorReason};
use usher::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE};
use usher_domain::ids::Instant;

use super::time;
use crate::rpc::status::Refusal;
use crate::storage::PageRequest;

/// Longest reason, in characters.
const MAX_REASON: usize = 1_024;
/// Longest request id, in characters.
const MAX_REQUEST_ID: usize = 128;
/// Longest name of a user, product or plan, in characters.
const MAX_NAME: usize = 1_024;
/// Longest page token, in bytes.
const MAX_PAGE_TOKEN: usize = 8_192;

/// The faults found so far.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<Cause>);

impl Fields {
    /// Notes a fault of one field.
    pub(crate) fn fault(&mut self, field: &str, message: impl Into<String>) {
        self.add(ErrorReason::InvalidArgument, field, message.into());
    }

    /// Notes a stated limit that was passed.
    pub(crate) fn over_limit(&mut self, field: &str, message: impl Into<String>) {
        self.add(ErrorReason::LimitExceeded, field, message.into());
    }

    fn add(&mut self, reason: ErrorReason, field: &str, message: String) {
        self.0.push(Cause {
            reason: reason.into(),
            message,
            field: field.to_owned(),
            ..Cause::default()
        });
    }

    /// Refuses if there is any fault.
    pub(crate) fn check(self) -> Result<(), Refusal> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Refusal::because(self.0))
        }
    }

    /// The message has to be there.
    pub(crate) fn required<T>(&mut self, field: &str, message: Option<T>) -> Option<T> {
        if message.is_none() {
            self.fault(field, format!("The field {field} is missing."));
        }
        message
    }

    /// A name of a user, product or plan, which has to be there.
    pub(crate) fn required_name(&mut self, field: &str, name: &str) {
        if name.trim().is_empty() {
            self.fault(field, format!("The field {field} is empty."));
        }
        self.name(field, name);
    }

    /// A name of a user, product or plan.
    pub(crate) fn name(&mut self, field: &str, name: &str) {
        self.length(field, name, MAX_NAME);
        self.printable(field, name.trim());
    }

    /// A list with a limit.
    pub(crate) fn at_most(&mut self, field: &str, length: usize, limit: usize) {
        if length > limit {
            self.over_limit(
                field,
                format!("The field {field} has {length} entries; {limit} are the limit."),
            );
        }
    }

    fn length(&mut self, field: &str, text: &str, limit: usize) {
        // Characters are never more than bytes, and counting them is not free.
        if text.len() > limit {
            let length = text.chars().count();
            if length > limit {
                self.over_limit(
                    field,
                    format!("The field {field} has {length} characters; {limit} are the limit."),
                );
            }
        }
    }

    /// Not every database stores every control character, and none belongs into a line of a record.
    fn printable(&mut self, field: &str, text: &str) {
        if let Some(found) = text.chars().find(|c| c.is_control()) {
            let code = u32::from(found);
            self.fault(
                field,
                format!(
                    "The field {field} holds the control character U+{code:04X}. Leave it out."
                ),
            );
        }
    }

    /// Why a change is made; `None` where it is not said.
    pub(crate) fn reason(&mut self, field: &str, reason: &str) -> Option<String> {
        let reason = reason.trim();
        self.length(field, reason, MAX_REASON);
        self.printable(field, reason);
        (!reason.is_empty()).then(|| reason.to_owned())
    }

    /// The id of a request; `None` where it has none.
    pub(crate) fn request_id(&mut self, field: &str, id: String) -> Option<String> {
        self.length(field, &id, MAX_REQUEST_ID);
        self.printable(field, &id);
        (!id.is_empty()).then_some(id)
    }

    /// Which page is wanted.
    pub(crate) fn page(&mut self, size: i32, token: String) -> PageRequest {
        if size > MAX_PAGE_SIZE {
            self.over_limit(
                "page_size",
                format!("A page of {size} is too large; {MAX_PAGE_SIZE} is the limit."),
            );
        }
        if token.len() > MAX_PAGE_TOKEN {
            self.fault(
                "page_token",
                "The page token does not belong to this listing. Start again without it.",
            );
        }
        let size = if size == 0 { DEFAULT_PAGE_SIZE } else { size };
        match u32::try_from(size) {
            Ok(size) => PageRequest { size, token },
            Err(_) => {
                self.fault("page_size", format!("The page size {size} is negative."));
                PageRequest::default()
            }
        }
    }

    /// A moment; `None` where it is not given.
    pub(crate) fn instant(
        &mut self,
        field: &str,
        timestamp: Option<prost_types::Timestamp>,
    ) -> Option<Instant> {
        let timestamp = timestamp?;
        let instant = time::from_wire(timestamp);
        if instant.is_none() {
            self.fault(field, format!("The moment of {field} is out of range."));
        }
        instant
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(fields: Fields) -> Vec<(ErrorReason, String)> {
        let outcome = match fields.check() {
            Ok(()) => return Vec::new(),
            Err(refusal) => refusal.into_outcome(),
        };
        let causes = outcome.causes.into_iter();
        causes.map(|cause| (cause.reason(), cause.field)).collect()
    }

    #[test]
    fn limits_hold_to_the_character() {
        let mut fields = Fields::default();
        assert_eq!(
            fields
                .reason("reason", &"ä".repeat(MAX_REASON))
                .unwrap()
                .chars()
                .count(),
            1_024
        );
        assert_eq!(
            fields
                .request_id("request_id", "x".repeat(MAX_REQUEST_ID))
                .unwrap()
                .len(),
            128
        );
        assert_eq!(fields.reason("reason", "  "), None);
        let trimmed = fields.reason("reason", "moved to Köln\r\n");
        assert_eq!(trimmed.as_deref(), Some("moved to Köln"));
        assert!(faults(fields).is_empty());

        let mut fields = Fields::default();
        fields.reason("reason", &"ä".repeat(MAX_REASON + 1));
        fields.request_id("request_id", "x".repeat(MAX_REQUEST_ID + 1));
        fields.request_id("request_id", "a\nb".into());
        assert_eq!(
            faults(fields),
            [
                (ErrorReason::LimitExceeded, "reason".into()),
                (ErrorReason::LimitExceeded, "request_id".into()),
                (ErrorReason::InvalidArgument, "request_id".into()),
            ]
        );
    }

    #[test]
    fn control_characters_are_refused_wherever_text_is_kept_or_looked_up() {
        let mut fields = Fields::default();
        fields.reason("reason", "a\0b");
        fields.name("product", "E3\0");
        fields.required_name("user", "adele\u{85}@contoso.com");
        fields.required_name("user", " adele@contoso.com\n");
        let expected = ["reason", "product", "user"];
        assert_eq!(
            faults(fields),
            expected.map(|field| (ErrorReason::InvalidArgument, field.into()))
        );
    }

    #[test]
    fn a_page_has_a_default_and_a_limit() {
        let mut fields = Fields::default();
        assert_eq!(fields.page(0, String::new()).size, 100);
        assert_eq!(fields.page(1_000, String::new()).size, 1_000);
        assert!(faults(fields).is_empty());
        let mut fields = Fields::default();
        fields.page(1_001, String::new());
        fields.page(-1, String::new());
        assert_eq!(
            faults(fields),
            [
                (ErrorReason::LimitExceeded, "page_size".into()),
                (ErrorReason::InvalidArgument, "page_size".into()),
            ]
        );
    }
}
