//! Error reasons as text: the name of the enum value without its prefix, as `ErrorInfo.reason` carries it.

use crate::v1::ErrorReason;

/// `ErrorInfo.domain` of every error of this service.
pub const DOMAIN: &str = "usher";

const PREFIX: &str = "ERROR_REASON_";

impl ErrorReason {
    /// The code as people and clients read it, such as `NO_AVAILABLE_SEATS`.
    #[must_use]
    pub fn code(self) -> &'static str {
        let name = self.as_str_name();
        name.strip_prefix(PREFIX).unwrap_or(name)
    }

    /// The reason that has this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::from_str_name(&format!("{PREFIX}{code}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_survives_the_way_to_text_and_back() {
        let mut seen = 0;
        for number in 0..256 {
            if let Ok(reason) = ErrorReason::try_from(number) {
                assert_eq!(ErrorReason::from_code(reason.code()), Some(reason));
                seen += 1;
            }
        }
        assert_eq!(seen, 51);
    }
}
