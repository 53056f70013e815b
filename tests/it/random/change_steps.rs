//! Steps that change one person's licences.

use usher::v1::{LicenseChange, LicenseChangeMode, OutcomeResult, PlanSwitch, SwitchState};
use usher_tests::{
    client::refusal,
    invented::{self, PRODUCTS},
};

use super::{
    PEOPLE, Run,
    draw::Draw,
    model::{Change, Expected, Mode, Part, expected, is_calm},
    standing::plans_of,
};

impl Run {
    pub(super) async fn change_licences(&mut self) {
        let person = self.draw.below(PEOPLE);
        if self.people[person].deleted.is_some() {
            return;
        }
        let change = self.draw_change(person);
        let client = self.client();
        self.did = format!("person {person} {:?}: {change:?}", self.people[person]);
        let answer = invented::change(&client, asked(&self.ids[person], &change)).await;
        let _tell = self.tell();
        let calm = is_calm(&self.people[person]);
        self.moment += 1;
        let seats = |product: Part| self.seats(product);
        let expected = expected(&self.people[person], &change, self.moment, seats);
        let seen = match (answer, expected) {
            (Ok(outcome), Expected::Applied(after))
                if outcome.result() == OutcomeResult::Applied =>
            {
                self.people[person].direct = after;
                "applied".to_owned()
            }
            (Ok(outcome), Expected::Unchanged) if outcome.result() == OutcomeResult::Unchanged => {
                "unchanged".to_owned()
            }
            (Err(status), Expected::Refused(codes)) if codes.contains(&refusal(&status)) => {
                refusal(&status).as_str_name().to_owned()
            }
            (answer, expected) => panic!("{answer:?}, expected {expected:?}"),
        };
        // What stood against the rules before is reported and blocks nothing (R19a).
        let beside = if calm { "" } else { " beside a breach" };
        self.saw(&format!("{seen}{beside}"));
    }

    fn draw_change(&mut self, person: usize) -> Change {
        let parts = PRODUCTS.map(|(part, _)| part);
        let held: Vec<Part> = self.people[person].direct.keys().copied().collect();
        let any = |draw: &mut Draw| *draw.of(&parts);
        let mut change = Change::default();
        match self.draw.weighted(&[40, 20, 12, 20, 5, 3]) {
            0 => {
                change.add.push(any(&mut self.draw));
                if self.draw.percent(25) {
                    change.add.push(any(&mut self.draw));
                }
            }
            1 => change
                .remove
                .push(held.first().copied().unwrap_or_else(|| any(&mut self.draw))),
            2 => {
                change.must_hold = true;
                change.remove.push(any(&mut self.draw));
                change.add.push(any(&mut self.draw));
            }
            3 if !held.is_empty() => {
                let product = *self.draw.of(&held);
                let state =
                    *self
                        .draw
                        .of(&[SwitchState::On, SwitchState::Off, SwitchState::Follow]);
                change
                    .switches
                    .push((product, *self.draw.of(plans_of(product)), state));
            }
            4 => {
                change.mode = Mode::Replace;
                change.add.push(any(&mut self.draw));
            }
            _ => change.mode = Mode::UnassignAll,
        }
        change.add.sort_unstable();
        change.add.dedup();
        // Some of the plans that come new are off from the start.
        for product in change.add.clone() {
            for plan in plans_of(product) {
                if self.draw.percent(15) {
                    change.switches.push((product, plan, SwitchState::Off));
                }
            }
        }
        change
    }
}

fn asked(user: &str, change: &Change) -> LicenseChange {
    let names = |parts: &[Part]| parts.iter().map(ToString::to_string).collect();
    LicenseChange {
        user: user.to_owned(),
        mode: match change.mode {
            Mode::Modify => LicenseChangeMode::Modify,
            Mode::Replace => LicenseChangeMode::Replace,
            Mode::UnassignAll => LicenseChangeMode::UnassignAll,
        }
        .into(),
        add: names(&change.add),
        remove: names(&change.remove),
        switches: change
            .switches
            .iter()
            .map(|(product, plan, state)| PlanSwitch {
                product: (*product).to_owned(),
                plan: (*plan).to_owned(),
                state: (*state).into(),
            })
            .collect(),
        require_removed_held: change.must_hold,
        ..LicenseChange::default()
    }
}
