//! The inverse of the normal distribution function against exact values, its own inverse and its symmetry.

use cometsim::random::inverse_normal_cdf;

/// Computed by mpmath with 40 digits; one value in each branch and near each seam.
#[test]
fn agrees_with_exact_values() {
    for (p, z) in [
        (1e-300, -37.047_096_299_361_2),
        (1e-20, -9.262_340_089_798_407),
        (1e-10, -6.361_340_902_404_056),
        (0.001, -3.090_232_306_167_813_5),
        (0.02, -2.053_748_910_631_823),
        (0.074, -1.446_632_067_158_978_5),
        (0.076, -1.432_502_720_825_811_6),
        (0.2, -0.841_621_233_572_914_2),
        (0.4, -0.253_347_103_135_799_8),
        (0.7, 0.524_400_512_708_040_8),
        (0.95, 1.644_853_626_951_472_7),
    ] {
        let relative = inverse_normal_cdf(p) / z - 1.0;
        assert!(relative.abs() < 1e-15, "{p}: {relative:e}");
    }
}

#[test]
fn undoes_the_distribution_function() {
    for step in -3700..=80 {
        let z = f64::from(step) / 100.0;
        let p = 0.5 * libm::erfc(-z * core::f64::consts::FRAC_1_SQRT_2);
        // One ulp of p changes z by less than two ulps in the lower tail, else by p / density ulps.
        assert!((inverse_normal_cdf(p) - z).abs() < 1e-14 + 4e-16 * z.abs(), "{z}");
    }
}

#[test]
fn never_falls_and_is_odd() {
    let grid: Vec<f64> = (1..1 << 17).map(|i| f64::from(i) / f64::from(1 << 17)).collect();
    assert!(grid.is_sorted_by(|&p, &q| inverse_normal_cdf(p) < inverse_normal_cdf(q)));
    assert!(grid.iter().all(|&p| inverse_normal_cdf(p).to_bits() == (0.0 - inverse_normal_cdf(1.0 - p)).to_bits()));
}

#[test]
fn answers_at_the_edges() {
    assert_eq!((inverse_normal_cdf(0.0), inverse_normal_cdf(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    assert_eq!((inverse_normal_cdf(-1.0), inverse_normal_cdf(2.0)), (f64::NEG_INFINITY, f64::INFINITY));
    assert!(inverse_normal_cdf(f64::NAN).is_nan());
    assert!((inverse_normal_cdf(5e-324) + 38.467_405_6).abs() < 1e-6);
}
