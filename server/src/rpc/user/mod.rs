//! `usher.v1.UserService`.

mod create;
mod delete;
mod get;
mod import;
mod list;
mod list_service_data;
mod offboard;
mod purge;
mod undelete;
mod update;

use std::collections::HashMap;

use tonic::{Request, Response, Status, Streaming};
use usher::v1::user_service_server::UserService;
use usher::v1::{
    CreateUserRequest, CreateUserResponse, DeleteUserRequest, DeleteUserResponse, GetUserRequest,
    GetUserResponse, ImportUsersRequest, ImportUsersResponse, ListServiceDataRequest,
    ListServiceDataResponse, ListUsersRequest, ListUsersResponse, OffboardUserRequest,
    OffboardUserResponse, PurgeUserRequest, PurgeUserResponse, UndeleteUserRequest,
    UndeleteUserResponse, UpdateUserRequest, UpdateUserResponse, User,
};
use usher_domain::ids::UserId;
use usher_domain::plan::{Outcome, Subject};
use usher_domain::snapshot::Assignment;

use super::status::Refusal;
use super::{Api, Services, answered};
use crate::convert;
use crate::storage::{ReadTx, StoredUser};

#[tonic::async_trait]
impl UserService for Services {
    async fn get_user(
        &self,
        request: Request<GetUserRequest>,
    ) -> Result<Response<GetUserResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(get::get(&api, request).await)
    }

    async fn list_users(
        &self,
        request: Request<ListUsersRequest>,
    ) -> Result<Response<ListUsersResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(list::list(&api, request).await)
    }

    async fn list_service_data(
        &self,
        request: Request<ListServiceDataRequest>,
    ) -> Result<Response<ListServiceDataResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(list_service_data::list(&api, request).await)
    }

    async fn create_user(
        &self,
        request: Request<CreateUserRequest>,
    ) -> Result<Response<CreateUserResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(create::create(&api, &caller, request).await)
    }

    async fn update_user(
        &self,
        request: Request<UpdateUserRequest>,
    ) -> Result<Response<UpdateUserResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(update::update(&api, &caller, request).await)
    }

    async fn delete_user(
        &self,
        request: Request<DeleteUserRequest>,
    ) -> Result<Response<DeleteUserResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(delete::delete(&api, &caller, request).await)
    }

    async fn undelete_user(
        &self,
        request: Request<UndeleteUserRequest>,
    ) -> Result<Response<UndeleteUserResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(undelete::undelete(&api, &caller, request).await)
    }

    async fn purge_user(
        &self,
        request: Request<PurgeUserRequest>,
    ) -> Result<Response<PurgeUserResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(purge::purge(&api, &caller, request).await)
    }

    async fn offboard_user(
        &self,
        request: Request<OffboardUserRequest>,
    ) -> Result<Response<OffboardUserResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(offboard::offboard(&api, &caller, request).await)
    }

    async fn import_users(
        &self,
        request: Request<Streaming<ImportUsersRequest>>,
    ) -> Result<Response<ImportUsersResponse>, Status> {
        let (api, caller, messages) = self.opened(request)?;
        answered(import::import(&api, &caller, messages).await)
    }
}

/// People as the wire shows them, with the products that they hold.
async fn with_licenses(read: &ReadTx, users: Vec<StoredUser>) -> Result<Vec<User>, Refusal> {
    let catalogue = read.catalogue().await?;
    let ids: Vec<UserId> = users.iter().map(|user| user.profile.id).collect();
    let assignments = read.assignments_of(ids).await?;
    let mut paths: HashMap<UserId, Vec<&Assignment>> = HashMap::new();
    for path in &assignments {
        paths.entry(path.user).or_default().push(path);
    }
    Ok(users
        .into_iter()
        .map(|user| {
            let own = paths.remove(&user.profile.id).unwrap_or_default();
            convert::user::to_wire(user, &own, &catalogue)
        })
        .collect())
}

/// The user whom a change was about as it left the user, deleted or not; none in a preview, which
/// left nobody.
async fn left_by(
    api: &Api,
    outcome: &Outcome,
    validate_only: bool,
) -> Result<Option<User>, Refusal> {
    let Some(Subject::User(id)) = outcome.subject else {
        return Ok(None);
    };
    if validate_only {
        return Ok(None);
    }
    let read = api.read_after(outcome).await?;
    match read.user(id).await? {
        Some(user) => one_with_licenses(&read, user).await.map(Some),
        None => Ok(None),
    }
}

async fn one_with_licenses(read: &ReadTx, user: StoredUser) -> Result<User, Refusal> {
    let users = with_licenses(read, vec![user]).await?;
    users
        .into_iter()
        .next()
        .ok_or_else(|| Refusal::internal("a user vanished while being shown"))
}
