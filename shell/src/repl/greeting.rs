//! What stands before the cursor: who one is, in which organisation, where, and whether changes are refused.

use std::time::Duration;

use usher::v1::WhoAmIResponse;

use crate::client::{Target, Way};
use crate::session::Session;

/// How long the prompt waits for a server to say who one is; a slow one is asked again before the next line.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is known of the caller.
#[derive(Default)]
pub(super) struct Greeting {
    /// The way by which the caller was found.
    way: Option<Way>,
    caller: Option<WhoAmIResponse>,
}

impl Greeting {
    /// Finds out who the caller is, where that may have changed. What is wrong with a connection is told once.
    pub(super) fn look(&mut self, session: &Session) {
        let way = session.connection.way();
        let is_near = !matches!(way.target, Target::Server(_));
        let is_known = self.caller.is_some() && self.way.as_ref() == Some(&way);
        // The service of this process answers at once, so that a new name of the organisation shows too.
        if is_known && !is_near {
            return;
        }
        let is_new = self.way.as_ref() != Some(&way);
        match session.connection.greeted(PATIENCE) {
            Ok(caller) => self.caller = Some(caller),
            Err(error) => {
                self.caller = None;
                if is_new {
                    session.console.warn(&error.message);
                    if let Some(fix) = &error.fix {
                        session.console.note(&format!("fix: {fix}"));
                    }
                }
            }
        }
        self.way = Some(way);
    }

    /// The prompt.
    pub(super) fn prompt(&self, session: &Session) -> String {
        let place = place(&session.connection.way().target);
        let who = self.caller.as_ref().map(|caller| {
            let tenant = match caller.tenant_display_name.as_str() {
                "" => &caller.tenant_id,
                name => name,
            };
            format!("{}@{tenant}", caller.identity)
        });
        let mut words = vec!["usher".to_owned()];
        words.push(who.unwrap_or_else(|| "not connected".to_owned()));
        if !place.is_empty() {
            words.push(format!("({place})"));
        }
        if session.read_only.get() {
            words.push("read-only".to_owned());
        }
        format!("{}> ", words.join(" "))
    }
}

fn place(target: &Target) -> String {
    match target {
        Target::Server(address) => {
            let bare = address.split_once("://").map(|(_, address)| address);
            bare.unwrap_or(address).to_owned()
        }
        Target::Folder(_) => String::new(),
        Target::Memory => ":memory:".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmdlets::fixture::Fixture;

    #[test]
    fn the_prompt_says_who_where_and_whether_changes_are_refused() {
        let fixture = Fixture::new();
        let mut greeting = Greeting::default();
        assert_eq!(
            greeting.prompt(&fixture.session),
            "usher not connected (:memory:)> "
        );
        greeting.look(&fixture.session);
        fixture.session.read_only.set(true);
        let prompt = greeting.prompt(&fixture.session);
        assert!(prompt.starts_with("usher "), "{prompt}");
        assert!(
            prompt.ends_with("@Default (:memory:) read-only> "),
            "{prompt}"
        );
    }

    #[test]
    fn an_address_is_shown_without_its_scheme() {
        let server = |address: &str| place(&Target::Server(address.to_owned()));
        assert_eq!(
            server("https://usher.contoso.com:50443"),
            "usher.contoso.com:50443"
        );
        assert_eq!(server("127.0.0.1:1"), "127.0.0.1:1");
    }
}
