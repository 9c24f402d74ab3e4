//! Numbers with the digits that their intervals allow.

/// Significant digits of a number without an interval, and of one that is exact.
const DIGITS: i32 = 6;

/// The number to the second digit of `half`, half the width of its interval; to six digits without one.
pub fn rounded(value: f64, half: Option<f64>) -> String {
    let decimals = match half {
        Some(half) if half > 0.0 && half.is_finite() => 1 - decade(half),
        _ if value == 0.0 => 0,
        _ => DIGITS - 1 - decade(value.abs()),
    };
    let text = format!("{value:.*}", decimals.clamp(0, 300) as usize);
    let is_exact = half.is_none_or(|half| half <= 0.0);
    let text = if is_exact && text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text.trim_start_matches('-').chars().all(|digit| matches!(digit, '0' | '.')) {
        return text.trim_start_matches('-').to_owned();
    }
    text.to_owned()
}

/// A number with its interval and its unit: `0.300 (0.290 to 0.310) s`.
pub fn in_words(value: f64, ends: Option<(f64, f64)>, unit: &str) -> String {
    let half = ends.map(|(low, high)| (high - low) / 2.0);
    let text = match ends {
        Some((low, high)) if low < high => {
            format!("{} ({} to {})", rounded(value, half), rounded(low, half), rounded(high, half))
        }
        _ => rounded(value, None),
    };
    if unit.is_empty() { text } else { format!("{text} {unit}") }
}

/// The power of ten at or below a positive number.
fn decade(value: f64) -> i32 {
    let text = format!("{value:e}");
    text.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_end_where_the_interval_begins() {
        assert_eq!(rounded(1.234_567, Some(0.012)), "1.235");
        assert_eq!(rounded(-0.001, Some(2.0)), "0.0");
        assert_eq!(rounded(123_456.7, Some(300.0)), "123457");
        assert_eq!(rounded(0.25, None), "0.25");
        assert_eq!(rounded(1.0 / 3.0, Some(0.0)), "0.333333");
        assert_eq!(rounded(0.0, None), "0");
        assert_eq!(in_words(0.3, Some((0.29, 0.31)), "s"), "0.300 (0.290 to 0.310) s");
        assert_eq!(in_words(2.0, Some((2.0, 2.0)), ""), "2");
    }
}
