//! From values to positions on an axis.

use crate::experiment::chart::AxisScale;
use crate::report::digits::decade;

/// How values spread along an axis.
#[derive(Clone, Debug, PartialEq)]
pub enum ScaleKind {
    /// Evenly.
    Linear,
    /// By their logarithm.
    Log,
    /// Named places 0, 1, 2, ...
    Category(Vec<String>),
}

/// How closely an axis fits its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Ends exactly at the least and greatest value.
    Exact,
    /// A little room on both sides.
    Room,
    /// As `Room`, but from zero if no value is below it.
    FromZero,
    /// From a base that bars can stand on.
    Bars,
}

/// An axis without its style: the values that it shows, and their positions.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    pub kind: ScaleKind,
    pub low: f64,
    pub high: f64,
}

/// Whether an axis of this kind can show the value.
pub fn can_show(axis: AxisScale, value: f64) -> bool {
    axis == AxisScale::Linear || value > 0.0
}

impl Scale {
    /// A place per name.
    pub fn category(names: Vec<String>) -> Scale {
        let high = names.len().max(1) as f64 - 0.5;
        Scale { kind: ScaleKind::Category(names), low: -0.5, high }
    }

    /// Around the values that such an axis can show; some range even if there are none.
    pub fn fit(axis: AxisScale, values: impl IntoIterator<Item = f64>, fit: Fit) -> Scale {
        let shown = values.into_iter().filter(|value| value.is_finite() && can_show(axis, *value));
        let range =
            shown.map(|value| (value, value)).reduce(|range, (value, _)| (range.0.min(value), range.1.max(value)));
        match axis {
            AxisScale::Linear => fit_linear(range.unwrap_or((0.0, 1.0)), fit),
            AxisScale::Log => fit_log(range.unwrap_or((1.0, 10.0)), fit),
        }
    }

    /// Whether the axis can show the value.
    pub fn shows(&self, value: f64) -> bool {
        value.is_finite() && (self.kind != ScaleKind::Log || value > 0.0)
    }

    /// Whether the value lies between the ends of the axis.
    pub fn contains(&self, value: f64) -> bool {
        value >= self.low && value <= self.high
    }

    /// The same axis between these ends, as far as it can show them; named places stay.
    #[must_use]
    pub fn between(self, ends: [f64; 2]) -> Scale {
        match self.kind {
            ScaleKind::Category(_) => self,
            ScaleKind::Log if ends[0] <= 0.0 => {
                Scale { high: if ends[1] > self.low { ends[1] } else { self.high }, ..self }
            }
            _ => Scale { low: ends[0], high: ends[1], ..self },
        }
    }

    /// An axis that shows what both show; named places are the same on both.
    #[must_use]
    pub fn with(self, other: &Scale) -> Scale {
        Scale { low: self.low.min(other.low), high: self.high.max(other.high), ..self }
    }

    /// The same axis with this fraction of its length free above its values.
    pub fn with_room_above(self, share: f64) -> Scale {
        if share <= 0.0 {
            return self;
        }
        let longer = 1.0 / (1.0 - share.clamp(0.0, 0.7));
        let high = match self.kind {
            ScaleKind::Linear => self.low + (self.high - self.low) * longer,
            ScaleKind::Log => self.low * libm::pow(self.high / self.low, longer),
            ScaleKind::Category(_) => self.high,
        };
        Scale { high, ..self }
    }

    /// The position of the value on the axis, 0 to 1; values outside are moved to the nearer end.
    pub fn share(&self, value: f64) -> f64 {
        self.position(value).clamp(0.0, 1.0)
    }

    /// The position of the value, also beyond the ends.
    pub fn position(&self, value: f64) -> f64 {
        if self.kind == ScaleKind::Log {
            if value <= 0.0 {
                return f64::NEG_INFINITY;
            }
            (libm::log10(value) - libm::log10(self.low)) / (libm::log10(self.high) - libm::log10(self.low))
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }

    /// The value at a position, the inverse of [`Scale::position`].
    pub fn value(&self, position: f64) -> f64 {
        match self.kind {
            ScaleKind::Log => self.low * libm::pow(self.high / self.low, position),
            _ => self.low + (self.high - self.low) * position,
        }
    }

    /// Makes the axis long enough for a value that it can show.
    pub fn reach(&mut self, value: f64) {
        if self.shows(value) && !matches!(self.kind, ScaleKind::Category(_)) {
            self.low = self.low.min(value);
            self.high = self.high.max(value);
        }
    }
}

fn fit_linear((low, high): (f64, f64), fit: Fit) -> Scale {
    let linear = |low, high| Scale { kind: ScaleKind::Linear, low, high };
    let from_zero = fit == Fit::Bars || (fit == Fit::FromZero && low >= 0.0);
    let (low, high) = if from_zero { (low.min(0.0), high.max(0.0)) } else { (low, high) };
    if low >= high {
        let room = low.abs() * 0.5;
        return if low == 0.0 { linear(0.0, 1.0) } else { linear(low - room, high + room) };
    }
    if fit == Fit::Exact {
        return linear(low, high);
    }
    let room = |end: f64| if from_zero && end == 0.0 { 0.0 } else { (high - low) * 0.05 };
    linear(low - room(low), high + room(high))
}

fn fit_log((low, high): (f64, f64), fit: Fit) -> Scale {
    let log = |low, high| Scale { kind: ScaleKind::Log, low, high };
    let times = |value: f64, decades: f64| value * libm::exp10(decades);
    let decades = libm::log10(high) - libm::log10(low);
    if fit == Fit::Bars {
        // The power of ten at or below half of the smallest bar, so that every bar has a body.
        let base = libm::exp10(f64::from(decade(low * 0.5)));
        return log(base, times(high, 0.04 * (libm::log10(high) - libm::log10(base)).max(1.0)));
    }
    if decades < 1e-9 {
        return log(times(low, -0.5), times(high, 0.5));
    }
    let room = if fit == Fit::Exact { 0.0 } else { (decades * 0.04).max(0.03) };
    log(times(low, -room), times(high, room))
}

#[cfg(test)]
// The values are exact.
#[allow(clippy::float_cmp)]
mod tests {
    use super::*;

    #[test]
    fn a_log_axis_leaves_out_what_it_cannot_show() {
        let scale = Scale::fit(AxisScale::Log, [0.0, -1.0, f64::NAN, 10.0, 1000.0], Fit::Exact);
        assert!((scale.low - 10.0).abs() < 1e-9 && (scale.high - 1000.0).abs() < 1e-9);
        assert!((scale.share(100.0) - 0.5).abs() < 1e-9);
        assert!(!scale.shows(0.0));
    }

    #[test]
    fn bars_stand_on_zero_or_on_a_power_of_ten_below_all() {
        assert_eq!(Scale::fit(AxisScale::Linear, [3.0, 4.0], Fit::Bars).low, 0.0);
        assert!((Scale::fit(AxisScale::Log, [3.0, 400.0], Fit::Bars).low - 1.0).abs() < 1e-9);
        assert!((Scale::fit(AxisScale::Log, [1.0, 400.0], Fit::Bars).low - 0.1).abs() < 1e-9);
    }

    #[test]
    fn one_value_or_none_still_has_a_range() {
        for values in [vec![], vec![0.0], vec![5.0], vec![-5.0]] {
            for axis in [AxisScale::Linear, AxisScale::Log] {
                for fit in [Fit::Exact, Fit::Room, Fit::FromZero, Fit::Bars] {
                    let scale = Scale::fit(axis, values.clone(), fit);
                    assert!(scale.low < scale.high, "{scale:?} {values:?}");
                }
            }
        }
    }
}
