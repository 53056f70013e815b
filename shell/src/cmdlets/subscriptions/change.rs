//! What the commands that change purchases share: one call a subscription, one after another, since each may need the
//! seats that the one before left; and what is told of each.

use prost_types::FieldMask;
use tonic::{Request, Status};
use usher::v1::subscription_service_client::SubscriptionServiceClient;
use usher::v1::{
    CancelSubscriptionRequest, ErrorReason, LicensePool, Outcome, ReactivateSubscriptionRequest,
    RenewSubscriptionRequest, Subscription, TakeOverMode, TakeOverSubscriptionRequest,
    UpdateSubscriptionRequest,
};
use usher_object::Value;

use super::days;
use crate::client::Service;
use crate::cmdlet::{
    Arguments, Call, ChangeOptions, FromPipeline, Host, Kind, Objects, Param, Targets, Values,
};
use crate::cmdlets::{Drain, Preview, etag, names_nothing, refused_row};
use crate::error::{Result, Severity, ShellError};
use crate::types::{self, SubscriptionChanged};

/// Which subscriptions a command is about.
pub(super) const SUBSCRIPTION: Param = Param::new(
    "Subscription",
    Kind::Text,
    "Id, or the product where one subscription of it fits",
)
.at(0)
.many()
.mandatory()
.from(FromPipeline::Value(&["Id", "SubscriptionId"]))
.values(Values::Subscriptions);

/// What is to become of a subscription.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// These fields change.
    Update {
        fields: Box<Subscription>,
        paths: Vec<String>,
    },
    /// The next term begins.
    Renew(NewTerm),
    /// It ends.
    Cancel,
    /// It comes back.
    Reactivate(NewTerm),
    /// What a user bought ends.
    TakeOver(TakeOverMode),
}

impl Change {
    /// The same, of what is still as it was read; only an update compares.
    fn at(&self, etag: &str) -> Self {
        let mut change = self.clone();
        if let Self::Update { fields, .. } = &mut change {
            etag.clone_into(&mut fields.etag);
        }
        change
    }
}

/// What differs in a term that begins; the rest stays as it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewTerm {
    pub(super) quantity: Option<i64>,
    pub(super) term_months: Option<i32>,
}

impl NewTerm {
    /// Reads -Quantity and -Months.
    pub(super) fn of(args: &Arguments) -> Result<Self> {
        Ok(Self {
            quantity: args.int("Quantity"),
            term_months: days(args.int("Months"), "Months")?,
        })
    }
}

/// What the service says of one change.
pub(super) struct Answer {
    pub(super) subscription: Option<Subscription>,
    pub(super) outcome: Option<Outcome>,
    pub(super) pools: Option<(LicensePool, LicensePool)>,
}

/// The four fields that every answer about one purchase has.
macro_rules! answer {
    ($response:expr) => {{
        let response = $response.into_inner();
        Answer {
            subscription: response.subscription,
            outcome: response.outcome,
            pools: response.pool_before.zip(response.pool_after),
        }
    }};
}
pub(super) use answer;

/// Makes the change to everything that the call names; `done` says in a word what becomes of it.
pub(super) fn change<'a>(
    mut call: Call<'a>,
    change: Change,
    done: &'static str,
) -> Result<Objects<'a>> {
    let options = ChangeOptions::of(&call).about("subscription");
    let targets = Targets::of(&mut call, SUBSCRIPTION.name)?;
    let (single, host, name_of) = (targets.single, call.host, targets.name_of());
    let names = targets.items.map(move |item| {
        let item = item?;
        match name_of(&call, &item) {
            Err(error) if !names_nothing(&error) => Err(error),
            name => Ok((name, known(&item), etag(&call, &item)?)),
        }
    });
    let names = options.admit(host, names)?.enumerate();
    let shared = options.clone();
    let rows = names.map(move |(row, named)| {
        let (name, known, etag) = named?;
        let id = options.row_request_id(row, single);
        let answer = name.and_then(|name| {
            ask(host, &name, change.at(&etag), (&options, id)).map_err(|mut error| {
                error.target.get_or_insert(name);
                error
            })
        });
        match answer {
            Ok(answer) => Ok(shown(host, &options, answer)),
            Err(error) if single || options.stop || !is_about_one(&error) => Err(error),
            Err(error) => Ok(failed(host, &options, error, known)),
        }
    });
    let rows = Preview::new(host, shared.clone(), done, rows);
    Ok(Box::new(Drain::new(host, shared, rows)))
}

/// Whether the others can go on. What one partner sold says nothing about the rest.
fn is_about_one(error: &ShellError) -> bool {
    error.severity == Severity::Script || error.code == ErrorReason::PartnerManaged.code()
}

/// What an object of the pipeline says of the subscription, so that a refused row shows it too.
fn known(item: &Value) -> Subscription {
    let text = |name: &str| {
        let value = item.as_record().and_then(|record| record.find(name));
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    Subscription {
        id: text("Id"),
        part_number: text("PartNumber"),
        display_name: text("Name"),
        ..Subscription::default()
    }
}

fn ask(
    host: Host<'_>,
    name: &str,
    change: Change,
    (options, request_id): (&ChangeOptions, String),
) -> Result<Answer> {
    let asked = Asked {
        subscription: name.to_owned(),
        reason: options.reason.clone(),
        request_id,
        validate_only: options.what_if,
    };
    host.session
        .connection
        .call(|service| sent(service, asked, change))
}

/// What every request about one subscription says.
struct Asked {
    subscription: String,
    reason: String,
    request_id: String,
    validate_only: bool,
}

async fn sent(
    service: Service,
    asked: Asked,
    change: Change,
) -> std::result::Result<Answer, Status> {
    let mut client = SubscriptionServiceClient::new(service);
    let Asked {
        subscription,
        reason,
        request_id,
        validate_only,
    } = asked;
    Ok(match change {
        Change::Update { mut fields, paths } => {
            fields.name = subscription;
            let request = UpdateSubscriptionRequest {
                subscription: Some(*fields),
                update_mask: Some(FieldMask { paths }),
                reason,
                request_id,
                validate_only,
            };
            answer!(client.update_subscription(Request::new(request)).await?)
        }
        Change::Renew(NewTerm {
            quantity,
            term_months,
        }) => {
            let request = RenewSubscriptionRequest {
                subscription,
                reason,
                request_id,
                validate_only,
                quantity,
                term_months,
            };
            answer!(client.renew_subscription(Request::new(request)).await?)
        }
        Change::Cancel => {
            let request = CancelSubscriptionRequest {
                subscription,
                reason,
                request_id,
                validate_only,
            };
            answer!(client.cancel_subscription(Request::new(request)).await?)
        }
        Change::Reactivate(NewTerm {
            quantity,
            term_months,
        }) => {
            let request = ReactivateSubscriptionRequest {
                subscription,
                reason,
                request_id,
                validate_only,
                quantity,
                term_months,
            };
            answer!(
                client
                    .reactivate_subscription(Request::new(request))
                    .await?
            )
        }
        Change::TakeOver(mode) => {
            let request = TakeOverSubscriptionRequest {
                subscription,
                reason,
                request_id,
                validate_only,
                mode: mode.into(),
            };
            answer!(client.take_over_subscription(Request::new(request)).await?)
        }
    })
}

fn shown(host: Host<'_>, options: &ChangeOptions, answer: Answer) -> Value {
    tell(host, &answer);
    if options.pass_thru
        && let Some(subscription) = &answer.subscription
    {
        return types::SUBSCRIPTION.object(subscription);
    }
    types::SUBSCRIPTION_CHANGE.object(&SubscriptionChanged::answered(
        answer.subscription,
        answer.outcome,
        answer.pools,
    ))
}

/// Says what has no room in a row: the seats of the product before and after, and what else should be known.
pub(super) fn tell(host: Host<'_>, answer: &Answer) {
    let console = &host.session.console;
    if let Some((before, after)) = &answer.pools {
        console.note(&seats(before, after));
    }
    for note in answer.outcome.iter().flat_map(|outcome| &outcome.notes) {
        console.note(note);
    }
}

/// The seats of a product before and after, in a line.
fn seats(before: &LicensePool, after: &LicensePool) -> String {
    let name = if after.part_number.is_empty() {
        &before.part_number
    } else {
        &after.part_number
    };
    let mut line = format!("{name}:");
    for (what, before, after) in [
        ("seats", before.total, after.total),
        ("in use", before.consumed, after.consumed),
        ("free", before.available, after.available),
    ] {
        if before == after {
            line.push_str(&format!(" {before} {what},"));
        } else {
            line.push_str(&format!(" {before} -> {after} {what},"));
        }
    }
    line.pop();
    line
}

fn failed(
    host: Host<'_>,
    options: &ChangeOptions,
    error: ShellError,
    known: Subscription,
) -> Value {
    let row = SubscriptionChanged::refused(error.clone(), known);
    let row = types::SUBSCRIPTION_CHANGE.object(&row);
    if !options.what_if {
        refused_row(host, error, row.clone());
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_before_and_after_say_only_what_changes_twice() {
        let before = LicensePool {
            part_number: "SPE_E3".into(),
            total: 30,
            consumed: 28,
            available: 2,
            ..LicensePool::default()
        };
        let after = LicensePool {
            total: 25,
            available: -3,
            ..before.clone()
        };
        assert_eq!(
            seats(&before, &after),
            "SPE_E3: 30 -> 25 seats, 28 in use, 2 -> -3 free"
        );
    }
}
