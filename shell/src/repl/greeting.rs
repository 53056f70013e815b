//! What stands before the cursor: who one is, in which organisation, where, and whether changes are refused.

use std::time::Duration;

use usher::v1::WhoAmIResponse;
use usher_object::Instant;

use crate::client::{Target, Way};
use crate::session::Session;

/// How long the prompt waits for a server to say who one is.
const PATIENCE: Duration = Duration::from_secs(2);
/// A server that does not answer is asked again no sooner: each line would wait for it.
const REST: Duration = Duration::from_secs(30);

/// What is known of the caller.
#[derive(Default)]
pub(super) struct Greeting {
    /// The way by which the caller was found.
    way: Option<Way>,
    caller: Option<WhoAmIResponse>,
    /// When it was asked in vain.
    failed_at: Option<Instant>,
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
        let now = (session.clock)();
        let rests = |failed: Instant| {
            u128::try_from(now.micros() - failed.micros())
                .is_ok_and(|since| since < REST.as_micros())
        };
        if !is_new && self.failed_at.is_some_and(rests) {
            return;
        }
        self.failed_at = None;
        match session.connection.greeted(PATIENCE) {
            Ok(caller) => self.caller = Some(caller),
            Err(error) => {
                self.caller = None;
                self.failed_at = Some((session.clock)());
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
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

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
    fn a_server_that_does_not_answer_is_not_asked_before_each_line() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                counted.fetch_add(1, Ordering::Relaxed);
                drop(stream);
            }
        });
        let session = Fixture::to(Target::Server(address));
        let mut greeting = Greeting::default();
        greeting.look(&session.session);
        let first = asked.load(Ordering::Relaxed);
        assert!(first > 0);
        for _ in 0..3 {
            greeting.look(&session.session);
        }
        assert_eq!(asked.load(Ordering::Relaxed), first);
        assert!(greeting.prompt(&session.session).contains("not connected"));
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
