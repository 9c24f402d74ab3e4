//! The time axis: to scale, but stretched where events are close together, and cut where nothing happens.

use super::look::ROW;
use super::moments::{Moment, Zone};
use crate::report::trace::seconds::with_decimals;
use crate::units::Time;

/// Height of the part, to scale.
const HEIGHT: f64 = 760.0;
/// From one instant to the next at least.
const LEAST: f64 = 3.0;
/// A quiet stretch longer than this is cut, to this.
const QUIET: f64 = 170.0;
const CUT: f64 = 44.0;
/// From one tick to the next.
const TICK: f64 = 40.0;
/// From the start of the axis to the first instant.
const HEAD: f64 = 8.0;

/// Instants and their heights.
#[derive(Clone, Debug)]
pub struct TimeAxis {
    /// Instants in order, each with its height; the first and the last are the ends.
    knots: Vec<(Time, f64)>,
    /// The quiet stretches that are cut: from one height to another, and their lengths.
    pub breaks: Vec<(f64, f64, Time)>,
    /// Whether it is stretched anywhere.
    pub is_stretched: bool,
}

/// A mark of the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeTick {
    pub y: f64,
    pub label: String,
}

/// The lowest labels and lines so far, by column.
struct Lowest {
    lines: Vec<f64>,
    notes: Vec<[f64; 2]>,
}

impl TimeAxis {
    /// The axis from `from` to `to` that has room for the labels at these moments, which are in order.
    pub fn new((from, to): (Time, Time), moments: &[Moment], columns: usize, top: f64) -> TimeAxis {
        let scale = HEIGHT / to.since(from).0.max(1) as f64;
        let mut axis = TimeAxis { knots: vec![(from, top)], breaks: Vec::new(), is_stretched: false };
        let mut lowest = Lowest { lines: vec![top - ROW; columns], notes: vec![[top - ROW; 2]; columns] };
        let inside = |moment: &&Moment| from <= moment.at && moment.at < to;
        let inside: Vec<&Moment> = moments.iter().filter(inside).collect();
        for group in inside.chunk_by(|one, other| one.at == other.at) {
            let at = group[0].at;
            let y = axis.next(at, scale);
            let needed = group.iter().map(|moment| lowest.need(moment)).fold(y, f64::max);
            axis.is_stretched |= needed > y + 0.5;
            axis.push(at, needed);
            for moment in group {
                lowest.note(moment, needed);
            }
        }
        let end = axis.next(to, scale).max(lowest.lines.iter().copied().fold(top, f64::max) + ROW);
        axis.push(to, end);
        axis
    }

    /// The height of the next instant by its distance alone.
    fn next(&mut self, at: Time, scale: f64) -> f64 {
        let (before, y) = self.knots[self.knots.len() - 1];
        if at == before {
            return if self.knots.len() == 1 { y + HEAD } else { y };
        }
        let span = at.since(before);
        let plain = span.0 as f64 * scale;
        if plain > QUIET {
            self.breaks.push((y, y + CUT, span));
            return y + CUT;
        }
        self.is_stretched |= plain < LEAST - 0.5;
        y + plain.max(LEAST)
    }

    fn push(&mut self, at: Time, y: f64) {
        if let Some(last) = self.breaks.last_mut()
            && last.1 > y - CUT - 1.0
            && last.0 >= self.knots[self.knots.len() - 1].1 - 0.01
        {
            last.1 = y;
        }
        self.knots.push((at, y));
    }

    /// The height of an instant; the ends stand for what lies outside.
    pub fn y(&self, at: Time) -> f64 {
        let after = self.knots.partition_point(|knot| knot.0 <= at);
        if after == 0 {
            return self.knots[0].1;
        }
        let (before, low) = self.knots[after - 1];
        match self.knots.get(after) {
            None => low,
            Some((next, high)) => {
                let share = at.since(before).0 as f64 / next.since(before).0.max(1) as f64;
                low + (high - low) * share
            }
        }
    }

    /// Where it ends.
    pub fn end(&self) -> f64 {
        self.knots[self.knots.len() - 1].1
    }

    /// Round instants that have room.
    pub fn ticks(&self) -> Vec<TimeTick> {
        let (from, to) = (self.knots[0].0, self.knots[self.knots.len() - 1].0);
        let scale = HEIGHT / to.since(from).0.max(1) as f64;
        let (mut step, mut power) = (1_u64, 0);
        while (step as f64) * scale < TICK && step < u64::MAX / 10 {
            let leading = [1, 2, 5][power % 3];
            step = step / leading * [2, 5, 10][power % 3];
            power += 1;
        }
        let decimals = (0..9).find(|places| step.is_multiple_of(10_u64.pow(9 - places))).unwrap_or(9) as usize;
        let mut ticks: Vec<TimeTick> = Vec::new();
        let mut at = from.0.div_ceil(step).saturating_mul(step);
        while at < to.0 {
            let y = self.y(Time(at));
            let is_cut = self.breaks.iter().any(|(low, high, _)| *low + 1.0 < y && y < *high - 1.0);
            let has_room = ticks.last().is_none_or(|last| y - last.y >= ROW);
            if has_room && !is_cut {
                ticks.push(TimeTick { y, label: with_decimals(Time(at), decimals) });
            }
            at = at.saturating_add(step);
        }
        ticks
    }
}

impl Lowest {
    /// The least height at which a moment has room.
    fn need(&self, moment: &Moment) -> f64 {
        match moment.zone {
            Zone::Line | Zone::Point => 0.0,
            Zone::LabelledLine => self.lines[moment.column] + ROW,
            Zone::Note(side) => self.notes[moment.column][side] + ROW,
        }
    }

    fn note(&mut self, moment: &Moment, y: f64) {
        match moment.zone {
            Zone::Line | Zone::LabelledLine => {
                let lowest = &mut self.lines[moment.column];
                // Where one line ends and another begins, a label stands below.
                let is_shared = *lowest >= y && moment.zone == Zone::LabelledLine;
                *lowest = if is_shared { y + ROW } else { lowest.max(y) };
            }
            Zone::Point => {}
            Zone::Note(side) => {
                let lowest = &mut self.notes[moment.column][side];
                // Several notes of one instant stand below each other.
                *lowest = if *lowest >= y { *lowest + ROW } else { y };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(at: u64, zone: Zone) -> Moment {
        Moment { at: Time::from_millis(at), column: 0, zone }
    }

    #[test]
    fn the_axis_never_turns_back_and_cuts_what_is_quiet() {
        let at = [0, 1, 2, 3, 40_000, 40_001, 90_000];
        let moments: Vec<Moment> = at.iter().map(|at| moment(*at, Zone::LabelledLine)).collect();
        let axis = TimeAxis::new((Time::ZERO, Time::from_secs(100)), &moments, 1, 10.0);
        let heights: Vec<f64> = at.iter().map(|at| axis.y(Time::from_millis(*at))).collect();
        assert!(heights.windows(2).all(|pair| pair[1] - pair[0] >= ROW - 0.01), "{heights:?}");
        assert_eq!(axis.breaks.len(), 2, "{:?}", axis.breaks);
        assert!(axis.is_stretched);
        let ticks = axis.ticks();
        assert!(ticks.windows(2).all(|pair| pair[1].y - pair[0].y >= ROW), "{ticks:?}");
    }

    #[test]
    fn a_calm_axis_is_to_scale() {
        let moments: Vec<Moment> = (0..60).map(|at| moment(at * 1000 + 500, Zone::Line)).collect();
        let axis = TimeAxis::new((Time::ZERO, Time::from_secs(60)), &moments, 1, 0.0);
        assert!(axis.breaks.is_empty() && !axis.is_stretched);
        let step = |second: u64| axis.y(Time::from_secs(second + 1)) - axis.y(Time::from_secs(second));
        assert!((step(3) - step(50)).abs() < 0.01);
        let labels: Vec<String> = axis.ticks().into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels[..4], ["0", "5", "10", "15"]);
    }
}
