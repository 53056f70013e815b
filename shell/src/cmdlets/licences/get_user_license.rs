//! Get-UserLicense: what people hold, a row a product, a path, or a plan.

use std::rc::Rc;

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::license_service_client::LicenseServiceClient;
use usher::v1::{ListUserLicensesRequest, UserLicense};
use usher_object::Value;

use super::service_data;
use crate::client::{Pages, Sent};
use crate::cmdlet::{
    Call, Cmdlet, Effect, Example, FromPipeline, Host, Kind, Objects, Param, Single, Targets,
    Values,
};
use crate::cmdlets::users::USER_PROPERTIES;
use crate::cmdlets::{AS_OF, OnRefusal, read_time, sent};
use crate::error::Result;
use crate::types::{self, PathRow, PlanRow};

/// Get-UserLicense.
pub static GET_USER_LICENSE: Cmdlet = Cmdlet {
    name: "Get-UserLicense",
    synopsis: "Gets what people hold: a row a product, a path, a plan, or a service's data",
    description: "Without a name it gives everybody's licences. A path is one way by which a person has a product: \
        directly, or through a group.",
    params: &[
        Param::new(
            "User",
            Kind::Text,
            "Id, user principal name or display name",
        )
        .at(0)
        .many()
        .from(FromPipeline::Value(USER_PROPERTIES))
        .values(Values::Users),
        Param::new("Product", Kind::Text, "Only licences of this product").values(Values::Products),
        Param::new("Paths", Kind::Switch, "A row for each path"),
        Param::new(
            "ServicePlans",
            Kind::Switch,
            "A row for each service plan, with its state",
        ),
        Param::new(
            "ServiceData",
            Kind::Switch,
            "A row for each service, with what becomes of its data and until when",
        ),
        AS_OF,
    ],
    effect: Effect::None,
    output: &[
        "UserLicense",
        "UserLicensePath",
        "UserServicePlan",
        "UserServiceData",
    ],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-UserLicense adele@contoso.com",
            says: "What one person holds.",
        },
        Example {
            line: "Get-UserLicense adele@contoso.com -ServicePlans | Where-Object Status -ne on",
            says: "Plans that do not work for a person, and why.",
        },
        Example {
            line: "Get-UserLicense -ServiceData | Where-Object State -eq kept | Sort-Object KeepUntil",
            says: "Data that nobody can search any more, and until when a licence brings it back.",
        },
        Example {
            line: "Get-UserLicense -Product SPE_E3 | Group-Object State",
            says: "Licences of one product by state.",
        },
        Example {
            line: "$then = (Get-AuditLog -Top 1)[0].Time; Get-UserLicense adele@contoso.com -AsOf $then",
            says: "What the person held at a moment.",
        },
    ],
    related: &["Set-UserLicense", "Get-License", "Compare-License"],
    run,
};

/// What one row stands for.
#[derive(Clone, Copy)]
enum Rows {
    Products,
    Paths,
    Plans,
}

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    if call.args.switch("ServiceData") {
        return service_data::rows(call);
    }
    let rows = match (call.args.switch("Paths"), call.args.switch("ServicePlans")) {
        (_, true) => Rows::Plans,
        (true, false) => Rows::Paths,
        (false, false) => Rows::Products,
    };
    let wanted = ListUserLicensesRequest {
        page_size: MAX_PAGE_SIZE,
        product: call.args.text("Product").unwrap_or_default().to_owned(),
        read_time: read_time(&call.args),
        omit_plans: matches!(rows, Rows::Paths),
        ..ListUserLicensesRequest::default()
    };
    let host = call.host;
    if Targets::are_none(&call, "User") {
        let everybody = pages(host, "users/-".to_owned(), wanted);
        return Ok(Box::new(everybody.flat_map(move |held| shown(held, rows))));
    }
    let targets = Targets::of(&mut call, "User")?;
    let name_of = targets.name_of();
    if targets.single {
        let mut items = targets.items;
        let Some(item) = items.next() else {
            return Ok(Box::new(std::iter::empty()));
        };
        let of_one = pages(host, name_of(&call, &item?)?, wanted);
        return Ok(Box::new(of_one.flat_map(move |held| shown(held, rows))));
    }
    let on_refusal = OnRefusal::of(&call.args, false);
    let calls = targets.items.enumerate().map(move |(row, item)| {
        let of_user = |user| of_user(user, wanted.clone());
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
            Ok(held) => held
                .into_iter()
                .flat_map(|held| shown(Ok(held), rows))
                .collect(),
            Err(error) => vec![Err(error)],
        }
    })))
}

fn pages(
    host: Host<'_>,
    parent: String,
    wanted: ListUserLicensesRequest,
) -> Pages<'_, UserLicense> {
    host.session.connection.pages(move |service, page_token| {
        let request = ListUserLicensesRequest {
            parent: parent.clone(),
            page_token,
            ..wanted.clone()
        };
        async move {
            let mut client = LicenseServiceClient::new(service)
                .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
            let page = client
                .list_user_licenses(Request::new(request))
                .await?
                .into_inner();
            Ok((page.user_licenses, page.next_page_token))
        }
    })
}

/// All licences of one of many people; they fit one page.
fn of_user(user: String, wanted: ListUserLicensesRequest) -> Sent<Vec<UserLicense>> {
    Sent::new(user.clone(), move |service| async move {
        let request = ListUserLicensesRequest {
            parent: user,
            ..wanted
        };
        let mut client =
            LicenseServiceClient::new(service).max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
        Ok(client
            .list_user_licenses(Request::new(request))
            .await?
            .into_inner()
            .user_licenses)
    })
}

fn shown(held: Result<UserLicense>, rows: Rows) -> Vec<Result<Value>> {
    let mut held = match held {
        Ok(held) => held,
        Err(error) => return vec![Err(error)],
    };
    match rows {
        Rows::Products => vec![Ok(types::USER_LICENSE.object(&held))],
        Rows::Paths => {
            let paths = std::mem::take(&mut held.paths);
            let license = Rc::new(held);
            let row = |path| PathRow {
                license: Rc::clone(&license),
                path,
            };
            paths
                .into_iter()
                .map(|path| Ok(types::USER_LICENSE_PATH.object(&row(path))))
                .collect()
        }
        Rows::Plans => {
            let plans = std::mem::take(&mut held.plans);
            let license = Rc::new(held);
            let row = |plan| PlanRow {
                license: Rc::clone(&license),
                plan,
            };
            plans
                .into_iter()
                .map(|plan| Ok(types::USER_SERVICE_PLAN.object(&row(plan))))
                .collect()
        }
    }
}
