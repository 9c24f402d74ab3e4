//! The radios of phones.

use crate::model::ids::{ClientIndex, PerClient};
use crate::model::recorder::Recorder;
use crate::model::scenario::Scenario;
use crate::units::Time;

/// The last instant at which the phone of each client turned on its radio.
#[derive(Debug)]
pub(in crate::model::world) struct Radios(PerClient<Time>);

impl Radios {
    /// `None` if radios are not measured.
    pub fn new(scenario: &Scenario) -> Option<Radios> {
        let has_radios = scenario.cost.is_some_and(|cost| cost.radio.is_some());
        if has_radios { Some(Radios(PerClient::new())) } else { None }
    }

    /// No radio has been on, for this number of clients.
    pub fn clear(&mut self, clients: usize) {
        self.0.reset(clients, Time::NEVER);
    }

    /// A client sends a message, or receives an unrequested one. All messages of one instant turn the radio on once.
    pub fn wake(&mut self, client: ClientIndex, now: Time, recorder: &mut Recorder) {
        if self.0[client] != now {
            self.0[client] = now;
            recorder.woke(now);
        }
    }
}
