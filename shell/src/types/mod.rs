//! What the service's messages look like as objects: names of properties, their values, the columns of a table. No
//! decisions; one file an area.

mod access;
mod catalogue;
mod catalogue_change;
mod difference;
mod import;
mod licence;
mod new_user;
mod outcome;
mod pool;
mod record;
mod service_data;
mod subscription;
mod user;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use usher_object::{Instant, Record, RecordType, Value};

pub use access::{
    API_TOKEN, MadeToken, NEW_API_TOKEN, ROLE_ASSIGNMENT, ROLES, SESSION, SessionInfo, TENANT,
    role_of,
};
pub use catalogue::{LICENSE_RULE, PRODUCT, SERVICE_PLAN};
pub use catalogue_change::{CATALOGUE_CHANGE, CatalogueChange};
pub use difference::{AUDIT_CHECK, LICENSE_DIFFERENCE, POOL_DIFFERENCE};
pub use import::{
    IMPORT_ITEM, ImportedItem, PRODUCT_IMPORT, REFUSED_ROW, RULE_IMPORT, USER_IMPORT,
};
pub use import::{ProductImport, RefusedRow, RuleImport, UserImport};
pub use licence::{PathRow, PlanRow, USER_LICENSE, USER_LICENSE_PATH, USER_SERVICE_PLAN};
pub use new_user::{NEW_USER, NewUser};
pub use outcome::{
    Changed, ERROR, LICENSE_CHANGE, Refusal, Restored, USER_CHANGE, USER_REMOVAL, USER_RESTORE,
    said,
};
pub use pool::LICENSE_POOL;
pub use record::{AUDIT_RECORD, COMMAND_INFO};
pub use service_data::USER_SERVICE_DATA;
pub use subscription::{SUBSCRIPTION, SUBSCRIPTION_CHANGE, SubscriptionChanged, next_word};
pub use user::{DELETED_USER, USER, user};

/// One property: its name, and its value in a message.
pub type PropertyOf<T> = (&'static str, fn(&T) -> Value);

/// A kind of object.
pub struct Shape<T: 'static> {
    /// Name of the type.
    pub name: &'static str,
    /// Its properties in order.
    pub properties: &'static [PropertyOf<T>],
    /// What a table shows of them.
    pub columns: &'static [&'static str],
    /// What an object that is shown alone says beside them, where it has something there.
    pub details: &'static [&'static str],
}

thread_local! {
    static TYPES: RefCell<HashMap<&'static str, Rc<RecordType>>> = RefCell::new(HashMap::new());
}

impl<T> Shape<T> {
    /// The object that shows this message.
    pub fn object(&self, message: &T) -> Value {
        let values = self
            .properties
            .iter()
            .map(|(_, value)| value(message))
            .collect();
        let kind = record_type(self.name, || self.names(), self.columns, self.details);
        Record::new(&kind, values).into()
    }

    /// Names of the properties.
    pub fn names(&self) -> Vec<&'static str> {
        self.properties.iter().map(|(name, _)| *name).collect()
    }
}

/// The one type of this name.
fn record_type(
    name: &'static str,
    names: impl FnOnce() -> Vec<&'static str>,
    columns: &[&str],
    details: &[&str],
) -> Rc<RecordType> {
    TYPES.with_borrow_mut(|types| {
        let known = types
            .entry(name)
            .or_insert_with(|| RecordType::with_details(name, &names(), columns, details));
        Rc::clone(known)
    })
}

/// Names of the properties of a type by its name; empty for an unknown one.
pub fn properties_of(type_name: &str) -> Vec<&'static str> {
    macro_rules! first_named {
        ($($shape:ident)*) => {
            $(if $shape.name.eq_ignore_ascii_case(type_name) {
                return $shape.names();
            })*
        };
    }
    first_named!(
        USER DELETED_USER NEW_USER PRODUCT SERVICE_PLAN SUBSCRIPTION LICENSE_POOL LICENSE_RULE USER_LICENSE USER_LICENSE_PATH
        USER_SERVICE_PLAN USER_SERVICE_DATA LICENSE_CHANGE SUBSCRIPTION_CHANGE USER_CHANGE USER_REMOVAL USER_RESTORE ERROR AUDIT_RECORD
        COMMAND_INFO IMPORT_ITEM PRODUCT_IMPORT RULE_IMPORT USER_IMPORT REFUSED_ROW CATALOGUE_CHANGE
        SESSION ROLE_ASSIGNMENT API_TOKEN NEW_API_TOKEN TENANT
        AUDIT_CHECK LICENSE_DIFFERENCE POOL_DIFFERENCE
    );
    Vec::new()
}

/// Text; empty text is no value.
fn text(text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        Value::from(text)
    }
}

fn texts<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Value {
    Value::list(texts.into_iter().map(|text| Value::from(text.as_ref())))
}

fn instant(time: Option<&prost_types::Timestamp>) -> Value {
    time.map_or(Value::Null, |time| {
        let micros = time
            .seconds
            .saturating_mul(1_000_000)
            .saturating_add(i64::from(time.nanos / 1_000));
        Value::Instant(Instant::from_micros(micros))
    })
}

/// The day of an instant, for messages.
pub fn date(time: &prost_types::Timestamp) -> Option<String> {
    let text = instant(Some(time)).to_string();
    text.split_once('T').map(|(day, _)| day.to_owned())
}

/// An instant as the service takes it.
pub fn timestamp(instant: Instant) -> prost_types::Timestamp {
    let micros = instant.micros();
    let nanos = micros.rem_euclid(1_000_000) * 1_000;
    prost_types::Timestamp {
        seconds: micros.div_euclid(1_000_000),
        nanos: i32::try_from(nanos).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_every_type_are_properties_of_it() {
        fn check<T>(shape: &Shape<T>) {
            let names = shape.names();
            for column in shape.columns.iter().chain(shape.details) {
                assert!(names.contains(column), "{}.{column}", shape.name);
            }
            let mut unique = names.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!(unique.len(), names.len(), "{}", shape.name);
            assert_eq!(
                properties_of(shape.name),
                names,
                "{} is not listed",
                shape.name
            );
        }
        check(&USER);
        assert_eq!(properties_of(NEW_USER.name), NEW_USER.names());
        check(&DELETED_USER);
        check(&PRODUCT);
        check(&SERVICE_PLAN);
        check(&SUBSCRIPTION);
        check(&LICENSE_POOL);
        check(&LICENSE_RULE);
        check(&USER_LICENSE);
        check(&USER_LICENSE_PATH);
        check(&USER_SERVICE_PLAN);
        check(&USER_SERVICE_DATA);
        check(&LICENSE_CHANGE);
        check(&SUBSCRIPTION_CHANGE);
        check(&USER_CHANGE);
        check(&USER_REMOVAL);
        check(&USER_RESTORE);
        check(&ERROR);
        check(&AUDIT_RECORD);
        check(&COMMAND_INFO);
        check(&IMPORT_ITEM);
        check(&PRODUCT_IMPORT);
        check(&RULE_IMPORT);
        check(&USER_IMPORT);
        check(&REFUSED_ROW);
        check(&SESSION);
        check(&ROLE_ASSIGNMENT);
        check(&API_TOKEN);
        check(&NEW_API_TOKEN);
        check(&TENANT);
    }

    #[test]
    fn a_moment_before_1970_is_one_too() {
        let time = prost_types::Timestamp {
            seconds: -1,
            nanos: 500_000_000,
        };
        assert_eq!(instant(Some(&time)).to_string(), "1969-12-31T23:59:59.5Z");
        assert_eq!(instant(None), Value::Null);
        assert_eq!(timestamp(Instant::from_micros(-500_000)), time);
    }

    #[test]
    fn objects_of_one_kind_share_one_type() {
        let user = usher::v1::User::default();
        let (first, second) = (USER.object(&user), USER.object(&user));
        let types =
            [&first, &second].map(|user| Rc::clone(user.as_record().unwrap().record_type()));
        assert!(Rc::ptr_eq(&types[0], &types[1]));
    }
}
