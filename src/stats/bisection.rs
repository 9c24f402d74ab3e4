//! Where an estimate crosses a limit, by bisection, with an interval.

use std::collections::BTreeMap;

use super::Estimate;

/// The outcome of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossing {
    /// The last position before the margin changes its sign, or the first one after it, whichever has a margin of at
    /// least 0; and the ends of its 95 % interval, where they lie within the range.
    At {
        /// The answer.
        answer: u64,
        /// The lower end.
        low: Option<u64>,
        /// The upper end.
        high: Option<u64>,
    },
    /// The margin is below 0 everywhere.
    Nowhere,
    /// The margin is at least 0 everywhere.
    Everywhere,
    /// The sign of the margin changes more than once.
    NotMonotone,
}

/// How often the range is halved by positions that are always tried: seven of them.
const PROBED: usize = 3;

/// Positions: whole numbers, and how finely they are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Positions {
    /// The first one.
    pub low: u64,
    /// The last one, above the first.
    pub high: u64,
    /// Significant digits of an answer; `None`: all.
    pub digits: Option<u32>,
}

impl Positions {
    /// The positions that are looked at first, rising. A change of the sign that comes back between two of them is not
    /// seen.
    pub fn probes(self) -> Vec<u64> {
        let mut probes = vec![self.low, self.high];
        for _ in 0..PROBED {
            let between = probes.windows(2).filter_map(|ends| self.middle(ends[0], ends[1])).collect::<Vec<_>>();
            probes.extend(between);
            probes.sort_unstable();
        }
        probes
    }

    /// A position between two others, in the middle of their logarithms where they are far apart; `None` if there is
    /// none that differs in its significant digits.
    fn middle(self, low: u64, high: u64) -> Option<u64> {
        /// Factor from which on the range is divided by ratios.
        const FAR: u64 = 4;
        let middle = match low > 0 && high / low >= FAR {
            true => ((low as f64).sqrt() * (high as f64).sqrt()).round() as u64,
            false => low.midpoint(high),
        };
        let step = self.digits.map_or(1, |digits| 10_u64.pow(high.max(1).ilog10().saturating_sub(digits - 1)));
        let rounded = (middle / step).saturating_mul(step);
        let candidates = [rounded, rounded.saturating_add(step)];
        candidates.into_iter().find(|position| (low + 1..high).contains(position) && high - low > step)
    }
}

impl Positions {
    /// About how many positions a search tries: those that are always tried, and the halvings of one of their gaps, as
    /// the ends of the interval share the first halvings with the answer.
    pub fn usual_tries(self) -> usize {
        let Positions { low, high, .. } = self;
        let probes = (1 << PROBED) + 1;
        let (mut end, mut halvings) = (high, 0);
        // The gap that begins at the middle of the range.
        let mut start = low;
        for place in 0..PROBED {
            let Some(middle) = self.middle(start, end) else { return (high - low + 1).min(probes) as usize };
            if place == 0 { start = middle } else { end = middle }
        }
        while let Some(middle) = self.middle(start, end) {
            end = middle;
            halvings += 1;
        }
        (probes + halvings * 3 / 2).min((high - low).saturating_add(1)) as usize
    }
}

/// Where the margin, which `estimate` gives at a position, changes its sign.
///
/// The interval holds the positions at which a margin of 0 lies within the 95 % interval of the margin. So it covers
/// the crossing of the true margin with the probability with which the interval at that position covers (inversion of
/// a test; Lehmann & Romano, "Testing Statistical Hypotheses", 3rd ed., section 3.5).
///
/// # Errors
/// If `estimate` fails.
pub fn crossing<E>(positions: Positions, estimate: impl FnMut(u64) -> Result<Estimate, E>) -> Result<Crossing, E> {
    let mut search = Bisection { positions, estimate, known: BTreeMap::new() };
    let Positions { low, high, .. } = positions;
    for probe in positions.probes() {
        search.at(probe)?;
    }
    let falls = is_met(&search.at(low)?);
    if falls == is_met(&search.at(high)?) {
        let are_alike = search.known.values().all(|estimate| is_met(estimate) == falls);
        return Ok(match (are_alike, falls) {
            (false, _) => Crossing::NotMonotone,
            (true, true) => Crossing::Everywhere,
            (true, false) => Crossing::Nowhere,
        });
    }
    let crossing = if falls {
        Crossing::At {
            answer: search.last(is_met)?.unwrap_or(low),
            low: search.last(is_surely_met)?,
            high: search.last_within(may_be_met)?,
        }
    } else {
        Crossing::At {
            answer: search.first(is_met)?.unwrap_or(high),
            low: search.first_within(may_be_met)?,
            high: search.first(is_surely_met)?,
        }
    };
    Ok(if search.is_monotone(falls) { crossing } else { Crossing::NotMonotone })
}

fn is_met(margin: &Estimate) -> bool {
    margin.value >= 0.0
}

fn is_surely_met(margin: &Estimate) -> bool {
    margin.interval.is_some_and(|interval| interval.low >= 0.0)
}

fn may_be_met(margin: &Estimate) -> bool {
    margin.interval.is_none_or(|interval| interval.high >= 0.0)
}

struct Bisection<F> {
    positions: Positions,
    estimate: F,
    known: BTreeMap<u64, Estimate>,
}

impl<E, F: FnMut(u64) -> Result<Estimate, E>> Bisection<F> {
    fn at(&mut self, position: u64) -> Result<Estimate, E> {
        if let Some(known) = self.known.get(&position) {
            return Ok(*known);
        }
        let estimate = (self.estimate)(position)?;
        self.known.insert(position, estimate);
        Ok(estimate)
    }

    /// The last position that is `wanted`, if those before it are; `None` if the first one is not.
    fn last(&mut self, wanted: fn(&Estimate) -> bool) -> Result<Option<u64>, E> {
        let Positions { low, high, .. } = self.positions;
        if !wanted(&self.at(low)?) {
            return Ok(None);
        }
        self.bisect(low, high, wanted).map(|(last, _)| Some(last))
    }

    /// The same; `None` also if the last position of the range is wanted.
    fn last_within(&mut self, wanted: fn(&Estimate) -> bool) -> Result<Option<u64>, E> {
        if wanted(&self.at(self.positions.high)?) { Ok(None) } else { self.last(wanted) }
    }

    /// The first position that is `wanted`, if those after it are; `None` if the last one is not.
    fn first(&mut self, wanted: fn(&Estimate) -> bool) -> Result<Option<u64>, E> {
        let Positions { low, high, .. } = self.positions;
        if !wanted(&self.at(high)?) {
            return Ok(None);
        }
        self.bisect(low, high, |estimate| !wanted(estimate)).map(|(_, first)| Some(first))
    }

    /// The same; `None` also if the first position of the range is wanted.
    fn first_within(&mut self, wanted: fn(&Estimate) -> bool) -> Result<Option<u64>, E> {
        if wanted(&self.at(self.positions.low)?) { Ok(None) } else { self.first(wanted) }
    }

    /// Neighbours, of which the first is `before` the change and the second is not.
    fn bisect(&mut self, low: u64, high: u64, before: impl Fn(&Estimate) -> bool) -> Result<(u64, u64), E> {
        let (mut low, mut high) = (low, high);
        // What is known already narrows the range.
        for (position, estimate) in &self.known {
            if before(estimate) && *position > low && *position < high {
                low = *position;
            } else if !before(estimate) && *position > low {
                high = high.min(*position);
            }
        }
        while let Some(middle) = self.positions.middle(low, high) {
            if before(&self.at(middle)?) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok((low, high))
    }

    /// Whether no position contradicts another: where the margin falls, none is surely met after one that is surely
    /// not.
    fn is_monotone(&self, falls: bool) -> bool {
        let is_surely_not = |estimate: &Estimate| !may_be_met(estimate);
        let mut ordered: Vec<&Estimate> = self.known.values().collect();
        if !falls {
            ordered.reverse();
        }
        let failed = ordered.iter().position(|estimate| is_surely_not(estimate));
        failed.is_none_or(|failed| ordered[failed..].iter().all(|estimate| !is_surely_met(estimate)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;

    const WIDE: Positions = Positions { low: 10, high: 100_000, digits: None };

    /// Searches for the crossing of a margin that is known within `half`.
    fn found(positions: Positions, margin: impl Fn(f64) -> f64, half: f64) -> Crossing {
        let outcome: Result<Crossing, ()> = crossing(positions, |position| {
            let value = margin(position as f64);
            Ok(Estimate { value, interval: Some(Interval::around(value, half)), samples: 10 })
        });
        outcome.unwrap()
    }

    #[test]
    fn about_as_many_positions_are_tried_as_foreseen() {
        for (positions, answer) in [
            (Positions { low: 10, high: 500, digits: None }, 53.4),
            (Positions { low: 1_000_000_000, high: 60_000_000_000, digits: Some(5) }, 22.281e9),
            (WIDE, 220.5),
            (Positions { low: 1, high: 4, digits: None }, 2.5),
        ] {
            let mut tried = 0;
            let outcome: Result<Crossing, ()> = crossing(positions, |position| {
                tried += 1;
                let value = 1.0 - position as f64 / answer;
                Ok(Estimate { value, interval: Some(Interval::around(value, 0.001)), samples: 10 })
            });
            assert!(outcome.is_ok());
            let foreseen = positions.usual_tries();
            assert!(tried <= foreseen * 3 / 2 && foreseen <= tried * 3 / 2, "{tried} of {foreseen} for {positions:?}");
        }
    }

    #[test]
    fn the_largest_that_meets_and_the_smallest_that_meets() {
        let at = |answer, low, high| Crossing::At { answer, low: Some(low), high: Some(high) };
        assert_eq!(found(WIDE, |x| 220.5 - x, 20.0), at(220, 200, 240));
        assert_eq!(found(WIDE, |x| x - 220.5, 20.0), at(221, 201, 241));
        assert_eq!(found(WIDE, |x| 220.0 - x, 0.0), at(220, 220, 220));
    }

    #[test]
    fn an_end_outside_of_the_range_is_not_known() {
        let end = Crossing::At { answer: 15, low: None, high: Some(25) };
        assert_eq!(found(WIDE, |x| 15.0 - x, 10.0), end);
        let end = Crossing::At { answer: 99_995, low: Some(99_985), high: None };
        assert_eq!(found(WIDE, |x| 99_995.0 - x, 10.0), end);
    }

    #[test]
    fn everywhere_nowhere_and_more_than_once() {
        assert_eq!(found(WIDE, |_| 1.0, 0.5), Crossing::Everywhere);
        assert_eq!(found(WIDE, |_| -1.0, 0.5), Crossing::Nowhere);
        let dip = |x: f64| if (500.0..30_000.0).contains(&x) { -1.0 } else { 1.0 };
        assert_eq!(found(WIDE, dip, 0.5), Crossing::NotMonotone);
        // Met from 3,000 on, except in a range in the middle.
        let twice = |x: f64| if x > 3_000.0 && !(15_000.0..80_000.0).contains(&x) { 1.0 } else { -1.0 };
        assert_eq!(found(WIDE, twice, 0.5), Crossing::NotMonotone);
    }

    #[test]
    fn quantities_are_told_apart_by_their_digits() {
        // 39.66 s in nanoseconds, in a range up to 100 s.
        let range = Positions { low: 1_000_000_000, high: 100_000_000_000, digits: Some(5) };
        let Crossing::At { answer, low, high } = found(range, |x| 39.6612e9 - x, 0.02e9) else { panic!("found") };
        assert_eq!((answer, low, high), (39_661_000_000, Some(39_641_000_000), Some(39_681_000_000)));
    }

    #[test]
    fn every_position_of_a_small_range_is_found() {
        for crossing_at in 1..12 {
            let range = Positions { low: 1, high: 12, digits: None };
            let sign = |x: f64| if x <= f64::from(crossing_at) { 1.0 } else { -1.0 };
            let Crossing::At { answer, .. } = found(range, sign, 0.5) else { panic!("{crossing_at}") };
            assert_eq!(answer, crossing_at as u64);
        }
    }
}
