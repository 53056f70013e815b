//! What PostgreSQL knows of its tables while they are young. It gathers figures by itself, but a
//! minute late: until then all indexes of a table look alike to it, and it reads everybody's rows to
//! find one person. SQLite is given fixed figures by a migration.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr};

use super::connect::Database;

/// How many changes make the figures of new tables worthless, and how much more each next time.
const FIRST: usize = 500;
const GROWTH: usize = 4;
/// After so many changes in one process the database's own pace is enough.
const ENOUGH: usize = 500_000;

/// The tables that grow with the people.
const TABLES: &[&str] = &[
    "users",
    "user_words",
    "assignments",
    "waiting",
    "records",
    "requests",
];

/// How much a writer has changed since it asked for figures.
pub(crate) struct Statistics {
    changes: usize,
    next: usize,
}

impl Default for Statistics {
    fn default() -> Self {
        Self {
            changes: 0,
            next: FIRST,
        }
    }
}

impl Statistics {
    /// Counts changes, and has the figures gathered aside when they have become too old.
    pub(crate) fn note(&mut self, changes: usize, database: &Database) {
        if self.is_due_after(changes)
            && database.writer.get_database_backend() == DbBackend::Postgres
        {
            let connection = database.writer.clone();
            tokio::spawn(async move {
                if let Err(error) = gather(&connection).await {
                    tracing::debug!(%error, "no figures of the tables were gathered");
                }
            });
        }
    }

    fn is_due_after(&mut self, changes: usize) -> bool {
        self.changes = self.changes.saturating_add(changes);
        if self.changes < self.next || self.next > ENOUGH {
            return false;
        }
        while self.next <= self.changes {
            self.next = self.next.saturating_mul(GROWTH);
        }
        true
    }
}

async fn gather(connection: &DatabaseConnection) -> Result<(), DbErr> {
    for table in TABLES {
        connection
            .execute_unprepared(&format!("ANALYZE {table}"))
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_gathered_ever_more_rarely() {
        let mut statistics = Statistics::default();
        let mut due = Vec::new();
        for changes in 1..=3_000_000usize {
            if statistics.is_due_after(1) {
                due.push(changes);
            }
        }
        assert_eq!(due, [500, 2_000, 8_000, 32_000, 128_000]);
    }

    #[test]
    fn one_large_batch_asks_once() {
        let mut statistics = Statistics::default();
        assert!(statistics.is_due_after(10_000));
        assert!(!statistics.is_due_after(1));
        assert!(statistics.is_due_after(22_000));
    }
}
