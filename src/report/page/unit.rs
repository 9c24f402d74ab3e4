//! Units in the titles of axes: figures of several points may have different ones.

/// Units of one kind from small to large, as powers of ten.
const LADDERS: [&[(&str, i32)]; 4] = [
    &[("ns", -9), ("µs", -6), ("ms", -3), ("s", 0)],
    &[("B", 0), ("kB", 3), ("MB", 6), ("GB", 9), ("TB", 12)],
    &[("B/s", 0), ("kB/s", 3), ("MB/s", 6), ("GB/s", 9), ("TB/s", 12)],
    &[("bit/s", 0), ("kbit/s", 3), ("Mbit/s", 6), ("Gbit/s", 9)],
];

/// A value under the title `from` times this is one under the title `to`; `None` if they are of different kinds.
pub(super) fn factor(from: &str, to: &str) -> Option<f64> {
    if from == to {
        return Some(1.0);
    }
    let ((name, one), (other_name, other)) = (name_and_unit(from), name_and_unit(to));
    if name != other_name {
        return None;
    }
    LADDERS.iter().find_map(|ladder| {
        let power = |unit: &str| ladder.iter().find(|(name, _)| *name == unit).map(|(_, power)| *power);
        Some(libm::exp10(f64::from(power(one)? - power(other)?)))
    })
}

/// The words and the unit of a title: `mean latency (s)`.
fn name_and_unit(title: &str) -> (&str, &str) {
    let inner = title.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    inner.unwrap_or((title, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_with_units_of_one_kind_can_be_converted() {
        assert_eq!(factor("latency (ms)", "latency (ms)"), Some(1.0));
        assert!((factor("latency (ms)", "latency (s)").unwrap() - 1e-3).abs() < 1e-12);
        assert!((factor("traffic (MB/s)", "traffic (kB/s)").unwrap() - 1e3).abs() < 1e-9);
        assert_eq!(factor("latency (ms)", "age (s)"), None);
        assert_eq!(factor("latency (ms)", "latency (B)"), None);
        assert_eq!(factor("share", "share"), Some(1.0));
    }
}
