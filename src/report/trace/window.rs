//! The part of a run that a trace shows.

use super::TracedLife;
use super::telling::Telling;
use crate::model::scenario::Window;
use crate::units::Time;

/// Lines of one transport that fit on a page.
const PAGE: usize = 60;

/// From when to when, as far as the user says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TraceSpan {
    /// `None`: from the end of the warm-up on.
    pub from: Option<Time>,
    /// `None`: as far as fits on a page.
    pub to: Option<Time>,
}

/// A span with nothing in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongSpan {
    /// It ends before it begins.
    #[error("--to {to} is not after --from {from}: write a later instant for --to, or an earlier one for --from")]
    Empty {
        /// The begin.
        from: Time,
        /// The end.
        to: Time,
    },
    /// It begins after the run.
    #[error("the run ends at {horizon}, and --from is {from}: write an earlier instant, such as --from '{start}'")]
    Late {
        /// The begin.
        from: Time,
        /// The end of the run.
        horizon: Time,
        /// The end of the warm-up.
        start: Time,
    },
}

/// From when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KnownSpan {
    pub from: Time,
    pub to: Time,
}

impl TraceSpan {
    /// The span in runs with these windows.
    ///
    /// # Errors
    /// If nothing can lie in it.
    pub(super) fn within<'a>(self, windows: impl Iterator<Item = &'a Window> + Clone) -> Result<KnownSpan, WrongSpan> {
        let start = windows.clone().map(|window| window.warmup).max().unwrap_or(Time::ZERO);
        let horizon = windows.map(Window::horizon).max().unwrap_or(Time::ZERO);
        let from = match (self.from, self.to) {
            (Some(from), _) => from,
            // What ends before the measured part is asked for from the start of the run.
            (None, Some(to)) if to <= start => Time::ZERO,
            (None, _) => start,
        };
        let to = self.to.unwrap_or(horizon).min(horizon);
        if self.to.is_some_and(|to| to <= from) {
            return Err(WrongSpan::Empty { from, to: self.to.unwrap_or(to) });
        }
        if from >= horizon {
            return Err(WrongSpan::Late { from, horizon, start });
        }
        Ok(KnownSpan { from, to })
    }
}

/// The end of the part from `from` on that fits on a page under each transport; `None` if everything fits.
pub(super) fn page(lives: &[TracedLife], from: Time) -> Option<Time> {
    let end = |life: &TracedLife| {
        let mut shown = Telling::of(life).lines.into_iter().filter(|line| line.at >= from && !line.is_detail);
        shown.nth(PAGE).map(|line| line.at)
    };
    let end = lives.iter().filter_map(end).min()?;
    Some(Time(from.0 + rounded_down(end.since(from).0)).max(from.plus(Time(1))))
}

/// The number with its first two digits alone.
fn rounded_down(number: u64) -> u64 {
    let mut step = 1;
    while number / step >= 100 {
        step *= 10;
    }
    number / step * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lie_in_the_run() {
        let second = Time::from_secs(1);
        let window = Window { warmup: second.times(10), duration: second.times(90), bin: second };
        let within = |from: Option<u64>, to: Option<u64>| {
            let span = TraceSpan { from: from.map(Time::from_secs), to: to.map(Time::from_secs) };
            span.within([&window].into_iter()).map(|span| (span.from.0 / second.0, span.to.0 / second.0))
        };
        assert_eq!(within(None, None), Ok((10, 100)));
        assert_eq!(within(Some(0), None), Ok((0, 100)));
        assert_eq!(within(None, Some(7)), Ok((0, 7)));
        assert_eq!(within(Some(50), Some(500)), Ok((50, 100)));
        assert!(matches!(within(Some(50), Some(50)), Err(WrongSpan::Empty { .. })));
        assert!(matches!(within(Some(100), None), Err(WrongSpan::Late { .. })));
        assert!(matches!(within(None, Some(0)), Err(WrongSpan::Empty { .. })));
    }

    #[test]
    fn two_digits_stay() {
        assert_eq!([0, 7, 99, 100, 1_999, 19_380].map(rounded_down), [0, 7, 99, 100, 1_900, 19_000]);
    }
}
