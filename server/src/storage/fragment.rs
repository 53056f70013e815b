//! Pieces of SQL that the query builder lacks, written once for both databases, with their values
//! as parameters: a list of any length is one parameter, so that its length makes no new statement.

use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{DbBackend, Value};
use uuid::Uuid;

/// A condition under construction.
pub(crate) struct Fragment {
    backend: DbBackend,
    sql: String,
    values: Vec<Value>,
}

impl Fragment {
    pub(crate) fn new(backend: DbBackend, sql: &str) -> Self {
        Self {
            backend,
            sql: sql.to_owned(),
            values: Vec::new(),
        }
    }

    pub(crate) fn text(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    pub(crate) fn value(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        match self.backend {
            DbBackend::Postgres => self.sql.push_str(&format!("${}", self.values.len())),
            _ => self.sql.push('?'),
        }
        self
    }

    /// Begins `column is one of what this SELECT gives`; `end_of_list` ends it.
    ///
    /// PostgreSQL is given an array, computed once: it cannot know how many rows a list has, takes a
    /// young table for almost empty, and would join the two by comparing every row with every other.
    pub(crate) fn one_of(&mut self, column: &str) -> &mut Self {
        self.text(column);
        match self.backend {
            DbBackend::Postgres => self.text(" = ANY(ARRAY(SELECT "),
            _ => self.text(" IN (SELECT "),
        }
    }

    /// Ends what `one_of` began.
    pub(crate) fn end_of_list(&mut self) -> &mut Self {
        match self.backend {
            DbBackend::Postgres => self.text("))"),
            _ => self.text(")"),
        }
    }

    /// What follows SELECT to get these ids as rows.
    pub(crate) fn ids(&mut self, ids: impl IntoIterator<Item = Uuid>) -> &mut Self {
        let mut list = String::from("[");
        for id in ids {
            list.push_str(if list.len() > 1 { ",\"" } else { "\"" });
            list.push_str(id.simple().encode_lower(&mut Uuid::encode_buffer()));
            list.push('"');
        }
        list.push(']');
        match self.backend {
            DbBackend::Postgres => self.list("value::uuid", list),
            _ => self.list("unhex(value)", list),
        }
    }

    /// What follows SELECT to get these texts as rows.
    pub(crate) fn texts(&mut self, texts: impl IntoIterator<Item = String>) -> &mut Self {
        let list = serde_json::Value::from_iter(texts).to_string();
        self.list("value", list)
    }

    /// What follows SELECT to get these numbers as rows.
    pub(crate) fn numbers(&mut self, numbers: impl IntoIterator<Item = i64>) -> &mut Self {
        let list = serde_json::Value::from_iter(numbers).to_string();
        match self.backend {
            DbBackend::Postgres => self.list("value::bigint", list),
            _ => self.list("value", list),
        }
    }

    fn list(&mut self, column: &str, list: String) -> &mut Self {
        self.text(column);
        match self.backend {
            DbBackend::Postgres => self
                .text(" FROM jsonb_array_elements_text(")
                .value(list)
                .text("::jsonb)"),
            _ => self.text(" FROM json_each(").value(list).text(")"),
        }
    }
}

impl From<Fragment> for SimpleExpr {
    fn from(fragment: Fragment) -> Self {
        Expr::cust_with_values(fragment.sql, fragment.values)
    }
}
