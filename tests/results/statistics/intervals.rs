//! Means, ratios and quantiles of a few replications with their confidence intervals, worked out by hand.

#![allow(clippy::float_cmp, reason = "exactness is what is tested")]

use cometsim::stats::{Estimate, Histogram, Interval, Packed, Ratio, Summary, jackknife, pooled_quantile, summarize};

#[test]
fn a_textbook_interval() {
    // Law, example 4.26: ten observations, 90 % there; mean 1.34 and variance 0.17, here with t(0.975, 9) = 2.262.
    let values = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09];
    let summary = summarize(values.into_iter().map(Some)).unwrap();
    assert!((summary.mean - 1.343).abs() < 1e-12);
    let half_width = summary.half_width.unwrap();
    assert!((half_width - 2.262_157_162_798_2 * (0.167_512_222_222_222_f64 / 10.0).sqrt()).abs() < 1e-12);
    assert_eq!(summary.samples, 10);
}

#[test]
fn equal_samples_give_their_value_exactly() {
    for (x, n) in [(0.1, 3), (1e17 / 3.0, 7), (-2.2, 20)] {
        let summary = summarize((0..n).map(|_| Some(x))).unwrap();
        assert_eq!(summary, Summary { mean: x, half_width: Some(0.0), samples: n });
    }
}

#[test]
fn missing_samples_are_skipped() {
    assert_eq!(summarize([None, None].into_iter()), None);
    assert_eq!(summarize([].into_iter()), None);
    let one = summarize([None, Some(4.5), None].into_iter()).unwrap();
    assert_eq!(one, Summary { mean: 4.5, half_width: None, samples: 1 });
    let two = summarize([Some(1.0), None, Some(3.0)].into_iter()).unwrap();
    assert_eq!((two.mean, two.samples), (2.0, 2));
    assert!((two.half_width.unwrap() - 12.706_204_736_174_7).abs() < 1e-9);
}

fn ratios(parts: &[(u128, u128)]) -> Vec<Ratio> {
    parts.iter().map(|&(above, below)| Ratio { above, below }).collect()
}

/// 3/2 and 1/2 of two replications: the ratio is 4/4. Without the first it is 1/2, without the second 3/2; their
/// mean is 1, s² = 1/2 (1/4 + 1/4) = 1/4, and t(0.975, 1) = 12.706.
#[test]
fn a_ratio_is_that_of_the_sums() {
    let found = jackknife(&ratios(&[(3, 2), (1, 2)])).unwrap();
    assert!((found.value - 1.0).abs() < 1e-15);
    assert!((found.half_width().unwrap() - 12.706_204_736_174_7 * 0.5).abs() < 1e-9);
    assert_eq!(found.samples, 2);
}

/// With equal denominators the jackknife is Student's interval of the mean: values 1, 2, 3, 6 have mean 3 and
/// variance 14/3, and t(0.975, 3) = 3.182.
#[test]
fn equal_denominators_give_students_interval() {
    let found = jackknife(&ratios(&[(10, 10), (20, 10), (30, 10), (60, 10)])).unwrap();
    assert!((found.value - 3.0).abs() < 1e-15);
    let student = 3.182_446_305_283_709_6 * (14.0_f64 / 3.0 / 4.0).sqrt();
    assert!((found.half_width().unwrap() - student).abs() < 1e-12);
}

#[test]
fn there_is_no_interval_without_a_second_denominator_or_a_numerator() {
    assert_eq!(jackknife(&[]), None);
    assert_eq!(jackknife(&ratios(&[(0, 0), (0, 0)])), None);
    assert_eq!(jackknife(&ratios(&[(5, 2)])), Some(Estimate::bare(2.5, 1)));
    assert_eq!(jackknife(&ratios(&[(5, 2), (0, 0)])), Some(Estimate::bare(2.5, 1)));
    assert_eq!(jackknife(&ratios(&[(0, 2), (0, 3)])), Some(Estimate::bare(0.0, 2)));
}

#[test]
fn equal_ratios_have_an_interval_without_width() {
    let found = jackknife(&ratios(&[(1, 3), (2, 6), (3, 9)])).unwrap();
    assert_eq!(found.half_width(), Some(0.0));
}

fn parts(values: &[&[u64]]) -> (Histogram, Vec<Packed>) {
    let mut pooled = Histogram::new();
    let mut packed = Vec::new();
    for values in values {
        let mut one = Histogram::new();
        values.iter().for_each(|&value| one.record(value));
        pooled.merge(&one);
        packed.push(Packed::from(&one));
    }
    (pooled, packed)
}

/// 1 to 20 in two replications of ten, the odd and the even ones, and the median of all: rank 10, value 10. Up to
/// 10 there are 5 odd and 5 even ones: se = 0 there. Below 10 there are 5 and 4 of 9, d = 5 - 4.5 and 4 - 4.5, so
/// se = √(0.5 / 2) / 10 = 0.05 and t(0.975, 1) se = 0.635: beyond 1, no interval. With t = 1 (confidence 1/2) the
/// ranks are 20 × (0.5 ± 0.05): 9 and 11.
#[test]
fn an_interval_by_hand() {
    let odd: Vec<u64> = (0..10).map(|i| 2 * i + 1).collect();
    let even: Vec<u64> = (1..=10).map(|i| 2 * i).collect();
    let (pooled, packed) = parts(&[&odd, &even]);
    assert_eq!(pooled_quantile(&pooled, packed.iter(), 0.5, 0.95), Some(Estimate::bare(10.0, 2)));
    let found = pooled_quantile(&pooled, packed.iter(), 0.5, 0.5 - 1e-9).unwrap();
    assert_eq!(found.interval, Some(Interval::between(9.0, 11.0)));
}

#[test]
fn a_constant_has_an_interval_without_width() {
    let (pooled, packed) = parts(&[&[5_000_000; 40], &[5_000_000; 30], &[]]);
    let found = pooled_quantile(&pooled, packed.iter(), 0.95, 0.95).unwrap();
    assert_eq!(found, Estimate { value: 5e6, interval: Some(Interval::between(5e6, 5e6)), samples: 2 });
}

/// The value is one of many equal ones, but close to where smaller ones begin: those belong to the interval.
#[test]
fn an_interval_reaches_beyond_a_jump_close_by() {
    let one: Vec<u64> = (0..48).chain([1_000; 52]).collect();
    let two: Vec<u64> = (0..51).chain([1_000; 49]).collect();
    let (pooled, packed) = parts(&[&one, &two, &one, &two, &one]);
    let found = pooled_quantile(&pooled, packed.iter(), 0.5, 0.95).unwrap();
    let interval = found.interval.unwrap();
    assert!(found.value >= 999.0 && interval.low < 50.0 && interval.high >= 1_000.0, "{found:?}");
}

#[test]
fn one_replication_and_none_have_no_interval() {
    let (pooled, packed) = parts(&[&[1, 2, 3]]);
    assert_eq!(pooled_quantile(&pooled, packed.iter(), 0.5, 0.95), Some(Estimate::bare(2.0, 1)));
    assert_eq!(pooled_quantile(&Histogram::new(), std::iter::empty(), 0.5, 0.95), None);
}
