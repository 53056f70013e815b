//! `GetUser`

use usher::v1::{GetUserRequest, GetUserResponse};

use super::super::status::Refusal;
use super::super::{Api, names};
use super::one_with_licenses;
use crate::convert::fields::Fields;

pub(super) async fn get(api: &Api, request: GetUserRequest) -> Result<GetUserResponse, Refusal> {
    let mut fields = Fields::default();
    fields.required_name("user", &request.user);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read(time).await?;
    let user = names::user(&read, "user", &request.user).await?;
    Ok(GetUserResponse { user: Some(one_with_licenses(&read, user).await?) })
}
