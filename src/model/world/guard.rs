//! A guard that stops a run of which only the beginning is needed.

use super::World;
use crate::model::ids::ClientIndex;
use crate::model::message_store::MessageStore;
use crate::model::observer::Observer;
use crate::model::scenario::{Process, Scenario};
use crate::model::totals::Totals;
use crate::model::transport::Transport;
use crate::units::Time;

/// Events between two measurements of the cost.
const STEPS: u32 = 64;
/// Most checks or trials that run as one event.
pub(super) const MOST_IN_A_ROW: u64 = 4096;

/// Stops a run that has cost too much.
pub(crate) struct Guard<'a> {
    /// The cost of the run so far, in any unit.
    spent: &'a dyn Fn() -> f64,
    limit: f64,
    steps: u32,
    is_over: bool,
    /// The instant of the last measurement of the cost.
    at: Time,
    /// The longest span of trials that run as one event.
    trials: Time,
}

impl<'a> Guard<'a> {
    /// A guard of a run of `scenario` that may cost `limit`, measured by `spent`.
    pub fn new(scenario: &Scenario, limit: f64, spent: &'a dyn Fn() -> f64) -> Guard<'a> {
        let trials = match scenario.source.process() {
            Some(Process::Tick { every, .. }) => every.times(MOST_IN_A_ROW),
            _ => Time::NEVER,
        };
        Guard { spent, limit, steps: 0, is_over: false, at: Time::ZERO, trials }
    }

    /// The cost of the run.
    pub fn spent(&self) -> f64 {
        (self.spent)()
    }

    /// Whether the run has been stopped.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// The instant of the last measurement of the cost.
    pub fn at(&self) -> Time {
        self.at
    }

    /// Stops the run if it has cost too much. Returns whether it has.
    pub fn measure(&mut self) -> bool {
        self.is_over = self.is_over || self.spent() >= self.limit;
        self.is_over
    }

    /// The end of the trials from `now` on that run as one event.
    pub fn end_of_trials(&self, now: Time) -> Time {
        now.plus(self.trials)
    }
}

impl<'a, T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'a, T, M, O, LIMITED> {
    /// Lets `guard` stop the run.
    pub fn set_guard(&mut self, guard: Guard<'a>) {
        self.network.is_bounded = true;
        self.guard = Some(guard);
    }

    /// The guard of the run.
    pub fn guard(&mut self) -> Option<&mut Guard<'a>> {
        self.guard.as_mut()
    }

    /// The end of the trials from `now` on that run as one event.
    #[inline]
    pub(super) fn end_of_trials(&self, now: Time) -> Time {
        let horizon = self.recorder.horizon();
        match &self.guard {
            Some(guard) if LIMITED => horizon.min(guard.end_of_trials(now)),
            _ => horizon,
        }
    }

    /// Continues the run to an instant that is not after the horizon.
    pub fn stop_at(&mut self, end: Time) {
        self.end = end;
    }

    /// Whether work was left out that a run without a guard would do: packet losses, or a search for messages.
    pub fn is_shortened(&self) -> bool {
        self.store.is_search_over() || self.network.is_shortened
    }

    /// Events counted so far.
    pub fn events(&self) -> u64 {
        self.recorder.events()
    }

    /// The totals so far, with messages and requests still open.
    pub fn so_far(self) -> Totals {
        self.recorder.so_far()
    }

    /// Whether the client has to stop before its next event.
    #[cold]
    #[inline(never)]
    pub(super) fn has_to_stop(&mut self, client: ClientIndex) -> bool {
        let Some(guard) = &mut self.guard else { return false };
        guard.steps += 1;
        if guard.steps < STEPS || guard.is_over {
            return guard.is_over;
        }
        guard.steps = 0;
        let at = self.next_instant(client);
        let Some(guard) = &mut self.guard else { return false };
        guard.at = at;
        guard.measure()
    }
}
