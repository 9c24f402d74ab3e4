//! ON and OFF periods in turn.

use super::{Cursor, Draws, Search};
use crate::random::{Exponential, below};
use crate::units::Time;

/// The periods of every entity: ON period j takes draw j, as does the OFF period before it. Message i of ON period j
/// takes draw `j * 2^32 + i`, counted anew in each period; exponential gaps are memoryless, so that is allowed. So the
/// cursor needs no second counter: it has j and i in `drawn`, and the end of the ON period in `state`.
#[derive(Debug)]
pub(super) struct Bursts {
    on: Time,
    off: Time,
    draws: Draws,
    /// The search ends here: a rare message may be many periods away.
    horizon: Time,
    search: Search,
}

/// The bits of `drawn` that count the messages of one period.
const MESSAGE_BITS: u32 = 32;

impl Bursts {
    pub fn new(draws: Draws, on: Time, off: Time, horizon: Time) -> Bursts {
        Bursts { on, off, draws, horizon, search: Search::default() }
    }

    /// Searches at most this number of periods without a message in all, and assumes that further ones have none.
    pub fn limit_search(&mut self, most: u64) {
        self.search = Search::most(most);
    }

    /// Whether it has reached that number.
    pub fn is_search_over(&self) -> bool {
        self.search.is_over()
    }

    /// The stationary state at t = 0, before any message: the rest of an exponential period is distributed like a whole
    /// one.
    pub fn start(&self, cursor: &mut Cursor, entity: u64) {
        let is_on = below(self.draws.phases.stream(entity).at(0), self.on.plus(self.off).0) < self.on.0;
        cursor.next = if is_on { Time::ZERO } else { self.off_period(entity, 0) };
        cursor.state = cursor.next.plus(self.on_period(entity, 0)).0;
    }

    /// Advances from the last message, or from the start of a period, by gaps of this entity, named by their numbers.
    pub fn advance(&self, cursor: &mut Cursor, entity: u64, gap: impl Fn(u64) -> Time) {
        loop {
            let period = cursor.drawn >> MESSAGE_BITS;
            let next = cursor.next.plus(gap(cursor.drawn));
            if next.0 < cursor.state {
                cursor.next = next;
                cursor.drawn = cursor.drawn.wrapping_add(1);
                return;
            }
            let period = period.wrapping_add(1);
            let start = Time(cursor.state).plus(self.off_period(entity, period));
            if start >= self.horizon || !self.search.goes_on() {
                cursor.next = Time::NEVER;
                return;
            }
            cursor.next = start;
            cursor.state = start.plus(self.on_period(entity, period)).0;
            cursor.drawn = period << MESSAGE_BITS;
        }
    }

    fn on_period(&self, entity: u64, number: u64) -> Time {
        Time(Exponential::new(self.on.0 as f64).from_bits(self.draws.on_periods.stream(entity).at(number)))
    }

    fn off_period(&self, entity: u64, number: u64) -> Time {
        Time(Exponential::new(self.off.0 as f64).from_bits(self.draws.off_periods.stream(entity).at(number)))
    }
}
