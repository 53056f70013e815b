//! Settings of `token create`: for whom, with which role, and until when.

use chrono::{DateTime, NaiveDate, NaiveTime};
use clap::{Args, ValueEnum};
use serde::Deserialize;
use usher_domain::access::Role;
use usher_domain::ids::Instant;

use super::{ConfigError, DatabaseConfig, DatabaseOptions};

const DAY_MICROS: i64 = 86_400_000_000;

/// Options of `token create`.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenOptions {
    /// The role that the identity gets, unless it holds it
    #[arg(long, env = "USHER_ROLE", value_enum)]
    pub role: Option<TokenRole>,
    /// What the token is called: where it is used
    #[arg(long, env = "USHER_NAME", value_name = "NAME")]
    pub name: Option<String>,
    /// Whose it is, such as a user principal name [default: the name]
    #[arg(long, env = "USHER_IDENTITY", value_name = "IDENTITY")]
    pub identity: Option<String>,
    /// When it ends by itself: 90d, 2027-01-31, or 2027-01-31T12:00:00Z [default: never]
    #[arg(long, env = "USHER_EXPIRES", value_name = "WHEN")]
    pub expires: Option<String>,
    /// Options of every command.
    #[command(flatten)]
    pub database: DatabaseOptions,
}

/// A role, as the command line says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenRole {
    /// Everything
    GlobalAdmin,
    /// Assigns licences
    LicenseAdmin,
    /// Assigns licences and changes users
    UserAdmin,
    /// Buys subscriptions
    BillingAdmin,
    /// Reads everything
    GlobalReader,
}

impl From<TokenRole> for Role {
    fn from(role: TokenRole) -> Self {
        match role {
            TokenRole::GlobalAdmin => Self::GlobalAdmin,
            TokenRole::LicenseAdmin => Self::LicenseAdmin,
            TokenRole::UserAdmin => Self::UserAdmin,
            TokenRole::BillingAdmin => Self::BillingAdmin,
            TokenRole::GlobalReader => Self::GlobalReader,
        }
    }
}

/// Settings of `token create`, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenConfig {
    /// The role that the identity gets.
    pub role: Role,
    /// What the token is called.
    pub name: String,
    /// Whose it is.
    pub identity: String,
    /// When it ends by itself.
    pub expires_at: Option<Instant>,
    /// Settings of every command.
    pub database: DatabaseConfig,
}

impl TokenOptions {
    /// Adds the file and the defaults.
    ///
    /// # Errors
    /// What is missing, or wrong with the file or the end.
    pub fn complete(self, now: Instant) -> Result<TokenConfig, ConfigError> {
        let mut file = self.database.file()?;
        let role = self
            .role
            .or(file.role)
            .ok_or(ConfigError::Missing("--role"))?;
        let name = self
            .name
            .or(file.name.take())
            .ok_or(ConfigError::Missing("--name"))?;
        let identity = self.identity.or(file.identity.take());
        let expires = self.expires.or(file.expires.take());
        Ok(TokenConfig {
            role: role.into(),
            identity: identity.unwrap_or_else(|| name.clone()),
            name,
            expires_at: expires.map(|text| end(&text, now)).transpose()?,
            database: self.database.over(file),
        })
    }
}

fn end(text: &str, now: Instant) -> Result<Instant, ConfigError> {
    let days = |text: &str| {
        let days: i64 = text.strip_suffix('d')?.parse().ok()?;
        Some(Instant(now.0.checked_add(days.checked_mul(DAY_MICROS)?)?))
    };
    let day = |text: &str| {
        let day: NaiveDate = text.parse().ok()?;
        Some(Instant(
            day.and_time(NaiveTime::MIN).and_utc().timestamp_micros(),
        ))
    };
    let moment = |text: &str| {
        let moment = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Instant(moment.timestamp_micros()))
    };
    let trimmed = text.trim();
    days(trimmed)
        .or_else(|| day(trimmed))
        .or_else(|| moment(trimmed))
        .filter(|end| *end > now)
        .ok_or_else(|| ConfigError::Expires(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_795_000_000_000_000);

    #[test]
    fn an_end_is_days_or_a_day_or_a_moment_ahead() {
        assert_eq!(end("90d", NOW), Ok(Instant(NOW.0 + 90 * DAY_MICROS)));
        assert_eq!(end("2027-01-01", NOW), end("2027-01-01T00:00:00Z", NOW));
        for bad in ["", "90", "0d", "-1d", "2026-01-01", "soon", "99999999999d"] {
            assert_eq!(end(bad, NOW), Err(ConfigError::Expires(bad.to_owned())));
        }
    }

    #[test]
    fn a_token_is_for_who_it_is_called_after_unless_said_otherwise() {
        let options = TokenOptions {
            role: Some(TokenRole::GlobalAdmin),
            name: Some("megan".to_owned()),
            ..TokenOptions::default()
        };
        assert_eq!(options.clone().complete(NOW).unwrap().identity, "megan");
        let refused = TokenOptions {
            name: None,
            ..options
        };
        assert_eq!(refused.complete(NOW), Err(ConfigError::Missing("--name")));
    }
}
