//! Looking deleted people up: the service knows them by id and former user principal name alone.

use std::cell::OnceCell;

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{ErrorReason, ListUsersRequest, User};

use crate::client::{Pages, quoted};
use crate::cmdlet::{Host, nearest};
use crate::error::{Result, ShellError};

/// Deleted people whose names are compared with one that nobody has.
const COMPARED: usize = 10_000;

/// The deleted people for whom this condition is true; all where it is empty.
fn deleted<'a>(host: Host<'a>, filter: String) -> Pages<'a, User> {
    host.session.connection.pages(move |service, page_token| {
        let request = ListUsersRequest {
            page_size: MAX_PAGE_SIZE,
            page_token,
            filter: filter.clone(),
            show_deleted: true,
            ..ListUsersRequest::default()
        };
        async move {
            let mut client =
                UserServiceClient::new(service).max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
            let page = client.list_users(Request::new(request)).await?.into_inner();
            Ok((page.users, page.next_page_token))
        }
    })
}

fn whose(property: &str, value: &str) -> String {
    format!("{property} eq '{}'", value.replace('\'', "''"))
}

/// The deleted person with this id.
pub(super) fn deleted_with_id(host: Host<'_>, id: &str) -> Result<Option<User>> {
    deleted(host, whose("id", id)).next().transpose()
}

/// Deleted people by the names that the service does not know them by.
pub(super) struct Called<'a> {
    host: Host<'a>,
    /// Names to compare with, read once for all that are not found.
    names: OnceCell<Vec<String>>,
}

impl<'a> Called<'a> {
    /// Those of this service.
    pub(super) fn new(host: Host<'a>) -> Self {
        Self {
            host,
            names: OnceCell::new(),
        }
    }

    /// The deleted person with this display name, where it is the name of one; else how to name who may be meant. The
    /// error is the service's, which found nobody.
    pub(super) fn find(&self, name: &str, error: ShellError) -> Result<User> {
        let called = deleted(self.host, whose("displayName", name));
        let mut called = called.collect::<Result<Vec<_>>>()?;
        match called.len() {
            0 => Err(self.with_near_names(name, error)?),
            1 => Ok(called.remove(0)),
            several => {
                let message = format!("`{name}` was the name of {several} deleted people");
                let ids: Vec<String> = called.iter().map(shown).collect();
                let fix = format!("Instead of {name} write {}", ids.join(" or "));
                let code = ErrorReason::AmbiguousName.code();
                Err(ShellError::new(code, message).fix(fix).target(name))
            }
        }
    }

    /// The error with the names that are most like this one, else with the list: a search of the living does not help.
    fn with_near_names(&self, name: &str, error: ShellError) -> Result<ShellError> {
        let names = match self.names.get() {
            Some(names) => names,
            None => {
                let read = self.read_names()?;
                self.names.get_or_init(|| read)
            }
        };
        let near = nearest(name, names.iter().map(String::as_str));
        Ok(match near.as_slice() {
            [] => error.fix("Get-User -Deleted"),
            near => {
                let near: Vec<String> = near.iter().map(|name| quoted(name)).collect();
                error.fix(format!(
                    "Did you mean {}? Get-User -Deleted lists all",
                    near.join(" or ")
                ))
            }
        })
    }

    fn read_names(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for user in deleted(self.host, String::new()).take(COMPARED) {
            let user = user?;
            names.extend([user.user_principal_name, user.display_name]);
        }
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}

fn shown(user: &User) -> String {
    format!("{} ({})", user.id, user.user_principal_name)
}
