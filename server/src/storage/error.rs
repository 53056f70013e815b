//! What can go wrong between the service and its database, in words for people.
//! The database's own words go to the log, never into a message.

use std::fmt;
use std::time::Duration;

use sea_orm::{DbErr, RuntimeErr};
use usher_domain::ids::Instant;
use usher_migrations::MigrateError;

/// How long a writer waits for another one before it gives up.
pub const LOCK_WAIT: Duration = Duration::from_secs(5);

/// Why the store could not do what was asked. Refusals by a rule are outcomes, not errors. Whether
/// anything was changed depends on what was asked for, so only the caller says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// Another process kept the write lock for longer than the limit.
    Busy,
    /// The database cannot be reached or did not answer.
    Unavailable,
    /// The connection broke while the change was being committed, and whether it was could not be found out.
    OutcomeUnknown,
    /// The database holds something that this version cannot have written.
    Corrupt(String),
    /// The schema is newer than this build.
    SchemaTooNew {
        /// The change that this build does not know.
        version: String,
    },
    /// The database's address cannot be used.
    BadAddress {
        /// What is wrong with it and what would be right.
        message: String,
    },
    /// A read of a moment that has not come yet, or lies before the first change.
    ReadTimeOutOfRange {
        /// From when until when can be read, where that is known.
        range: Option<(Instant, Instant)>,
    },
    /// A page token that was not given out for this listing.
    BadPageToken,
    /// A preview speaks of more people than it keeps.
    PreviewTooLarge {
        /// How many it keeps.
        most: usize,
    },
    /// The tenant does not exist.
    TenantNotFound,
    /// The store is shutting down.
    Closed,
}

impl StoreError {
    /// What is wrong.
    pub(crate) fn cause(&self) -> String {
        match self {
            Self::Busy => format!(
                "The database is busy: another process has been writing for more than {} seconds.",
                LOCK_WAIT.as_secs()
            ),
            Self::Unavailable => "The database cannot be reached.".to_owned(),
            Self::OutcomeUnknown => {
                "The connection to the database broke while the change was being stored.".to_owned()
            }
            Self::Corrupt(what) => format!("The database holds something unexpected: {what}."),
            Self::SchemaTooNew { version } => {
                format!("The database was changed by a newer version ({version}).")
            }
            Self::BadAddress { message } => message.clone(),
            Self::ReadTimeOutOfRange { .. } => {
                "The read time lies outside of the record.".to_owned()
            }
            Self::BadPageToken => "The page token does not belong to this listing.".to_owned(),
            Self::PreviewTooLarge { most } => {
                format!("The preview speaks of more than {most} people, the most that it keeps.")
            }
            Self::TenantNotFound => "The organisation does not exist.".to_owned(),
            Self::Closed => "The service is shutting down.".to_owned(),
        }
    }

    /// What to do about it, where something can be done.
    pub(crate) const fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Busy | Self::Closed => Some("Try again in a moment."),
            Self::Unavailable => {
                Some("Check that it runs and that its address is right, then try again.")
            }
            Self::OutcomeUnknown => Some(
                "It may be stored all the same. Send it again with the same request id, and nothing is done twice.",
            ),
            Self::SchemaTooNew { .. } => Some("Use that version or a later one."),
            Self::ReadTimeOutOfRange { .. } => Some("Give a moment that it covers."),
            Self::BadPageToken => Some("Start again without it."),
            Self::PreviewTooLarge { .. } => Some("Preview fewer rows at a time."),
            Self::Corrupt(_) | Self::BadAddress { .. } | Self::TenantNotFound => None,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause())?;
        match self.advice() {
            Some(advice) => write!(f, " {advice}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        let meaning = meaning_of(&error);
        if matches!(meaning, Self::Corrupt(_)) {
            tracing::error!(%error, "the database refused a statement");
        } else {
            tracing::warn!(%error, "the database is not available");
        }
        meaning
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Newer { version } => Self::SchemaTooNew { version },
            MigrateError::Database(error) => error.into(),
        }
    }
}

/// Whether somebody else holds the lock.
pub(crate) fn is_busy(error: &DbErr) -> bool {
    meaning_of(error) == StoreError::Busy
}

fn meaning_of(error: &DbErr) -> StoreError {
    match error {
        DbErr::ConnectionAcquire(_) => StoreError::Unavailable,
        DbErr::Conn(runtime) | DbErr::Exec(runtime) | DbErr::Query(runtime) => match runtime {
            RuntimeErr::SqlxError(error) => meaning_of_driver(error),
            RuntimeErr::Internal(message) => StoreError::Corrupt(message.clone()),
        },
        other => StoreError::Corrupt(other.to_string()),
    }
}

fn meaning_of_driver(error: &sea_orm::sqlx::Error) -> StoreError {
    use sea_orm::sqlx::Error;
    match error {
        Error::Database(reported) => meaning_of_code(reported.code().as_deref()),
        Error::ColumnDecode { .. } | Error::Decode(_) | Error::ColumnNotFound(_) => {
            StoreError::Corrupt("a value of an unexpected type".to_owned())
        }
        Error::RowNotFound | Error::TypeNotFound { .. } | Error::ColumnIndexOutOfBounds { .. } => {
            StoreError::Corrupt("a missing row or column".to_owned())
        }
        _ => StoreError::Unavailable,
    }
}

/// SQLite reports decimal result codes, PostgreSQL five-character states.
fn meaning_of_code(code: Option<&str>) -> StoreError {
    let Some(code) = code else {
        return StoreError::Unavailable;
    };
    if code.len() == 5 {
        return match code {
            // Lock not available, deadlock, serialization failure.
            "55P03" | "40P01" | "40001" => StoreError::Busy,
            // Connection, authorisation, missing database, resources, shutdown, idle session ended.
            _ if ["08", "28", "3D", "53", "57", "25"].contains(&&code[..2]) => {
                StoreError::Unavailable
            }
            _ => StoreError::Corrupt(format!("a statement was refused ({code})")),
        };
    }
    match code.parse::<u32>().map(|code| code & 0xff) {
        // Busy, locked.
        Ok(5 | 6) => StoreError::Busy,
        // No permission, read-only, I/O, full, cannot open, protocol.
        Ok(3 | 8 | 10 | 13 | 14 | 15) => StoreError::Unavailable,
        _ => StoreError::Corrupt(format!("a statement was refused ({code})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_claims_to_know_what_was_changed() {
        for error in [
            StoreError::Busy,
            StoreError::Unavailable,
            StoreError::OutcomeUnknown,
            StoreError::Corrupt("x".to_owned()),
            StoreError::Closed,
        ] {
            let text = error.to_string();
            assert!(!text.contains("Nothing was changed"), "{text}");
        }
        let text = StoreError::Closed.to_string();
        assert_eq!(text, "The service is shutting down. Try again in a moment.");
    }

    #[test]
    fn codes_of_both_databases_have_a_meaning() {
        for busy in ["5", "517", "261", "55P03"] {
            assert_eq!(meaning_of_code(Some(busy)), StoreError::Busy, "{busy}");
        }
        for away in ["14", "08006", "57P01", "3D000", "28P01", "25P03"] {
            assert_eq!(
                meaning_of_code(Some(away)),
                StoreError::Unavailable,
                "{away}"
            );
        }
        for wrong in ["2067", "23505", "42P01", "1"] {
            assert!(
                matches!(meaning_of_code(Some(wrong)), StoreError::Corrupt(_)),
                "{wrong}"
            );
        }
    }
}
