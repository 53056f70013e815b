//! The record read from its beginning: what each change says was there must be there, and in the end the same stands
//! that the reads show (R53).

use std::collections::BTreeMap;

use serde_json::Value;
use usher::v1::{Change, ListChangesRequest};
use usher_tests::client::Client;

/// Rows by their ids, as the record has left them.
pub(super) type Rows = BTreeMap<String, Value>;

/// Replays all that is recorded.
pub(super) async fn replayed(client: &Client) -> Rows {
    let mut rows = Rows::new();
    for (at, change) in (1..).zip(all(client).await) {
        assert_eq!(change.revision, at, "a revision is missing from the record");
        let said = |text: &str| -> Vec<(String, Value)> {
            let mut found = Vec::new();
            if !text.is_empty() {
                collect(serde_json::from_str(text).unwrap(), &mut found);
            }
            found
        };
        for (id, before) in said(&change.before) {
            let stood = rows.remove(&id);
            assert_eq!(
                stood.as_ref(),
                Some(&before),
                "revision {at}, {}: what it says was there is not what earlier records left",
                change.action
            );
        }
        for (id, after) in said(&change.after) {
            let stood = rows.insert(id, after);
            assert_eq!(
                stood, None,
                "revision {at}, {}: it is there already",
                change.action
            );
        }
    }
    rows
}

async fn all(client: &Client) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListChangesRequest {
            page_size: usher::MAX_PAGE_SIZE,
            page_token,
            oldest_first: true,
            ..ListChangesRequest::default()
        };
        let page = client
            .audit
            .clone()
            .list_changes(request)
            .await
            .unwrap()
            .into_inner();
        changes.extend(page.changes);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return changes;
        }
    }
}

/// Takes every row out of what a record says: each object with an id, also where it stands within another.
fn collect(value: Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Array(items) => items.into_iter().for_each(|item| collect(item, found)),
        Value::Object(mut fields) => {
            // Of texts the record says only which ones are different (R54).
            fields.remove("texts");
            let nested: Vec<String> = fields
                .iter()
                .filter(|(_, value)| holds_rows(value))
                .map(|(name, _)| name.clone())
                .collect();
            for name in nested {
                collect(fields.remove(&name).unwrap(), found);
            }
            if let Some(id) = fields.get("id").and_then(Value::as_str) {
                found.push((id.to_owned(), Value::Object(fields)));
            }
        }
        _ => {}
    }
}

fn holds_rows(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(holds_rows),
        Value::Object(fields) => {
            fields.get("id").is_some_and(Value::is_string) || fields.values().any(holds_rows)
        }
        _ => false,
    }
}
