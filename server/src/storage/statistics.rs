//! What PostgreSQL knows of its tables while they are young. It gathers figures by itself, but a
//! minute late: until then all indexes of a table look alike to it, and it reads everybody's rows to
//! find one person. SQLite is given fixed figures by a migration.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use super::connect::Database;

/// After how many changes the tables are looked at first, and at least from then on.
const FIRST: usize = 500;
/// The next look comes when there were so many more of all changes: a quarter.
const MORE: usize = 4;
/// From how many pages on a table deserves figures: in a smaller one nothing is far.
const PAGES: usize = 8;

/// The tables that grow with the people.
const TABLES: [&str; 6] = [
    "users",
    "user_words",
    "assignments",
    "waiting",
    "records",
    "requests",
];

/// How much a writer has changed since it looked at the tables.
pub(crate) struct Statistics {
    changes: usize,
    next: usize,
    /// How many looks were asked for and not yet begun and ended.
    asked: Arc<AtomicUsize>,
}

impl Default for Statistics {
    fn default() -> Self {
        Self {
            changes: 0,
            next: FIRST,
            asked: Arc::default(),
        }
    }
}

impl Statistics {
    /// Counts changes, and has the figures gathered aside of tables that have outgrown them.
    pub(crate) fn note(&mut self, changes: usize, database: &Database) {
        if !self.is_due_after(changes)
            || database.writer.get_database_backend() != DbBackend::Postgres
            || self.asked.fetch_add(1, Ordering::AcqRel) > 0
        {
            return;
        }
        let connection = database.writer.clone();
        let asked = Arc::clone(&self.asked);
        tokio::spawn(async move {
            let mut seen = 1;
            while seen > 0 {
                if let Err(error) = gather(&connection).await {
                    tracing::debug!(%error, "no figures of the tables were gathered");
                }
                seen = asked.fetch_sub(seen, Ordering::AcqRel) - seen;
            }
        });
    }

    fn is_due_after(&mut self, changes: usize) -> bool {
        self.changes = self.changes.saturating_add(changes);
        if self.changes < self.next {
            return false;
        }
        self.next = self
            .changes
            .saturating_add((self.changes / MORE).max(FIRST));
        true
    }
}

/// Figures of a table that was empty when they were gathered say that no row of it is live: they are
/// worse than none. So each table goes by its own growth, whoever made it grow. Growth is told by the
/// file: what PostgreSQL counts itself reaches it up to ten seconds after the change.
async fn gather(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let names = TABLES.map(|table| format!("'{table}'")).join(", ");
    let outgrown = format!(
        "SELECT c.relname::text AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
         WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname IN ({names}) \
         AND pg_relation_size(c.oid) / current_setting('block_size')::int >= GREATEST({PAGES}, 4 * c.relpages)"
    );
    let statement = Statement::from_string(DbBackend::Postgres, outgrown);
    for row in connection.query_all_raw(statement).await? {
        let table: String = row.try_get("", "name")?;
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
    fn tables_are_looked_at_ever_more_rarely() {
        let mut statistics = Statistics::default();
        let mut due = Vec::new();
        for changes in 1..=20_000usize {
            if statistics.is_due_after(1) {
                due.push(changes);
            }
        }
        assert_eq!(due[..6], [500, 1_000, 1_500, 2_000, 2_500, 3_125]);
        assert!(due.len() < 20, "{due:?}");
    }

    #[test]
    fn one_large_batch_asks_once() {
        let mut statistics = Statistics::default();
        assert!(statistics.is_due_after(10_000));
        assert!(!statistics.is_due_after(1));
        assert!(statistics.is_due_after(2_499));
    }
}
