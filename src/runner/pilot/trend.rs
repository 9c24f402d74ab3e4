//! Extrapolation of the beginning of a run: it continues after its last mark as in the half before it.

use crate::model::{Mark, Scenario};
use crate::units::Time;

/// Queues count as growing throughout if they have grown by this factor in the second half of a run.
const GROWS: f64 = 1.25;
/// Fewest events for a reliable time per event.
const ENOUGH: f64 = 1000.0;
/// Queues make an event longer by at most this factor.
const LONGEST: f64 = 100.0;

/// The last mark.
pub(super) fn last(marks: &[Mark]) -> Mark {
    marks.last().copied().unwrap_or_default()
}

/// Events up to an instant.
pub(super) fn events_at(marks: &[Mark], horizon: Time) -> f64 {
    let last = last(marks);
    let half = at(marks, Time(last.time.0 / 2));
    last.events + (last.events - half.events) * times(last.time, horizon)
}

/// The largest size of the queues at any time of a run of `scenario`, in bytes.
pub(super) fn waiting_at(marks: &[Mark], scenario: &Scenario) -> f64 {
    let last = last(marks);
    let half = at(marks, Time(last.time.0 / 2));
    let most = marks.iter().map(|mark| mark.waiting_bytes).fold(0.0, f64::max);
    if last.waiting_bytes < GROWS * half.waiting_bytes {
        return most;
    }
    // While clients still start, growth is no sign of further growth.
    let horizon = scenario.window.horizon();
    let begun = scenario.last_start();
    let until = if last.time.0 / 2 >= begun.0 { horizon } else { begun.max(last.time).min(horizon) };
    f64::max(most, last.waiting_bytes + (last.waiting_bytes - half.waiting_bytes) * times(last.time, until))
}

/// The time between `end` and `horizon` in units of half of the time before `end`.
fn times(end: Time, horizon: Time) -> f64 {
    horizon.since(end).0 as f64 / (end.0 as f64 / 2.0).max(1.0)
}

/// The count up to an instant, interpolated linearly between two marks.
fn at(marks: &[Mark], time: Time) -> Mark {
    let next = marks.partition_point(|mark| mark.time < time);
    let Some(after) = marks.get(next) else { return last(marks) };
    let Some(before) = next.checked_sub(1).map(|place| marks[place]) else { return *after };
    let share = time.since(before.time).0 as f64 / after.time.since(before.time).0.max(1) as f64;
    let between = |one: f64, other: f64| one + (other - one) * share;
    Mark {
        time,
        events: between(before.events, after.events),
        cost: between(before.cost, after.cost),
        waiting_bytes: between(before.waiting_bytes, after.waiting_bytes),
    }
}

/// The ratio of the mean time of an event in a run to `horizon` to the mean time up to `span`. If requests pile up,
/// each event has more of them to search.
pub(super) fn growth(marks: &[Mark], span: Time, horizon: Time) -> f64 {
    let Some(last) = marks.last() else { return 1.0 };
    let per_event = |from: Time, to: Time| {
        let (from, to) = (at(marks, from), at(marks, to));
        let events = to.events - from.events;
        if events >= ENOUGH { Some((to.cost - from.cost) / events) } else { None }
    };
    let half = Time(last.time.0 / 2);
    // From the middle of the timed part.
    let early = per_event(Time(span.0 / 4), span.min(half));
    let (Some(early), Some(late)) = (early, per_event(half, last.time)) else { return 1.0 };
    let ratio = f64::max(late / early, 1.0);
    // It has grown from one to the ratio up to the last mark, and continues to grow like that.
    let slope = (ratio - 1.0) / f64::max(0.75 * last.time.0 as f64 - 0.6 * span.min(half).0 as f64, 1.0);
    (1.0 + slope * horizon.0 as f64 / 2.0).clamp(1.0, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(time: u64, events: f64, cost: f64, waiting_bytes: f64) -> Mark {
        Mark { time: Time(time), events, cost, waiting_bytes }
    }

    #[test]
    fn events_go_on_as_in_the_second_half() {
        let marks = [mark(0, 0.0, 0.0, 0.0), mark(10, 100.0, 0.0, 0.0), mark(20, 130.0, 0.0, 0.0)];
        assert!((events_at(&marks, Time(60)) - 250.0).abs() < 1e-9);
        assert!((events_at(&marks, Time(20)) - 130.0).abs() < 1e-9);
    }

    #[test]
    fn what_lies_between_two_marks_is_on_the_line() {
        let marks = [mark(0, 0.0, 0.0, 0.0), mark(10, 100.0, 4.0, 8.0)];
        assert_eq!(at(&marks, Time(5)), mark(5, 50.0, 2.0, 4.0));
        assert_eq!(at(&marks, Time(50)), marks[1]);
    }
}
