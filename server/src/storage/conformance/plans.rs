//! SQLite picks the index that each hot query was written for, also in a database that was just made:
//! a wrong one would search all people of a tenant for every single change.

use sea_orm::{ConnectionTrait, Statement};

use super::database::TestDatabase;

/// A hot query, and what its plan must begin with.
const HOT: &[(&str, &str)] = &[
    (
        "SELECT * FROM users WHERE users.tenant = x'00' AND users.to_rev IS NULL AND users.id IN (SELECT unhex(value) FROM json_each('[]') UNION SELECT user_id FROM waiting)",
        "SEARCH users USING INDEX users_live (tenant=? AND id=?)",
    ),
    (
        "SELECT * FROM users WHERE users.tenant = x'00' AND users.to_rev IS NULL AND users.deleted_at IS NULL AND users.upn_key IN (SELECT value FROM json_each('[]'))",
        "SEARCH users USING INDEX users_live_upn (tenant=? AND upn_key=?)",
    ),
    (
        "SELECT * FROM assignments WHERE assignments.tenant = x'00' AND assignments.user_id IN (SELECT unhex(value) FROM json_each('[]')) AND assignments.to_rev IS NULL",
        "SEARCH assignments USING INDEX assignments_live (tenant=? AND user_id=?)",
    ),
    (
        "SELECT * FROM assignments WHERE assignments.tenant = x'00' AND assignments.user_id IN (SELECT unhex(value) FROM json_each('[]')) AND assignments.from_rev <= 9 AND assignments.to_rev > 9",
        "SEARCH assignments USING INDEX assignments_past_user (tenant=? AND user_id=? AND to_rev>?)",
    ),
    (
        "SELECT * FROM requests WHERE requests.tenant = x'00' AND (requests.identity, requests.id) IN (SELECT value->>0, value->>1 FROM json_each('[]')) AND requests.row_number IN (SELECT value FROM json_each('[]'))",
        "SEARCH requests USING INDEX sqlite_autoindex_requests_1 (tenant=? AND identity=? AND id=? AND row_number=?)",
    ),
    (
        "SELECT revision FROM records WHERE tenant = x'00' AND at <= 9 ORDER BY at DESC, revision DESC LIMIT 1",
        "SEARCH records USING COVERING INDEX records_at (tenant=? AND at<?)",
    ),
    (
        "SELECT * FROM users WHERE users.tenant = x'00' AND users.to_rev IS NULL AND users.deleted_at IS NULL AND (upn_key, id) > ('a', x'00') ORDER BY upn_key, id LIMIT 100",
        "SEARCH users USING INDEX users_live_upn (tenant=? AND upn_key>?)",
    ),
    (
        "SELECT * FROM users WHERE users.tenant = x'00' AND users.from_rev <= 9 AND users.to_rev > 9 AND users.deleted_at IS NULL AND (upn_key, id) > ('a', x'00') ORDER BY upn_key, id LIMIT 100",
        "SEARCH users USING INDEX users_past_upn (tenant=? AND (upn_key,id)>(?,?))",
    ),
    (
        "SELECT * FROM users WHERE users.tenant = x'00' AND users.from_rev <= 9 AND users.to_rev > 9 AND users.deleted_at IS NULL AND users.upn_key = 'a'",
        "SEARCH users USING INDEX users_past_upn (tenant=? AND upn_key=?)",
    ),
    (
        "SELECT * FROM users WHERE users.tenant = x'00' AND users.from_rev <= 9 AND users.to_rev > 9 AND users.id IN (SELECT unhex(value) FROM json_each('[]') UNION SELECT user_id FROM waiting)",
        "SEARCH users USING INDEX sqlite_autoindex_users_1 (tenant=? AND id=? AND from_rev<?)",
    ),
    (
        "SELECT * FROM assignments WHERE assignments.tenant = x'00' AND assignments.to_rev IS NULL AND (product_id, user_id, id) > (x'00', x'00', x'00') ORDER BY product_id, user_id, id LIMIT 100",
        "SEARCH assignments USING INDEX assignments_live_product (tenant=? AND (product_id,user_id,id)>(?,?,?))",
    ),
    (
        "SELECT * FROM assignments WHERE assignments.tenant = x'00' AND assignments.from_rev <= 9 AND assignments.to_rev > 9 AND (product_id, user_id, id) > (x'00', x'00', x'00') ORDER BY product_id, user_id, id LIMIT 100",
        "SEARCH assignments USING INDEX assignments_past (tenant=? AND to_rev>?)",
    ),
    (
        "SELECT * FROM waiting WHERE waiting.tenant = x'00' AND waiting.product_id = x'00' AND waiting.to_rev IS NULL AND (priority, since, assignment_id) > (0, 0, x'00') ORDER BY priority, since, assignment_id LIMIT 100",
        "SEARCH waiting USING INDEX waiting_live_order (tenant=? AND product_id=? AND (priority,since,assignment_id)>(?,?,?))",
    ),
    (
        "SELECT word, upn_key, user_id FROM user_words WHERE user_words.tenant = x'00' AND user_words.word < 'b' AND user_words.to_rev IS NULL AND user_words.word >= 'a' ORDER BY word, upn_key, user_id LIMIT 100",
        "SEARCH user_words USING PRIMARY KEY (tenant=? AND word>? AND word<?)",
    ),
    (
        "SELECT word, upn_key, user_id FROM user_words WHERE user_words.tenant = x'00' AND user_words.word < 'b' AND user_words.from_rev <= 9 AND (user_words.to_rev IS NULL OR user_words.to_rev > 9) AND (word, upn_key, user_id) > ('a', 'a', x'00') ORDER BY word, upn_key, user_id LIMIT 100",
        "SEARCH user_words USING PRIMARY KEY (tenant=? AND (word,upn_key,user_id)>(?,?,?) AND word<?)",
    ),
    (
        "UPDATE user_words SET to_rev = 9 WHERE user_words.tenant = x'00' AND user_words.word = 'a' AND user_words.upn_key = 'a' AND user_words.user_id = x'00' AND user_words.to_rev IS NULL",
        "SEARCH user_words USING PRIMARY KEY (tenant=? AND word=? AND upn_key=? AND user_id=?)",
    ),
];

#[tokio::test]
async fn hot_queries_use_their_index() {
    let database = TestDatabase::sqlite();
    database.store().await.close().await;
    let raw = database.raw().await;
    for (sql, plan) in HOT {
        let explain = format!("EXPLAIN QUERY PLAN {sql}");
        let statement = Statement::from_string(raw.get_database_backend(), explain);
        let first = raw.query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!(
            first.try_get::<String>("", "detail").unwrap(),
            *plan,
            "{sql}"
        );
    }
}
