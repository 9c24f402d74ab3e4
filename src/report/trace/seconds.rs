//! Instants and spans as a reader wants them.

use crate::units::Time;

/// An instant in seconds, exact, for a program.
pub fn exact(time: Time) -> String {
    let (whole, nanos) = (time.0 / 1_000_000_000, time.0 % 1_000_000_000);
    let text = format!("{whole}.{nanos:09}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An instant in seconds with this number of decimals, cut off.
pub fn with_decimals(time: Time, decimals: usize) -> String {
    let (whole, nanos) = (time.0 / 1_000_000_000, time.0 % 1_000_000_000);
    match decimals {
        0 => whole.to_string(),
        _ => format!("{whole}.{}", &format!("{nanos:09}")[..decimals.min(9)]),
    }
}

/// A span with three digits and a unit.
pub fn span(time: Time) -> String {
    let (size, unit) = match time.0 {
        0 => return "0 s".to_owned(),
        1_000_000_000.. => (1_000_000_000, "s"),
        1_000_000.. => (1_000_000, "ms"),
        1_000.. => (1_000, "µs"),
        _ => (1, "ns"),
    };
    let decimals = match time.0 / size {
        0..10 => 2,
        10..100 => 1,
        _ => 0,
    };
    let step = size / [1, 10, 100][decimals].min(size);
    let rounded = (time.0 + step / 2) / step.max(1);
    let power = size / step;
    let (whole, rest) = (rounded / power, rounded % power);
    let text = match power {
        1 => whole.to_string(),
        10 => format!("{whole}.{rest}"),
        _ => format!("{whole}.{rest:02}"),
    };
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_exact_and_spans_are_short() {
        assert_eq!(exact(Time(1_500_000_000)), "1.5");
        assert_eq!(exact(Time(1)), "0.000000001");
        assert_eq!(exact(Time(0)), "0");
        assert_eq!(with_decimals(Time(1_234_567_890), 3), "1.234");
        assert_eq!(with_decimals(Time(2_000_000_000), 0), "2");
        let spans = [(0, "0 s"), (7, "7 ns"), (1_234, "1.23 µs"), (45_678_900, "45.7 ms"), (100_000_000, "100 ms")];
        for (nanos, text) in spans {
            assert_eq!(span(Time(nanos)), text);
        }
        assert_eq!(span(Time(14_249_000_000)), "14.2 s");
        assert_eq!(span(Time(7_000_000_000)), "7 s");
        assert_eq!(span(Time(123_456_000_000)), "123 s");
    }
}
