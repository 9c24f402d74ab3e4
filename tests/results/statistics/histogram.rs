//! The histogram against sorted values, and against the whole for any partition.

use cometsim::stats::Histogram;
use proptest::prelude::*;

fn of(values: &[u64]) -> Histogram {
    let mut h = Histogram::new();
    for &v in values {
        h.record(v);
    }
    h
}

fn fed(h: &Histogram) -> Vec<u8> {
    let mut bytes = Vec::new();
    h.feed(&mut |part| bytes.extend_from_slice(part));
    bytes
}

/// Values of every magnitude, not mostly huge ones.
fn value() -> impl Strategy<Value = u64> {
    (any::<u64>(), 0_u32..64).prop_map(|(v, shift)| v >> shift)
}

fn values(least: usize) -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(value(), least..400)
}

#[test]
fn an_empty_histogram_has_no_quantile() {
    let h = Histogram::new();
    assert_eq!((h.count(), h.sum(), h.min(), h.max(), h.mean(), h.quantile(0.5)), (0, 0, None, None, None, None));
    assert_eq!(h.iter().next(), None);
    assert_eq!(fed(&h), [0; 40]);
}

#[test]
fn quantiles_of_the_first_hundred_integers() {
    let h = of(&(1..=100).collect::<Vec<_>>());
    for percent in 1..=100 {
        assert_eq!(h.quantile(percent as f64 / 100.0), Some(percent));
    }
    assert_eq!((h.quantile(0.0), h.quantile(0.071), h.quantile(f64::NAN)), (Some(1), Some(8), Some(1)));
    assert_eq!((h.sum(), h.mean()), (5050, Some(50.5)));
}

#[test]
fn a_lonely_value_is_exact_at_any_size() {
    for v in [0, 2047, 2049, 123_456_789_012, u64::MAX] {
        let h = of(&[v]);
        assert_eq!((h.quantile(0.5), h.iter().collect::<Vec<_>>()), (Some(v), vec![(v, 1)]));
    }
}

#[test]
fn the_canonical_form_is_pinned() {
    let h = of(&[3, 5000, 3, 3]);
    let mut expected = Vec::new();
    expected.extend_from_slice(&4_u64.to_le_bytes());
    expected.extend_from_slice(&5009_u128.to_le_bytes());
    expected.extend([3_u64, 5000].iter().flat_map(|v| v.to_le_bytes()));
    for (index, times) in [(3_u32, 3_u64), (2048 + 1250, 1)] {
        expected.extend_from_slice(&index.to_le_bytes());
        expected.extend_from_slice(&times.to_le_bytes());
    }
    assert_eq!(fed(&h), expected);
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: prop::test_runner::RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_partition_merges_to_the_whole(parts in prop::collection::vec(values(0), 0..6)) {
        let whole = of(&parts.concat());
        let mut merged = Histogram::new();
        for part in &parts {
            merged.merge(&of(part));
        }
        prop_assert_eq!(&merged, &whole);
        prop_assert_eq!(fed(&merged), fed(&whole));
        let mut backwards = Histogram::new();
        for part in parts.iter().rev() {
            backwards.merge(&of(part));
        }
        prop_assert_eq!(backwards, whole);
    }

    #[test]
    fn quantiles_are_close(mut values in values(1), q in 0.0..=1.0_f64) {
        let h = of(&values);
        values.sort_unstable();
        let rank = (q * values.len() as f64 * (1.0 - 2.0 * f64::EPSILON)).ceil().max(1.0) as usize;
        let (exact, reported) = (values[rank - 1], h.quantile(q).unwrap());
        prop_assert!(exact.abs_diff(reported) as f64 <= 0.0005 * exact as f64, "{} for {}", reported, exact);
        prop_assert_eq!((h.min(), h.max()), (values.first().copied(), values.last().copied()));
        prop_assert_eq!(h.sum(), values.iter().map(|&v| u128::from(v)).sum::<u128>());
    }

    #[test]
    fn the_distribution_rises_to_the_count(values in values(1)) {
        let h = of(&values);
        let points: Vec<_> = h.iter().collect();
        prop_assert!(points.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1));
        prop_assert_eq!(points.last().unwrap().1, values.len() as u64);
    }

    #[test]
    fn a_saved_histogram_comes_back(values in values(0)) {
        let h = of(&values);
        let back: Histogram = postcard::from_bytes(&postcard::to_stdvec(&h).unwrap()).unwrap();
        prop_assert_eq!(&back, &h);
        let back: Histogram = serde_json::from_str(&serde_json::to_string(&h).unwrap()).unwrap();
        prop_assert_eq!(back, h);
    }

    #[test]
    fn one_more_value_is_another_histogram(values in values(0), extra in value()) {
        let mut more = of(&values);
        more.record(extra);
        prop_assert_ne!(more, of(&values));
    }
}
