//! Get-UserLicense -ServiceData: what becomes of people's data, a row a service.

use prost_types::Timestamp;
use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{ListServiceDataRequest, ServiceData};

use crate::client::Sent;
use crate::cmdlet::{Call, Objects, Targets};
use crate::cmdlets::{OnRefusal, read_time, sent};
use crate::error::{Result, ShellError};
use crate::types;

pub(super) fn rows(mut call: Call<'_>) -> Result<Objects<'_>> {
    let without = ["Product", "Paths", "ServicePlans"];
    if let Some(other) = without.into_iter().find(|name| call.args.has(name)) {
        let message = format!("-ServiceData gives a row a service, which -{other} does not fit");
        return Err(ShellError::new("ARGUMENT_INVALID", message).fix(
            "Filter what it gives: Get-UserLicense -ServiceData | Where-Object Service -eq NAME",
        ));
    }
    let host = call.host;
    let at = read_time(&call.args);
    if Targets::are_none(&call, "User") {
        let pages = host.session.connection.pages(move |service, page_token| {
            let request = request("users/-".to_owned(), page_token, at);
            async move {
                let page = UserServiceClient::new(service)
                    .max_decoding_message_size(usher::MAX_MESSAGE_BYTES)
                    .list_service_data(Request::new(request))
                    .await?
                    .into_inner();
                Ok((page.service_data, page.next_page_token))
            }
        });
        let row = |data: Result<ServiceData>| Ok(types::USER_SERVICE_DATA.object(&data?));
        return Ok(Box::new(pages.map(row)));
    }
    let targets = Targets::of(&mut call, "User")?;
    let name_of = targets.name_of();
    let on_refusal = OnRefusal::of(&call.args, targets.single);
    let calls = targets.items.enumerate().map(move |(row, item)| {
        let of_user = |user| of_user(user, at);
        sent(row, name_of(&call, &item?), of_user)
    });
    let answers = host.session.connection.ordered(calls);
    Ok(Box::new(answers.flat_map(move |answered| {
        let answer = answered.and_then(|answered| match answered.answer {
            Err(error) => on_refusal
                .keep(host, error, &answered.about)
                .map_or(Ok(Vec::new()), Err),
            answer => answer,
        });
        match answer {
            Ok(rows) => rows
                .iter()
                .map(|data| Ok(types::USER_SERVICE_DATA.object(data)))
                .collect(),
            Err(error) => vec![Err(error)],
        }
    })))
}

fn request(
    parent: String,
    page_token: String,
    read_time: Option<Timestamp>,
) -> ListServiceDataRequest {
    ListServiceDataRequest {
        parent,
        page_size: MAX_PAGE_SIZE,
        page_token,
        read_time,
    }
}

/// All services of one person; they fit one page.
fn of_user(user: String, at: Option<Timestamp>) -> Sent<Vec<ServiceData>> {
    Sent::new(user.clone(), move |service| async move {
        let answer = UserServiceClient::new(service)
            .list_service_data(Request::new(request(user, String::new(), at)))
            .await?;
        Ok(answer.into_inner().service_data)
    })
}
