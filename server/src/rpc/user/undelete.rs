//! `UndeleteUser`: the account comes back, and each former direct licence by itself (R48)

use usher::name::Collection;
use usher::v1::{RestoredLicense, UndeleteUserRequest, UndeleteUserResponse};
use usher_domain::command::{Command, Undelete};
use usher_domain::plan::{Outcome, Subject};

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::left_by;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn undelete(
    api: &Api,
    caller: &Caller,
    request: UndeleteUserRequest,
) -> Result<UndeleteUserResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    fields.required_name("user", &request.user);
    fields.check()?;

    let undelete = Undelete {
        user: Collection::Users.strip(request.user.trim()).to_owned(),
        upn: Some(request.user_principal_name).filter(|upn| !upn.is_empty()),
        restore_licenses: request.restore_licenses.unwrap_or(true),
    };
    let command = Command::UndeleteUser(Box::new(undelete));
    let outcome = api
        .change_or_refuse(caller, &intent, (Asked::Named, command))
        .await?;
    let licenses = outcome
        .parts
        .iter()
        .filter_map(|part| restored(api, &outcome, part));
    Ok(UndeleteUserResponse {
        licenses: licenses.collect(),
        user: shown(left_by(api, &outcome, intent.validate_only).await).flatten(),
        outcome: Some(api.told(&outcome, Asked::Named)),
    })
}

/// What became of one licence: the planner says which product, and it happened to the user.
fn restored(api: &Api, whole: &Outcome, part: &Outcome) -> Option<RestoredLicense> {
    let Some(Subject::Product(product)) = part.subject else {
        return None;
    };
    let of_user = Outcome {
        subject: whole.subject.clone(),
        named: whole.named.clone(),
        replayed: whole.replayed,
        revision: part.revision.filter(|_| whole.revision.is_some()),
        ..part.clone()
    };
    let mut told = api.told(&of_user, Asked::Named);
    // The request has no field for a single licence.
    for cause in &mut told.causes {
        cause.field.clear();
    }
    let catalogue = api.store.catalogue_seen(api.tenant());
    Some(RestoredLicense {
        product_id: product.to_string(),
        part_number: catalogue.map_or_else(String::new, |known| known.product_name(product)),
        outcome: Some(told),
    })
}
