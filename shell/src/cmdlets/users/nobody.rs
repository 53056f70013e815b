//! What a person at the prompt is told when nobody fits: a misspelt department looks just like an empty one.

use std::time::Duration;

use usher::MAX_PAGE_SIZE;
use usher::v1::ListUsersRequest;
use usher::v1::user_service_client::UserServiceClient;
use usher_object::Value;

use crate::client::quoted;
use crate::cmdlet::{Host, nearest};
use crate::error::Result;

/// Who looks up a department waits no longer for another name of it.
const DEADLINE: Duration = Duration::from_millis(500);
/// First letters that a slip leaves as they are.
const ALIKE: usize = 2;

/// People as they come; says so if there are none.
pub(super) struct Nobody<'a, I> {
    host: Host<'a>,
    departments: Vec<String>,
    users: I,
    done: bool,
}

impl<'a, I> Nobody<'a, I> {
    /// People who were asked for by these departments, if by any.
    pub(super) fn new(host: Host<'a>, departments: Vec<String>, users: I) -> Self {
        Self {
            host,
            departments,
            users,
            done: false,
        }
    }

    fn tell(&self) {
        let mut line = "Get-User: nobody fits".to_owned();
        for department in &self.departments {
            if let Some(near) = self.nearest_to(department) {
                line.push_str(&format!("; instead of {department}, did you mean {near}?"));
            }
        }
        self.host.session.console.note_at_end(&line);
    }

    /// A department that begins like this one and is most like it; none where that is this one itself.
    fn nearest_to(&self, department: &str) -> Option<String> {
        let start: String = department.chars().take(ALIKE).collect();
        let request = ListUsersRequest {
            filter: format!("startswith(department,'{}')", start.replace('\'', "''")),
            page_size: MAX_PAGE_SIZE,
            ..ListUsersRequest::default()
        };
        let answer = self
            .host
            .session
            .connection
            .offer(DEADLINE, |service| async move {
                let answer = UserServiceClient::new(service).list_users(request).await?;
                Ok(answer.into_inner())
            })?;
        let mut names: Vec<String> = answer
            .users
            .into_iter()
            .map(|user| user.department)
            .collect();
        names.sort();
        names.dedup();
        let near = nearest(department, names.iter().map(String::as_str));
        let near = near.first()?;
        (!near.eq_ignore_ascii_case(department)).then(|| quoted(near))
    }
}

impl<I: Iterator<Item = Result<Value>>> Iterator for Nobody<'_, I> {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Self::Item> {
        let user = self.users.next();
        if user.is_none() && !self.done {
            self.tell();
        }
        self.done = true;
        user
    }
}

#[cfg(test)]
mod tests {
    use usher_object::Value;

    use super::*;
    use crate::cmdlets::fixture::Fixture;

    #[test]
    fn only_nobody_is_told_and_once() {
        let fixture = Fixture::new();
        let person = [
            ("", "ben@contoso.com".into()),
            ("DisplayName", "Ben Okafor".into()),
            ("Department", "Finance".into()),
        ];
        fixture.run("New-User", &person, None).unwrap();
        let told = || fixture.told.lines.borrow().join("\n");
        let one = std::iter::once(Ok(Value::Int(1)));
        assert_eq!(Nobody::new(fixture.host(), Vec::new(), one).count(), 1);
        assert_eq!(told(), "");
        let departments = vec!["Finanse".to_owned(), "Finance".to_owned()];
        let mut none = Nobody::new(fixture.host(), departments, std::iter::empty());
        assert!(none.next().is_none() && none.next().is_none());
        assert_eq!(
            told(),
            "Get-User: nobody fits; instead of Finanse, did you mean Finance?"
        );
    }
}
