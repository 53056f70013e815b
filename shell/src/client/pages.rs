//! A listing as an iterator: pages come as they are needed, the next one while half of the last is still unread.

use std::pin::Pin;
use std::rc::Rc;
use std::vec;

use tokio::task::JoinHandle;
use tonic::Status;

use super::{Connection, Service};
use crate::error::{Result, ShellError};

type Page<T> = std::result::Result<(Vec<T>, String), Status>;
type Fetch<T> = dyn Fn(Service, String) -> Pin<Box<dyn Future<Output = Page<T>> + Send>>;

/// The items of a listing, in its order.
pub struct Pages<'a, T> {
    connection: &'a Connection,
    fetch: Rc<Fetch<T>>,
    items: vec::IntoIter<T>,
    /// Items at which the next page is asked for.
    low: usize,
    /// Token of the next page; `None` after the last.
    next: Option<String>,
    coming: Option<JoinHandle<Page<T>>>,
}

impl Connection {
    /// A listing: `fetch` asks for the page of a token and gives its items and the token of the next one.
    pub fn pages<T, Fut>(&self, fetch: impl Fn(Service, String) -> Fut + 'static) -> Pages<'_, T>
    where
        T: Send + 'static,
        Fut: Future<Output = Page<T>> + Send + 'static,
    {
        Pages {
            connection: self,
            fetch: Rc::new(move |service, token| Box::pin(fetch(service, token))),
            items: Vec::new().into_iter(),
            low: 0,
            next: Some(String::new()),
            coming: None,
        }
    }
}

impl<T: Send + 'static> Pages<'_, T> {
    fn ask(&mut self) -> Result<()> {
        if self.coming.is_none()
            && let Some(token) = self.next.take()
        {
            let page = (self.fetch)(self.connection.service()?, token);
            self.coming = Some(self.connection.runtime()?.spawn(page));
        }
        Ok(())
    }

    fn turn(&mut self) -> Result<bool> {
        self.ask()?;
        let Some(coming) = self.coming.take() else {
            return Ok(false);
        };
        let (items, token) = self
            .connection
            .wait(coming)?
            .map_err(|error| {
                ShellError::new("INTERNAL", format!("The listing broke off: {error}"))
            })?
            .map_err(|status| self.connection.error_of(&status))?;
        self.low = items.len() / 2;
        self.items = items.into_iter();
        self.next = (!token.is_empty()).then_some(token);
        Ok(true)
    }
}

impl<T: Send + 'static> Iterator for Pages<'_, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.items.next() {
                if self.items.len() == self.low
                    && let Err(error) = self.ask()
                {
                    return Some(Err(error));
                }
                return Some(Ok(item));
            }
            match self.turn() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.next = None;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl<T> Drop for Pages<'_, T> {
    fn drop(&mut self) {
        if let Some(coming) = self.coming.take() {
            coming.abort();
        }
    }
}
