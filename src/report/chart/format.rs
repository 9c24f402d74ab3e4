//! Numbers for the readers of a chart.

use crate::report::digits::rounded_decade;

/// The number with this many decimals, thousands grouped with commas, a real minus sign.
pub fn fixed(value: f64, decimals: usize) -> String {
    grouped(&format!("{value:.decimals$}"))
}

/// The text of a number with its thousands grouped with commas, and a real minus sign.
pub fn grouped(text: &str) -> String {
    let digits = text.trim_start_matches('-');
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let is_zero = digits.chars().all(|digit| matches!(digit, '0' | '.'));
    let sign = if text.len() > digits.len() && !is_zero { "−" } else { "" };
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{part}")
}

/// The number to at most `digits` significant digits, without needless zeros; very large and small ones as `2×10^-7`,
/// where the part after `^` is to be raised.
pub fn short(value: f64, digits: i32) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let power = rounded_decade(value, digits);
    if !(-4..7).contains(&power) {
        let mantissa = trimmed(value / libm::exp10(f64::from(power)), (digits - 1).max(0) as usize);
        return if mantissa == "1" { power_of_ten(power) } else { format!("{mantissa}×{}", power_of_ten(power)) };
    }
    trimmed(value, (digits - 1 - power).max(0) as usize)
}

/// The number for running text: six significant digits, `1e-9` for very large and small ones.
pub fn plain(value: f64) -> String {
    let power = if value == 0.0 { 0 } else { rounded_decade(value, 6) };
    if !(-6..12).contains(&power) {
        return format!("{value:e}").replace('-', "−");
    }
    trimmed(value, (5 - power).max(0) as usize)
}

/// `10^n` with a real minus sign.
pub fn power_of_ten(power: i32) -> String {
    format!("10^{}{}", if power < 0 { "−" } else { "" }, power.abs())
}

fn trimmed(value: f64, decimals: usize) -> String {
    let text = fixed(value, decimals);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_signs() {
        assert_eq!(fixed(1_234_567.0, 0), "1,234,567");
        assert_eq!(fixed(-0.5, 1), "−0.5");
        assert_eq!(fixed(-0.01, 1), "0.0");
        assert_eq!(fixed(999.0, 0), "999");
    }

    #[test]
    fn short_numbers() {
        for (value, text) in [
            (0.0, "0"),
            (0.1 + 0.2, "0.3"),
            (871.0, "871"),
            (100_000.0, "100,000"),
            (1e9, "10^9"),
            (2.5e-7, "2.5×10^−7"),
            (1.0 / 3.0, "0.333"),
            (-20.0, "−20"),
            (1234.0, "1,234"),
            (9.999_999_9e9, "10^10"),
            (0.999_999, "1"),
        ] {
            assert_eq!(short(value, 3), text);
        }
    }
}
