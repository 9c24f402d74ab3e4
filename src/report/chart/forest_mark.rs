//! A mark of a forest plot, and the axis that shows all marks.

use plotters::style::RGBColor;

use super::axis::{Frame, TICK_SIZE};
use super::canvas::{Canvas, HPos, Lettering, Stroke};
use super::error::ChartError;
use super::palette::{FAINT, Look, cross};
use super::scale::{Fit, Scale};
use crate::experiment::chart::AxisScale;

/// Ratios whose largest is this many times the smallest are on a logarithmic axis.
const WIDE_RATIOS: f64 = 4.0;
/// An interval that reaches beyond this many times the values is cut off.
const CUT: f64 = 10.0;
/// Space between a text and a line.
const BESIDE: f64 = 6.0;
/// Half of the shortest interval that can be seen behind its mark.
const SHORTEST: f64 = 5.5;
const RADIUS: f64 = 3.5;

/// A comparison as a mark.
#[derive(Clone, Debug, PartialEq)]
pub struct ForestMark {
    /// Its place; `None` if there is no ratio.
    pub value: Option<f64>,
    /// The ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// Whether it differs; `None` if that cannot be told.
    pub is_significant: Option<bool>,
    /// The number in words.
    pub text: String,
}

/// The axis of these marks, which shows "no difference" too.
pub fn axis(marks: &[Option<ForestMark>], is_ratio: bool) -> Scale {
    let marks = || marks.iter().flatten();
    let reference = if is_ratio { 1.0 } else { 0.0 };
    let values = || marks().filter_map(|mark| mark.value).chain([reference]);
    let (low, high) = values().fold((reference, reference), |(low, high), value| (low.min(value), high.max(value)));
    let ends = || marks().filter_map(|mark| mark.interval).flat_map(|(low, high)| [low, high]);
    if is_ratio && low > 0.0 && high >= low * WIDE_RATIOS {
        let ends = ends().map(|end| end.clamp(low / CUT, high * CUT));
        return Scale::fit(AxisScale::Log, values().chain(ends), Fit::Room);
    }
    let span = high - low;
    if span <= 0.0 && ends().count() == 0 {
        return Scale::fit(AxisScale::Linear, [reference - 1.0, reference + 1.0], Fit::Exact);
    }
    let reach = if span > 0.0 { f64::max(CUT * span, CUT * usual_half(marks())) } else { f64::INFINITY };
    let ends = ends().map(|end| end.clamp(low - reach, high + reach));
    Scale::fit(AxisScale::Linear, values().chain(ends), Fit::Room)
}

/// Half the width of the middle one of all intervals.
fn usual_half<'a>(marks: impl Iterator<Item = &'a ForestMark>) -> f64 {
    let mut halves: Vec<f64> = marks.filter_map(|mark| mark.interval).map(|(low, high)| (high - low) / 2.0).collect();
    halves.sort_by(f64::total_cmp);
    halves.get(halves.len() / 2).copied().unwrap_or(0.0)
}

/// Draws a mark at the height `up`, hollow where there is no significant difference.
pub fn draw_mark(
    canvas: &mut Canvas,
    frame: &Frame,
    (mark, up): (&ForestMark, f64),
    color: RGBColor,
) -> Result<(), ChartError> {
    let Some(value) = mark.value else {
        // Beside the line of "no difference".
        let line = frame.across(1.0);
        let (at, align) = match line > frame.rect.center().0 {
            true => (line - BESIDE, HPos::Right),
            false => (line + BESIDE, HPos::Left),
        };
        return canvas.text("no ratio", (at, up), Lettering::new(TICK_SIZE, FAINT), align);
    };
    let look = Look { color, dash: &[], marker: Some(0) };
    if let Some((low, high)) = mark.interval {
        let stroke = Stroke::solid(look.color, 1.5);
        let ends = [(low, frame.across(low), 1.0), (high, frame.across(high), -1.0)];
        let is_hidden = ends[1].1 - ends[0].1 < 2.0 * SHORTEST;
        for (end, at, inward) in ends.into_iter().take(if is_hidden { 0 } else { 2 }) {
            // An end that is cut off is an arrow.
            let slant = if frame.x.contains(end) { 0.0 } else { 5.0 * inward };
            canvas.line(&[(frame.across(value), up), (at, up)], stroke)?;
            canvas.line(&[(at + slant, up - 3.5), (at, up), (at + slant, up + 3.5)], stroke)?;
        }
    }
    let at = (frame.across(value), up);
    match mark.is_significant {
        Some(true) => look.mark(canvas, at, RADIUS),
        Some(false) => look.mark_hollow(canvas, at, RADIUS * 0.8),
        None => cross(canvas, at, look.color),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::scale::ScaleKind;

    /// A value and its interval.
    type Given = (f64, Option<(f64, f64)>);

    fn marks(given: &[Given]) -> Vec<Option<ForestMark>> {
        let mark = |(value, interval): &Given| ForestMark {
            value: Some(*value),
            interval: *interval,
            is_significant: None,
            text: String::new(),
        };
        given.iter().map(|given| Some(mark(given))).chain([None]).collect()
    }

    #[test]
    fn ratios_that_span_much_are_on_a_logarithmic_axis_that_shows_one() {
        let scale = axis(&marks(&[(0.02, Some((0.01, 0.03))), (30.0, Some((-5.0, 65.0)))]), true);
        assert_eq!(scale.kind, ScaleKind::Log);
        assert!(scale.contains(1.0) && scale.contains(0.01) && scale.contains(65.0) && !scale.contains(-5.0));
        for narrow in [[(0.5, None), (1.5, Some((1.4, 1.6)))], [(0.0, None), (50.0, None)]] {
            let scale = axis(&marks(&narrow), true);
            assert_eq!(scale.kind, ScaleKind::Linear);
            assert!(scale.contains(1.0) && scale.contains(1.5));
        }
    }

    #[test]
    fn an_axis_shows_no_difference_also_without_anything_else() {
        for is_ratio in [true, false] {
            let same = (if is_ratio { 1.0 } else { 0.0 }, None);
            for given in [[].as_slice(), &[same]] {
                let scale = axis(&marks(given), is_ratio);
                let share = scale.share(if is_ratio { 1.0 } else { 0.0 });
                assert!((share - 0.5).abs() < 1e-9, "{given:?} {share}");
            }
        }
        // One value with a wide interval.
        let scale = axis(&marks(&[(0.0, Some((-3.0, 3.0)))]), false);
        assert!(scale.contains(-3.0) && scale.contains(3.0));
        // One of several that is much wider than the others is cut off; wide ones around like values are not.
        let usual = [(1.0, Some((0.5, 1.5))), (0.5, Some((0.0, 1.0))), (1.0, Some((-1e6, 1e6)))];
        let scale = axis(&marks(&usual), false);
        assert!(scale.contains(1.0) && !scale.contains(1e6) && scale.high > 5.0);
        let scale = axis(&marks(&[(1.0, Some((0.5, 1.5))), (1.01, Some((0.4, 1.6)))]), true);
        assert!(scale.contains(0.4) && scale.contains(1.6));
    }
}
