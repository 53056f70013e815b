//! What Tab asks for beyond the declarations: values of the service, within a deadline, and properties of what variables
//! hold. Whatever goes wrong offers nothing; a person who types is not to be disturbed.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use usher::v1::catalog_service_client::CatalogServiceClient;
use usher::v1::license_service_client::LicenseServiceClient;
use usher::v1::subscription_service_client::SubscriptionServiceClient;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{
    ListLicensePoolsRequest, ListProductsRequest, ListServicePlansRequest,
    ListSubscriptionsRequest, ListUsersRequest, User,
};

use super::offer::Offer;
use crate::client::quoted;
use crate::session::Session;

/// How long a person who pressed Tab waits at most.
const DEADLINE: Duration = Duration::from_millis(150);
/// Values that are offered at most: more are narrowed down faster by typing on.
const MOST: i32 = 50;
/// People among whom departments are looked for.
const PEOPLE: i32 = 200;

/// The session as completion sees it.
pub(super) struct Lookup {
    session: Rc<Session>,
    properties: RefCell<HashMap<String, Vec<String>>>,
}

impl Lookup {
    pub(super) fn new(session: Rc<Session>) -> Self {
        Self {
            session,
            properties: RefCell::default(),
        }
    }

    /// What variables hold from now on: their names, and the names of properties of their objects.
    pub(super) fn know(&self, properties: HashMap<String, Vec<String>>) {
        self.properties.replace(properties);
    }

    /// Names of properties of what this variable holds.
    pub(super) fn properties_of(&self, variable: &str) -> Vec<String> {
        let known = self.properties.borrow();
        known.get(variable).cloned().unwrap_or_default()
    }

    /// People by letters of their name or address.
    pub(super) fn users(&self, typed: &str) -> Vec<Offer> {
        let request = ListUsersRequest {
            search: typed.to_owned(),
            page_size: MOST,
            ..ListUsersRequest::default()
        };
        self.people(request)
            .into_iter()
            .map(|user| Offer::of(quoted(&user.user_principal_name)).says(user.display_name))
            .collect()
    }

    /// Departments by their first letters.
    pub(super) fn departments(&self, typed: &str) -> Vec<Offer> {
        let request = ListUsersRequest {
            filter: format!("startswith(department,'{}')", typed.replace('\'', "''")),
            page_size: PEOPLE,
            ..ListUsersRequest::default()
        };
        let mut names: Vec<String> = self
            .people(request)
            .into_iter()
            .map(|user| user.department)
            .filter(|name| !name.is_empty())
            .collect();
        names.sort();
        names.dedup();
        names.iter().map(|name| Offer::of(quoted(name))).collect()
    }

    fn people(&self, request: ListUsersRequest) -> Vec<User> {
        let answer = self
            .session
            .connection
            .offer(DEADLINE, |service| async move {
                let answer = UserServiceClient::new(service).list_users(request).await?;
                Ok(answer.into_inner())
            });
        answer.map(|answer| answer.users).unwrap_or_default()
    }

    /// Products: what the organisation has seats of comes first, with the number that is free.
    pub(super) fn products(&self, typed: &str) -> Vec<Offer> {
        let search = typed.to_owned();
        let answer = self
            .session
            .connection
            .offer(DEADLINE, |service| async move {
                let pools = ListLicensePoolsRequest {
                    page_size: 1_000,
                    ..ListLicensePoolsRequest::default()
                };
                let products = ListProductsRequest {
                    search,
                    page_size: MOST,
                    ..ListProductsRequest::default()
                };
                let mut licenses = LicenseServiceClient::new(service.clone());
                let mut catalogue = CatalogServiceClient::new(service)
                    .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
                Ok((
                    licenses.list_license_pools(pools).await?.into_inner(),
                    catalogue.list_products(products).await?.into_inner(),
                ))
            });
        let Some((pools, catalogue)) = answer else {
            return Vec::new();
        };
        let wanted = typed.to_lowercase();
        let fits = |text: &str| text.to_lowercase().contains(&wanted);
        let mut offers: Vec<Offer> = Vec::new();
        for pool in &pools.license_pools {
            if fits(&pool.part_number) || fits(&pool.display_name) {
                let says = format!("{}, {} free", pool.display_name, pool.available);
                offers.push(Offer::of(quoted(&pool.part_number)).says(says));
            }
        }
        for product in catalogue.products {
            let word = quoted(&product.part_number);
            if !offers.iter().any(|offer| offer.word == word) {
                offers.push(Offer::of(word).says(product.display_name));
            }
        }
        offers
    }

    /// Plans of these products, or of the catalogue where none is named.
    pub(super) fn plans(&self, products: &[String], typed: &str) -> Vec<Offer> {
        if let Some((product, typed)) = typed.split_once("::") {
            let within = |offer: Offer| Offer {
                word: format!("{product}::{}", offer.word),
                ..offer
            };
            let plans = self.plans_of(product, typed);
            return plans.into_iter().map(within).collect();
        }
        if products.is_empty() {
            return self.plans_of("", typed);
        }
        let mut offers: Vec<Offer> = Vec::new();
        for product in products {
            for offer in self.plans_of(product, typed) {
                if !offers.iter().any(|known| known.word == offer.word) {
                    offers.push(offer);
                }
            }
        }
        offers
    }

    fn plans_of(&self, product: &str, typed: &str) -> Vec<Offer> {
        let request = ListServicePlansRequest {
            product: product.to_owned(),
            search: typed.to_owned(),
            page_size: if product.is_empty() { MOST } else { 1_000 },
            ..ListServicePlansRequest::default()
        };
        let answer = self
            .session
            .connection
            .offer(DEADLINE, |service| async move {
                let mut client = CatalogServiceClient::new(service)
                    .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
                Ok(client.list_service_plans(request).await?.into_inner())
            });
        let plans = answer.map(|answer| answer.service_plans);
        plans
            .into_iter()
            .flatten()
            .map(|plan| Offer::of(quoted(&plan.plan_name)).says(plan.display_name))
            .collect()
    }

    /// Subscriptions by the beginning of their id, or letters of their product.
    pub(super) fn subscriptions(&self, typed: &str) -> Vec<Offer> {
        let request = ListSubscriptionsRequest {
            page_size: 1_000,
            ..ListSubscriptionsRequest::default()
        };
        let answer = self
            .session
            .connection
            .offer(DEADLINE, |service| async move {
                let mut client = SubscriptionServiceClient::new(service);
                Ok(client.list_subscriptions(request).await?.into_inner())
            });
        let wanted = typed.to_lowercase();
        let bought = answer.map(|answer| answer.subscriptions);
        bought
            .into_iter()
            .flatten()
            .filter(|one| {
                one.id.starts_with(&wanted)
                    || one.part_number.to_lowercase().contains(&wanted)
                    || one.display_name.to_lowercase().contains(&wanted)
            })
            .map(|one| {
                let says = format!("{}, {} seats", one.part_number, one.quantity);
                Offer::of(one.id).says(says)
            })
            .collect()
    }
}
