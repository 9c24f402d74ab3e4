//! Times that do not count from the start of the run: dates, times of day, and seconds since 1970.

use toml::value::Datetime;

/// Seconds from 1970 to 2001 and to 2103: Unix times of recorded events are between.
const UNIX: std::ops::Range<f64> = 1e9..4.2e9;
/// Decimal places of the units of instants, and their names.
const UNITS: [(i32, &str, &str); 4] = [
    (0, "seconds", "time_s"),
    (3, "milliseconds", "time_ms"),
    (6, "microseconds", "time_us"),
    (9, "nanoseconds", "time_ns"),
];

/// A date, a time of day or both, in nanoseconds from some instant.
pub(super) fn instant(text: &str) -> Option<i128> {
    let when: Datetime = text.trim().parse().ok()?;
    let time = when.time.map_or(0, |time| {
        let seconds =
            3600 * i128::from(time.hour) + 60 * i128::from(time.minute) + i128::from(time.second.unwrap_or(0));
        seconds * 1_000_000_000 + i128::from(time.nanosecond.unwrap_or(0))
    });
    let offset = match when.offset {
        Some(toml::value::Offset::Custom { minutes }) => i128::from(minutes),
        _ => 0,
    };
    let days = when.date.map_or(0, |date| days(i64::from(date.year), i64::from(date.month), i64::from(date.day)));
    Some((i128::from(days) * 86_400 - offset * 60) * 1_000_000_000 + time)
}

/// Days from 1970-01-01; `days_from_civil` of Hinnant, "chrono-compatible low-level date algorithms".
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Whether a text is a date or a time of day, also one that [`instant`] cannot read.
pub(super) fn is_date(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let has = |separators: &[u8]| text.as_bytes().get(digits).is_some_and(|byte| separators.contains(byte));
    let goes_on = text.as_bytes().get(digits + 1).is_some_and(u8::is_ascii_alphanumeric);
    match digits {
        1 | 2 => has(b":/.") && goes_on && text.bytes().filter(|byte| b":/.".contains(byte)).count() > 1,
        4 => has(b"-/") && goes_on,
        _ => false,
    }
}

/// The unit in which a number is a Unix time: a row of [`UNITS`]. `places`: the decimal places of its column.
pub(super) fn unix_unit(field: &str, places: i32) -> Option<(i32, &'static str, &'static str)> {
    let value = field.trim().parse::<f64>().ok()?;
    UNITS.into_iter().find(|(own, ..)| *own >= places && UNIX.contains(&(value / libm::pow(10.0, f64::from(*own)))))
}

/// The whole part of a number, to be subtracted from others.
pub(super) fn whole_part(field: &str) -> String {
    let whole = field.trim().trim_start_matches('+').split('.').next().unwrap_or_default();
    if !field.contains(['e', 'E']) && !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return whole.to_owned();
    }
    field.trim().parse::<f64>().map_or_else(|_| field.to_owned(), |value| format!("{:.0}", value.floor()))
}

/// The keys of an experiment that sees all of a trace whose last message comes after `last` seconds.
pub(super) fn window(last: f64) -> String {
    format!("warmup = \"0 s\" and duration = \"{:.0} s\" under [experiment]", last.max(0.0).floor() + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_counted_in_seconds() {
        let seconds = |text: &str| instant(text).map(|nanos| nanos / 1_000_000_000);
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2026-01-01T00:00:00Z"), Some(1_767_225_600));
        assert_eq!(seconds("2000-02-29 12:34:56Z"), Some(951_827_696));
        assert_eq!(seconds("2026-01-01T01:00:00+01:00"), Some(1_767_225_600));
        assert_eq!(seconds("2024-03-01"), Some(1_709_251_200));
        assert_eq!(seconds("00:01:30"), Some(90));
        assert_eq!(instant("00:00:00.25"), Some(250_000_000));
        assert_eq!(seconds("17"), None);
    }

    #[test]
    fn what_looks_like_a_date_is_known() {
        for date in
            ["2026-01-01", "2026/1/1 10:00", "10/Oct/2000:13:55:36 +0000", "1.2.2026 08:00", "12:34:56", "8:00:01"]
        {
            assert!(is_date(date), "{date}");
        }
        for other in ["1.5", "2026", "0.5 s", "12", "", "1e9", "14,29", "12:", "x"] {
            assert!(!is_date(other), "{other}");
        }
    }

    #[test]
    fn unix_times_are_known_in_every_unit() {
        assert_eq!(unix_unit("1700000000.5", 0), Some((0, "seconds", "time_s")));
        assert_eq!(unix_unit("1.7e12", 0), Some((3, "milliseconds", "time_ms")));
        assert_eq!(unix_unit("1700000000000000", 3), Some((6, "microseconds", "time_us")));
        assert_eq!(unix_unit("1700000000000000000", 9), Some((9, "nanoseconds", "time_ns")));
        assert_eq!(unix_unit("86400", 0), None);
        assert_eq!(unix_unit("1700000000", 3), None);
    }

    #[test]
    fn whole_parts_keep_their_digits() {
        assert_eq!(whole_part("1700000000123456789"), "1700000000123456789");
        assert_eq!(whole_part(" 1700000000.9 "), "1700000000");
        assert_eq!(whole_part("1.7e9"), "1700000000");
        assert_eq!(whole_part("1.7E+15"), "1700000000000000");
    }
}
