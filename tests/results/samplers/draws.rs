//! The samplers draw by draw: known answers, edges and monotony. Their laws are tested in `distributions`.

use cometsim::random::{
    Exponential, Geometric, LONGEST_NANOS, Lognormal, Pareto, TruncatedNormal, Uniform, Weibull, below, open_unit, unit,
};
use proptest::prelude::*;

/// Draws at both ends, in the middle and three arbitrary ones.
const BITS: [u64; 6] = [0, 1 << 63, u64::MAX, 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, 0x0000_0000_DEAD_BEEF];

/// Known answers pin portability: they must hold on every platform, whatever other crates are in the build.
#[test]
fn known_answers() {
    assert_eq!(BITS.map(|b| below(b, 1000)), [0, 500, 999, 4, 995, 0]);
    assert_eq!(BITS.map(|b| Geometric::new(15.0 / 999.0).from_bits(b)), [2_429, 46, 1, 358, 1, 1_476]);
    assert_eq!(
        BITS.map(|b| Exponential::new(1e17).from_bits(b)),
        [
            2_305_843_009_213_693_952,
            69_314_718_055_994_504,
            0,
            541_610_040_220_441_408,
            445_435_034_938_020,
            2_232_015_724_795_546_880
        ]
    );
    assert_eq!(
        BITS.map(|b| Uniform::new(1_000_000_000, 3_000_000_000).from_bits(b)),
        [1_000_000_000, 2_000_000_000, 2_999_999_999, 1_008_888_888, 2_991_111_111, 1_000_000_000]
    );
    assert_eq!(
        BITS.map(|b| TruncatedNormal::new(1e17, 1e17).from_bits(b)),
        [
            923_025_452_741_600_128,
            120_017_368_616_689_056,
            0,
            367_474_459_732_144_256,
            1_533_597_220_940_560,
            727_898_672_549_664_000
        ]
    );
    assert_eq!(
        BITS.map(|b| Lognormal::new(1e16, 0.5).from_bits(b)),
        [
            606_286_816_584_582_016,
            9_999_999_999_999_998,
            164_938_437_163_014,
            36_993_203_064_735_000,
            2_703_199_282_987_429,
            227_834_539_712_233_024
        ]
    );
    assert_eq!(
        BITS.map(|b| Pareto::new(1e15, 2.5).from_bits(b)),
        [
            2_305_843_009_213_693_952,
            1_319_507_910_772_894,
            1_000_000_000_000_000,
            8_727_161_387_290_302,
            1_001_783_328_381_853,
            2_305_843_009_213_693_952
        ]
    );
    assert_eq!(
        BITS.map(|b| Weibull::new(1e16, 1.7).from_bits(b)),
        [
            83_300_544_757_643_696,
            8_060_610_171_859_207,
            0,
            27_013_472_538_773_944,
            413_934_842_285_036,
            62_137_149_082_095_792
        ]
    );
}

#[test]
#[allow(clippy::float_cmp, reason = "these values are exact")]
fn unit_intervals() {
    assert_eq!((unit(0), unit(u64::MAX), unit(1 << 63)), (1.0 / (1u64 << 53) as f64, 1.0, 0.5 + unit(0)));
    assert_eq!(open_unit(0), unit(0));
    assert_eq!(open_unit(u64::MAX), 1.0 - unit(0));
}

#[test]
fn below_covers_its_range_evenly() {
    assert_eq!((below(u64::MAX, 0), below(u64::MAX, 1), below(u64::MAX, u64::MAX)), (0, 0, u64::MAX - 1));
    let counts = (0..700_u64).fold([0; 7], |mut counts, i| {
        counts[below(i * (u64::MAX / 700) + u64::MAX / 1400, 7) as usize] += 1;
        counts
    });
    assert_eq!(counts, [100; 7]);
}

#[test]
fn degenerate_parameters() {
    for bits in BITS {
        assert_eq!(Geometric::new(1.0).from_bits(bits), 1);
        assert_eq!(Geometric::new(2.0).from_bits(bits), 1);
        assert_eq!(Geometric::new(0.0).from_bits(bits), u64::MAX);
        assert_eq!(Geometric::new(f64::NAN).from_bits(bits), u64::MAX);
        assert_eq!(Exponential::new(0.0).from_bits(bits), 0);
        assert_eq!(Uniform::new(5, 5).from_bits(bits), 5);
        assert_eq!(Uniform::new(5, 3).from_bits(bits), 5);
        assert_eq!(TruncatedNormal::new(1234.0, 0.0).from_bits(bits), 1234);
        assert_eq!(TruncatedNormal::new(0.0, 0.0).from_bits(bits), 0);
        assert_eq!(Lognormal::new(77.0, 0.0).from_bits(bits), 77);
        assert!(Pareto::new(50.0, 2.0).from_bits(bits) >= 50);
    }
}

#[test]
fn large_values_saturate() {
    assert_eq!(Geometric::new(1e-300).from_bits(0), u64::MAX);
    assert_eq!(Exponential::new(1e18).from_bits(0), LONGEST_NANOS);
    assert_eq!(Pareto::new(1e9, 0.01).from_bits(0), LONGEST_NANOS);
    assert_eq!(Pareto::new(1e9, 1e-300).from_bits(0), LONGEST_NANOS);
    assert_eq!(Weibull::new(1e9, 0.01).from_bits(0), LONGEST_NANOS);
    assert_eq!(Lognormal::new(1e9, 1000.0).from_bits(0), LONGEST_NANOS);
    assert_eq!(TruncatedNormal::new(1e18, 1e18).from_bits(0), LONGEST_NANOS);
}

/// The tail above 8 standard deviations is as fine as below, and the cut is exact.
#[test]
fn the_truncated_normal_keeps_its_tails() {
    let half = TruncatedNormal::new(0.0, 1e15);
    assert!((half.from_bits(0) as f64 / 1e15 - 8.292_361_075_813_6).abs() < 1e-12, "-Phi^-1(2^-54)");
    assert!(half.from_bits(u64::MAX) <= 1, "the least value is the cut");
    assert!(half.from_bits(0) > half.from_bits(1 << 12), "neighbouring draws differ in the tail");
    let whole = TruncatedNormal::new(1e16, 1e15);
    let (high, low) = (whole.from_bits(0) as f64, whole.from_bits(u64::MAX) as f64);
    assert!(((high - 1e16) - (1e16 - low)).abs() <= 4.0, "symmetric where nothing is cut");
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: prop::test_runner::RngSeed::Fixed(2), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_larger_probability_never_gives_a_larger_gap(bits: u64, p in 1e-9..=1.0_f64, q in 1e-9..=1.0_f64) {
        let gap = |p: f64| Geometric::new(p).from_bits(bits);
        prop_assert!(gap(p.max(q)) <= gap(p.min(q)));
    }

    #[test]
    fn a_larger_draw_never_gives_a_larger_value(a: u64, b: u64, near in 0_u64..1 << 20, scale in 1e3..1e15_f64, shape in 0.2..5.0_f64) {
        for (low, high) in [(a.min(b), a.max(b)), (a, a.saturating_add(near))] {
            prop_assert!(Geometric::new(1.0 / shape.max(1.0)).from_bits(low) >= Geometric::new(1.0 / shape.max(1.0)).from_bits(high));
            prop_assert!(Exponential::new(scale).from_bits(low) >= Exponential::new(scale).from_bits(high));
            prop_assert!(TruncatedNormal::new(scale, scale * shape).from_bits(low) >= TruncatedNormal::new(scale, scale * shape).from_bits(high));
            prop_assert!(Lognormal::new(scale, shape).from_bits(low) >= Lognormal::new(scale, shape).from_bits(high));
            prop_assert!(Pareto::new(scale, shape).from_bits(low) >= Pareto::new(scale, shape).from_bits(high));
            prop_assert!(Weibull::new(scale, shape).from_bits(low) >= Weibull::new(scale, shape).from_bits(high));
            prop_assert!(Uniform::new(7, scale as u64).from_bits(low) <= Uniform::new(7, scale as u64).from_bits(high));
        }
    }
}
