//! `usher.v1.AccessService`.

mod create_api_token;
mod create_role_assignment;
mod delete_role_assignment;
mod list_api_tokens;
mod list_role_assignments;
mod revoke_api_token;
mod who_am_i;

use tonic::{Request, Response, Status};
use usher::v1::access_service_server::AccessService;
use usher::v1::{
    ApiToken, CreateApiTokenRequest, CreateApiTokenResponse, CreateRoleAssignmentRequest,
    CreateRoleAssignmentResponse, DeleteRoleAssignmentRequest, DeleteRoleAssignmentResponse,
    ListApiTokensRequest, ListApiTokensResponse, ListRoleAssignmentsRequest,
    ListRoleAssignmentsResponse, RevokeApiTokenRequest, RevokeApiTokenResponse, WhoAmIRequest,
    WhoAmIResponse,
};
use usher_domain::plan::{Outcome, Subject};

use super::status::Refusal;
use super::{Api, Services, answered};
use crate::convert::access::token_to_wire;

#[tonic::async_trait]
impl AccessService for Services {
    async fn who_am_i(
        &self,
        request: Request<WhoAmIRequest>,
    ) -> Result<Response<WhoAmIResponse>, Status> {
        let (api, caller, _) = self.opened(request)?;
        answered(who_am_i::tell(&api, &caller).await)
    }

    async fn list_role_assignments(
        &self,
        request: Request<ListRoleAssignmentsRequest>,
    ) -> Result<Response<ListRoleAssignmentsResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(list_role_assignments::list(&api, request).await)
    }

    async fn create_role_assignment(
        &self,
        request: Request<CreateRoleAssignmentRequest>,
    ) -> Result<Response<CreateRoleAssignmentResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(create_role_assignment::create(&api, &caller, request).await)
    }

    async fn delete_role_assignment(
        &self,
        request: Request<DeleteRoleAssignmentRequest>,
    ) -> Result<Response<DeleteRoleAssignmentResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(delete_role_assignment::delete(&api, &caller, request).await)
    }

    async fn list_api_tokens(
        &self,
        request: Request<ListApiTokensRequest>,
    ) -> Result<Response<ListApiTokensResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(list_api_tokens::list(&api, request).await)
    }

    async fn create_api_token(
        &self,
        request: Request<CreateApiTokenRequest>,
    ) -> Result<Response<CreateApiTokenResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(create_api_token::create(&api, &caller, request).await)
    }

    async fn revoke_api_token(
        &self,
        request: Request<RevokeApiTokenRequest>,
    ) -> Result<Response<RevokeApiTokenResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(revoke_api_token::revoke(&api, &caller, request).await)
    }
}

/// The token that a change was about, as it is now.
async fn token_of(api: &Api, outcome: &Outcome) -> Result<ApiToken, Refusal> {
    let Some(Subject::Token(id)) = outcome.subject else {
        return Err(Refusal::internal(
            "a change of a token about something else",
        ));
    };
    let tokens = api.read_after(outcome).await?.tokens(None).await?;
    let token = tokens.iter().find(|token| token.id == id);
    token
        .map(token_to_wire)
        .ok_or_else(|| Refusal::internal("a token vanished while being shown"))
}
