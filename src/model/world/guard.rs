//! What keeps a run from going on without end where only its beginning is wanted.

use super::World;
use crate::model::ids::ClientIndex;
use crate::model::message_store::MessageStore;
use crate::model::observer::Observer;
use crate::model::scenario::{Process, Scenario};
use crate::model::totals::Totals;
use crate::model::transport::Transport;
use crate::units::Time;

/// Events between two looks at what the run has cost.
const STEPS: u32 = 64;
/// Checks of the server, or trials, that pass as one event, at most.
pub(super) const MOST_IN_A_ROW: u64 = 4096;

/// Stops a run that has cost too much.
pub(crate) struct Guard<'a> {
    /// What the run has cost so far, in any unit.
    spent: &'a dyn Fn() -> f64,
    limit: f64,
    steps: u32,
    is_over: bool,
    /// When the event took client at which it was looked last.
    at: Time,
    /// Trials of the source that pass as one event take so long.
    trials: Time,
}

impl<'a> Guard<'a> {
    /// A guard of a run of `scenario` that may cost `limit`, as `spent` says.
    pub fn new(scenario: &Scenario, limit: f64, spent: &'a dyn Fn() -> f64) -> Guard<'a> {
        let trials = match scenario.source.process() {
            Some(Process::Tick { every, .. }) => every.times(MOST_IN_A_ROW),
            _ => Time::NEVER,
        };
        Guard { spent, limit, steps: 0, is_over: false, at: Time::ZERO, trials }
    }

    /// What the run has cost.
    pub fn spent(&self) -> f64 {
        (self.spent)()
    }

    /// Whether the run has been stopped.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// When the event took client at which it was looked last.
    pub fn at(&self) -> Time {
        self.at
    }

    /// Stops the run if it has cost too much. Returns whether it has.
    pub fn look(&mut self) -> bool {
        self.is_over = self.is_over || self.spent() >= self.limit;
        self.is_over
    }

    /// Up to when trials from `now` on pass as one event.
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

    /// Up to when trials of the source from `now` on pass as one event.
    #[inline]
    pub(super) fn end_of_trials(&self, now: Time) -> Time {
        let horizon = self.recorder.horizon();
        match &self.guard {
            Some(guard) if LIMITED => horizon.min(guard.end_of_trials(now)),
            _ => horizon,
        }
    }

    /// Lets the run go on to an instant that is not behind the horizon.
    pub fn stop_at(&mut self, end: Time) {
        self.end = end;
    }

    /// Whether something was left out that a run without a guard would do: losses of packets, or a search for messages.
    pub fn is_shortened(&self) -> bool {
        self.store.is_search_over() || self.network.is_shortened
    }

    /// Events counted so far.
    pub fn events(&self) -> u64 {
        self.recorder.events()
    }

    /// What was counted so far, while messages and requests are open.
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
        let at = self.next(client).0.time();
        let Some(guard) = &mut self.guard else { return false };
        guard.at = at;
        guard.look()
    }
}
