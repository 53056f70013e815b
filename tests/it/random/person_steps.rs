//! Steps that delete people, bring them back, and move them to another country.

use std::mem;

use usher::v1::{
    DeleteUserRequest, ErrorReason, OutcomeResult, RestoredLicense, UndeleteUserRequest,
    UndeleteUserResponse, UpdateUserRequest, User,
};
use usher_tests::{client::refusal, invented};

use super::{
    COUNTRIES, PEOPLE, Run,
    look::part,
    model::{Deleted, Part, Person},
    purchases::Buyer,
    returning::{brought_back, is_oldest_first},
};

/// How long who was deleted can come back (R48).
const RESTORABLE: i64 = 30 * 86_400;

impl Run {
    pub(super) async fn delete_or_restore(&mut self) {
        let person = self.draw.below(PEOPLE);
        self.did = format!(
            "delete or restore person {person} {:?}",
            self.people[person]
        );
        match self.people[person].deleted.take() {
            None => self.delete(person).await,
            Some(deleted) => self.restore(person, deleted).await,
        }
    }

    async fn delete(&mut self, person: usize) {
        let request = DeleteUserRequest {
            user: self.ids[person].clone(),
            ..DeleteUserRequest::default()
        };
        self.client().users.delete_user(request).await.unwrap();
        let gone = &mut self.people[person];
        gone.own.clear();
        gone.deleted = Some(Deleted {
            at: self.clock.seconds(),
            former: mem::take(&mut gone.direct),
        });
        self.saw("deleted");
    }

    async fn restore(&mut self, person: usize, deleted: Deleted) {
        let request = UndeleteUserRequest {
            user: self.ids[person].clone(),
            ..UndeleteUserRequest::default()
        };
        let answer = self.client().users.undelete_user(request).await;
        let _tell = self.tell();
        let is_over = self.clock.seconds() >= deleted.at + RESTORABLE;
        match answer {
            Ok(response) if !is_over => self.restored(person, &deleted, &response.into_inner()),
            Err(status) if is_over => {
                assert_eq!(refusal(&status), ErrorReason::UserNotFound, "{status:?}");
                self.somebody_new(person).await;
            }
            other => panic!("over is {is_over}, and the answer is {other:?}"),
        }
    }

    /// What the user bought went on meanwhile and serves them first; then the former licences come back (R48).
    fn restored(&mut self, person: usize, deleted: &Deleted, answer: &UndeleteUserResponse) {
        let mut back = self.people[person].clone();
        let mut moment = self.moment + 1;
        let own = self.purchases.serving(person);
        back.own = own.map(|product| (product, moment)).collect();
        let told = &answer.licenses;
        let order: Vec<Part> = told.iter().map(|one| part(&one.part_number)).collect();
        assert!(
            is_oldest_first(&deleted.former, &order),
            "told of in the order {order:?}"
        );
        let seats = |product: Part| self.seats(product);
        let expected = brought_back(&mut back, &deleted.former, &order, &mut moment, seats);
        let mut seen = vec![match expected.len() {
            0 => "restored without licences".to_owned(),
            _ if expected.values().all(|codes| codes.is_empty()) => "restored whole".to_owned(),
            _ => "restored in part".to_owned(),
        }];
        for RestoredLicense {
            part_number,
            outcome,
            ..
        } in told
        {
            let outcome = outcome.as_ref().unwrap();
            let codes = &expected[part(part_number)];
            let agrees = match outcome.result() {
                OutcomeResult::Applied => codes.is_empty(),
                OutcomeResult::Failed => codes.contains(&outcome.reason()),
                _ => false,
            };
            assert!(agrees, "{part_number}: {outcome:?}, expected {codes:?}");
            if !codes.is_empty() {
                seen.push(format!("not restored: {}", outcome.reason().as_str_name()));
            }
        }
        self.people[person] = back;
        self.moment = moment;
        seen.iter().for_each(|what| self.saw(what));
    }

    /// Thirty days after the deletion nobody is there to come back; somebody new starts in their place.
    async fn somebody_new(&mut self, person: usize) {
        for purchase in &mut self.purchases.all {
            if purchase.buyer == Buyer::Person(person) {
                purchase.buyer = Buyer::Gone;
            }
        }
        let name = format!("again{}@example.com", self.clock.seconds());
        let country = mem::take(&mut self.people[person].country);
        let client = self.client();
        self.ids[person] = invented::user(&client, &name, &country).await.unwrap();
        self.people[person] = Person {
            country,
            ..Person::default()
        };
        self.saw("gone for good");
    }

    pub(super) async fn move_somebody(&mut self) {
        let person = self.draw.below(PEOPLE);
        if self.people[person].deleted.is_some() {
            return;
        }
        let country = *self.draw.of(&COUNTRIES);
        self.did = format!("person {person} moves to {country}");
        let request = UpdateUserRequest {
            target: self.ids[person].clone(),
            user: Some(User {
                usage_location: country.to_owned(),
                ..User::default()
            }),
            update_mask: Some(prost_types::FieldMask {
                paths: vec!["usage_location".to_owned()],
            }),
            ..UpdateUserRequest::default()
        };
        self.client().users.update_user(request).await.unwrap();
        self.people[person].country = country.to_owned();
    }
}
