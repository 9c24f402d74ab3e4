//! The source: when the messages of each client are created.

mod bursts;
mod day;
mod replay;
mod search;
mod uneven;
mod weights;

use replay::Replay;
use search::Search;
use uneven::Uneven;
use weights::Weights;

use crate::model::scenario::{Arrivals, Phase, Process, Scenario, Sends, Ticks};
use crate::random::{Exponential, Family, Geometric, Purpose, Stream, below};
use crate::units::Time;

/// The processes of all clients.
#[derive(Debug)]
pub(crate) struct Generator {
    kind: GeneratorKind,
    /// Whether every trial is an event of its own.
    each_trial: bool,
    draws: Draws,
    /// Whether all clients share the process of entity 0.
    shared: bool,
    payload: u32,
    search: Search,
}

/// The draws of a process.
#[derive(Clone, Copy, Debug)]
struct Draws {
    gaps: Family,
    phases: Family,
    on_periods: Family,
    off_periods: Family,
}

#[derive(Debug)]
enum GeneratorKind {
    /// No message exists outside a request.
    None,
    Tick {
        every: Time,
        gap: Geometric,
        phase: Phase,
    },
    Poisson {
        gap: Exponential,
    },
    Periodic {
        every: Time,
        phase: Phase,
    },
    Replay(Replay),
    Uneven(Uneven),
}

/// The state of one client's process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    /// The next trial or creation.
    pub next: Time,
    /// Gaps drawn, or recorded messages replayed.
    drawn: u64,
    /// A tick process: trials until the hit, with the one at `next`. ON and OFF periods: when the ON period ends, in
    /// nanoseconds. A day profile: operational time, in nanoseconds.
    state: u64,
}

impl Draws {
    /// For the gaps, the phases, and the ON and OFF periods.
    fn new(scenario: &Scenario, replication: u32, purposes: [Purpose; 4]) -> Draws {
        let [gaps, phases, on_periods, off_periods] =
            purposes.map(|purpose| Family::new(scenario.seed, replication, purpose));
        Draws { gaps, phases, on_periods, off_periods }
    }
}

impl Generator {
    /// The process that creates messages.
    pub fn new(scenario: &Scenario, replication: u32) -> Generator {
        let (process, shared) = match &scenario.source.arrivals {
            Arrivals::InRequest { .. } | Arrivals::Group { .. } => (None, false),
            Arrivals::PerClient(process) => (Some(process), false),
            Arrivals::Broadcast(process) => (Some(process), true),
        };
        let [gaps, phases] = if shared {
            [Purpose::Broadcast, Purpose::BroadcastPhase]
        } else {
            [Purpose::Arrivals, Purpose::ArrivalsPhase]
        };
        let draws = Draws::new(scenario, replication, [gaps, phases, Purpose::OnPeriod, Purpose::OffPeriod]);
        let spread = if shared { None } else { scenario.source.spread };
        let weights = spread.map(|spread| Weights::new(spread, scenario, replication));
        Generator { shared, ..Generator::of(process, scenario, draws, weights) }
    }

    /// The process of sends.
    pub fn of_sends(sends: &Sends, scenario: &Scenario, replication: u32) -> Generator {
        let purposes = [Purpose::Sends, Purpose::SendsPhase, Purpose::SendsOn, Purpose::SendsOff];
        let draws = Draws::new(scenario, replication, purposes);
        let payload = sends.payload.0 as u32;
        Generator { payload, ..Generator::of(Some(&sends.process), scenario, draws, None) }
    }

    /// A process of each client.
    fn of(process: Option<&Process>, scenario: &Scenario, draws: Draws, weights: Option<Weights>) -> Generator {
        let uneven = process.and_then(|process| Uneven::new(process, weights, draws, scenario.window.horizon()));
        let kind = match process {
            // The uneven processes replace this one.
            None | Some(Process::OnOff { .. } | Process::Day(_)) => GeneratorKind::None,
            Some(Process::Tick { every, hit, phase }) => {
                GeneratorKind::Tick { every: *every, gap: Geometric::new(hit.as_f64()), phase: *phase }
            }
            Some(Process::Poisson { rate }) => GeneratorKind::Poisson { gap: Exponential::new(rate.mean_gap_nanos()) },
            Some(Process::Periodic { every, phase }) => GeneratorKind::Periodic { every: *every, phase: *phase },
            Some(Process::Trace(trace)) => {
                GeneratorKind::Replay(Replay::new(trace.clone(), scenario.source.is_broadcast()))
            }
        };
        Generator {
            kind: uneven.map_or(kind, GeneratorKind::Uneven),
            each_trial: scenario.ticks == Ticks::Each,
            draws,
            shared: false,
            payload: scenario.source.payload.0 as u32,
            search: Search::default(),
        }
    }

    /// Gives up the search for messages after this number of empty steps of all clients together.
    pub fn limit_search(&mut self, most: u64) {
        self.search = Search::most(most);
        if let GeneratorKind::Uneven(uneven) = &mut self.kind {
            uneven.limit_search(most);
        }
    }

    /// Whether it gave up the search for a message.
    pub fn is_search_over(&self) -> bool {
        self.search.is_over() || matches!(&self.kind, GeneratorKind::Uneven(uneven) if uneven.is_search_over())
    }

    fn stream(&self, family: Family, client: u32) -> Stream {
        family.stream(self.entity(client))
    }

    /// The entity whose draws make the process of `client`.
    fn entity(&self, client: u32) -> u64 {
        if self.shared { 0 } else { u64::from(client) }
    }

    /// Whether the steps of the source for `client` count as events: a shared process counts with the first client.
    pub fn counts_events_of(&self, client: u32) -> bool {
        !self.shared || client == 0
    }

    /// The size of a message without a size of its own, in bytes.
    pub fn payload(&self) -> u32 {
        self.payload
    }

    /// Whether all clients share one process.
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// The process of `client` from `from` on.
    pub fn start(&self, client: u32, from: Time) -> Cursor {
        let mut cursor = self.beginning(client);
        while cursor.next < from {
            if !self.search.goes_on() {
                cursor.next = from;
                break;
            }
            self.advance_due(&mut cursor, client, from, |_| {});
        }
        cursor
    }

    /// The process of `client` before the run.
    fn beginning(&self, client: u32) -> Cursor {
        let first = |phase: Phase, every: Time| match phase {
            Phase::Random => Time(below(self.stream(self.draws.phases, client).at(0), every.0)),
            Phase::At(time) => time,
        };
        let mut cursor = Cursor { next: Time::NEVER, drawn: 0, state: 1 };
        match &self.kind {
            GeneratorKind::None => {}
            GeneratorKind::Tick { every, phase, .. } => {
                cursor.next = first(*phase, *every);
                self.draw_trials(&mut cursor, client);
                if !self.each_trial {
                    cursor.next = cursor.next.plus(every.times(cursor.state - 1));
                }
            }
            GeneratorKind::Periodic { every, phase } => cursor.next = first(*phase, *every),
            GeneratorKind::Poisson { .. } => {
                cursor.next = Time::ZERO;
                self.advance(&mut cursor, client);
            }
            GeneratorKind::Replay(replay) => cursor.next = replay.time(client, 0),
            GeneratorKind::Uneven(uneven) => return uneven.start(self.entity(client)),
        }
        cursor
    }

    fn draw_trials(&self, cursor: &mut Cursor, client: u32) {
        if let GeneratorKind::Tick { gap, .. } = &self.kind {
            cursor.state = gap.from_bits(self.stream(self.draws.gaps, client).at(cursor.drawn));
            cursor.drawn += 1;
        }
    }

    /// Runs the step due at `cursor.next` and advances: returns the size of the message created then, if one is. After
    /// an empty trial it also runs the following ones while they are empty and before `horizon`. Calls `at` with the
    /// instant of each trial or creation.
    #[inline]
    pub fn advance_due(
        &self,
        cursor: &mut Cursor,
        client: u32,
        horizon: Time,
        mut at: impl FnMut(Time),
    ) -> Option<u32> {
        if let (GeneratorKind::Tick { every, .. }, true) = (&self.kind, self.each_trial) {
            let Cursor { mut next, state: mut trials_left, .. } = *cursor;
            let creates = trials_left == 1;
            loop {
                at(next);
                next = next.plus(*every);
                trials_left -= 1;
                if trials_left <= 1 || next >= horizon {
                    break;
                }
            }
            (cursor.next, cursor.state) = (next, trials_left);
            if creates {
                self.draw_trials(cursor, client);
            }
            return if creates { Some(self.payload) } else { None };
        }
        at(cursor.next);
        let bytes = match &self.kind {
            GeneratorKind::Replay(replay) => replay.bytes(client, cursor.drawn).unwrap_or(self.payload),
            _ => self.payload,
        };
        self.advance(cursor, client);
        Some(bytes)
    }

    /// Moves the cursor from one creation to the next.
    fn advance(&self, cursor: &mut Cursor, client: u32) {
        match &self.kind {
            GeneratorKind::None => {}
            GeneratorKind::Tick { every, .. } => {
                self.draw_trials(cursor, client);
                cursor.next = cursor.next.plus(every.times(cursor.state));
            }
            GeneratorKind::Periodic { every, .. } => cursor.next = cursor.next.plus(*every),
            GeneratorKind::Poisson { gap } => {
                let span = gap.from_bits(self.stream(self.draws.gaps, client).at(cursor.drawn));
                cursor.next = cursor.next.plus(Time(span));
                cursor.drawn += 1;
            }
            GeneratorKind::Replay(replay) => {
                cursor.drawn += 1;
                cursor.next = replay.time(client, cursor.drawn);
            }
            GeneratorKind::Uneven(uneven) => uneven.advance(cursor, self.entity(client)),
        }
    }
}
