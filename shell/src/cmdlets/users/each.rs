//! A change of people one by one: several calls under way at a time, what became of each as an object in their order.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use usher::v1::{Outcome, OutcomeResult, User};
use usher_object::Value;

use crate::client::Sent;
use crate::cmdlet::{ChangeOptions, Host, Objects};
use crate::cmdlets::{Drain, Preview, alone, refused_row, thrown, would};
use crate::error::{Result, ShellError};
use crate::types::{self, Changed, Shape};

/// What the service answers to a change of a person.
pub(super) struct Answer {
    pub(super) user: Option<User>,
    pub(super) outcome: Option<Outcome>,
}

/// How a change is told.
#[derive(Clone, Copy)]
pub(super) struct Telling {
    pub(super) shape: &'static Shape<Changed>,
    /// What would become of a person: "deleted".
    pub(super) done: &'static str,
}

/// Sends the changes and gives what became of each.
pub(super) fn each<'a>(
    host: Host<'a>,
    options: ChangeOptions,
    single: bool,
    rows: impl Iterator<Item = Result<Sent<Answer>>> + 'a,
    telling: Telling,
) -> Result<Objects<'a>> {
    let answers = host.session.connection.ordered(options.admit(host, rows)?);
    let (shared, previewed) = (options.clone(), options.clone());
    let seats = Rc::new(RefCell::new(BTreeMap::new()));
    let all_seats = Rc::clone(&seats);
    let rows = answers.map(move |answered| {
        let answered = answered?;
        match answered.answer {
            Ok(answer) => {
                count(&mut seats.borrow_mut(), answer.outcome.as_ref());
                Ok(shown(&options, answer, &answered.about, telling))
            }
            Err(error) if single && !options.go_on => Err(alone(host, &options, error)),
            Err(error) if options.stop => Err(thrown(&answered.about, error)),
            Err(error) => Ok(failed(host, &answered.about, error, &options, telling)),
        }
    });
    let rows = rows.chain(std::iter::from_fn(move || {
        tell_seats(host, &previewed, &all_seats.take());
        None
    }));
    let rows = Preview::new(host, shared.clone(), telling.done, rows);
    Ok(Box::new(Drain::new(host, shared, rows)))
}

/// Adds the seats that one change takes.
pub(super) fn count(seats: &mut BTreeMap<String, i64>, outcome: Option<&Outcome>) {
    for delta in outcome.iter().flat_map(|outcome| &outcome.seats) {
        let sum = seats.entry(delta.part_number.clone()).or_default();
        *sum = sum.saturating_add(delta.seats);
    }
}

/// What a preview says of seats over all people.
fn tell_seats(host: Host<'_>, options: &ChangeOptions, seats: &BTreeMap<String, i64>) {
    for (product, sum) in seats {
        let (number, what) = match *sum {
            0 => continue,
            freed @ ..0 => (freed.unsigned_abs(), "be free"),
            taken => (taken.unsigned_abs(), "be taken"),
        };
        let seats = if number == 1 { "seat" } else { "seats" };
        would(
            host,
            options,
            &format!("{number} {seats} of {product} would {what}"),
        );
    }
}

fn shown(options: &ChangeOptions, answer: Answer, about: &str, telling: Telling) -> Value {
    match (answer.user, answer.outcome) {
        (Some(user), _) if options.pass_thru => types::user(&user),
        (_, Some(mut outcome)) => {
            // A person who is gone has no name any more.
            if outcome.subject.is_empty() {
                about.clone_into(&mut outcome.subject);
            }
            telling.shape.object(&outcome.into())
        }
        (user, None) => {
            let outcome = Outcome {
                subject: user
                    .map(|user| user.user_principal_name)
                    .unwrap_or_default(),
                result: OutcomeResult::Applied.into(),
                ..Outcome::default()
            };
            telling.shape.object(&outcome.into())
        }
    }
}

fn failed(
    host: Host<'_>,
    about: &str,
    mut error: ShellError,
    options: &ChangeOptions,
    telling: Telling,
) -> Value {
    error.target.get_or_insert_with(|| about.to_owned());
    let row = telling.shape.object(&Changed::refused(error.clone()));
    if !options.what_if {
        refused_row(host, error, row.clone());
    }
    row
}
