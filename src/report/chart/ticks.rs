//! The marks of an axis and their labels.

use super::format::{fixed, power_of_ten, short};
use super::scale::{Scale, ScaleKind};
use crate::report::digits::decade;

/// A mark on an axis; without a label it is a minor one.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub value: f64,
    /// The part after `^` is raised.
    pub label: Option<String>,
}

/// Fewest labels on an axis.
const FEWEST: usize = 3;

/// The marks of an axis; `wanted` is about how many labels fit on a linear one.
pub fn ticks(scale: &Scale, wanted: usize) -> Vec<Tick> {
    match &scale.kind {
        ScaleKind::Linear => {
            let mut choices = (wanted..wanted + 8).map(|wanted| linear(scale.low, scale.high, wanted));
            let most = || linear(scale.low, scale.high, wanted + 8);
            choices.find(|ticks| ticks.len() >= FEWEST).unwrap_or_else(most)
        }
        ScaleKind::Log => log(scale.low, scale.high),
        ScaleKind::Category(names) => names
            .iter()
            .enumerate()
            .map(|(place, name)| Tick { value: place as f64, label: Some(name.clone()) })
            .collect(),
    }
}

/// More stops than this are too many to be read.
const MOST_STOPS: usize = 10;

/// Marks with labels at these values, as far as they are on the axis, and minor ones between them on a logarithmic axis;
/// `None` if they are too few or too many.
pub fn ticks_at(scale: &Scale, stops: &[f64]) -> Option<Vec<Tick>> {
    let label = |&value: &f64| Tick { value, label: Some(short(value, 6)) };
    let mut marks: Vec<Tick> = stops.iter().filter(|value| scale.contains(**value)).map(label).collect();
    if !(2..=MOST_STOPS).contains(&marks.len()) {
        return None;
    }
    if scale.kind == ScaleKind::Log {
        let is_new = |value: f64| stops.iter().all(|stop| (value / stop - 1.0).abs() > 1e-9);
        let minor = log(scale.low, scale.high).into_iter().filter(|tick| is_new(tick.value));
        marks.extend(minor.map(|tick| Tick { label: None, ..tick }));
    }
    marks.sort_by(|one, other| one.value.total_cmp(&other.value));
    Some(marks)
}

/// Steps of 1, 2 or 5 times a power of ten.
fn linear(low: f64, high: f64, wanted: usize) -> Vec<Tick> {
    let rough = (high - low) / wanted.max(1) as f64;
    if !rough.is_finite() {
        return Vec::new();
    }
    let power = decade(rough);
    let unit = libm::exp10(f64::from(power));
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * unit >= rough * (1.0 - 1e-9)).unwrap_or(10.0);
    let step = factor * unit;
    let step_power = if factor >= 10.0 { power + 1 } else { power };
    let slack = 1e-9;
    let (first, last) = (libm::ceil(low / step - slack) as i64, libm::floor(high / step + slack) as i64);
    let long = low.abs().max(high.abs()) >= 1e7 || step_power < -5;
    let label = |value: f64| if long { short(value, 6) } else { fixed(value, (-step_power).max(0) as usize) };
    let at = |index: i64| {
        if step_power < 0 { index as f64 * factor / libm::exp10(f64::from(-power)) } else { index as f64 * step }
    };
    (first..=last).map(|index| Tick { value: at(index), label: Some(label(at(index))) }).collect()
}

/// Every power of ten with a label, the multiples between as minor marks; 2 and 5 are labelled too, or all, or the
/// axis takes linear steps, when there would be fewer than three labels.
fn log(low: f64, high: f64) -> Vec<Tick> {
    let inside = |value: &f64| *value >= low * (1.0 - 1e-9) && *value <= high * (1.0 + 1e-9);
    // An end may be a rounding error below a power of ten.
    let marks: Vec<(i32, u8, f64)> = (decade(low)..=decade(high) + 1)
        .flat_map(|power| {
            (1..10_u8).map(move |multiple| (power, multiple, f64::from(multiple) * libm::exp10(f64::from(power))))
        })
        .filter(|(_, _, value)| inside(value))
        .collect();
    let choices: [&[u8]; 3] = [&[1], &[1, 2, 5], &[1, 2, 3, 4, 5, 6, 7, 8, 9]];
    let count = |labelled: &[u8]| marks.iter().filter(|(_, multiple, _)| labelled.contains(multiple)).count();
    let Some(labelled) = choices.into_iter().find(|labelled| count(labelled) >= FEWEST) else {
        return (3..12).map(|wanted| linear(low, high, wanted)).find(|ticks| ticks.len() >= FEWEST).unwrap_or_default();
    };
    let mut labelled_values = marks.iter().filter(|(_, multiple, _)| labelled.contains(multiple)).map(|mark| mark.2);
    let plain = labelled_values.all(|value| (0.9e-4..2e6).contains(&value));
    let label = |power: i32, multiple: u8, value: f64| match (plain, multiple) {
        (true, _) => short(value, 6),
        (false, 1) => power_of_ten(power),
        (false, _) => format!("{multiple}×{}", power_of_ten(power)),
    };
    marks
        .iter()
        .map(|&(power, multiple, value)| Tick {
            value,
            label: if labelled.contains(&multiple) { Some(label(power, multiple, value)) } else { None },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().filter_map(|tick| tick.label.as_deref()).collect()
    }

    #[test]
    fn linear_steps_are_round() {
        assert_eq!(labels(&linear(0.0, 1.0, 5)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&linear(0.0, 43.0, 5)), ["0", "10", "20", "30", "40"]);
        assert_eq!(labels(&linear(-3.0, 3.0, 3)), ["−2", "0", "2"]);
        assert_eq!(labels(&linear(0.0, 2.2e8, 4)), ["0", "10^8", "2×10^8"]);
    }

    #[test]
    fn few_swept_values_have_the_labels() {
        let linear = Scale { kind: ScaleKind::Linear, low: 42.5, high: 207.5 };
        assert_eq!(labels(&ticks_at(&linear, &[50.0, 100.0, 200.0]).unwrap()), ["50", "100", "200"]);
        // Only those on the axis count; one alone tells no distances.
        assert_eq!(labels(&ticks_at(&linear, &[5.0, 50.0, 100.0]).unwrap()), ["50", "100"]);
        assert_eq!(ticks_at(&linear, &[5.0, 50.0]), None);
        let many: Vec<f64> = (5..16).map(|step| f64::from(step) * 10.0).collect();
        assert_eq!(ticks_at(&linear, &many), None);
        let log = Scale { kind: ScaleKind::Log, low: 1.5, high: 20.0 };
        let marks = ticks_at(&log, &[2.0, 4.0, 16.0]).unwrap();
        assert_eq!(labels(&marks), ["2", "4", "16"]);
        assert!(marks.windows(2).all(|pair| pair[0].value < pair[1].value) && marks.len() > 8, "{marks:?}");
    }

    #[test]
    fn every_decade_has_a_label() {
        assert_eq!(labels(&log(0.008, 1500.0)), ["0.01", "0.1", "1", "10", "100", "1,000"]);
        assert_eq!(labels(&log(0.7e-4, 0.05)), ["0.0001", "0.001", "0.01"]);
        assert_eq!(labels(&log(1e-7, 1e-4)), ["10^−7", "10^−6", "10^−5", "10^−4"]);
        assert_eq!(labels(&log(1.0, 99.999_999_999_999_99)), ["1", "10", "100"]);
    }

    #[test]
    fn a_short_log_axis_has_three_labels() {
        for (low, high) in [(3.0, 400.0), (1.0, 10.0), (2.0, 9.0), (4.1, 5.9), (1.01, 1.02), (95.0, 108.0)] {
            assert!(labels(&log(low, high)).len() >= 3, "{low} {high} {:?}", log(low, high));
        }
    }
}
