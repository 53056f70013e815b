//! `usher.v1.UserService`.

mod create;
mod get;
mod import;
mod list;
mod update;

use std::collections::HashMap;

use tonic::{Request, Response, Status, Streaming};
use usher::v1::user_service_server::UserService;
use usher::v1::{
    CreateUserRequest, CreateUserResponse, GetUserRequest, GetUserResponse, ImportUsersRequest,
    ImportUsersResponse, ListUsersRequest, ListUsersResponse, UpdateUserRequest,
    UpdateUserResponse, User,
};
use usher_domain::ids::UserId;
use usher_domain::snapshot::Assignment;

use super::status::Refusal;
use super::{Services, answered};
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

async fn one_with_licenses(read: &ReadTx, user: StoredUser) -> Result<User, Refusal> {
    let users = with_licenses(read, vec![user]).await?;
    users
        .into_iter()
        .next()
        .ok_or_else(|| Refusal::internal("a user vanished while being shown"))
}
